import type { Call } from '../../call'
import { constant } from '../../plan/operators'
import type { Sql } from '../../plan/sql'
import type { Column, Group, Value } from '../../plan/values'
import type { Span } from '../../problem'
import { apply, functionName } from './functions'
import { groupOf } from './keys'

export function aggregateBy(c: Call): Value {
  const group = groupOf(c)
  if (c.named.size > 0) return byName(c, group)
  const fn = c.require('func')
  if (fn.t === 'dict') return byDictionary(c, group, fn)
  if (fn.t === 'list') {
    const names = fn.items.map(
      (item) => functionName(c, item, 'func') ?? c.refuse('los agregados van por nombre', undefined, 'func'),
    )
    const series = names.map(
      (name) =>
        [name, c.compiler.call({ t: 'function', on: 'grupo', name, self: group }, [], c.span)] as const,
    )
    return joinSeries(c, series)
  }
  return apply(c)
}

/** `agg(total=('importe', 'sum'))`, or `agg(total='sum')` of a chosen column. */
function byName(c: Call, group: Group): Value {
  const series = [...c.named].map(([name, { value, span }]) => {
    const [column, fn] =
      value.t === 'list'
        ? value.items
        : [
            constant(group.select?.[0] ?? c.refuse('cada agregado va como `nombre=(columna, agregado)`')),
            value,
          ]
    if (column?.t !== 'scalar' || typeof column.konst !== 'string' || !fn)
      return c.refuse(`\`${name}\` va como \`${name}=('columna', 'sum')\``)
    return [name, ofColumn(c, group, column.konst, fn, span)] as const
  })
  return joinSeries(c, series)
}

function ofColumn(c: Call, group: Group, column: string, fn: Value, span: Span): Value {
  const one = { ...group, select: [column], single: true }
  const name = functionName(c, fn, 'func')
  if (name !== null) return c.compiler.call({ t: 'function', on: 'grupo', name, self: one }, [], span)
  return c.compiler.call(
    { t: 'function', on: 'grupo', name: 'apply', self: one },
    [{ name: null, given: { value: fn, span } }],
    span,
  )
}

function byDictionary(c: Call, group: Group, dict: Value & { t: 'dict' }): Value {
  const series = dict.entries.map((entry) => {
    const column = String(entry.key.konst)
    return [column, ofColumn(c, group, column, entry.value, c.where('func'))] as const
  })
  return joinSeries(c, series)
}

/** Series of the same grouping side by side. */
function joinSeries(c: Call, series: (readonly [string, Value])[]): Value {
  const first = series[0]?.[1]
  if (first?.t !== 'column') return c.refuse('este agregado no se admite')
  const columns = new Map<string, Column>()
  for (const [name, value] of series) {
    if (value.t !== 'column') return c.refuse('este agregado no se admite')
    const moved =
      value.universe === first.universe
        ? value
        : { ...first, kind: value.kind, sql: rebase(c, first, value), nulls: 'null' as const }
    columns.set(name, { ...moved, name })
  }
  return {
    t: 'frame',
    universe: first.universe,
    columns,
    filter: null,
    index: first.index,
    indexNames: c.compiler.indexNames.get(first.universe) ?? [],
    elem: false,
    partition: null,
    catalog: null,
  }
}

/** A series of another grouping by the same keys, looked up from the first. */
function rebase(c: Call, first: Column, value: Column): Sql {
  const keys = (first.index ?? []).map(
    (piece, i): Column => ({ ...first, kind: first.universe.keyKinds[i] ?? 'text', sql: piece, index: null }),
  )
  const found = c.compiler.call(
    { t: 'function', on: 'columna', name: 'map', self: keys[0] ?? first },
    [{ name: null, given: { value, span: c.span } }],
    c.span,
  )
  return found.t === 'column' ? found.sql : value.sql
}
