import { fail, type Span } from '../problem'
import { lookupSeries, sameLabel } from './align'
import { strictBool } from './operators'
import { position } from './positions'
import { AND, COMMA, integer, join, Sql, sql } from './sql'
import { type Column, type Frame, type Scalar, scalar } from './values'

/** The value of a keyed series at a key; a missing key is null. */
export function keyed(column: Column, keys: Scalar[], span: Span): Scalar {
  const index = column.index ?? []
  if (index.length !== keys.length) return fail('ARGUMENT', `la clave tiene ${index.length} partes`, span)
  keys.forEach((key, i) => {
    sameLabel(key.kind, column.universe.labelKind(index, i), span)
  })
  const match = join(
    index.map((piece, i) => sql`${piece} = ${keys[i]?.sql ?? sql`NULL`}`),
    AND,
  )
  const filter = column.filter ? sql`(${column.filter}) AND ${match}` : match
  const value = column.nulls === 'false' ? strictBool(column) : column.sql
  const call = sql`any_value(${value})`
  return scalar(column.kind, new Sql([{ tag: 'agg', universe: column.universe, call, filter }]))
}

/** The values of a keyed series at the keys of a column, on the rows of that column. */
export function byKey(series: Column, keys: Column[], span: Span): Column {
  const first = keys[0]
  if (!first || !series.index)
    return fail('TYPE', 'para buscar por clave hace falta `set_index(clave)`', span)
  if (keys.length !== series.index.length)
    return fail('ARGUMENT', `la clave tiene ${series.index.length} partes`, span)
  return {
    ...first,
    kind: series.kind,
    sql: lookupSeries(keys, series, span),
    nulls: 'null',
    infinite: series.infinite ?? false,
    name: undefined,
  }
}

/** A record by its label, written or worked out (`idxmax`). */
export function label(column: Column, key: Scalar, span: Span): Scalar {
  if (key.konst !== undefined || key.kind !== 'int' || column.universe.recordsOf !== column.universe)
    return row(column, position(key, span), span)
  return pick(column, sql`${join(column.universe.order, COMMA)} = ${key.sql} + 1`)
}

/** Label n of an unkeyed series is record n+1. */
export function row(column: Column, index: number, span: Span): Scalar {
  if (column.universe.recordsOf !== column.universe) return nth(column, index)
  if (index < 0)
    return fail('INDEX', 'no hay etiqueta negativa', span, 'para contar desde el final usar `.iloc[-1]`')
  return pick(column, sql`${join(column.universe.order, COMMA)} = ${integer(index + 1)}`)
}

function pick(column: Column, match: Sql): Scalar {
  const filter = column.filter ? sql`(${column.filter}) AND ${match}` : match
  const value = column.nulls === 'false' ? strictBool(column) : column.sql
  return scalar(
    column.kind,
    new Sql([{ tag: 'agg', universe: column.universe, call: sql`any_value(${value})`, filter }]),
  )
}

/** Position of each row among the rows a column has, from 1; from the end when `last`. */
export function rowNumber(of: Column | Frame, last = false): Sql {
  const order = join(
    of.universe.order.map((piece) => (last ? sql`${piece} DESC` : piece)),
    COMMA,
  )
  const parts = [...(of.filter ? [sql`(${of.filter}) IS TRUE`] : []), ...(of.partition ?? [])]
  const partition = parts.length > 0 ? sql`PARTITION BY ${join(parts, COMMA)} ` : sql``
  return of.universe.lift(sql`row_number() OVER (${partition}ORDER BY ${order})`)
}

export function nth(column: Column, index: number): Scalar {
  return pick(
    column,
    index >= 0
      ? sql`${rowNumber(column)} = ${integer(index + 1)}`
      : sql`${rowNumber(column, true)} = ${integer(-index)}`,
  )
}

/** `s.iloc[i]` inside a group's lambda: the value of the group's own record at that place, on each of its records. */
export function nthOfGroup(column: Column, index: number): Column {
  const place =
    index >= 0
      ? sql`${rowNumber(column)} = ${integer(index + 1)}`
      : sql`${rowNumber(column, true)} = ${integer(-index)}`
  const value = column.nulls === 'false' ? strictBool(column) : column.sql
  const live = column.filter ? sql`(${column.filter}) AND ` : sql``
  const keys = join(column.partition ?? [], COMMA)
  const found = sql`any_value(CASE WHEN ${live}${place} THEN ${value} END) OVER (PARTITION BY ${keys})`
  return { ...column, sql: column.universe.lift(found, true), nulls: 'null', elem: true }
}
