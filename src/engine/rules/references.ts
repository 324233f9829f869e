import type { Node } from './syntax/ast'
import { parseExpression } from './syntax/parse'

export interface ColumnRef {
  catalog: string
  column: string
}

/** Values of `from` must be among those of `to`. */
export interface RuleReference {
  from: ColumnRef
  to: ColumnRef
}

/**
 * The references between catalogs that a package rule states: `df['ventas']['cliente'].isin(df['clientes']['codigo'])`, however much stands
 * around it. A rule that does not read states none.
 */
export function ruleReferences(expression: string): RuleReference[] {
  return visit(expression, (node) => {
    const called = callOf(node, 'isin')
    const from = called && columnIn(called.object)
    const to = called?.args[0] && columnIn(called.args[0].value)
    return from && to && from.catalog !== to.catalog ? [{ from, to }] : []
  })
}

/** The columns that a catalog rule says are not repeated together: `~df.duplicated(subset=['a', 'b'])`; null when it says no such thing. */
export function uniqueTogether(expression: string): string[] | null {
  const found = visit(expression, (node) => {
    const called = node.type === 'unary' && node.op === '~' ? callOf(node.operand, 'duplicated') : null
    if (called?.object.type !== 'name') return []
    const subset =
      called.args.find(({ name }) => name === 'subset') ?? called.args.find(({ name }) => name === null)
    const names = subset && textsOf(subset.value)
    return names ? [names] : []
  })
  return found.length === 1 ? (found[0] ?? null) : null
}

function visit<T>(expression: string, pick: (node: Node) => T[]): T[] {
  try {
    return walk(parseExpression(expression), pick)
  } catch {
    // What does not read is told where rules are checked.
    return []
  }
}

const walk = <T>(node: Node, pick: (node: Node) => T[]): T[] => [
  ...pick(node),
  ...childrenOf(node).flatMap((child) => walk(child, pick)),
]

function childrenOf(node: Node): Node[] {
  switch (node.type) {
    case 'call':
      return [node.callee, ...node.args.map(({ value }) => value)]
    case 'attribute':
      return [node.object]
    case 'subscript':
      return [node.object]
    case 'unary':
      return [node.operand]
    case 'arithmetic':
    case 'logic':
    case 'boolean':
      return [node.left, node.right]
    case 'compare':
      return [node.first, ...node.rest.map(({ operand }) => operand)]
    default:
      return []
  }
}

function callOf(node: Node, method: string) {
  if (node.type !== 'call' || node.callee.type !== 'attribute' || node.callee.name !== method) return null
  return { object: node.callee.object, args: node.args }
}

/** `df['catalog']['column']`, under any number of methods: `.dropna()`, `.unique()`. */
function columnIn(node: Node): ColumnRef | null {
  if (node.type === 'call') return columnIn(node.callee)
  if (node.type === 'attribute') return columnIn(node.object)
  if (node.type !== 'subscript') return null
  const column = keyOf(node)
  const catalog = node.object.type === 'subscript' ? keyOf(node.object) : null
  return column !== null && catalog !== null ? { catalog, column } : null
}

function keyOf({ items }: Extract<Node, { type: 'subscript' }>): string | null {
  const [only] = items
  if (items.length !== 1 || only?.type !== 'literal') return null
  return typeof only.value === 'string' ? only.value : null
}

function textsOf(node: Node): string[] | null {
  if (node.type === 'literal') return typeof node.value === 'string' ? [node.value] : null
  if (node.type !== 'sequence') return null
  const texts = node.items.flatMap((item) => textsOf(item) ?? [])
  return texts.length === node.items.length ? texts : null
}
