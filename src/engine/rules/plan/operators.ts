import { fail, type Span } from '../problem'
import type { ArithmeticOperator, CompareOperator, LogicOperator } from '../syntax/ast'
import { align } from './align'
import { comparable } from './comparable'
import { fromMicros } from './dates'
import { double, FALSE, integer, type Sql, sql, TRUE, text } from './sql'
import {
  type Column,
  type Const,
  isNumeric,
  type Kind,
  kindName,
  type Operand,
  remake,
  type Scalar,
  scalar,
} from './values'

/** A value that was written in the rule. */
export function constant(value: Const, float = false): Scalar {
  if (value === null) return { t: 'scalar', kind: 'null', sql: sql`NULL`, nulls: 'null', konst: null }
  if (typeof value === 'string')
    return { t: 'scalar', kind: 'text', sql: text(value), nulls: 'none', konst: value }
  if (typeof value === 'boolean')
    return { t: 'scalar', kind: 'bool', sql: value ? TRUE : FALSE, nulls: 'none', konst: value }
  if (typeof value === 'bigint')
    return { t: 'scalar', kind: 'int', sql: integer(value), nulls: 'none', konst: value }
  if (Number.isNaN(value))
    return { t: 'scalar', kind: 'null', sql: sql`NULL::DOUBLE`, nulls: 'null', konst: null }
  if (!float && Number.isSafeInteger(value))
    return { t: 'scalar', kind: 'int', sql: integer(value), nulls: 'none', konst: value }
  return {
    t: 'scalar',
    kind: 'float',
    sql: double(value),
    nulls: 'none',
    konst: value,
    infinite: !Number.isFinite(value),
  }
}

/** NULL as False. */
export function strictBool(operand: Operand): Sql {
  return operand.nulls === 'none' ? operand.sql : sql`coalesce(${operand.sql}, FALSE)`
}

/** A number of anything that arithmetic takes as a number. */
export function number(operand: Operand): Sql {
  if (operand.kind === 'bool')
    return sql`CASE ${operand.nulls === 'false' ? strictBool(operand) : operand.sql} WHEN TRUE THEN 1 WHEN FALSE THEN 0 END`
  return operand.sql
}

export const asDouble = (operand: Operand): Sql =>
  operand.kind === 'float' ? operand.sql : sql`(${number(operand)})::DOUBLE`

/** A true/false of one record that may be missing, as `r['pagado']` in a lambda. */
const missingInRow = (operand: Operand): boolean =>
  operand.t === 'column' && operand.elem && operand.kind === 'bool' && operand.nulls === 'null'

/** Truth of a value as `if`, `and` and `not` take it. */
export function truth(operand: Operand, span: Span): Sql {
  // Python takes NaN for true; a column has no truth of its own, so there a null is just not true.
  if (missingInRow(operand)) return sql`coalesce(${operand.sql}, TRUE)`
  if (operand.kind === 'bool') return strictBool(operand)
  if (isNumeric(operand.kind) || operand.kind === 'delta') return sql`coalesce(${operand.sql} <> 0, TRUE)`
  if (operand.kind === 'text') return sql`coalesce(${operand.sql} <> '', TRUE)`
  if (operand.kind === 'null') return FALSE
  return fail('TYPE', `${kindName(operand.kind)} no es verdadero ni falso`, span)
}

function build(
  left: Operand,
  right: Operand,
  span: Span,
  kind: Kind,
  make: (a: Sql, b: Sql, found: Sql | null) => Sql,
  nulls: 'none' | 'null' | 'false',
  infinite = false,
): Operand {
  const rows = align(left, right, span)
  const value = make(rows.left, rows.right, rows.found)
  if (!rows.rows) return { ...scalar(kind, value, nulls), infinite }
  return { ...rows.rows, kind, sql: value, nulls, infinite, name: undefined }
}

/** Rebuilds an operand's SQL from an aligned side, so that conversions apply after alignment. */
const withSql = (operand: Operand, piece: Sql): Operand => ({ ...operand, sql: piece })

const FOLD: Partial<Record<ArithmeticOperator, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '**': (a, b) => a ** b,
  '//': (a, b) => Math.floor(a / b),
  '%': (a, b) => a - Math.floor(a / b) * b,
}

function fold(op: ArithmeticOperator, left: Operand, right: Operand): Scalar | null {
  if (left.t !== 'scalar' || right.t !== 'scalar') return null
  const a = left.konst
  const b = right.konst
  if (typeof a === 'string' && typeof b === 'string' && op === '+') return constant(a + b)
  const apply = FOLD[op]
  if (typeof a !== 'number' || typeof b !== 'number' || !apply) return null
  const value = apply(a, b)
  const float = left.kind === 'float' || right.kind === 'float' || op === '/'
  return Number.isFinite(value) && (float || Number.isSafeInteger(value)) ? constant(value, float) : null
}

export function arithmetic(op: ArithmeticOperator, left: Operand, right: Operand, span: Span): Operand {
  const folded = fold(op, left, right)
  if (folded) return folded
  const l = left.kind
  const r = right.kind
  if (l === 'null' || r === 'null') {
    const other = l === 'null' ? right : left
    return build(left, right, span, other.kind === 'null' ? 'float' : other.kind, () => sql`NULL`, 'null')
  }
  if (l === 'text' || r === 'text') return textArithmetic(op, left, right, span)
  if (l === 'date' || r === 'date' || l === 'delta' || r === 'delta')
    return timeArithmetic(op, left, right, span)
  if (l === 'list' || r === 'list') return fail('TYPE', `\`${op}\` no se aplica a listas`, span)
  return numeric(op, left, right, span)
}

function textArithmetic(op: ArithmeticOperator, left: Operand, right: Operand, span: Span): Operand {
  if (op === '+' && left.kind === 'text' && right.kind === 'text') {
    return build(left, right, span, 'text', (a, b) => sql`(${a} || ${b})`, 'null')
  }
  const times = left.kind === 'text' ? right : left
  const value = left.kind === 'text' ? left : right
  if (
    op === '*' &&
    times.t === 'scalar' &&
    typeof times.konst === 'number' &&
    Number.isSafeInteger(times.konst) &&
    times.konst <= 1000
  ) {
    return remake(value, 'text', sql`repeat(${value.sql}, ${integer(Math.max(0, times.konst))})`)
  }
  const hint = left.kind === right.kind ? undefined : 'convertir con `.astype(float)` o `.astype(str)`'
  return fail(
    'TYPE',
    `\`${op}\` no se puede aplicar entre ${kindName(left.kind)} y ${kindName(right.kind)}`,
    span,
    hint,
  )
}

function timeArithmetic(op: ArithmeticOperator, left: Operand, right: Operand, span: Span): Operand {
  const l = left.kind
  const r = right.kind
  if (op === '-' && l === 'date' && r === 'date') {
    return build(
      left,
      right,
      span,
      'delta',
      (a, b) => sql`(epoch_us(${a})::DOUBLE - epoch_us(${b})::DOUBLE)`,
      'null',
    )
  }
  if ((op === '+' || op === '-') && l === 'date' && r === 'delta') {
    const sign = op === '+' ? sql`+` : sql`-`
    return build(left, right, span, 'date', (a, b) => shiftDate(a, sql`${sign} ${b}`), 'null')
  }
  if (op === '+' && l === 'delta' && r === 'date')
    return build(left, right, span, 'date', (a, b) => shiftDate(b, sql`+ ${a}`), 'null')
  if ((op === '+' || op === '-') && l === 'delta' && r === 'delta') {
    const sign = op === '+' ? sql`+` : sql`-`
    return build(left, right, span, 'delta', (a, b) => sql`(${a} ${sign} ${b})`, 'null')
  }
  if (op === '*' && (l === 'delta') !== (r === 'delta') && isNumeric(l === 'delta' ? r : l)) {
    return build(left, right, span, 'delta', (a, b) => sql`(${a} * ${b})`, 'null', true)
  }
  if ((op === '/' || op === '//') && l === 'delta' && (isNumeric(r) || r === 'delta')) {
    const kind = r === 'delta' ? (op === '//' ? 'int' : 'float') : 'delta'
    return build(
      left,
      right,
      span,
      kind,
      (a, b) => (op === '//' ? sql`floor(${divide(a, b)})` : divide(a, b)),
      'null',
      true,
    )
  }
  if (op === '%' && l === 'delta' && r === 'delta')
    return build(left, right, span, 'delta', (a, b) => modulo(a, b), 'null')
  const hint = l === 'date' || r === 'date' ? 'suma días con `pd.Timedelta(days=n)`' : undefined
  return fail('TYPE', `\`${op}\` no se puede aplicar entre ${kindName(l)} y ${kindName(r)}`, span, hint)
}

/** A date plus microseconds; out of the calendar is null, not a failed query. */
const shiftDate = (date: Sql, move: Sql): Sql => fromMicros(sql`(epoch_us(${date})::DOUBLE ${move})`)
const divide = (a: Sql, b: Sql): Sql => sql`nullif(${a} / ${b}, 'nan'::DOUBLE)`
/** Python's modulo takes the sign of the divisor; by zero it is NaN. */
const modulo = (a: Sql, b: Sql): Sql => sql`nullif(fmod(${a}, ${b}), 'nan'::DOUBLE)`

function numeric(op: ArithmeticOperator, left: Operand, right: Operand, span: Span): Operand {
  const ints = left.kind !== 'float' && right.kind !== 'float'
  const mayInfinite = (left.infinite ?? false) || (right.infinite ?? false)
  const divisor = right.t === 'scalar' && typeof right.konst === 'number' ? right.konst : null
  const make = (a: Sql, b: Sql): Sql => {
    const x = asDouble(withSql(left, a))
    const y = asDouble(withSql(right, b))
    const clean = (piece: Sql): Sql => (mayInfinite ? sql`nullif(${piece}, 'nan'::DOUBLE)` : piece)
    if (op === '+') return clean(sql`(${x} + ${y})`)
    if (op === '-') return clean(sql`(${x} - ${y})`)
    if (op === '*') return clean(sql`(${x} * ${y})`)
    if (op === '/')
      return divisor !== null && divisor !== 0 && !mayInfinite ? sql`(${x} / ${y})` : divide(x, y)
    if (op === '**') return sql`nullif(power(${x}, ${y}), 'nan'::DOUBLE)`
    // With a whole divisor that can't overflow, integers stay integers.
    if (op === '%' && ints && left.kind === 'int' && divisor !== null && divisor > 0)
      return sql`((${a} % ${b} + ${b}) % ${b})`
    if (op === '%') return modulo(x, y)
    return sql`floor(${divide(x, y)})`
  }
  const whole = ints && op !== '/' && !(op === '**' && !(divisor !== null && divisor >= 0))
  const infinite =
    mayInfinite || op === '**' || ((op === '/' || op === '//') && (divisor === null || divisor === 0))
  return build(
    left,
    right,
    span,
    whole ? 'int' : 'float',
    make,
    left.nulls === 'none' && right.nulls === 'none' && !infinite ? 'none' : 'null',
    infinite,
  )
}

export function negate(operand: Operand, span: Span): Operand {
  if (operand.t === 'scalar' && typeof operand.konst === 'number')
    return constant(-operand.konst, operand.kind === 'float')
  if (operand.t === 'scalar' && typeof operand.konst === 'bigint') return constant(-operand.konst)
  if (operand.kind === 'delta' || operand.kind === 'float')
    return remake(operand, operand.kind, sql`(-${operand.sql})`, operand.nulls, operand.infinite)
  if (operand.kind === 'int' || operand.kind === 'bool')
    return remake(operand, 'int', sql`(-${asDouble(operand)})`, operand.nulls === 'none' ? 'none' : 'null')
  if (operand.kind === 'null') return operand
  return fail('TYPE', `no se puede cambiar de signo a ${kindName(operand.kind)}`, span)
}

/** `~` and `not`: what was null stays out as False before it is negated. */
export function invert(operand: Operand, span: Span, python = false): Operand {
  if (operand.kind !== 'bool' && !python) {
    const hint = isNumeric(operand.kind)
      ? 'para cambiar de signo usar `-`'
      : 'comparar primero: `~(columna == valor)`'
    return fail('TYPE', `\`~\` se aplica a verdadero/falso, no a ${kindName(operand.kind)}`, span, hint)
  }
  if (operand.t === 'scalar' && typeof operand.konst === 'boolean') return constant(!operand.konst)
  const value = operand.kind === 'bool' && !missingInRow(operand) ? operand.sql : truth(operand, span)
  if (missingInRow(operand)) return remake(operand, 'bool', sql`(NOT ${value})`, 'none')
  if (operand.nulls === 'none' || operand.kind !== 'bool')
    return remake(operand, 'bool', sql`(NOT ${value})`, 'none')
  return remake(operand, 'bool', sql`((${value}) IS NOT TRUE)`, 'none')
}

export function logic(op: LogicOperator, left: Operand, right: Operand, span: Span, python = false): Operand {
  for (const side of [left, right]) {
    if (side.kind === 'bool' || (python && side.kind !== 'list')) continue
    const hint = 'poner cada comparación entre paréntesis: `(a > 1) & (b < 2)`'
    fail(
      'TYPE',
      `\`${python ? (op === '&' ? 'and' : 'or') : op}\` une verdadero/falso, no ${kindName(side.kind)}`,
      span,
      hint,
    )
  }
  const make = (a: Sql, b: Sql, found: Sql | null): Sql => {
    const l = left.kind === 'bool' ? a : truth(withSql(left, a), span)
    const r = right.kind === 'bool' ? b : truth(withSql(right, b), span)
    const value = combine(op, withSql(left, l), l, r)
    return found ? sql`(${found} AND ${value})` : value
  }
  const sure = left.nulls === 'none' && right.nulls === 'none'
  return build(left, right, span, 'bool', make, sure || op === '^' ? 'none' : 'false')
}

/** NULL reads as False; on the left of `|` a missing value (not a false comparison) makes the whole False, as pandas does. */
function combine(op: LogicOperator, left: Operand, l: Sql, r: Sql): Sql {
  if (op === '&') return sql`(${missingInRow(left) ? sql`coalesce(${l}, TRUE)` : l} AND ${r})`
  if (op === '^') return sql`(coalesce(${l}, FALSE) <> coalesce(${r}, FALSE))`
  if (left.t === 'column' && left.nulls === 'null') return sql`(${l} IS NOT NULL AND (${l} OR ${r}))`
  return sql`(${l} OR ${r})`
}

const SQL_COMPARE: Partial<Record<CompareOperator, Sql>> = {
  '==': sql`=`,
  '!=': sql`<>`,
  '<': sql`<`,
  '<=': sql`<=`,
  '>': sql`>`,
  '>=': sql`>=`,
}

export function compare(op: CompareOperator, left: Operand, right: Operand, span: Span): Operand {
  if (op === 'is' || op === 'is not') {
    // `x is None`, `x is True`: identity is equality here, and None is the missing value.
    if (right.kind === 'null') return nullTest(left, op === 'is')
    return compare(op === 'is' ? '==' : '!=', left, right, span)
  }
  const symbol = SQL_COMPARE[op]
  if (!symbol) return fail('UNSUPPORTED', `\`${op}\` no se admite aquí`, span)
  if (left.kind === 'null' || right.kind === 'null') {
    // Nothing equals NaN or None, not even itself.
    return build(left, right, span, 'bool', () => (op === '!=' ? TRUE : FALSE), 'none')
  }
  const [a, b] = comparable(op, left, right, span)
  const sure = a.nulls === 'none' && b.nulls === 'none'
  const make = (x: Sql, y: Sql, found: Sql | null): Sql => {
    const l = side(a, b, x)
    const r = side(b, a, y)
    if (op === '!=' && !found && !sure) return sql`((${l} = ${r}) IS NOT TRUE)`
    return sql`(${l} ${symbol} ${r})`
  }
  const nulls = sure || op === '!=' ? 'none' : 'false'
  if (a.kind === 'bool' && b.kind === 'bool') return compareBools(op, a, b, span, make, nulls)
  return build(
    a,
    b,
    span,
    'bool',
    make,
    a.t === 'column' && b.t === 'column' && a.universe !== b.universe ? 'false' : nulls,
  )
}

/** `(a > b) == True` is just the comparison; the other forms go the general way. */
function compareBools(
  op: CompareOperator,
  a: Operand,
  b: Operand,
  span: Span,
  make: (x: Sql, y: Sql, f: Sql | null) => Sql,
  nulls: 'none' | 'false',
): Operand {
  if (op === '==' && b.t === 'scalar' && b.konst === true)
    return a.nulls === 'null' ? remake(a, 'bool', a.sql, 'false') : a
  return build(a, b, span, 'bool', make, nulls)
}

/** One side of a comparison as SQL: comparisons have no nulls, and a bool against a number is 0 or 1. */
function side(operand: Operand, other: Operand, piece: Sql): Sql {
  if (operand.kind === 'bool' && other.kind !== 'bool') return number(withSql(operand, piece))
  if (operand.kind === 'bool' && operand.nulls === 'false') return sql`coalesce(${piece}, FALSE)`
  return piece
}

export function nullTest(operand: Operand, isNull: boolean): Operand {
  if (operand.nulls !== 'null') return remake(operand, 'bool', isNull ? FALSE : TRUE, 'none')
  return remake(
    operand,
    'bool',
    isNull ? sql`(${operand.sql} IS NULL)` : sql`(${operand.sql} IS NOT NULL)`,
    'none',
  )
}

/** A column as rows only: used by families that need the same rows with another kind. */
export const onRows = (
  of: Column,
  kind: Kind,
  piece: Sql,
  nulls: 'none' | 'null' | 'false' = 'null',
): Column => ({ ...of, kind, sql: piece, nulls, infinite: false })
