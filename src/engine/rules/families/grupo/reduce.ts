import type { Call } from '../../call'
import { type AggregateOptions, makeGrouping, runAggregate } from '../../plan/aggregates'
import type { Sql } from '../../plan/sql'
import type { Column, Frame, Group, Value } from '../../plan/values'
import type { FunctionDef } from '../../registry'
import { groupOf, selected } from './keys'

/** One row a group. */
export function reduce(
  c: Call,
  group: Group,
  compute: (
    column: Column,
    emit: (call: Sql) => Sql,
  ) => { kind: Column['kind']; sql: Sql; nulls: Column['nulls'] },
): Value {
  const columns = selected(c, group)
  const grouping = makeGrouping(
    group.keys.map((key) => ({ ...key, filter: group.frame.filter })),
    group.dropna,
  )
  c.compiler.indexNames.set(grouping.universe, group.keyNames)
  const index = grouping.keys.map((key) => key.sql)
  const template = grouping.keys[0]
  if (!template) return c.refuse('falta la clave del groupby')
  const make = (column: Column): Column => {
    const value = compute({ ...column, filter: null }, grouping.emit)
    return {
      ...template,
      kind: value.kind,
      sql: value.sql,
      nulls: value.nulls,
      index,
      name: column.name,
      infinite: column.infinite ?? false,
    }
  }
  const only = columns[0]
  if (group.single && only) {
    const series = make(only)
    return group.asIndex
      ? series
      : tableOf(group, grouping.keys, new Map([[only.name ?? '0', series]]), template)
  }
  const out = new Map<string, Column>()
  for (const column of columns) {
    try {
      out.set(column.name ?? '', make(column))
    } catch (error) {
      // Of a whole table, pandas drops what can't be aggregated; what is asked for by name must work.
      if (group.select) throw error
    }
  }
  return tableOf(group, group.asIndex ? [] : grouping.keys, out, template, group.asIndex ? index : null)
}

function tableOf(
  group: Group,
  keys: Column[],
  values: Map<string, Column>,
  template: Column,
  index: Sql[] | null = null,
): Frame {
  const columns = new Map<string, Column>()
  keys.forEach((key, i) => {
    const name = group.keyNames[i] ?? `key_${i}`
    columns.set(name, { ...key, index: null, name })
  })
  for (const [name, column] of values) columns.set(name, { ...column, index })
  return {
    t: 'frame',
    universe: template.universe,
    columns,
    filter: null,
    index,
    indexNames: group.keyNames,
    elem: false,
    partition: null,
    catalog: null,
  }
}

export const reducer = (
  name: string,
  params = '',
  read: (c: Call) => AggregateOptions = () => ({}),
): FunctionDef => ({
  name,
  on: 'grupo',
  params,
  help: 'El agregado de cada grupo.',
  example: `df.groupby('cliente')['total'].${name}().max() < 20000`,
  call: (c) => {
    const options = read(c)
    return reduce(c, groupOf(c), (column, emit) => runAggregate(name, column, emit, options, c.span))
  },
})

export function size(c: Call): Value {
  const group = groupOf(c)
  const any = group.keys[0]
  if (!any) return c.refuse('falta la clave del groupby')
  const single: Group = {
    ...group,
    single: true,
    select: null,
    frame: { ...group.frame, columns: new Map([['size', { ...any, name: 'size' }]]) },
    keyNames: group.keyNames,
  }
  return reduce(c, single, (column, emit) => runAggregate('size', column, emit, {}, c.span))
}
