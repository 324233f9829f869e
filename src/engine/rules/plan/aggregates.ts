import { fail, type Span } from '../problem'
import { fromMicros } from './dates'
import { asDouble, strictBool } from './operators'
import { AND, COMMA, col, depthOf, double, join, Sql, sql } from './sql'
import { Universe } from './universe'
import { type Column, isNumeric, type Kind, kindName, type Nulls, type Operand, scalar } from './values'

/** How one aggregate call becomes SQL: over everything, as a window, or per group. */
export type Emit = (call: Sql) => Sql

export interface AggregateOptions {
  ddof?: number
  quantile?: number
  /** min_count of `sum`. */
  minCount?: number
  dropna?: boolean
  skipna?: boolean
}

export interface AggregateValue {
  kind: Kind
  sql: Sql
  nulls: Nulls
}

type Aggregate = (x: Column, emit: Emit, options: AggregateOptions, span: Span) => AggregateValue

const numberOnly = (x: Column, name: string, span: Span): void => {
  if (isNumeric(x.kind) || x.kind === 'bool' || x.kind === 'null') return
  const hint = x.kind === 'text' ? 'convertir con `.astype(float)`' : undefined
  fail('TYPE', `\`.${name}()\` no se aplica a ${kindName(x.kind)}`, span, hint)
}

const orderable = (x: Column, name: string, span: Span): void => {
  if (x.kind === 'list') fail('TYPE', `\`.${name}()\` no se aplica a listas`, span)
}

/** Squares of larger numbers overflow, and the engine fails instead of giving inf. */
const moderate = (x: Column): Sql => sql`CASE WHEN abs(${asDouble(x)}) < 1e150 THEN ${asDouble(x)} END`

const moments =
  (sample: Sql, population: Sql, name: string): Aggregate =>
  (x, emit, options, span) => {
    if (x.kind !== 'delta') numberOnly(x, name, span)
    const fn = (options.ddof ?? 1) === 0 ? population : sample
    return {
      kind: x.kind === 'delta' ? 'delta' : 'float',
      sql: emit(sql`${fn}(${moderate(x)})`),
      nulls: 'null',
    }
  }

const extreme =
  (fn: Sql, name: string): Aggregate =>
  (x, emit, _options, span) => {
    orderable(x, name, span)
    return {
      kind: x.kind,
      sql: emit(sql`${fn}(${x.kind === 'bool' ? strictOrNull(x) : x.sql})`),
      nulls: 'null',
    }
  }

const strictOrNull = (x: Column): Sql => (x.nulls === 'false' ? strictBool(x) : x.sql)

const quantile: Aggregate = (x, emit, options, span) => {
  if (x.kind !== 'date' && x.kind !== 'delta') numberOnly(x, 'quantile', span)
  const q = double(options.quantile ?? 0.5)
  if (x.kind === 'date') {
    const micros = emit(sql`quantile_cont(epoch_us(${x.sql})::DOUBLE, ${q})`)
    return { kind: 'date', sql: fromMicros(micros), nulls: 'null' }
  }
  return {
    kind: x.kind === 'delta' ? 'delta' : 'float',
    sql: emit(sql`quantile_cont(${asDouble(x)}, ${q})`),
    nulls: 'null',
  }
}

const mean: Aggregate = (x, emit, _options, span) => {
  if (x.kind === 'date') {
    return { kind: 'date', sql: fromMicros(emit(sql`avg(epoch_us(${x.sql})::DOUBLE)`)), nulls: 'null' }
  }
  if (x.kind !== 'delta') numberOnly(x, 'mean', span)
  const kind = x.kind === 'delta' ? 'delta' : 'float'
  return { kind, sql: clean(x, emit(sql`favg(${asDouble(x)})`)), nulls: 'null' }
}

/** inf - inf inside an aggregate is NaN, and NaN is a missing value. */
const clean = (x: Column, piece: Sql): Sql => (x.infinite ? sql`nullif(${piece}, 'nan'::DOUBLE)` : piece)

const sum: Aggregate = (x, emit, options, span) => {
  if (x.kind === 'delta')
    return { kind: 'delta', sql: sql`coalesce(${emit(sql`fsum(${x.sql})`)}, 0)`, nulls: 'none' }
  numberOnly(x, 'sum', span)
  if (x.kind === 'bool') return { kind: 'int', sql: emit(sql`count_if(${x.sql})`), nulls: 'none' }
  const float = x.kind === 'float'
  // Whole numbers may be stored as DOUBLE after arithmetic; both forms add without overflow.
  const total = clean(x, float ? emit(sql`fsum(${x.sql})`) : emit(sql`sum(${x.sql})`))
  const value = sql`coalesce(${total}, 0)`
  if (!options.minCount)
    return { kind: x.kind === 'null' ? 'float' : x.kind, sql: value, nulls: x.infinite ? 'null' : 'none' }
  return {
    kind: x.kind,
    sql: sql`CASE WHEN ${emit(sql`count(${x.sql})`)} >= ${options.minCount} THEN ${value} END`,
    nulls: 'null',
  }
}

const count: Aggregate = (x, emit) => ({
  kind: 'int',
  sql: emit(x.nulls === 'null' ? sql`count(${x.sql})` : sql`count(*)`),
  nulls: 'none',
})

const nunique: Aggregate = (x, emit, options) => {
  const distinct = emit(sql`count(DISTINCT ${strictOrNull(x)})`)
  if (options.dropna === false && x.nulls === 'null') {
    return {
      kind: 'int',
      sql: sql`(${distinct} + CASE WHEN ${emit(sql`count_if(${x.sql} IS NULL)`)} > 0 THEN 1 ELSE 0 END)`,
      nulls: 'none',
    }
  }
  return { kind: 'int', sql: distinct, nulls: 'none' }
}

/** Repeated nulls count as repeated. */
const isUnique: Aggregate = (x, emit) => {
  const values = emit(sql`count(${strictOrNull(x)})`)
  const same = sql`(${values} = ${emit(sql`count(DISTINCT ${strictOrNull(x)})`)})`
  if (x.nulls !== 'null') return { kind: 'bool', sql: same, nulls: 'none' }
  return { kind: 'bool', sql: sql`(${same} AND ${emit(sql`count(*)`)} - ${values} <= 1)`, nulls: 'none' }
}

/** Truth of a cell for `all` and `any`; missing ones are skipped. */
const cellTruth = (x: Column, span: Span): Sql => {
  if (x.kind === 'bool') return x.nulls === 'null' ? x.sql : strictBool(x)
  if (isNumeric(x.kind) || x.kind === 'delta') return sql`(${x.sql} <> 0)`
  if (x.kind === 'text') return sql`(${x.sql} <> '')`
  return fail('TYPE', `no se puede usar ${kindName(x.kind)} como verdadero o falso`, span)
}

const all: Aggregate = (x, emit, _o, span) => ({
  kind: 'bool',
  sql: sql`coalesce(${emit(sql`bool_and(${cellTruth(x, span)})`)}, TRUE)`,
  nulls: 'none',
})
const any: Aggregate = (x, emit, _o, span) => ({
  kind: 'bool',
  sql: sql`coalesce(${emit(sql`bool_or(${cellTruth(x, span)})`)}, FALSE)`,
  nulls: 'none',
})

const edge =
  (fn: Sql): Aggregate =>
  (x, emit) => {
    const order = x.universe.order[0]
    const value = strictOrNull(x)
    // The first value that is not missing, in the order of the records.
    return {
      kind: x.kind,
      sql: emit(order ? sql`${fn}(${value}, ${order})` : sql`any_value(${value})`),
      nulls: 'null',
    }
  }

const product: Aggregate = (x, emit, _o, span) => {
  numberOnly(x, 'prod', span)
  return {
    kind: 'float',
    sql: sql`coalesce(nullif(${emit(sql`product(${asDouble(x)})`)}, 'nan'::DOUBLE), 1)`,
    nulls: 'null',
  }
}

const kurtosis: Aggregate = (x, emit, _o, span) => {
  numberOnly(x, 'kurt', span)
  const value = emit(sql`kurtosis(${moderate(x)})`)
  return { kind: 'float', sql: sql`nullif(${value}, 'nan'::DOUBLE)`, nulls: 'null' }
}

const mode: Aggregate = (x, emit) => {
  // Of the most frequent values, the smallest: pandas sorts them.
  const value = strictOrNull(x)
  return { kind: x.kind, sql: emit(sql`mode(${value} ORDER BY ${value})`), nulls: 'null' }
}

const AGGREGATES: Record<string, Aggregate> = {
  sum,
  mean,
  min: extreme(sql`min`, 'min'),
  max: extreme(sql`max`, 'max'),
  count,
  size: (_x, emit) => ({ kind: 'int', sql: emit(sql`count(*)`), nulls: 'none' }),
  nunique,
  is_unique: isUnique,
  all,
  any,
  median: (x, emit, _o, span) => quantile(x, emit, { quantile: 0.5 }, span),
  quantile,
  std: moments(sql`stddev_samp`, sql`stddev_pop`, 'std'),
  var: moments(sql`var_samp`, sql`var_pop`, 'var'),
  sem: (x, emit, _o, span) => {
    numberOnly(x, 'sem', span)
    const v = moderate(x)
    return {
      kind: 'float',
      sql: sql`(${emit(sql`stddev_samp(${v})`)} / sqrt(${emit(sql`count(${v})`)}))`,
      nulls: 'null',
    }
  },
  skew: (x, emit, _o, span) => {
    numberOnly(x, 'skew', span)
    return {
      kind: 'float',
      sql: sql`nullif(${emit(sql`skewness(${moderate(x)})`)}, 'nan'::DOUBLE)`,
      nulls: 'null',
    }
  },
  kurt: kurtosis,
  kurtosis,
  first: edge(sql`arg_min`),
  last: edge(sql`arg_max`),
  prod: product,
  product,
  mode,
}

export const AGGREGATE_NAMES = Object.keys(AGGREGATES).filter(
  (name) => name !== 'is_unique' && name !== 'mode',
)

export function runAggregate(
  name: string,
  x: Column,
  emit: Emit,
  options: AggregateOptions,
  span: Span,
): AggregateValue {
  const aggregate = Object.hasOwn(AGGREGATES, name) ? AGGREGATES[name] : undefined
  if (!aggregate) return fail('UNSUPPORTED', `no se admite el agregado \`${name}\``, span)
  return aggregate(x, emit, options, span)
}

/** An aggregate of a column: one value, or one a group inside a group's lambda. */
export function aggregate(name: string, x: Column, options: AggregateOptions, span: Span): Operand {
  if (x.partition) return { ...windowAggregate(name, x, x.partition, options, span), elem: true }
  const emit: Emit = (call) => new Sql([{ tag: 'agg', universe: x.universe, call, filter: x.filter }])
  const value = runAggregate(name, x, emit, options, span)
  if (x.array && x.nulls === 'null' && STRICT.has(name)) {
    const whole = sql`CASE WHEN ${emit(sql`count(*)`)} = ${emit(sql`count(${x.sql})`)} THEN ${value.sql} END`
    return { ...scalar(value.kind, whole, 'null'), infinite: x.infinite ?? false }
  }
  return { ...scalar(value.kind, value.sql, value.nulls), infinite: x.infinite ?? false }
}

/** What one missing value spoils in an array of numpy. */
const STRICT = new Set(['sum', 'mean', 'min', 'max', 'std', 'var', 'prod'])

/** Parts of an OVER clause that keep a column's own rows apart from those its filter leaves out. */
export function partitionBy(x: Column, keys: Sql[]): Sql {
  const parts = x.filter ? [sql`(${x.filter}) IS TRUE`, ...keys] : keys
  return parts.length === 0 ? sql`` : sql`PARTITION BY ${join(parts, COMMA)}`
}

export function windowAggregate(
  name: string,
  x: Column,
  keys: Sql[],
  options: AggregateOptions,
  span: Span,
): Column {
  const over = partitionBy(x, keys)
  const emit: Emit = (call) => x.universe.lift(sql`${call} OVER (${over})`, true)
  const value = runAggregate(name, x, emit, options, span)
  // A record without a key belongs to no group.
  if (keys.length === 0)
    return { ...x, kind: value.kind, sql: value.sql, nulls: value.nulls, infinite: false }
  const known = join(
    keys.map((key) => sql`${key} IS NOT NULL`),
    AND,
  )
  return {
    ...x,
    kind: value.kind,
    sql: sql`CASE WHEN ${known} THEN ${value.sql} END`,
    nulls: 'null',
    infinite: false,
  }
}

/** One row a group, with the aggregates asked of it. */
export interface Grouping {
  universe: Universe
  keys: Column[]
  emit: Emit
}

/** Groups the rows of `keys` (all over one universe and filter). */
export function makeGrouping(keys: Column[], dropna: boolean): Grouping {
  const first = keys[0]
  if (!first) throw new Error('a group needs a key')
  const source = first.universe
  const calls: { name: string; call: Sql }[] = []
  const universe = Universe.derived((r) => {
    const select = [
      ...keys.map((key, i) => `${r.text(strictOrNull(key))} AS k${i}`),
      ...calls.map(({ name, call }) => `${r.text(call)} AS ${name}`),
    ]
    const where = [
      ...(first.filter ? [first.filter] : []),
      ...(dropna ? keys.map((key) => sql`${key.sql} IS NOT NULL`) : []),
    ]
    const condition =
      where.length === 0 ? '' : ` WHERE ${where.map((piece) => `(${r.text(piece)})`).join(' AND ')}`
    const by = keys.map((_, i) => String(i + 1)).join(', ')
    return `SELECT ${select.join(', ')} FROM ${r.from(source, depthOf(source, [first.filter, ...keys.map((key) => key.sql), ...calls.map(({ call }) => call)]))}${condition} GROUP BY ${by}`
  })
  universe.order = keys.map((_, i) => col(universe, `k${i}`))
  universe.keyKinds = keys.map((key) => key.kind)
  const origin = (source.recordsOf ?? source.origin) ? { universe: source, filter: first.filter } : null
  if (origin)
    universe.origin = {
      ...origin,
      keys: keys.map((key, i) => ({ from: strictOrNull(key), column: `k${i}` })),
    }
  const emit: Emit = (call) => {
    const known = calls.find((one) => one.call.key === call.key)
    if (known) return col(universe, known.name)
    const name = `a${calls.length}`
    calls.push({ name, call })
    return col(universe, name)
  }
  const keyColumns = keys.map(
    (key, i): Column => ({
      ...key,
      universe,
      sql: col(universe, `k${i}`),
      filter: null,
      index: null,
      elem: false,
      partition: null,
    }),
  )
  return { universe, keys: keyColumns, emit }
}
