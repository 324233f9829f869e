import { fail, type Span } from '../problem'
import { describeValue, type Frame, isOperand, type Operand, type Value } from './values'

/** Applies an operation of two operands; over a table it goes column by column, over a series by column entry by entry. */
export function vectorize(
  left: Value,
  right: Value,
  span: Span,
  apply: (a: Operand, b: Operand) => Operand,
  op: string,
): Value {
  if (isOperand(left) && isOperand(right)) return apply(left, right)
  if (left.t === 'frame' || right.t === 'frame') {
    const frame = frameOf(left) ?? frameOf(right)
    if (frame) return overFrame(frame, left, right, span, apply, op)
  }
  if (left.t === 'vector' || right.t === 'vector') {
    const names = left.t === 'vector' ? left.entries : right.t === 'vector' ? right.entries : new Map()
    const entries = new Map()
    for (const name of names.keys()) {
      const a = left.t === 'vector' ? left.entries.get(name) : left
      const b = right.t === 'vector' ? right.entries.get(name) : right
      if (!a || !b || !isOperand(a) || !isOperand(b)) return refuse(left, right, span, op)
      const value = apply(a, b)
      if (value.t !== 'scalar') return refuse(left, right, span, op)
      entries.set(name, value)
    }
    return { t: 'vector', entries }
  }
  return refuse(left, right, span, op)
}

const frameOf = (value: Value): Frame | null => (value.t === 'frame' ? value : null)

function overFrame(
  frame: Frame,
  left: Value,
  right: Value,
  span: Span,
  apply: (a: Operand, b: Operand) => Operand,
  op: string,
): Value {
  const columns = new Map(frame.columns)
  for (const [name, column] of frame.columns) {
    const own = { ...column, filter: frame.filter, index: frame.index }
    const pick = (value: Value): Operand => {
      if (isOperand(value)) return value
      if (value === frame) return own
      const other = value.t === 'frame' ? value.columns.get(name) : undefined
      return other ?? refuse(left, right, span, op)
    }
    const value = apply(pick(left), pick(right))
    if (value.t !== 'column') return refuse(left, right, span, op)
    columns.set(name, { ...value, name })
  }
  return { ...frame, columns }
}

function refuse(left: Value, right: Value, span: Span, op: string): never {
  const odd = isOperand(left) ? right : left
  const hint =
    odd.t === 'frame'
      ? "elegir una columna: `tabla['columna']`"
      : odd.t === 'package'
        ? "elegir un catálogo: `df['catálogo']['columna']`"
        : undefined
  return fail('TYPE', `\`${op}\` no se puede usar con ${describeValue(odd)}`, span, hint)
}
