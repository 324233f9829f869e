import { fail, type Span } from '../problem'
import { fromMicros } from './dates'
import { double, integer, type Sql, sql } from './sql'
import { describeValue, isOperand, type Operand, remake, type Value } from './values'

/** A step of the calendar: months and a duration, the edge of a month, quarter or year, or working days. */
export type Calendar =
  | { kind: 'shift'; months: number; micros: number }
  | { kind: 'edge'; unit: 'month' | 'quarter' | 'year'; end: boolean; n: number }
  | { kind: 'business'; n: number }

export const UNIT_MONTHS = { month: 1, quarter: 3, year: 12 } as const
const UNIT_SQL = { month: sql`'month'`, quarter: sql`'quarter'`, year: sql`'year'` } as const

/** `date + offset` and `date - offset`; null when neither side is an offset. */
export function applyOffset(op: string, left: Value, right: Value, span: Span): Operand | null {
  const [date, offset] =
    right.t === 'offset' ? [left, right] : left.t === 'offset' ? [right, left] : [left, null]
  if (!offset) return null
  if ((op !== '+' && op !== '-') || (op === '-' && left.t === 'offset'))
    return fail(
      'TYPE',
      `\`${op}\` no se aplica a un salto de calendario`,
      span,
      'sumarlo o restarlo a una fecha',
    )
  if (!isOperand(date) || date.kind !== 'date')
    return fail('TYPE', `un salto de calendario se suma a una fecha, no a ${describeValue(date)}`, span)
  const step = op === '-' ? opposite(offset.step) : offset.step
  // Dates near the end of what the engine holds have no next year: null, never a failed query.
  const safe = sql`CASE WHEN abs(epoch_us(${date.sql})) < 200000000000000000 THEN ${moved(date.sql, step)} END`
  return remake(date, 'date', safe, 'null')
}

const opposite = (step: Calendar): Calendar =>
  step.kind === 'shift' ? { ...step, months: -step.months, micros: -step.micros } : { ...step, n: -step.n }

function moved(x: Sql, step: Calendar): Sql {
  if (step.kind === 'business') return business(x, step.n)
  if (step.kind === 'edge') return edge(x, step)
  const shifted = step.months === 0 ? x : sql`(${x} + to_months(${integer(step.months)}))`
  return step.micros === 0
    ? shifted
    : fromMicros(sql`(epoch_us(${shifted})::DOUBLE + ${double(step.micros)})`)
}

const clock = (x: Sql): Sql => sql`(${x} - date_trunc('day', ${x}))`

/** A date that is not on an edge reaches the nearest one with its first step. */
function edge(x: Sql, { unit, end, n }: Calendar & { kind: 'edge' }): Sql {
  const months = UNIT_MONTHS[unit]
  const start = sql`date_trunc(${UNIT_SQL[unit]}, ${x})`
  const day = sql`date_trunc('day', ${x})`
  const last = sql`(${start} + to_months(${months}) - to_days(1))`
  const on = end ? sql`(${day} = ${last})` : sql`(${day} = ${start})`
  const away = end ? (n > 0 ? n - 1 : n) : n < 0 ? n + 1 : n === 0 ? 1 : n
  const steps = sql`(CASE WHEN ${on} THEN ${integer(n)} ELSE ${integer(away)} END)`
  const at = end
    ? sql`(${start} + to_months((${steps} + 1) * ${months}) - to_days(1))`
    : sql`(${start} + to_months(${steps} * ${months}))`
  return sql`(${at} + ${clock(x)})`
}

/** Working days, weekends rolled to the side they come from (pandas BusinessDay). */
function business(x: Sql, n: number): Sql {
  const weekday = sql`(isodow(${x}) - 1)`
  const size = Math.abs(n)
  const weeks = Math.floor(size / 5) * 7
  const rest = size % 5
  if (n > 0) {
    const back = sql`greatest(${weekday} - 4, 0)`
    const jump = sql`CASE WHEN least(${weekday}, 4) + ${rest} > 4 THEN 2 ELSE 0 END`
    return sql`(${x} + to_days((${weeks + rest} - ${back} + ${jump})::INTEGER))`
  }
  const ahead = sql`(CASE WHEN ${weekday} > 4 THEN 7 - ${weekday} ELSE 0 END)`
  if (n === 0) return sql`(${x} + to_days((${ahead})::INTEGER))`
  const from = sql`(CASE WHEN ${weekday} > 4 THEN 0 ELSE ${weekday} END)`
  const jump = sql`CASE WHEN ${from} - ${rest} < 0 THEN 2 ELSE 0 END`
  return sql`(${x} + to_days((${ahead} - ${weeks + rest} - (${jump}))::INTEGER))`
}
