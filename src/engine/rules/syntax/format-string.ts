import type { SyntaxNode } from '@lezer/common'
import { fail } from '../problem'
import type { Node } from './ast'
import type { Reading } from './regroup'
import { readString } from './strings'

/** `f'{x:.2f}-{y}'` is the text of its pieces put together, as Python does with `format`. */
export function formatString(node: SyntaxNode, reading: Reading): Node {
  const span = reading.span(node)
  const whole = reading.text(node)
  const open = /^[a-zA-Z]*('''|"""|'|")/.exec(whole)
  const quote = open?.[1] ?? "'"
  const prefix = (open?.[0] ?? '').slice(0, -quote.length).replace(/[fF]/, '')
  const literal = (from: number, to: number): Node => ({
    type: 'literal',
    value: readString(
      `${prefix}${quote}${reading.slice(from, to).replaceAll('{{', '{').replaceAll('}}', '}')}${quote}`,
      span,
    ),
    ...span,
  })
  const pieces: Node[] = []
  let from = node.from + (open?.[0].length ?? 0)
  for (const part of reading.children(node).filter((child) => child.name === 'FormatReplacement')) {
    pieces.push(literal(from, part.from), formatReplacement(part, reading))
    from = part.to
  }
  pieces.push(literal(from, node.to - quote.length))
  return pieces.reduce((left, right) => ({ type: 'arithmetic', op: '+', left, right, ...span }))
}

function formatReplacement(part: SyntaxNode, reading: Reading): Node {
  const span = reading.span(part)
  const inner = reading.children(part).filter((child) => child.name !== '{' && child.name !== '}')
  const [value, ...rest] = inner
  const spec = rest.find((child) => child.name === 'FormatSpec')
  if (!value || rest.some((child) => child !== spec))
    return fail('UNSUPPORTED', 'en un texto f"…" se admite `{valor}` o `{valor:formato}`', span)
  const given: Node[] = [reading.node(value)]
  if (spec)
    given.push({ type: 'literal', value: reading.text(spec).replace(/^:/, ''), ...reading.span(spec) })
  return {
    type: 'call',
    callee: { type: 'name', name: 'format', ...span },
    args: given.map((one) => ({ name: null, value: one, from: one.from, to: one.to })),
    ...span,
  }
}
