import { fail, type Span } from '../problem'
import { integer, type Sql, sql } from './sql'
import type { Column, Scalar, Value } from './values'

export function position(key: Value, span: Span): number {
  if (key.t === 'scalar' && typeof key.konst === 'number' && Number.isSafeInteger(key.konst)) return key.konst
  return fail('TYPE', 'aquí va una posición: un número entero', span)
}

/** `x[i]` with a position that is worked out: from the end when negative, null outside. */
export function dynamicItem(at: Column, list: Sql): Sql {
  const place = sql`(${at.sql})::BIGINT`
  return sql`list_extract(${list}, CASE WHEN ${place} >= 0 THEN ${place} + 1 ELSE ${place} END)`
}

export function listItem<T extends Column | Scalar>(of: T, index: number): T {
  const at = index >= 0 ? index + 1 : index
  const kind = of.items ?? 'text'
  return { ...of, kind, items: undefined, sql: sql`list_extract(${of.sql}, ${integer(at)})`, nulls: 'null' }
}

/** `parts[a:b]`: the engine counts from 1 and includes the end; positions from the end go from -1 back. */
export function sliceList(
  list: Sql,
  start: number | null,
  stop: number | null,
  step: number,
  span: Span,
): Sql {
  if (step === -1 && start === null && stop === null) return sql`list_reverse(${list})`
  if (step !== 1) return fail('UNSUPPORTED', 'el paso del corte debe ser 1', span)
  if (stop === 0) return sql`list_slice(${list}, 1, 0)`
  const from = start === null ? 1 : start >= 0 ? start + 1 : start
  const low = from < 0 ? sql`greatest(1, len(${list}) + ${from + 1})` : integer(from)
  const high = stop === null ? sql`len(${list})` : stop > 0 ? integer(stop) : sql`(len(${list}) + ${stop})`
  return sql`list_slice(${list}, ${low}, greatest(0, ${high}))`
}

export function bounds(slice: (Scalar | null)[], span: Span): [number | null, number | null, number] {
  const [start, stop, step] = slice.map((part) =>
    part === null || part.konst === null ? null : position(part, span),
  )
  if (step === 0) return fail('ARGUMENT', 'el paso del corte no puede ser 0', span)
  return [start ?? null, stop ?? null, step ?? 1]
}
