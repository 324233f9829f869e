import type { Compiler, Scope } from './compiler'
import { iterableOf, mapped } from './plan/iteration'
import { constant, truth } from './plan/operators'
import { sql } from './plan/sql'
import { type Column, derive, describeValue, type ListValue, type Value } from './plan/values'
import { fail } from './problem'
import type { Node } from './syntax/ast'

type Comprehension = Node & { type: 'comprehension' }
type Bind = (value: Value) => Map<string, Value>

/** `f(x) for x in origin if test`: over a list of the rule, over what one record holds, or over the records of a column. */
export function comprehension(compiler: Compiler, node: Comprehension, scope: Scope): Value {
  const source = compiler.evaluate(node.source, scope)
  const bind: Bind = (value) => new Map([...scope, ...targets(node, value)])
  const listed = writtenItems(source)
  if (listed) return unroll(compiler, node, listed, bind)
  const walked = iterableOf(source)
  if (walked) {
    const { test } = node
    return mapped(
      compiler,
      walked,
      node,
      (element) => compiler.evaluate(node.element, bind(element)),
      test ? (element) => compiler.evaluate(test, bind(element)) : null,
    )
  }
  const column = source.t === 'set' ? source.column : source
  if (column.t !== 'column') return fail('TYPE', `no se puede recorrer ${describeValue(source)}`, node.source)
  return overRecords(compiler, node, column, bind)
}

function targets(node: Comprehension, value: Value): [string, Value][] {
  const [only] = node.targets
  if (node.targets.length === 1 && only !== undefined) return [[only, value]]
  if (value.t !== 'list' || value.items.length !== node.targets.length)
    return fail('TYPE', `aquí no hay ${node.targets.length} valores por elemento`, node.source)
  return node.targets.flatMap((name, i) => {
    const item = value.items[i]
    return item ? [[name, item] satisfies [string, Value]] : []
  })
}

/** The elements of what was written in the rule, when they are known before any data. */
function writtenItems(source: Value): ListValue | null {
  if (source.t === 'list') return source
  const names = (keys: Iterable<string>): ListValue => ({
    t: 'list',
    flavour: 'list',
    items: [...keys].map((key) => constant(key)),
  })
  if (source.t === 'package') return names(source.frames.keys())
  if (source.t === 'scalar' && typeof source.konst === 'string') return names([...source.konst])
  if (source.t === 'dict')
    return { t: 'list', flavour: 'list', items: source.entries.map((entry) => entry.key) }
  return null
}

function unroll(compiler: Compiler, node: Comprehension, source: ListValue, bind: Bind): Value {
  const items: Value[] = []
  for (const item of source.items) {
    if (node.test) {
      const test = compiler.operand(node.test, bind(item))
      if (test.t !== 'scalar' || typeof test.konst !== 'boolean')
        return fail('UNSUPPORTED', 'la condición debe decidirse con valores escritos', node.test)
      if (!test.konst) continue
    }
    items.push(compiler.evaluate(node.element, bind(item)))
  }
  return { t: 'list', flavour: node.flavour === 'set' ? 'set' : 'list', items }
}

function overRecords(compiler: Compiler, node: Comprehension, column: Column, bind: Bind): Value {
  let item: Column = { ...column, elem: true }
  if (node.test) {
    const test = compiler.operand(node.test, bind(item))
    const condition = truth(test, node.test)
    item = { ...item, filter: item.filter ? sql`(${item.filter}) AND ${condition}` : condition }
  }
  const value = compiler.operand(node.element, bind(item))
  return value.t === 'column'
    ? { ...value, elem: false }
    : { ...derive(item, value.kind, value.sql, value.nulls), elem: false }
}
