import type { Compiler } from '../compiler'
import { fail, type Span } from '../problem'
import { strictBool, truth } from './operators'
import { COMMA, isRowLocal, join, Sql, sql } from './sql'
import { type Column, describeValue, type Iterable, type Kind, type Value } from './values'

/** A list with no elements, of texts. */
const NOTHING = sql`CAST([] AS VARCHAR[])`

/** The characters of a text, as a list. */
export const characters = (x: Sql): Sql =>
  sql`CASE WHEN ${x} = '' THEN ${NOTHING} ELSE string_split(${x}, '') END`

/**
 * What can be walked inside one record: the characters of a text, the parts of a list, `zip`, `enumerate`. Null when the value is
 * something else (a list written in the rule, a column of many records).
 */
export function iterableOf(value: Value): Iterable | null {
  if (value.t === 'iterable') return value
  if (value.t !== 'column' || !value.elem || value.partition) return null
  if (value.kind === 'text') return walk(value, characters(value.sql), 'text')
  if (value.kind === 'list') return walk(value, value.sql, value.items ?? 'text')
  return null
}

const walk = (rows: Column, list: Sql, kind: Kind): Iterable => ({
  t: 'iterable',
  rows,
  list,
  item: (piece) => ({ ...rows, kind, sql: piece, nulls: 'null', items: undefined, name: undefined }),
})

/** A written list beside something walked: the same list on every record. */
export function writtenList(items: readonly Value[], rows: Column, span: Span): Iterable {
  const operands = items.map((item) =>
    item.t === 'scalar'
      ? item
      : fail('TYPE', `no se puede recorrer ${describeValue(item)} junto a un texto`, span),
  )
  const kind = operands[0]?.kind ?? 'text'
  if (operands.some((one) => one.kind !== kind)) fail('TYPE', 'la lista mezcla tipos', span)
  return walk(
    rows,
    sql`[${join(
      operands.map((one) => one.sql),
      COMMA,
    )}]`,
    kind,
  )
}

/** Several walked at once, as far as the shortest: each turn gives a tuple. */
export function zipped(parts: readonly Iterable[]): Iterable | null {
  const first = parts[0]
  if (!first) return null
  return {
    t: 'iterable',
    rows: first.rows,
    list: sql`list_zip(${join(
      parts.map((part) => part.list),
      COMMA,
    )}, true)`,
    item: (piece) => ({
      t: 'list',
      flavour: 'tuple',
      items: parts.map((part, i) => part.item(sql`${piece}[${i + 1}]`)),
    }),
  }
}

/** Each element with its place, from `start`. */
export function numbered(of: Iterable, start: number): Iterable | null {
  const places = walk(of.rows, sql`range(${start}, ${start} + len(${of.list}))`, 'int')
  return zipped([places, of])
}

/**
 * `f(x) for x in walked if test` as a list of one record. `give` and `test` get the element. What they say may use other columns of
 * the record, never other records: a lambda of the engine can't hold a subquery.
 */
export function mapped(
  compiler: Compiler,
  of: Iterable,
  span: Span,
  give: (element: Value) => Value,
  test: ((element: Value) => Value) | null,
): Column {
  const name = new Sql([compiler.freshName()])
  const element = of.item(name)
  let list = of.list
  if (test) {
    const condition = truth(compiler.asOperand(test(element), span), span)
    list = sql`list_filter(${list}, lambda ${name}: ${local(condition, span)})`
  }
  const value = compiler.asOperand(give(element), span)
  const written = local(value.kind === 'bool' ? strictBool(value) : value.sql, span)
  return {
    ...of.rows,
    kind: 'list',
    items: value.kind,
    sql: sql`list_transform(${list}, lambda ${name}: ${written})`,
    nulls: of.rows.nulls,
    name: undefined,
  }
}

function local(piece: Sql, span: Span): Sql {
  if (isRowLocal(piece)) return piece
  return fail('UNSUPPORTED', 'dentro de un recorrido solo se usan valores del mismo registro', span)
}

/** An aggregate of the elements of a list; what could not be worked out in one makes the whole unknown, as Python would stop. */
export function folded(list: Column, name: 'sum' | 'min' | 'max' | 'all' | 'any', span: Span): Column {
  const kind = list.items ?? 'text'
  const whole = (piece: Sql): Sql =>
    sql`CASE WHEN len(list_filter(${list.sql}, lambda v: v IS NULL)) = 0 THEN ${piece} END`
  if (name === 'min' || name === 'max')
    return {
      ...list,
      kind,
      items: undefined,
      sql: whole(name === 'min' ? sql`list_min(${list.sql})` : sql`list_max(${list.sql})`),
    }
  if (name === 'sum') {
    if (kind !== 'int' && kind !== 'float' && kind !== 'bool')
      return fail('TYPE', '`sum` suma números', span, 'convertir con `int(x)` o `float(x)`')
    const total = sql`coalesce(list_sum(list_transform(${list.sql}, lambda v: v::DOUBLE)), 0)`
    return {
      ...list,
      kind: kind === 'float' ? 'float' : 'int',
      items: undefined,
      sql: whole(total),
      nulls: 'null',
    }
  }
  if (kind !== 'bool') return fail('TYPE', `\`${name}\` recibe condiciones`, span, 'comparar cada elemento')
  const piece =
    name === 'all'
      ? sql`coalesce(list_bool_and(${list.sql}), TRUE)`
      : sql`coalesce(list_bool_or(${list.sql}), FALSE)`
  // A record without the text has no answer, so it does not pass.
  const known = list.nulls === 'none' ? piece : sql`CASE WHEN ${list.sql} IS NOT NULL THEN ${piece} END`
  return {
    ...list,
    kind: 'bool',
    items: undefined,
    sql: known,
    nulls: list.nulls === 'none' ? 'none' : 'false',
  }
}

/** Elements put together into one text. */
export function joined(list: Sql, separator: Sql): Sql {
  return sql`coalesce(array_to_string(${list}, ${separator}), CASE WHEN ${list} IS NOT NULL THEN '' END)`
}

/** The elements of a walked value as a list of the record. */
export function asListColumn(compiler: Compiler, value: Value, span: Span): Column | null {
  const of = iterableOf(value)
  if (!of) return null
  if (value.t === 'column' && value.kind === 'list') return value
  return mapped(compiler, of, span, (element) => element, null)
}
