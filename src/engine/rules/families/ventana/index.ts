import type { Call } from '../../call'
import { partitionBy } from '../../plan/aggregates'
import { arithmetic, asDouble, number, strictBool } from '../../plan/operators'
import { integer, type Sql, sql } from '../../plan/sql'
import { type Column, derive, isNumeric, type Kind, kindName, type Value } from '../../plan/values'
import type { Family, FunctionDef } from '../../registry'

export const plain = (x: Column): Sql => (x.kind === 'bool' && x.nulls === 'false' ? strictBool(x) : x.sql)

/** The order of the records, one way or the other. */
export function orderOf(x: Column, backwards = false): Sql {
  const first = x.universe.order[0] ?? sql`1`
  return backwards ? sql`ORDER BY ${first} DESC` : sql`ORDER BY ${first}`
}

/** The value n records before (after, when negative). */
export function shift(x: Column, periods: number, keys: Sql[], fill: Sql | null = null): Column {
  if (periods === 0) return x
  const fn = periods > 0 ? sql`lag` : sql`lead`
  const extra = fill === null ? sql`` : sql`, ${fill}`
  const piece = x.universe.lift(
    sql`${fn}(${plain(x)}, ${integer(Math.abs(periods))}${extra}) OVER (${partitionBy(x, keys)} ${orderOf(x)})`,
  )
  return { ...x, sql: piece, nulls: 'null', name: undefined }
}

export function diff(c: Call, x: Column, periods: number, keys: Sql[]): Value {
  if (!isNumeric(x.kind) && x.kind !== 'date' && x.kind !== 'delta' && x.kind !== 'bool')
    return c.refuse(`${c.label} no se aplica a ${kindName(x.kind)}`)
  return arithmetic('-', x, shift(x, periods, keys), c.span)
}

const CUMULATIVE: Record<string, Sql> = {
  cumsum: sql`sum`,
  cummax: sql`max`,
  cummin: sql`min`,
  cumprod: sql`product`,
}

/** Running totals; a null stays null and adds nothing. */
export function cumulative(c: Call, x: Column, name: string, keys: Sql[]): Column {
  const numeric = isNumeric(x.kind) || x.kind === 'bool' || x.kind === 'delta'
  if (!numeric && (name === 'cumsum' || name === 'cumprod' || x.kind !== 'date'))
    return c.refuse(`\`${name}\` no se aplica a ${kindName(x.kind)}`)
  const value = x.kind === 'date' ? x.sql : name === 'cumprod' ? asDouble(x) : number(x)
  const fn = CUMULATIVE[name] ?? sql`sum`
  const run = x.universe.lift(
    sql`${fn}(${value}) OVER (${partitionBy(x, keys)} ${orderOf(x)} ROWS UNBOUNDED PRECEDING)`,
  )
  const kind: Kind = x.kind === 'bool' ? 'int' : name === 'cumprod' ? 'float' : x.kind
  return derive(x, kind, sql`CASE WHEN ${value} IS NOT NULL THEN ${run} END`, 'null', x.infinite)
}

/** The last value that was not missing (the next one, backwards). */
export function carry(x: Column, backwards: boolean, keys: Sql[]): Column {
  const frame = backwards
    ? sql`ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING`
    : sql`ROWS UNBOUNDED PRECEDING`
  const fn = backwards ? sql`first_value` : sql`last_value`
  const piece = x.universe.lift(
    sql`${fn}(${plain(x)} IGNORE NULLS) OVER (${partitionBy(x, keys)} ${orderOf(x)} ${frame})`,
  )
  return { ...x, sql: piece, nulls: 'null' }
}

const METHODS = ['average', 'min', 'max', 'first', 'dense'] as const

/** Rank of each value among the others; a null has none. */
export function rank(c: Call, x: Column, keys: Sql[]): Column {
  const method = c.choice('method', METHODS)
  const direction = c.flag('ascending') ? sql`ASC` : sql`DESC`
  if (c.def.parsed.some((param) => param.name === 'na_option') && c.konst('na_option') !== 'keep')
    c.refuse("`na_option` solo admite 'keep'", undefined, 'na_option')
  const value = plain(x)
  const others = partitionBy(x, [...keys, sql`${value} IS NULL`])
  const lift = (piece: Sql): Sql => x.universe.lift(piece)
  const low = (): Sql => lift(sql`rank() OVER (${others} ORDER BY ${value} ${direction})`)
  const same = (): Sql => lift(sql`count(*) OVER (${partitionBy(x, [...keys, value])})`)
  let piece: Sql
  if (method === 'dense') piece = lift(sql`dense_rank() OVER (${others} ORDER BY ${value} ${direction})`)
  else if (method === 'first')
    piece = lift(
      sql`row_number() OVER (${others} ORDER BY ${value} ${direction}, ${x.universe.order[0] ?? sql`1`})`,
    )
  else if (method === 'min') piece = low()
  else if (method === 'max') piece = sql`(${low()} + ${same()} - 1)`
  else piece = sql`(${low()} + (${same()} - 1) / 2e0)`
  if (c.flag('pct')) {
    const total =
      method === 'dense'
        ? lift(sql`count(DISTINCT ${value}) OVER (${others})`)
        : lift(sql`count(*) OVER (${others})`)
    piece = sql`(${piece} / ${total}::DOUBLE)`
  }
  return { ...derive(x, 'float', sql`CASE WHEN ${value} IS NOT NULL THEN ${piece} END`), name: undefined }
}

const windowed = (
  name: string,
  params: string,
  help: string,
  example: string,
  call: (c: Call, x: Column) => Value,
): FunctionDef => ({
  name,
  on: 'columna',
  params,
  help,
  example,
  call: (c) => {
    const x = c.column()
    return call(c, x.partition ? x : { ...x, elem: false })
  },
})

const parts = (x: Column): Sql[] => x.partition ?? []

function nLargest(c: Call, largest: boolean): Value {
  const x = c.column('int', 'float', 'date')
  const n = c.integer('n')
  const direction = largest ? sql`DESC` : sql`ASC`
  const at = x.universe.lift(
    sql`row_number() OVER (${partitionBy(x, parts(x))} ORDER BY ${x.sql} ${direction} NULLS LAST, ${x.universe.order[0] ?? sql`1`})`,
  )
  const condition = sql`${at} <= ${n} AND ${x.sql} IS NOT NULL`
  return { ...x, filter: x.filter ? sql`(${x.filter}) AND ${condition}` : condition }
}

const ROLLING: Record<string, [fn: Sql, help: string]> = {
  sum: [sql`sum`, 'Suma de la ventana.'],
  mean: [sql`avg`, 'Promedio de la ventana.'],
  min: [sql`min`, 'El menor de la ventana.'],
  max: [sql`max`, 'El mayor de la ventana.'],
  std: [sql`stddev_samp`, 'Desviación estándar de la ventana.'],
  var: [sql`var_samp`, 'Varianza de la ventana.'],
  median: [sql`median`, 'Mediana de la ventana.'],
  count: [sql`count`, 'Valores no nulos de la ventana.'],
}

const rolling = (name: string): FunctionDef => ({
  name,
  on: 'ventana',
  params: '',
  help: ROLLING[name]?.[1] ?? '',
  example: `df['total'].rolling(3).${name}() > 0`,
  call: (c) => {
    if (c.self.t !== 'windowed') return c.refuse('se esperaba una ventana')
    const { column: x, size, minimum } = c.self
    if (!isNumeric(x.kind) && x.kind !== 'bool')
      return c.refuse(`una ventana se aplica a números, no a ${kindName(x.kind)}`)
    const fn = ROLLING[name]?.[0] ?? sql`sum`
    const frame =
      size === null ? sql`ROWS UNBOUNDED PRECEDING` : sql`ROWS BETWEEN ${size - 1} PRECEDING AND CURRENT ROW`
    const over = sql`(${partitionBy(x, parts(x))} ${orderOf(x)} ${frame})`
    // Squares of larger numbers overflow, and the engine fails instead of giving inf.
    const spread = name === 'std' || name === 'var'
    const cell = spread ? sql`CASE WHEN abs(${asDouble(x)}) < 1e150 THEN ${asDouble(x)} END` : asDouble(x)
    const value = x.universe.lift(sql`${fn}(${cell}) OVER ${over}`)
    const n = x.universe.lift(sql`count(${plain(x)}) OVER ${over}`)
    return derive(x, name === 'count' ? 'int' : 'float', sql`CASE WHEN ${n} >= ${minimum} THEN ${value} END`)
  },
})

const functions: FunctionDef[] = [
  windowed(
    'shift',
    'periods=1, fill_value=None',
    'El valor del registro anterior.',
    "df['fecha'] >= df['fecha'].shift(1)",
    (c, x) =>
      shift(
        x,
        c.integer('periods'),
        parts(x),
        c.konst('fill_value') === null ? null : c.operand('fill_value').sql,
      ),
  ),
  windowed(
    'diff',
    'periods=1',
    'La diferencia con el registro anterior.',
    "df['numero'].diff().fillna(1) == 1",
    (c, x) => diff(c, x, c.integer('periods'), parts(x)),
  ),
  windowed(
    'pct_change',
    'periods=1',
    'El cambio relativo con el registro anterior.',
    "df['precio'].pct_change().fillna(0).abs() < 0.5",
    (c, x) => {
      const previous = shift(x, c.integer('periods'), parts(x))
      return arithmetic('/', arithmetic('-', x, previous, c.span), previous, c.span)
    },
  ),
  windowed('cumsum', 'axis=0', 'La suma acumulada.', "df['total'].cumsum() < 60000", (c, x) =>
    cumulative(c, x, 'cumsum', parts(x)),
  ),
  windowed('cummax', 'axis=0', 'El mayor hasta ese registro.', "df['saldo'].cummax() >= 0", (c, x) =>
    cumulative(c, x, 'cummax', parts(x)),
  ),
  windowed('cummin', 'axis=0', 'El menor hasta ese registro.', "df['saldo'].cummin() >= 0", (c, x) =>
    cumulative(c, x, 'cummin', parts(x)),
  ),
  windowed('cumprod', 'axis=0', 'El producto acumulado.', "df['factor'].cumprod() < 100", (c, x) =>
    cumulative(c, x, 'cumprod', parts(x)),
  ),
  windowed(
    'rank',
    "method='average', ascending=True, pct=False, na_option='keep'",
    'El puesto de cada valor.',
    "df['total'].rank() > 3",
    (c, x) => rank(c, x, parts(x)),
  ),
  windowed('ffill', '', 'El último valor no nulo.', "df['grupo'].ffill().notna()", (_c, x) =>
    carry(x, false, parts(x)),
  ),
  windowed('pad', '', 'El último valor no nulo.', "df['grupo'].pad().notna()", (_c, x) =>
    carry(x, false, parts(x)),
  ),
  windowed('bfill', '', 'El siguiente valor no nulo.', "df['grupo'].bfill().notna()", (_c, x) =>
    carry(x, true, parts(x)),
  ),
  windowed('nlargest', 'n=5', 'Los n valores mayores.', "df['total'].nlargest(3).sum() < 9000", (c) =>
    nLargest(c, true),
  ),
  windowed('nsmallest', 'n=5', 'Los n valores menores.', "df['total'].nsmallest(3).sum() > 0", (c) =>
    nLargest(c, false),
  ),
  windowed(
    'rolling',
    'window, min_periods=None',
    'Una ventana de los últimos n registros.',
    "df['total'].rolling(3).mean().fillna(0) < 5000",
    (c, x) => {
      const size = c.integer('window')
      if (size < 1 || size > 100_000) c.refuse('la ventana va de 1 a 100000 registros', undefined, 'window')
      return { t: 'windowed', column: x, size, minimum: c.optionalInteger('min_periods') ?? size }
    },
  ),
  windowed(
    'expanding',
    'min_periods=1',
    'Una ventana desde el primer registro.',
    "df['total'].expanding().max() < 5000",
    (c, x) => ({ t: 'windowed', column: x, size: null, minimum: c.integer('min_periods') }),
  ),
  ...Object.keys(ROLLING).map(rolling),
]

/** Functions that look at other records in the order of the file. */
export const family: Family = { name: 'ventana', inGroup: true, functions }
