import type { Call } from '../../call'
import { type AggregateOptions, aggregate } from '../../plan/aggregates'
import { sql } from '../../plan/sql'
import { type Column, derive, type Frame, isNumeric, type Scalar, type Value } from '../../plan/values'
import type { Family, FunctionDef } from '../../registry'
import { acrossRow } from './rows'

const HELP: Record<string, [params: string, help: string, example: string]> = {
  sum: ['axis=0, skipna=True, min_count=0', 'Suma de los valores no nulos.', "df['total'].sum() < 1000000"],
  mean: ['axis=0, skipna=True', 'Promedio de los valores no nulos.', "df['cantidad'].mean() > 5"],
  min: ['axis=0, skipna=True', 'El menor valor.', "df['precio'].min() >= 0"],
  max: ['axis=0, skipna=True', 'El mayor valor.', "(df['usado'] / df['limite']).max() <= 0.8"],
  count: ['axis=0', 'Cantidad de valores no nulos.', "df['total'].count() == len(df)"],
  nunique: ['axis=0, dropna=True', 'Cantidad de valores distintos.', "df['venta_id'].nunique() == len(df)"],
  median: ['axis=0, skipna=True', 'Mediana de los valores no nulos.', "df['total'].median() < 2000"],
  quantile: ['q=0.5', 'Cuantil, con interpolación lineal.', "df['precio'] < df['precio'].quantile(0.9)"],
  std: [
    'axis=0, ddof=1, skipna=True',
    'Desviación estándar (muestral).',
    "df['total'] > df['total'].mean() - 2 * df['total'].std()",
  ],
  var: ['axis=0, ddof=1, skipna=True', 'Varianza (muestral).', "df['total'].var() < 100"],
  sem: ['axis=0', 'Error estándar del promedio.', "df['total'].sem() < 5"],
  skew: ['axis=0', 'Asimetría de los valores.', "df['total'].skew() < 3"],
  kurt: ['axis=0', 'Curtosis de los valores (0 en la normal).', "df['total'].kurt() < 10"],
  kurtosis: ['axis=0', 'Curtosis de los valores (0 en la normal).', "df['total'].kurtosis() < 10"],
  prod: ['axis=0', 'Producto de los valores no nulos.', "df['factor'].prod() > 0"],
  product: ['axis=0', 'Producto de los valores no nulos.', "df['factor'].product() > 0"],
  all: ['axis=0, skipna=True', 'Verdadero si todos lo son.', "(df['precio'] > 0).all()"],
  any: ['axis=0, skipna=True', 'Verdadero si alguno lo es.', "not (df['precio'] < 0).any()"],
}

function options(c: Call): AggregateOptions {
  const has = (name: string): boolean => c.def.parsed.some((param) => param.name === name)
  const out: AggregateOptions = {}
  const array = c.self.t === 'column' && c.self.array === true
  if (has('ddof')) out.ddof = array && !c.has('ddof') ? 0 : c.integer('ddof')
  if (has('q')) out.quantile = c.number('q')
  if (has('min_count')) out.minCount = c.integer('min_count')
  if (has('dropna')) out.dropna = c.flag('dropna')
  if (has('skipna') && !c.flag('skipna'))
    c.refuse('`skipna=False` no se admite', 'los nulos se saltan', 'skipna')
  if (out.quantile !== undefined && (out.quantile < 0 || out.quantile > 1))
    c.refuse('el cuantil va de 0 a 1', undefined, 'q')
  return out
}

const onColumn = (name: string): FunctionDef => {
  const [params, help, example] = HELP[name] ?? ['', '', '']
  return {
    name,
    on: 'columna',
    params,
    help,
    example,
    inGroup: true,
    call: (c) => {
      const several = name === 'quantile' ? c.value('q') : undefined
      if (several?.t === 'list') return quantiles(c, several.items)
      return aggregate(name, asAggregated(c.column()), options(c), c.span)
    },
  }
}

/** `quantile([0.25, 0.75])`: one value for each. */
function quantiles(c: Call, items: Value[]): Value {
  const entries = new Map<string, Scalar>()
  for (const item of items) {
    const q = item.t === 'scalar' && typeof item.konst === 'number' ? item.konst : Number.NaN
    if (!(q >= 0 && q <= 1)) return c.refuse('cada cuantil va de 0 a 1', undefined, 'q')
    const value = aggregate('quantile', asAggregated(c.column()), { quantile: q }, c.span)
    if (value.t === 'scalar') entries.set(String(q), value)
  }
  return { t: 'vector', entries }
}

/** A row's own value aggregated is itself: inside a lambda over one column nothing is left to add up. */
const asAggregated = (column: Column): Column => (column.partition ? column : { ...column, elem: false })

/** Whether a column takes part when a whole table is aggregated. */
function takesPart(name: string, column: Column): boolean {
  if (['count', 'nunique', 'all', 'any', 'min', 'max'].includes(name)) return column.kind !== 'list'
  return isNumeric(column.kind) || column.kind === 'bool'
}

/** One value a column. */
export function overColumns(c: Call, frame: Frame, name: string, given: AggregateOptions): Value {
  const entries = new Map<string, Scalar>()
  for (const column of c.compiler.columnsOf(frame, c.span)) {
    if (!takesPart(name, column)) continue
    const value = aggregate(name, { ...column, elem: false }, given, c.span)
    if (value.t === 'scalar') entries.set(column.name ?? '', value)
  }
  return { t: 'vector', entries }
}

/** Aggregates that are worked out over the records only, not along a record. */
const ONLY_DOWN = new Set(['kurt', 'kurtosis', 'quantile', 'sem', 'skew'])

const onFrame = (name: string): FunctionDef => {
  const [params, help] = HELP[name] ?? ['', '']
  return {
    name,
    on: 'df',
    params,
    help: `${help} De cada columna${ONLY_DOWN.has(name) ? '' : ', o de cada fila con axis=1'}.`,
    example:
      name === 'all' || name === 'any'
        ? `df[['email', 'telefono']].notna().${name}(axis=1)`
        : ONLY_DOWN.has(name)
          ? `df[['enero', 'febrero']].${name}()['enero'] < 5`
          : `df[['enero', 'febrero']].${name}(axis=1) >= 0`,
    call: (c) => {
      const frame = c.self
      if (frame.t !== 'frame') return c.refuse('se esperaba una tabla')
      const axis = params.includes('axis') ? c.konst('axis') : 0
      if (axis === 1 || axis === 'columns') return acrossRow(c, frame, name)
      if (axis === null) {
        const vector = overColumns(c, frame, name, options(c))
        return c.compiler.call(c.compiler.attribute(vector, name, c.span), [], c.span)
      }
      return overColumns(c, frame, name, options(c))
    },
  }
}

const isUnique: FunctionDef = {
  name: 'is_unique',
  inGroup: true,
  on: 'columna',
  params: '',
  property: true,
  help: 'Verdadero si ningún valor se repite (los nulos también cuentan).',
  example: "df['venta_id'].is_unique",
  call: (c) => aggregate('is_unique', c.column(), {}, c.span),
}

const hasnans: FunctionDef = {
  name: 'hasnans',
  inGroup: true,
  on: 'columna',
  params: '',
  property: true,
  help: 'Verdadero si hay algún nulo.',
  example: "not df['total'].hasnans",
  call: (c) => {
    const x = c.column()
    return aggregate(
      'any',
      derive(x, 'bool', x.nulls === 'null' ? sql`(${x.sql} IS NULL)` : sql`FALSE`, 'none'),
      {},
      c.span,
    )
  },
}

const names = Object.keys(HELP)

export const family: Family = {
  name: 'agregados',
  functions: [...names.map(onColumn), ...names.map(onFrame), isUnique, hasnans],
}
