import type { DuckDBConnection } from '@duckdb/node-api'
import { quoteIdent } from '@engine/duckdb'
import { z } from 'zod'
import {
  type ExistingColumn,
  type ExistingTable,
  RESERVED_PREFIX,
  type Statement,
  type TableRef,
  type TableRule,
} from '../../types'
import { referenceRules } from '../reference-rule'
import { duckdbDialect } from './dialect'

/** All rows as DuckDB writes each value as text: its driver would write an instant in this machine's time zone. */
export async function texts(
  connection: DuckDBConnection,
  { sql, params }: Statement,
): Promise<(string | null)[][]> {
  const result = await connection.runAndReadAll(`SELECT CAST(COLUMNS(*) AS VARCHAR) FROM (${sql})`, [
    ...params,
  ])
  return result.getRows().map((row) => row.map((value) => (value === null ? null : String(value))))
}

const names = z.array(z.string())

/** What a DuckDB file says of a table or view; names are found whatever their case, as its own SQL does. */
export async function inspectDuckdb(
  connection: DuckDBConnection,
  ref: { esquema: string; tabla: string },
): Promise<ExistingTable | null> {
  const of = (what: string, from: string, name = 'table_name'): string =>
    `SELECT ${what} FROM ${from}() WHERE database_name = current_database() AND lower(schema_name) = lower($1) AND lower(${name}) = lower($2)`
  const ask = (sql: string) => texts(connection, { sql, params: [ref.esquema, ref.tabla] })
  const [found] = await ask(
    `${of("'tabla', table_name", 'duckdb_tables')} UNION ALL ${of("'vista', view_name", 'duckdb_views', 'view_name')}`,
  )
  const tabla = found?.[1]
  if (!tabla) return null
  const clase = found[0] === 'tabla' ? 'tabla' : 'vista'
  const full = `${quoteIdent(ref.esquema)}.${quoteIdent(tabla)}`
  const columnas: ExistingColumn[] = []
  const listed = await ask(
    `${of('column_name, data_type, is_nullable, column_default', 'duckdb_columns')} ORDER BY column_index`,
  )
  for (const [nombre = null, tipo = null, nulos, defecto = null] of listed) {
    if (nombre === null || tipo === null) continue
    const generada = clase === 'tabla' && defecto !== null && (await isGenerated(connection, full, nombre))
    columnas.push({ nombre, tipo, nulos: nulos === 'true', tieneDefecto: defecto !== null, generada })
  }
  const constraints = await ask(
    `${of('to_json(constraint_column_names)', 'duckdb_constraints')} AND constraint_type IN ('PRIMARY KEY', 'UNIQUE')`,
  )
  const indexes = await ask(
    `${of('to_json(CAST(expressions AS VARCHAR[]))', 'duckdb_indexes')} AND is_unique AND NOT is_primary`,
  )
  const unicas = [
    ...constraints.map(([list]) => names.parse(JSON.parse(list ?? '[]'))),
    ...indexes.flatMap(([list]) => plainColumns(names.parse(JSON.parse(list ?? '[]')), columnas)),
  ]
  return { clase, columnas, unicas }
}

/** The CHECKs and the foreign keys of a table. */
export async function rulesDuckdb(
  connection: DuckDBConnection,
  { esquema, tabla }: { esquema: string; tabla: string },
): Promise<TableRule[]> {
  const found = await texts(connection, {
    sql: `SELECT constraint_name, constraint_type, expression, to_json(constraint_column_names), referenced_table, to_json(referenced_column_names)
      FROM duckdb_constraints() WHERE database_name = current_database() AND lower(schema_name) = lower($1) AND lower(table_name) = lower($2)
        AND constraint_type IN ('CHECK', 'FOREIGN KEY') ORDER BY constraint_index`,
    params: [esquema, tabla],
  })
  return found.flatMap(([nombre, type, expression, columns, other, theirs]) => {
    if (type === 'CHECK') return [{ nombre: nombre ?? '', pide: expression ?? '', sql: expression ?? '' }]
    const ajenas = names.parse(JSON.parse(theirs ?? '[]'))
    const references = names.parse(JSON.parse(columns ?? '[]')).map((columna, place) => ({
      ...{ nombre: nombre ?? '', columna, ajena: ajenas[place] ?? '' },
      tabla: { esquema, tabla: other ?? '' },
    }))
    return referenceRules(references, duckdbDialect)
  })
}

/** DuckDB's catalog tells no generated column from one with a default: only its binder does. */
async function isGenerated(connection: DuckDBConnection, table: string, column: string): Promise<boolean> {
  try {
    const probe = await connection.prepare(`INSERT INTO ${table} (${quoteIdent(column)}) SELECT NULL`)
    probe.destroySync()
    return false
  } catch (error) {
    if (/generated column/i.test(String(error))) return true
    throw error
  }
}

/** The columns of an index, which DuckDB gives as expressions; none when one of them is not a plain column. */
function plainColumns(expressions: readonly string[], columnas: readonly ExistingColumn[]): string[][] {
  const plain = expressions.map(
    (text) => columnas.find(({ nombre }) => text === nombre || text === quoteIdent(nombre))?.nombre,
  )
  const known = plain.filter((name) => name !== undefined)
  return known.length === expressions.length ? [known] : []
}

/** Tables and views of the file, by a part of their name. */
export async function listDuckdb(
  connection: DuckDBConnection,
  search: string | null,
  limit: number,
): Promise<TableRef[]> {
  const of = (name: string, from: string): string =>
    `SELECT schema_name, ${name} AS name FROM ${from}() WHERE database_name = current_database() AND NOT internal`
  const all = `${of('table_name', 'duckdb_tables')} UNION ALL ${of('view_name', 'duckdb_views')}`
  const found = await texts(connection, {
    sql: `SELECT schema_name, name FROM (${all}) WHERE NOT starts_with(name, $1) AND contains(lower(name), lower($2)) ORDER BY 1, 2 LIMIT ${limit}`,
    params: [RESERVED_PREFIX, search ?? ''],
  })
  return found.map(([esquema = null, tabla]) => ({ esquema, tabla: tabla ?? '' }))
}
