import type { Call } from '../../call'
import { aggregate, makeGrouping } from '../../plan/aggregates'
import { baseColumn, columnNames, keepRows } from '../../plan/frames'
import { arithmetic, constant, strictBool } from '../../plan/operators'
import { COMMA, col, depthOf, join, Sql, sql } from '../../plan/sql'
import { Universe } from '../../plan/universe'
import { type Column, type Frame, isNumeric, type Scalar, scalar, type Value } from '../../plan/values'
import type { FunctionDef } from '../../registry'

const plain = (x: Column): Sql => (x.kind === 'bool' && x.nulls === 'false' ? strictBool(x) : x.sql)

/** The same rows in another order, as a universe that keeps their records and keys. */
function reorder(c: Call, frame: Frame, by: Sql[]): Frame {
  const source = frame.universe
  const entries = [...frame.columns.entries()]
  const compiler = c.compiler
  const universe: Universe = Universe.derived((r) => {
    const used = compiler.reads.get(universe) ?? new Set<string>()
    const pieces: string[] = []
    const needed: (Sql | null)[] = [...by, frame.filter, ...(frame.index ?? [])]
    entries.forEach(([, column], i) => {
      if (!used.has(`m${i}`)) return
      needed.push(column.sql)
      pieces.push(`${r.text(plain(column))} AS m${i}`)
    })
    frame.index?.forEach((piece, i) => {
      pieces.push(`${r.text(piece)} AS k${i}`)
    })
    if (source.recordsOf) pieces.push(`${source.alias}._rec AS _rec`)
    pieces.push(`row_number() OVER (ORDER BY ${by.map((piece) => r.text(piece)).join(', ')}) AS o`)
    const where = frame.filter ? ` WHERE ${r.text(frame.filter)}` : ''
    return `SELECT ${pieces.join(', ')} FROM ${r.from(source, depthOf(source, needed))}${where}`
  })
  universe.order = [col(universe, 'o')]
  universe.recordsOf = source.recordsOf
  universe.origin = source.origin
  universe.keyKinds = (frame.index ?? []).map((_, i) => source.labelKind(frame.index ?? [], i) ?? 'text')
  const columns = new Map<string, Column>()
  entries.forEach(([name, column], i) => {
    compiler.comesFrom(universe, `m${i}`, column)
    columns.set(name, {
      ...baseColumn(universe, column.kind, col(universe, `m${i}`), name),
      infinite: column.infinite ?? false,
    })
  })
  const index = frame.index?.map((_, i) => col(universe, `k${i}`)) ?? null
  return { ...frame, universe, columns, filter: null, index }
}

function sortColumn(c: Call): Value {
  const x = c.column()
  const name = x.name ?? '0'
  const frame: Frame = {
    t: 'frame',
    universe: x.universe,
    columns: new Map([[name, x]]),
    filter: x.filter,
    index: x.index,
    indexNames: [],
    elem: false,
    partition: null,
    catalog: null,
  }
  const direction = c.flag('ascending') ? sql`ASC` : sql`DESC`
  const sorted = reorder(c, frame, [sql`${plain(x)} ${direction} NULLS LAST`, ...x.universe.order])
  return c.compiler.columnOf(sorted, name, c.span)
}

function sortFrame(c: Call): Value {
  const frame = c.self
  if (frame.t !== 'frame') return c.refuse('se esperaba una tabla')
  const ascending = c.require('ascending')
  const flags = ascending.t === 'list' ? ascending.items : [ascending]
  const by = columnNames(c.require('by'), c.where('by')).map((name, i) => {
    const column = c.compiler.columnOf(frame, name, c.where('by'))
    const flag = flags[i] ?? flags[0]
    return sql`${plain(column)} ${flag?.t === 'scalar' && flag.konst === false ? sql`DESC` : sql`ASC`} NULLS LAST`
  })
  return reorder(c, frame, [...by, ...frame.universe.order])
}

/** The label of the largest (smallest) value: the key, or the record's position. */
const indexOfExtreme = (name: string, direction: Sql, help: string): FunctionDef => ({
  name,
  on: 'columna',
  params: '',
  help,
  example: `df['total'].${name}() >= 0`,
  call: (c) => {
    const x = c.column('int', 'float', 'date', 'delta')
    const order = join(x.universe.order, COMMA)
    const label = x.index?.[0] ?? sql`(${x.universe.order[0] ?? sql`1`} - 1)`
    const filter = sql`${x.filter ? sql`(${x.filter}) AND ` : sql``}${x.sql} IS NOT NULL`
    const call = sql`first(${label} ORDER BY ${x.sql} ${direction}, ${order})`
    return scalar(
      x.index ? (x.universe.labelKind(x.index, 0) ?? 'text') : 'int',
      new Sql([{ tag: 'agg', universe: x.universe, call, filter }]),
    )
  },
})

/** The most frequent values, smallest first. */
function mode(c: Call): Value {
  const x = c.column()
  const group = makeGrouping([{ ...x, index: null }], true)
  const counts = group.emit(sql`count(*)`)
  const key = group.keys[0]
  if (!key) return c.refuse('no hay valores')
  const most = new Sql([{ tag: 'agg', universe: group.universe, call: sql`max(${counts})`, filter: null }])
  return keepRows({ ...key, nulls: 'null' as const, name: x.name }, sql`${counts} = ${most}`)
}

const DESCRIBED: [label: string, name: string, quantile?: number][] = [
  ['count', 'count'],
  ['mean', 'mean'],
  ['std', 'std'],
  ['min', 'min'],
  ['25%', 'quantile', 0.25],
  ['50%', 'quantile', 0.5],
  ['75%', 'quantile', 0.75],
  ['max', 'max'],
]

function describeColumn(c: Call): Value {
  const x = { ...c.column('int', 'float', 'bool'), elem: false }
  const entries = new Map<string, Scalar>()
  for (const [label, name, quantile] of DESCRIBED) {
    const value = aggregate(name, x, quantile === undefined ? {} : { quantile }, c.span)
    if (value.t === 'scalar') entries.set(label, value)
  }
  return { t: 'vector', entries }
}

/** `agg('sum')`, `agg(['min', 'max'])`. */
function aggregateNamed(c: Call): Value {
  const fn = c.require('func')
  const x = { ...c.column(), elem: false }
  const one = (value: Value): [string, Value] => {
    const name =
      value.t === 'scalar' && typeof value.konst === 'string'
        ? value.konst
        : value.t === 'function'
          ? value.name
          : null
    if (name === null) return ['', c.compiler.apply(value, [x], c.where('func'))]
    return [name, c.compiler.call(c.compiler.attribute(x, name, c.where('func')), [], c.where('func'))]
  }
  if (fn.t !== 'list') return one(fn)[1]
  const entries = new Map<string, Scalar>()
  for (const item of fn.items) {
    const [name, value] = one(item)
    if (value.t !== 'scalar') return c.refuse('cada agregado debe dar un valor', undefined, 'func')
    entries.set(name, value)
  }
  return { t: 'vector', entries }
}

const pair = (name: string, fn: Sql, help: string): FunctionDef => ({
  name,
  on: 'columna',
  params: 'other',
  help,
  example: `df['total'].${name}(df['cantidad']) > 0`,
  call: (c) => {
    const x = c.column('int', 'float', 'bool')
    const other = c.operand('other')
    if (other.t !== 'column' || other.universe !== x.universe || !isNumeric(other.kind))
      return c.refuse('la otra columna debe ser un número de la misma tabla', undefined, 'other')
    const bounded = (piece: Sql): Sql =>
      sql`CASE WHEN abs((${piece})::DOUBLE) < 1e70 THEN (${piece})::DOUBLE END`
    const call = sql`${fn}(${bounded(x.sql)}, ${bounded(other.sql)})`
    return scalar(
      'float',
      sql`nullif(${new Sql([{ tag: 'agg', universe: x.universe, call, filter: x.filter }])}, 'nan'::DOUBLE)`,
    )
  },
})

const DTYPES: Record<string, string> = {
  int: 'int64',
  float: 'float64',
  text: 'object',
  bool: 'bool',
  date: 'datetime64[ns]',
  delta: 'timedelta64[ns]',
  list: 'object',
  null: 'object',
}

export const order: FunctionDef[] = [
  {
    name: 'sort_values',
    on: 'columna',
    params: 'ascending=True',
    help: 'Los valores ordenados.',
    example: "df['numero'].sort_values().diff().max() == 1",
    call: sortColumn,
  },
  {
    name: 'sort_values',
    on: 'df',
    params: 'by, ascending=True',
    help: 'Los registros ordenados por columnas.',
    example: "df.sort_values('fecha')['saldo'].iloc[-1] >= 0",
    call: sortFrame,
  },
  {
    name: 'sort_index',
    on: 'columna',
    params: '',
    help: 'Los valores en el orden de sus etiquetas.',
    example: "df['total'].sort_index().iloc[0] > 0",
    call: (c) => c.column(),
  },
  indexOfExtreme('argmax', sql`DESC`, 'La posición del mayor valor.'),
  indexOfExtreme('argmin', sql`ASC`, 'La posición del menor valor.'),
  indexOfExtreme('idxmax', sql`DESC`, 'La etiqueta del mayor valor.'),
  indexOfExtreme('idxmin', sql`ASC`, 'La etiqueta del menor valor.'),
  {
    name: 'mode',
    on: 'columna',
    params: '',
    help: 'Los valores más frecuentes.',
    example: "df['estado'].mode()[0] == 'PAGADO'",
    call: mode,
  },
  {
    name: 'describe',
    on: 'columna',
    params: '',
    help: 'Resumen: count, mean, std, min, 25%, 50%, 75%, max.',
    example: "df['total'].describe()['max'] < 5000",
    call: describeColumn,
  },
  ...['agg', 'aggregate'].map(
    (name): FunctionDef => ({
      name,
      on: 'columna',
      params: 'func',
      help: 'Uno o varios agregados por nombre.',
      example: `df['total'].${name}(['min', 'max'])['max'] < 5000`,
      call: aggregateNamed,
    }),
  ),
  pair('corr', sql`corr`, 'La correlación con otra columna.'),
  pair('cov', sql`covar_samp`, 'La covarianza con otra columna.'),
  {
    name: 'mad',
    on: 'columna',
    params: '',
    help: 'La desviación media: el promedio de las distancias al promedio.',
    example: "df['total'].mad() < 500",
    call: (c) => {
      const x = { ...c.column('int', 'float'), elem: false }
      const away = arithmetic('-', x, aggregate('mean', x, {}, c.span), c.span)
      const distance = c.compiler.call(c.compiler.attribute(away, 'abs', c.span), [], c.span)
      return c.compiler.call(c.compiler.attribute(distance, 'mean', c.span), [], c.span)
    },
  },
  ...(['first_valid_index', 'last_valid_index'] as const).map(
    (name): FunctionDef => ({
      name,
      on: 'columna',
      params: '',
      help: name === 'first_valid_index' ? 'La etiqueta del primer valor no nulo.' : 'La del último.',
      example: `df['total'].${name}() >= 0`,
      call: (c) => {
        const x = c.column()
        const [first] = x.universe.order
        if (x.index || !first) return c.refuse(`${c.label} se aplica a los registros de un catálogo`)
        const edge = name === 'first_valid_index' ? sql`min` : sql`max`
        const filter = sql`${x.filter ? sql`(${x.filter}) AND ` : sql``}${x.sql} IS NOT NULL`
        const call = sql`${edge}(${first} - 1)`
        return scalar('int', new Sql([{ tag: 'agg', universe: x.universe, call, filter }]))
      },
    }),
  ),
  {
    name: 'dtype',
    on: 'columna',
    params: '',
    property: true,
    help: 'El tipo de la columna, como texto.',
    example: "df['total'].dtype == 'float64'",
    call: (c) => constant(DTYPES[c.column().kind] ?? 'object'),
  },
  {
    name: 'to_dict',
    on: 'columna',
    params: '',
    help: 'La misma serie con su clave.',
    example: "df['estado'].value_counts().to_dict()['PAGADO'] > 10",
    call: (c) => c.column(),
  },
]
