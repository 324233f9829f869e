import type { SyntaxNode } from '@lezer/common'
import { fail, type Span } from '../problem'
import type { Node } from './ast'

/** What a reader of one part of the grammar asks of the whole. */
export interface Reading {
  node: (node: SyntaxNode) => Node
  span: (node: SyntaxNode) => Span
  text: (node: SyntaxNode) => string
  children: (node: SyntaxNode) => SyntaxNode[]
  slice: (from: number, to: number) => string
}

/**
 * `and`, `or` and `not`, put together again by Python's precedence: the grammar gives `not a or b` as `not (a or b)`, and Python
 * reads `(not a) or b`. What stands in parentheses is an operand.
 */
export function regroup(node: SyntaxNode, reading: Reading, most: number): Node {
  const tokens: ('and' | 'or' | { not: number } | Node)[] = []
  const collect = (part: SyntaxNode): void => {
    const [first, middle, last] = reading.children(part)
    const word =
      part.name === 'UnaryExpression' && first ? reading.text(first) : middle && reading.text(middle)
    if (part.name === 'UnaryExpression' && first && middle && word === 'not') {
      tokens.push({ not: reading.span(first).from })
      collect(middle)
    } else if (part.name === 'BinaryExpression' && first && last && (word === 'and' || word === 'or')) {
      collect(first)
      tokens.push(word)
      collect(last)
    } else tokens.push(reading.node(part))
  }
  collect(node)
  if (tokens.length > 2 * most)
    return fail(
      'TOO_DEEP',
      'la expresión une demasiadas condiciones',
      reading.span(node),
      'usar `isin` o varias reglas',
    )
  let at = 0
  const negation = (): Node => {
    const token = tokens[at++]
    if (typeof token === 'object' && 'not' in token) {
      const operand = negation()
      return { type: 'unary', op: 'not', operand, from: token.not, to: operand.to }
    }
    return typeof token === 'object' ? token : fail('SYNTAX', 'expresión incompleta', reading.span(node))
  }
  const joined = (op: 'and' | 'or', operand: () => Node): Node => {
    let left = operand()
    while (tokens[at] === op) {
      at++
      const right = operand()
      left = { type: 'boolean', op, left, right, from: left.from, to: right.to }
    }
    return left
  }
  return joined('or', () => joined('and', negation))
}
