import { fail, type Span } from '../problem'
import { logic, strictBool, truth } from './operators'
import { sql } from './sql'
import { derive, isNumeric, type Operand, scalar } from './values'

/** CASE over operands, put on the same rows. */
export function choose(test: Operand, then: Operand, otherwise: Operand, span: Span): Operand {
  const kind = common(then, otherwise, span)
  const pick = (a: Operand): Operand =>
    a.kind === 'bool' && a.nulls === 'false' ? { ...a, sql: strictBool(a) } : a
  const [a, b] = [pick(then), pick(otherwise)]
  const sql_ = sql`CASE WHEN ${strictBool(test)} THEN ${a.sql} ELSE ${b.sql} END`
  const sure = (o: Operand): boolean => o.nulls !== 'null'
  const nulls = sure(then) && sure(otherwise) ? 'none' : 'null'
  const columns = [test, a, b].filter((one) => one.t === 'column')
  const rows = columns[0]
  if (!rows) return { ...scalar(kind, sql_, nulls), infinite: (a.infinite ?? false) || (b.infinite ?? false) }
  if (columns.some((one) => one.universe !== rows.universe))
    fail('ROWS', 'las ramas son de tablas distintas', span)
  return {
    ...derive(rows, kind, sql_, nulls, (a.infinite ?? false) || (b.infinite ?? false)),
    name: undefined,
  }
}

/** The kind two values share; mixing text with numbers in one column is refused. */
export function common(a: Operand, b: Operand, span: Span): Operand['kind'] {
  if (a.kind === b.kind || b.kind === 'null') return a.kind
  if (a.kind === 'null') return b.kind
  const numbers = new Set(['int', 'float'])
  if (numbers.has(a.kind) && numbers.has(b.kind)) return 'float'
  return fail(
    'TYPE',
    'los valores posibles son de tipos distintos',
    span,
    'hacer que todas las ramas den el mismo tipo',
  )
}

/** `x or 0` gives a value in Python, not a truth. */
export function pythonLogic(op: '&' | '|', a: Operand, b: Operand, node: Span): Operand {
  const alike = a.kind === b.kind || (isNumeric(a.kind) && isNumeric(b.kind))
  if (a.kind === 'bool' || b.kind === 'bool' || !alike) return logic(op, a, b, node, true)
  const test: Operand =
    a.t === 'column' ? derive(a, 'bool', truth(a, node), 'none') : scalar('bool', truth(a, node), 'none')
  return op === '&' ? choose(test, b, a, node) : choose(test, a, b, node)
}
