import { BUILTIN, type Compiler } from '../compiler'
import { fail, type Span } from '../problem'
import type { CompareOperator } from '../syntax/ast'
import { compare, constant, invert } from './operators'
import { isOperand, type Value } from './values'
import { vectorize } from './vector'

/** The function that compares two collections, one of them a list or a set. */
const OF_SETS: Partial<Record<CompareOperator, string>> = {
  '==': '__iguales',
  '!=': '__distintos',
  '<=': '__incluido',
  '<': '__incluido_estricto',
  '>=': '__incluye',
  '>': '__incluye_estricto',
}

const isCollection = (value: Value): boolean => value.t === 'list' || value.t === 'set'

/** `left op right`, whatever they are: membership, types by their names, collections, or values cell by cell. */
export function compareValues(
  compiler: Compiler,
  op: CompareOperator,
  left: Value,
  right: Value,
  node: Span,
  rightNode: Span,
): Value {
  if (op === 'in' || op === 'not in') {
    const inside = compiler.call(
      { t: 'function', on: BUILTIN, name: 'contiene', self: null },
      [
        { name: null, given: { value: right, span: rightNode } },
        { name: null, given: { value: left, span: node } },
      ],
      node,
    )
    return op === 'in' ? inside : vectorize(inside, inside, node, (a) => invert(a, node), 'not')
  }
  if (left.t === 'function' || right.t === 'function')
    return compareTypes(op, named(left), named(right), node)
  const ofSets = OF_SETS[op]
  if (ofSets && (isCollection(left) || isCollection(right))) {
    const args = [left, right].map((value) => ({ name: null, given: { value, span: node } }))
    return compiler.call({ t: 'function', on: 'conjunto', name: ofSets, self: null }, args, node)
  }
  return vectorize(left, right, node, (a, b) => compare(op, a, b, node), op)
}

const named = (value: Value): Value =>
  value.t === 'function' && value.self === null ? constant(value.name) : value

/** `type(x) == str`: types are compared by their names. */
function compareTypes(op: CompareOperator, left: Value, right: Value, node: Span): Value {
  if (!isOperand(left) || !isOperand(right) || left.kind !== 'text' || right.kind !== 'text')
    return fail('TYPE', `\`${op}\` no compara una función sin llamar`, node, 'llamarla con paréntesis')
  return compare(op, left, right, node)
}
