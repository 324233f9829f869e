import { existsSync } from 'node:fs'
import { RESERVED_PREFIX } from '@engine/destinations/types'
import { quoteIdent } from '@engine/duckdb'
import type { OperationOutput } from '@shared/contract'
import type { QueryOptions } from './consultar'
import { reading } from './reader'

const TIMEOUT_MS = 30_000
const MAIN = 'main'

/** The tables and views of the console's data, as a statement names them, with their rows and columns; those of the engine left out. */
export async function listTables(options: QueryOptions): Promise<OperationOutput<'sql.tablas'>> {
  // Looking at what was never written makes no file.
  if (!existsSync(options.path)) return { tablas: [] }
  return reading({ timeoutMs: TIMEOUT_MS, ...options }, async (connection) => {
    const found = await connection.runAndReadAll(
      `SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns()
       WHERE NOT internal AND database_name = current_database() AND NOT starts_with(lower(table_name), '${RESERVED_PREFIX}')
       ORDER BY schema_name <> '${MAIN}', schema_name, table_name, column_index`,
    )
    const tables = new Map<string, { nombre: string; columnas: { nombre: string; tipo: string }[] }>()
    for (const [schema, table, column, type] of found.getRows()) {
      const nombre = nameOf(String(schema), String(table))
      const known = tables.get(nombre) ?? { nombre, columnas: [] }
      known.columnas.push({ nombre: String(column), tipo: String(type) })
      tables.set(nombre, known)
    }
    const tablas: OperationOutput<'sql.tablas'>['tablas'] = []
    for (const { nombre, columnas } of tables.values()) {
      const [row] = (await connection.runAndReadAll(`SELECT count(*) FROM ${nombre}`)).getRows()
      tablas.push({ nombre, filas: Number(row?.[0] ?? 0), columnas })
    }
    return { tablas }
  })
}

/** Quoted only where SQL needs it: what is shown is what is written. */
const shown = (name: string): string =>
  /^[a-z_][a-z0-9_]*$/.test(name) && !KEYWORDS.has(name) ? name : quoteIdent(name)
const nameOf = (schema: string, table: string): string =>
  schema === MAIN ? shown(table) : `${shown(schema)}.${shown(table)}`

/** Those a table is likely to be called. */
const KEYWORDS = new Set(
  'all and any as asc both case cast check column constraint create default desc distinct do else end except false fetch for foreign from group having in initially intersect into lateral leading limit not null offset on only or order pivot primary qualify references returning select show some summarize symmetric table then to trailing true union unique unpivot using variadic when where window with'.split(
    ' ',
  ),
)
