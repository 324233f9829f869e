import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import type { Node, SlicePart } from './ast'
import { parseExpression } from './parse'

const list = (nodes: readonly (Node | SlicePart)[]): string => nodes.map(show).join(',')
const CONSTANTS = new Map<unknown, string>([
  [null, 'None'],
  [true, 'True'],
  [false, 'False'],
])

/** Every node in parentheses, as scripts/conformance/trees.py writes Python's. */
function show(n: Node | SlicePart): string {
  switch (n.type) {
    case 'literal':
      return CONSTANTS.get(n.value) ?? String(n.value)
    case 'name':
      return n.name
    case 'attribute':
      return `(${show(n.object)}.${n.name})`
    case 'subscript':
      return `(${show(n.object)}[${list(n.items)}])`
    case 'slice':
      return `${n.start ? show(n.start) : ''}:${n.stop ? show(n.stop) : ''}:`
    case 'call':
      return `(${show(n.callee)}(${n.args.map((arg) => `${arg.name ? `${arg.name}=` : ''}${show(arg.value)}`).join(',')}))`
    case 'unary':
      return `(${n.op} ${show(n.operand)})`
    case 'arithmetic':
    case 'logic':
    case 'boolean':
      return `(${show(n.left)} ${n.op} ${show(n.right)})`
    case 'compare':
      return `(${show(n.first)}${n.rest.map(({ op, operand }) => ` ${op} ${show(operand)}`).join('')})`
    case 'conditional':
      return `(${show(n.yes)} if ${show(n.test)} else ${show(n.otherwise)})`
    case 'lambda':
      return `(lambda ${n.params.join(',')}: ${show(n.body)})`
    case 'sequence':
      return `${n.flavour}[${list(n.items)}]`
    case 'dict':
      return `{${n.entries.map(({ key, value }) => `${show(key)}:${show(value)}`).join(',')}}`
    case 'comprehension':
      return `${n.flavour}<${show(n.element)} for ${n.targets.join(', ')} in ${show(n.source)}${n.test ? ` if ${show(n.test)}` : ''}>`
  }
}

// `not a or b` was read as `not (a or b)`: the library's grammar has it so, Python does not.
test('the tree of an expression is the one Python gives it', () => {
  const lines = readFileSync(resolve(__dirname, '../testdata/python-trees.tsv'), 'utf8').trim().split('\n')
  const wrong = lines.flatMap((line) => {
    const [text = '', tree] = line.split('\t')
    const ours = show(parseExpression(text))
    return ours === tree ? [] : [`${text}\n  Python: ${tree}\n  ours:   ${ours}`]
  })
  expect(wrong).toEqual([])
  expect(lines.length).toBeGreaterThan(500)
})

test('hundreds of joined conditions are refused, not a stack overflow', () => {
  const long = Array.from({ length: 300 }, () => 'a').join(' or ')
  expect(() => parseExpression(long)).toThrow('demasiadas condiciones')
})
