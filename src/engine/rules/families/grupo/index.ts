import type { Call } from '../../call'
import {
  AGGREGATE_NAMES,
  type AggregateOptions,
  makeGrouping,
  runAggregate,
  windowAggregate,
} from '../../plan/aggregates'
import { columnNames, keepRows } from '../../plan/frames'
import { compare, strictBool } from '../../plan/operators'
import { integer, type Sql, sql } from '../../plan/sql'
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
import type { Family, FunctionDef } from '../../registry'
import { carry, cumulative, diff, orderOf, rank, shift } from '../ventana/index'

const KEY_PARAMS =
  'by=None, axis=0, level=None, as_index=True, sort=True, dropna=True, observed=False, group_keys=True'

function groupOf(c: Call): Group {
  return c.self.t === 'group' ? c.self : c.refuse('se esperaba un groupby')
}

/** The key columns of `groupby`: names, columns, or a list of them. */
function keyColumns(c: Call, frame: Frame | null, value: Value): { columns: Column[]; names: string[] } {
  const items = value.t === 'list' ? value.items : [value]
  const columns: Column[] = []
  const names: string[] = []
  for (const item of items) {
    if (item.t === 'column') {
      columns.push(item)
      names.push(item.name ?? `key_${names.length}`)
    } else if (frame) {
      const name = columnNames(item, c.where('by'))[0] ?? ''
      columns.push(c.compiler.columnOf(frame, name, c.where('by')))
      names.push(name)
    } else c.refuse('la clave debe ser una columna', undefined, 'by')
  }
  if (columns.length === 0) c.refuse('falta la clave del groupby', undefined, 'by')
  return { columns, names }
}

function groupby(c: Call): Value {
  const self = c.self
  const by = c.value('by')
  if (self.t === 'column') {
    const column = { ...self, name: self.name ?? '0' }
    const frame: Frame = {
      t: 'frame',
      universe: self.universe,
      columns: new Map([[column.name, column]]),
      filter: self.filter,
      index: null,
      indexNames: [],
      elem: false,
      partition: null,
      catalog: null,
    }
    if (c.konst('level') !== null && self.index) {
      const keys = self.index.map(
        (piece, i): Column => ({
          ...self,
          kind: self.universe.keyKinds[i] ?? 'text',
          sql: piece,
          nulls: 'null',
          index: null,
        }),
      )
      return {
        t: 'group',
        frame,
        keys,
        keyNames: keys.map((_, i) => `key_${i}`),
        select: [column.name],
        single: true,
        asIndex: true,
        dropna: true,
      }
    }
    const keys = keyColumns(c, null, by ?? c.refuse('falta la clave del groupby'))
    return {
      t: 'group',
      frame,
      keys: keys.columns,
      keyNames: keys.names,
      select: [column.name],
      single: true,
      asIndex: true,
      dropna: c.flag('dropna'),
    }
  }
  if (self.t !== 'frame') return c.refuse('se esperaba una tabla')
  const keys = keyColumns(c, self, by ?? c.refuse('falta la clave del groupby'))
  if (keys.columns.some((key) => key.universe !== self.universe))
    return c.refuse('la clave es de otra tabla', undefined, 'by')
  return {
    t: 'group',
    frame: self,
    keys: keys.columns,
    keyNames: keys.names,
    select: null,
    single: false,
    asIndex: c.flag('as_index'),
    dropna: c.flag('dropna'),
  }
}

const selected = (c: Call, group: Group): Column[] => {
  const names =
    group.select ?? [...group.frame.columns.keys()].filter((name) => !group.keyNames.includes(name))
  return names.map((name) => c.compiler.columnOf(group.frame, name, c.span))
}

const keySql = (group: Group): Sql[] =>
  group.keys.map((key) => (key.kind === 'bool' && key.nulls === 'false' ? strictBool(key) : key.sql))

/** One row a group. */
function reduce(
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

const reducer = (
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

function size(c: Call): Value {
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

/** An aggregate's name: `'sum'`, `sum`, `np.mean`, `len`. */
function functionName(c: Call, fn: Value, argument: string): string | null {
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

function transform(c: Call): Value {
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
  if (value.t === 'column') return { ...value, partition: null, elem: false, name: undefined }
  if (!any) return c.refuse('la tabla no tiene columnas')
  return {
    ...derive({ ...any, filter: given.filter }, value.kind, value.sql, value.nulls),
    partition: null,
    elem: false,
  }
}

function overSelected(c: Call, group: Group, each: (column: Column) => Column): Value {
  const columns = selected(c, group)
  const only = columns[0]
  if (group.single && only) return each(only)
  const out = new Map<string, Column>()
  for (const column of columns)
    if (isNumeric(column.kind) || group.select) out.set(column.name ?? '', each(column))
  return { ...group.frame, columns: out, index: null, indexNames: [] }
}

/** One value a group, worked out over the group's rows. */
function apply(c: Call): Value {
  const group = groupOf(c)
  const fn = c.require('func')
  const name = functionName(c, fn, 'func')
  if (name !== null) return c.compiler.call({ t: 'function', on: 'grupo', name, self: group }, [], c.span)
  const keys = keySql(group)
  const column = group.single ? selected(c, group)[0] : undefined
  const given: Column | Frame = column
    ? { ...column, filter: group.frame.filter, partition: keys, elem: true }
    : { ...group.frame, partition: keys, elem: false }
  const value = byLambda(c, fn, given)
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
function filter(c: Call): Value {
  const group = groupOf(c)
  const value = byLambda(c, c.require('func'), { ...group.frame, partition: keySql(group), elem: false })
  if (value.kind !== 'bool') return c.refuse('la función debe dar verdadero o falso', undefined, 'func')
  const kept = keepRows(group.frame, strictBool(value))
  const only = group.single ? group.select?.[0] : undefined
  return only === undefined ? kept : c.compiler.columnOf(kept, only, c.span)
}

function aggregateBy(c: Call): Value {
  const group = groupOf(c)
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

function byDictionary(c: Call, group: Group, dict: Value & { t: 'dict' }): Value {
  const series = dict.entries.map((entry) => {
    const column = String(entry.key.konst)
    const name =
      functionName(c, entry.value, 'func') ?? c.refuse('los agregados van por nombre', undefined, 'func')
    return [
      column,
      c.compiler.call(
        { t: 'function', on: 'grupo', name, self: { ...group, select: [column], single: true } },
        [],
        c.span,
      ),
    ] as const
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

const perRecord = (
  name: string,
  params: string,
  help: string,
  call: (c: Call, x: Column, keys: Sql[]) => Value,
): FunctionDef => ({
  name,
  on: 'grupo',
  params,
  help,
  example: `df.groupby('cliente')['total'].${name}()${name === 'diff' || name === 'shift' ? '.fillna(0)' : ''} >= 0`,
  call: (c) => {
    const group = groupOf(c)
    const keys = keySql(group)
    const known = keys
      .slice(1)
      .reduce((out, key) => sql`${out} AND ${key} IS NOT NULL`, sql`${keys[0] ?? sql`1`} IS NOT NULL`)
    return overSelected(c, group, (column) => {
      const value = call(c, { ...column, filter: group.frame.filter }, keys)
      if (value.t !== 'column') return c.refuse('esta operación no se admite')
      return {
        ...derive(value, value.kind, sql`CASE WHEN ${known} THEN ${value.sql} END`, 'null', value.infinite),
        name: undefined,
      }
    })
  },
})

function cumcount(c: Call): Value {
  const group = groupOf(c)
  const any = group.keys[0]
  if (!any) return c.refuse('falta la clave del groupby')
  const x: Column = { ...any, filter: group.frame.filter, name: undefined }
  const by = keySql(group)
  const partition = by.slice(1).reduce((out, key) => sql`${out}, ${key}`, sql`${by[0] ?? sql`1`}`)
  const live = x.filter ? sql`(${x.filter}) IS TRUE, ` : sql``
  const at = x.universe.lift(
    sql`row_number() OVER (PARTITION BY ${live}${partition} ${orderOf(x, !c.flag('ascending'))})`,
  )
  const known = by
    .slice(1)
    .reduce((out, key) => sql`${out} AND ${key} IS NOT NULL`, sql`${by[0] ?? sql`1`} IS NOT NULL`)
  return { ...x, kind: 'int', sql: sql`CASE WHEN ${known} THEN ${at} - 1 END`, nulls: 'null' }
}

function ngroups(c: Call): Value {
  const counted = size(c)
  return counted.t === 'column'
    ? c.compiler.call(
        { t: 'function', on: 'python', name: 'len', self: null },
        [{ name: null, given: { value: counted, span: c.span } }],
        c.span,
      )
    : counted
}

function firstRows(c: Call, last: boolean): Value {
  const group = groupOf(c)
  const n = c.integer('n')
  const any = group.keys[0]
  if (!any) return c.refuse('falta la clave del groupby')
  const x: Column = { ...any, filter: group.frame.filter }
  const by = keySql(group).reduce(
    (out, key) => sql`${out}, ${key}`,
    sql`${x.filter ? sql`(${x.filter}) IS TRUE` : sql`1`}`,
  )
  const at = x.universe.lift(sql`row_number() OVER (PARTITION BY ${by} ${orderOf(x, last)})`)
  const known = keySql(group).map((key) => sql`${key} IS NOT NULL`)
  const kept = known.reduce(
    (frame, one) => keepRows(frame, one),
    keepRows(group.frame, sql`${at} <= ${integer(n)}`),
  )
  const only = group.single ? group.select?.[0] : undefined
  return only === undefined ? kept : c.compiler.columnOf(kept, only, c.span)
}

const skip = (name: string): boolean => ['quantile', 'std', 'var', 'nunique', 'size'].includes(name)

const functions: FunctionDef[] = [
  ...['df', 'columna'].map(
    (on): FunctionDef => ({
      name: 'groupby',
      on,
      params: KEY_PARAMS,
      help: 'Agrupa por una o varias columnas.',
      example: "df.groupby('cliente')['total'].transform('sum') < 8000",
      call: groupby,
    }),
  ),
  ...AGGREGATE_NAMES.filter((name) => !skip(name)).map((name) => reducer(name)),
  reducer('quantile', 'q=0.5', (c) => ({ quantile: c.number('q') })),
  reducer('std', 'ddof=1', (c) => ({ ddof: c.integer('ddof') })),
  reducer('var', 'ddof=1', (c) => ({ ddof: c.integer('ddof') })),
  reducer('nunique', 'dropna=True', (c) => ({ dropna: c.flag('dropna') })),
  {
    name: 'size',
    on: 'grupo',
    params: '',
    help: 'Cuántos registros tiene cada grupo.',
    example: "(df.groupby('cliente').size() <= 50).all()",
    call: size,
  },
  {
    name: 'transform',
    on: 'grupo',
    params: 'func',
    help: 'El agregado del grupo, en cada registro.',
    example: "df.groupby('cliente')['total'].transform('sum') < 8000",
    call: transform,
  },
  {
    name: 'apply',
    on: 'grupo',
    params: 'func',
    help: 'Un valor por grupo, con una función.',
    example: "df.groupby('cliente')['total'].apply(lambda s: s.max() - s.min()).max() < 9000",
    call: apply,
  },
  ...['agg', 'aggregate'].map(
    (name): FunctionDef => ({
      name,
      on: 'grupo',
      params: 'func',
      help: 'Uno o varios agregados por nombre.',
      example: `df.groupby('cliente')['total'].${name}('sum').max() < 9000`,
      call: aggregateBy,
    }),
  ),
  {
    name: 'filter',
    on: 'grupo',
    params: 'func',
    help: 'Solo los grupos que cumplen.',
    example: "df.groupby('cliente').filter(lambda g: len(g) > 1)['total'].sum() > 0",
    call: filter,
  },
  perRecord('cumsum', '', 'La suma acumulada del grupo.', (c, x, keys) => cumulative(c, x, 'cumsum', keys)),
  perRecord('cummax', '', 'El mayor hasta ese registro del grupo.', (c, x, keys) =>
    cumulative(c, x, 'cummax', keys),
  ),
  perRecord('cummin', '', 'El menor hasta ese registro del grupo.', (c, x, keys) =>
    cumulative(c, x, 'cummin', keys),
  ),
  perRecord('cumprod', '', 'El producto acumulado del grupo.', (c, x, keys) =>
    cumulative(c, x, 'cumprod', keys),
  ),
  perRecord('shift', 'periods=1', 'El valor anterior del grupo.', (c, x, keys) =>
    shift(x, c.integer('periods'), keys),
  ),
  perRecord('diff', 'periods=1', 'La diferencia con el anterior del grupo.', (c, x, keys) =>
    diff(c, x, c.integer('periods'), keys),
  ),
  perRecord(
    'rank',
    "method='average', ascending=True, pct=False",
    'El puesto de cada valor en su grupo.',
    (c, x, keys) => rank(c, x, keys),
  ),
  perRecord('ffill', '', 'El último valor no nulo del grupo.', (_c, x, keys) => carry(x, false, keys)),
  perRecord('bfill', '', 'El siguiente valor no nulo del grupo.', (_c, x, keys) => carry(x, true, keys)),
  {
    name: 'get_group',
    on: 'grupo',
    params: 'name',
    help: 'Solo los registros de un grupo.',
    example: "df.groupby('estado').get_group('PAGADO')['total'].sum() > 0",
    call: (c) => {
      const group = groupOf(c)
      const given = c.require('name')
      const values = given.t === 'list' ? given.items : [given]
      if (values.length !== group.keys.length)
        return c.refuse(`la clave tiene ${group.keys.length} partes`, undefined, 'name')
      const kept = group.keys.reduce((frame, key, i) => {
        const test = compare(
          '==',
          key,
          c.compiler.asOperand(values[i] ?? key, c.where('name')),
          c.where('name'),
        )
        return keepRows(frame, strictBool(test))
      }, group.frame)
      const only = group.single ? group.select?.[0] : undefined
      return only === undefined ? kept : c.compiler.columnOf(kept, only, c.span)
    },
  },
  {
    name: 'cumcount',
    on: 'grupo',
    params: 'ascending=True',
    help: 'El número de cada registro en su grupo, desde 0.',
    example: "df.groupby('documento').cumcount() < 100",
    call: cumcount,
  },
  {
    name: 'ngroups',
    on: 'grupo',
    params: '',
    property: true,
    help: 'Cuántos grupos hay.',
    example: "df.groupby('cliente').ngroups > 10",
    call: ngroups,
  },
  {
    name: 'head',
    on: 'grupo',
    params: 'n=5',
    help: 'Los primeros n registros de cada grupo.',
    example: "df.groupby('cliente').head(1)['total'].sum() > 0",
    call: (c) => firstRows(c, false),
  },
  {
    name: 'tail',
    on: 'grupo',
    params: 'n=5',
    help: 'Los últimos n registros de cada grupo.',
    example: "df.groupby('cliente').tail(1)['total'].sum() > 0",
    call: (c) => firstRows(c, true),
  },
]

/** groupby: one value a group, or the group's value on each record. */
export const family: Family = { name: 'grupo', functions }
