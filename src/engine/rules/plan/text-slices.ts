import { integer, type Sql, sql } from './sql'
import { type Operand, remake } from './values'

const positive = (piece: Sql): Sql => sql`greatest(${piece}, 0)`

/** `x[i]`: one character, null when the text is shorter. */
export function textItem<T extends Operand>(of: T, index: number): T {
  const x = of.sql
  if (index >= 0) return remake(of, 'text', sql`nullif(substring(${x}, ${integer(index + 1)}, 1), '')`)
  return remake(
    of,
    'text',
    sql`CASE WHEN length(${x}) >= ${integer(-index)} THEN substring(${x}, length(${x}) - ${integer(-index - 1)}, 1) END`,
  )
}

/** `x[start:stop:step]` with Python's meaning of negative ends. */
export function sliceText<T extends Operand>(
  of: T,
  start: number | null,
  stop: number | null,
  step: number,
): T {
  const x = of.sql
  if (step === -1 && start === null && stop === null) return remake(of, 'text', sql`reverse(${x})`, of.nulls)
  if (step !== 1) return remake(of, 'text', stepped(x, start, stop, step), of.nulls)
  const from = start ?? 0
  if (from >= 0 && stop !== null && stop >= 0) {
    return remake(
      of,
      'text',
      sql`substring(${x}, ${integer(from + 1)}, ${integer(Math.max(0, stop - from))})`,
      of.nulls,
    )
  }
  if (from >= 0 && stop === null)
    return remake(of, 'text', from === 0 ? x : sql`substring(${x}, ${integer(from + 1)})`, of.nulls)
  if (from < 0 && stop === null) return remake(of, 'text', sql`right(${x}, ${integer(-from)})`, of.nulls)
  const low = edge(x, from)
  const high = edge(x, stop ?? 0)
  return remake(of, 'text', sql`substring(${x}, ${low} + 1, ${positive(sql`${high} - ${low}`)})`, of.nulls)
}

const edge = (x: Sql, at: number): Sql =>
  at >= 0 ? integer(at) : positive(sql`length(${x}) - ${integer(-at)}`)

function stepped(x: Sql, start: number | null, stop: number | null, step: number): Sql {
  const length = sql`length(${x})`
  const clamp = (at: number, low: Sql, high: Sql): Sql => {
    const value = at >= 0 ? integer(at) : sql`(${length} - ${integer(-at)})`
    return sql`least(greatest(${value}, ${low}), ${high})`
  }
  const forward = step > 0
  const low = forward ? integer(0) : integer(-1)
  const high = forward ? length : sql`(${length} - 1)`
  const first = start === null ? (forward ? integer(0) : high) : clamp(start, low, high)
  const last = stop === null ? (forward ? length : integer(-1)) : clamp(stop, low, high)
  const at = sql`range((${first})::BIGINT, (${last})::BIGINT, ${integer(step)})`
  return sql`CASE WHEN ${x} IS NOT NULL THEN array_to_string(list_transform(${at}, lambda i: substring(${x}, i + 1, 1)), '') END`
}
