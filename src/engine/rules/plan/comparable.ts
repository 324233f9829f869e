import { fail, type Span } from '../problem'
import type { CompareOperator } from '../syntax/ast'
import { readDelta, readTimestamp, timestamp } from './dates'
import { double, type Sql, sql } from './sql'
import { isNumeric, type Kind, kindName, type Operand } from './values'

/** Checks that two kinds compare, and turns a written date into a date. */
export function comparable(
  op: CompareOperator,
  left: Operand,
  right: Operand,
  span: Span,
): [Operand, Operand] {
  const l = left.kind
  const r = right.kind
  const numberish = (kind: Kind): boolean => isNumeric(kind) || kind === 'bool'
  if (l === r || (numberish(l) && numberish(r))) return [left, right]
  if (l === 'date' && r === 'text') return [left, writtenDate(right, span, left.period)]
  if (l === 'text' && r === 'date') return [writtenDate(left, span, right.period), right]
  if (l === 'delta' && r === 'text') return [left, writtenDelta(right, span)]
  if (l === 'text' && r === 'delta') return [writtenDelta(left, span), right]
  const hint = typeHint(l, r)
  return fail('TYPE', `\`${op}\` compara ${kindName(l)} con ${kindName(r)}`, span, hint)
}

function typeHint(l: Kind, r: Kind): string | undefined {
  const kinds = new Set([l, r])
  if (kinds.has('text') && (kinds.has('int') || kinds.has('float')))
    return 'escribir el valor entre comillas, o convertir la columna con `.astype(float)`'
  if (kinds.has('text') && kinds.has('date')) return 'convertir el texto con `pd.to_datetime(...)`'
  if (kinds.has('delta')) return 'comparar con `pd.Timedelta(days=n)`, o usar `.dt.days`'
  if (kinds.has('date')) return "comparar con `pd.Timestamp('2025-01-31')`, o tomar una parte: `.dt.year`"
  return undefined
}

/** What `to_period` cuts a date to. */
export const PERIOD_UNITS: Record<string, Sql> = {
  M: sql`'month'`,
  Y: sql`'year'`,
  A: sql`'year'`,
  Q: sql`'quarter'`,
  D: sql`'day'`,
  W: sql`'week'`,
}

/** A text compared with a date must be a date: written ones are read now, columns must be converted by the author. */
export function writtenDate(operand: Operand, span: Span, period?: string): Operand {
  if (operand.t === 'scalar' && typeof operand.konst === 'string') {
    const quarter = /^(\d{4})-?Q([1-4])$/i.exec(operand.konst)
    const written = quarter ? `${quarter[1]}-${Number(quarter[2]) * 3 - 2}-1` : operand.konst
    const value = readTimestamp(written)
    if (value === null)
      return fail('DATE', `\`${operand.konst}\` no es una fecha`, span, 'escribir la fecha como AAAA-MM-DD')
    const moment = timestamp(value)
    const unit = period === undefined ? undefined : PERIOD_UNITS[period]
    return {
      t: 'scalar',
      kind: 'date',
      sql: unit ? sql`date_trunc(${unit}, ${moment})` : moment,
      nulls: 'none',
    }
  }
  return fail(
    'TYPE',
    'se compara una fecha con un texto',
    span,
    'convertir el texto con `pd.to_datetime(...)`',
  )
}

function writtenDelta(operand: Operand, span: Span): Operand {
  const micros = operand.t === 'scalar' && typeof operand.konst === 'string' ? readDelta(operand.konst) : null
  if (micros !== null) return { t: 'scalar', kind: 'delta', sql: double(micros), nulls: 'none' }
  return fail(
    'TYPE',
    'se compara una duración con un texto',
    span,
    "usar `pd.Timedelta('5 days')`, o `.dt.days`",
  )
}
