import { type ColumnSpec, REGISTRO, type RowSource } from '../types'

/** The rows of a source with columns known by their place (`c0`, `c1`...): names that differ only by case are one name for DuckDB. */
export const placed = (source: RowSource): string =>
  `(${source.sql}) AS f(${[...source.columnas.map((_, place) => `c${place}`), REGISTRO].join(', ')})`

/**
 * A SELECT of the source with every value as the text that all databases read: digits as they are, ISO dates, `2026-01-31 10:20:30.5`,
 * with `+00` where it is an instant, `true` and `false`. NULL stays NULL; the session of `duck` is in UTC.
 */
export function textSql(source: RowSource, numbered: boolean): string {
  const cells = source.columnas.map(textOf)
  if (numbered) cells.push(REGISTRO)
  return `SELECT ${cells.join(', ')} FROM ${placed(source)}`
}

const textOf = ({ tipo }: ColumnSpec, place: number): string =>
  tipo.tipo === 'texto' ? `c${place}` : `CAST(c${place} AS VARCHAR) AS c${place}`

/** The same rows with only some of the columns, in this order. */
export function project(source: RowSource, columnas: readonly ColumnSpec[]): RowSource {
  const places = columnas.map(({ nombre }) => source.columnas.findIndex((own) => own.nombre === nombre))
  if (places.length === source.columnas.length && places.every((place, at) => place === at)) return source
  const cells = [...places.map((place) => `c${place}`), REGISTRO]
  return { ...source, columnas, sql: `SELECT ${cells.join(', ')} FROM ${placed(source)}` }
}
