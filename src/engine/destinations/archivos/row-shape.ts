import { quoteIdent } from '@engine/duckdb'
import { duckType } from '@engine/materialization/rows'
import type { FormatoArchivo, TipoColumna } from '@shared/model/materializacion'
import type { ColumnSpec } from '../types'
import { lineShape } from './line-shape'

/**
 * How a row is written in each format, and how one that is there is read. Rows that a load does not touch are copied as they stand (typed
 * in Parquet, as text in CSV, the whole line in JSON), so nothing of them is lost on the way.
 */
export interface RowShape {
  /** Columns of the written rows, in order; what is in the file first. */
  columnas: readonly ColumnSpec[]
  /** Select list of an existing row (alias `o`) as it is. */
  kept: string
  /** Select list of a new row (alias `n`); columns out of the mapping come from the row it replaces (alias `m`), where there is one. */
  fresh: string
  /** Gives `fresh` a row `m` that says nothing, after a comma; empty where it asks nothing of one. */
  noOld: string
  /** The typed value of a column of an existing row. */
  old(alias: string, columna: ColumnSpec): string
  /** What an existing row and a new one say of a column, each as the file has it: alike where the new one changes nothing. */
  compared(alias: string, columna: ColumnSpec): { before: string; after: string }
}

export interface ShapeInput {
  formato: FormatoArchivo
  /** Names in the file, in order; empty when there is none. */
  existing: readonly string[]
  /** Of the mapping, those that are written. */
  mapped: readonly ColumnSpec[]
  /** Columns of the file out of the mapping are kept; else it has those of the mapping alone. */
  keepOthers: boolean
  /** Type of columns out of the mapping. */
  others: ReadonlyMap<string, TipoColumna>
}

const TEXT: TipoColumna = { tipo: 'texto' }

export function rowShape(input: ShapeInput): RowShape {
  const { existing, mapped, others } = input
  const own = new Map(mapped.map((columna) => [columna.nombre, columna]))
  const before = input.keepOthers ? existing : existing.filter((nombre) => own.has(nombre))
  const columnas = [
    ...before.map(
      (nombre): ColumnSpec => own.get(nombre) ?? { nombre, tipo: others.get(nombre) ?? TEXT, nulos: true },
    ),
    ...mapped.filter(({ nombre }) => !before.includes(nombre)),
  ]
  const rest = columnas.filter(({ nombre }) => !own.has(nombre))
  if (input.formato.tipo === 'jsonl') return lineShape(columnas, mapped, rest.length > 0)
  const text = input.formato.tipo !== 'parquet'
  const type = ({ tipo }: ColumnSpec): string => (text ? 'VARCHAR' : duckType(tipo))
  const cell = (alias: string, columna: ColumnSpec): string => {
    const value = `${alias}.${quoteIdent(columna.nombre)}`
    return text ? `CAST(${value} AS VARCHAR)` : value
  }
  const named = (sql: string, { nombre }: ColumnSpec): string => `${sql} AS ${quoteIdent(nombre)}`
  const inFile = (columna: ColumnSpec): boolean => existing.includes(columna.nombre)
  return {
    columnas,
    kept: columnas
      .map((columna) =>
        named(
          inFile(columna) ? `o.${quoteIdent(columna.nombre)}` : `CAST(NULL AS ${type(columna)})`,
          columna,
        ),
      )
      .join(', '),
    fresh: columnas
      .map((columna) =>
        named(own.has(columna.nombre) ? cell('n', columna) : `m.${quoteIdent(columna.nombre)}`, columna),
      )
      .join(', '),
    noOld:
      rest.length === 0
        ? ''
        : `, (SELECT ${rest.map(({ nombre }) => `NULL AS ${quoteIdent(nombre)}`).join(', ')}) m`,
    old: (alias, columna) => {
      if (!inFile(columna)) return `CAST(NULL AS ${duckType(columna.tipo)})`
      const value = `${alias}.${quoteIdent(columna.nombre)}`
      return text ? `TRY_CAST(${value} AS ${duckType(columna.tipo)})` : value
    },
    compared: (alias, columna) => ({
      before: inFile(columna) ? `${alias}.${quoteIdent(columna.nombre)}` : `CAST(NULL AS ${type(columna)})`,
      after: cell('n', columna),
    }),
  }
}
