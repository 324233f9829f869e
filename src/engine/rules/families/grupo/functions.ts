import type { Call } from '../../call'
import { AGGREGATE_NAMES, windowAggregate } from '../../plan/aggregates'
import { keepRows } from '../../plan/frames'
import { strictBool } from '../../plan/operators'
import { AND, join, type Sql, sql } from '../../plan/sql'
import {
  type Column,
  derive,
  describeValue,
  type Frame,
  type Group,
  isNumeric,
  isOperand,
  type Value,
} from '../../plan/values'
import { didYouMean } from '../../problem'
import { groupOf, keySql, requireKeys, selected } from './keys'
import { reduce } from './reduce'

/** An aggregate's name: `'sum'`, `sum`, `np.mean`, `len`. */
export function functionName(c: Call, fn: Value, argument: string): string | null {
  if (fn.t === 'scalar' && typeof fn.konst === 'string') {
    const name = fn.konst
    if (AGGREGATE_NAMES.includes(name)) return name
    return c.refuse(
      `no existe el agregado \`${name}\`${didYouMean(name, AGGREGATE_NAMES)}`,
      undefined,
      argument,
    )
  }
  if (fn.t === 'function' && fn.self === null)
    return fn.name === 'len' ? 'size' : AGGREGATE_NAMES.includes(fn.name) ? fn.name : null
  return null
}

const PER_RECORD = [
  'cumsum',
  'cummax',
  'cummin',
  'cumprod',
  'shift',
  'diff',
  'rank',
  'cumcount',
  'ffill',
  'bfill',
]

export function transform(c: Call): Value {
  const group = groupOf(c)
  const fn = c.require('func')
  if (fn.t === 'scalar' && typeof fn.konst === 'string' && PER_RECORD.includes(fn.konst)) {
    return c.compiler.call({ t: 'function', on: 'grupo', name: fn.konst, self: group }, [], c.span)
  }
  const name = functionName(c, fn, 'func')
  const keys = keySql(group)
  return overSelected(c, group, (column) => {
    if (name !== null)
      return {
        ...windowAggregate(name, { ...column, filter: group.frame.filter }, keys, {}, c.span),
        name: undefined,
      }
    return byLambda(c, fn, { ...column, filter: group.frame.filter, partition: keys, elem: true })
  })
}

function byLambda(c: Call, fn: Value, given: Column | Frame): Column {
  const value = c.compiler.apply(fn, [given], c.where('func'))
  if (!isOperand(value)) return c.refuse(`la función da ${describeValue(value)}`, undefined, 'func')
  const any = given.t === 'column' ? given : [...given.columns.values()][0]
  if (!any) return c.refuse('la tabla no tiene columnas')
  const column =
    value.t === 'column'
      ? value
      : derive({ ...any, filter: given.filter }, value.kind, value.sql, value.nulls)
  // A record without a key is of no group, so it has no value.
  const keys = given.partition ?? []
  const known = sql`CASE WHEN ${join(
    keys.map((key) => sql`${key} IS NOT NULL`),
    AND,
  )} THEN ${column.sql} END`
  return {
    ...column,
    ...(keys.length > 0
      ? { sql: known, nulls: column.nulls === 'false' ? ('false' as const) : ('null' as const) }
      : {}),
    partition: null,
    elem: false,
    name: undefined,
  }
}

/** True when a value is one for the whole group: all it is made of are aggregates of the group, or its keys. */
function isPerGroup(value: Column, keys: readonly Sql[]): boolean {
  const own = new Set(
    keys.flatMap((key) =>
      key.parts.map((part) => (typeof part === 'string' ? '' : part.tag === 'col' ? part.name : '')),
    ),
  )
  return value.sql.parts.every((part) => {
    if (typeof part === 'string' || part.tag !== 'col') return true
    return own.has(part.name) || part.universe.isConstant(part.name)
  })
}

export function overSelected(c: Call, group: Group, each: (column: Column) => Column): Value {
  requireKeys(c, group)
  const columns = selected(c, group)
  const only = columns[0]
  if (group.single && only) return each(only)
  const out = new Map<string, Column>()
  for (const column of columns)
    if (isNumeric(column.kind) || group.select) out.set(column.name ?? '', each(column))
  return { ...group.frame, columns: out, index: null, indexNames: [] }
}

/** One value a group, worked out over the group's rows. */
export function apply(c: Call): Value {
  const group = groupOf(c)
  const fn = c.require('func')
  const name = functionName(c, fn, 'func')
  if (name !== null) return c.compiler.call({ t: 'function', on: 'grupo', name, self: group }, [], c.span)
  if (fn.t === 'function' && (fn.name === 'list' || fn.name === 'set'))
    return c.refuse('una lista por grupo no se admite', 'usar un agregado: `count`, `nunique`...', 'func')
  const keys = keySql(group)
  const column = group.single ? selected(c, group)[0] : undefined
  const given: Column | Frame = column
    ? { ...column, filter: group.frame.filter, partition: keys, elem: true }
    : { ...group.frame, partition: keys, elem: false }
  const value = byLambda(c, fn, given)
  // A value a record (`s > s.mean()`) stays on its record, as pandas gives it; those without a key are left out.
  if (!isPerGroup(value, keys))
    return keepRows(
      value,
      join(
        keys.map((key) => sql`${key} IS NOT NULL`),
        AND,
      ),
    )
  const single: Group = {
    ...group,
    single: true,
    select: ['0'],
    frame: { ...group.frame, columns: new Map([['0', { ...value, index: null, name: '0' }]]) },
  }
  return reduce(c, single, (x, emit) => ({
    kind: x.kind,
    sql: emit(sql`any_value(${x.nulls === 'false' ? strictBool(x) : x.sql})`),
    nulls: 'null',
  }))
}

/** Only the rows of the groups that meet the condition. */
export function filter(c: Call): Value {
  const group = groupOf(c)
  const value = byLambda(c, c.require('func'), { ...group.frame, partition: keySql(group), elem: false })
  if (value.kind !== 'bool') return c.refuse('la función debe dar verdadero o falso', undefined, 'func')
  const kept = keepRows(group.frame, strictBool(value))
  const only = group.single ? group.select?.[0] : undefined
  return only === undefined ? kept : c.compiler.columnOf(kept, only, c.span)
}
