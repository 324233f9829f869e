import type { Call } from '../../call'
import { deltaUnit } from '../../plan/dates'
import { isIn } from '../../plan/membership'
import { constant } from '../../plan/operators'
import { double, sql } from '../../plan/sql'
import { remake, type Value } from '../../plan/values'
import type { FunctionDef } from '../../registry'

const MAX_ITEMS = 5000

/** The numbers from `start` up to, not including, `stop`. */
function arange(c: Call): Value {
  const given = c.rest.map(({ value }) =>
    value.t === 'scalar' && typeof value.konst === 'number'
      ? { number: value.konst, float: value.kind === 'float' }
      : c.refuse('`arange` recibe números escritos en la regla'),
  )
  const [a, b, s] = given.map((one) => one.number)
  const [start, stop, step] = b === undefined ? [0, a ?? 0, 1] : [a ?? 0, b, s ?? 1]
  const size = step === 0 ? Number.NaN : Math.max(0, Math.ceil((stop - start) / step))
  if (!(size <= MAX_ITEMS))
    return c.refuse(`el rango tiene más de ${MAX_ITEMS} valores o no termina`, 'usar `.between(a, b)`')
  const float = given.some((one) => one.float)
  const items = Array.from({ length: size }, (_, i) => constant(start + i * step, float))
  return { t: 'list', flavour: 'list', items }
}

/** Working days (Monday to Friday) from the first date up to, not including, the second. */
function busdayCount(c: Call): Value {
  const days = (name: string): Value => {
    const value = c.operand(name)
    if (value.kind !== 'date') return c.refuse('`busday_count` recibe fechas', undefined, name)
    // Day 0 is a Thursday: from the Monday before it, whole weeks have five.
    const at = sql`(floor(epoch(${value.sql}) / 86400) + 3)`
    return remake(
      value,
      'int',
      sql`(floor(${at} / 7) * 5 + least(${at} - floor(${at} / 7) * 7, 5))`,
      value.nulls,
    )
  }
  return c.compiler.call(
    { t: 'function', on: 'np', name: 'subtract', self: null },
    ['enddates', 'begindates'].map((name) => ({
      name: null,
      given: { value: days(name), span: c.where(name) },
    })),
    c.span,
  )
}

/** The distinct values of one that the other has, or lacks. */
const setOf = (name: string, method: string, help: string): FunctionDef => ({
  name,
  on: 'np',
  params: 'ar1, ar2',
  help,
  example: `len(np.${name}(df['estado'].dropna(), ['A', 'B'])) == 0`,
  call: (c) =>
    c.compiler.call(
      { t: 'function', on: 'conjunto', name: method, self: { ...asSet(c, 'ar1') } },
      [{ name: null, given: { value: asSet(c, 'ar2'), span: c.where('ar2') } }],
      c.span,
    ),
})

function asSet(c: Call, name: string): Value {
  const value = c.require(name)
  return value.t === 'column' ? { t: 'set', kind: value.kind, column: { ...value, elem: false } } : value
}

export const ranges: FunctionDef[] = [
  {
    name: 'arange',
    on: 'np',
    params: '*limits',
    help: 'Los números de un rango.',
    example: "df['mes'].isin(np.arange(1, 13))",
    call: arange,
  },
  {
    name: 'timedelta64',
    on: 'np',
    params: "value, unit='D'",
    help: 'Una duración con su unidad.',
    example: "(df['entrega'] - df['pedido']) / np.timedelta64(1, 'D') <= 5",
    call: (c) => {
      const size = deltaUnit(c.text('unit'))
      if (size === null) return c.refuse('la unidad puede ser W, D, h, m o s', undefined, 'unit')
      return { t: 'scalar', kind: 'delta', sql: double(c.number('value') * size), nulls: 'none' }
    },
  },
  {
    name: 'busday_count',
    on: 'np',
    params: 'begindates, enddates',
    help: 'Los días hábiles entre dos fechas, sin contar la segunda.',
    example: "np.busday_count(df['pedido'], df['entrega']) <= 5",
    call: busdayCount,
  },
  {
    name: 'clip',
    on: 'np',
    params: 'a, a_min=None, a_max=None',
    help: 'Limita los valores a un rango.',
    example: "np.clip(df['descuento'], 0, 100) == df['descuento']",
    call: (c) =>
      c.compiler.call(
        c.compiler.attribute(c.require('a'), 'clip', c.span),
        ['a_min', 'a_max'].map((name) => ({
          name: null,
          given: { value: c.value(name) ?? constant(null), span: c.where(name) },
        })),
        c.span,
      ),
  },
  setOf('setdiff1d', 'difference', 'Los valores que el otro no tiene.'),
  setOf('intersect1d', 'intersection', 'Los valores que comparten.'),
  ...['isin', 'in1d'].map(
    (name): FunctionDef => ({
      name,
      on: 'np',
      params: 'element, test_elements',
      help: 'Verdadero si el valor está en la lista.',
      example: `np.${name}(df['estado'], ['A', 'B'])`,
      call: (c) =>
        isIn(c.compiler, c.operand('element'), c.require('test_elements'), c.where('test_elements')),
    }),
  ),
  {
    name: 'percentile',
    on: 'np',
    params: 'a, q',
    help: 'Percentil, de 0 a 100.',
    example: "np.percentile(df['total'], 90) < 5000",
    call: (c) => percentile(c, 100),
  },
  {
    name: 'quantile',
    on: 'np',
    params: 'a, q',
    help: 'Cuantil, de 0 a 1.',
    example: "np.quantile(df['total'], 0.9) < 5000",
    call: (c) => percentile(c, 1),
  },
]

function percentile(c: Call, scale: number): Value {
  const q = c.number('q') / scale
  return c.compiler.call(
    c.compiler.attribute(c.require('a'), 'quantile', c.span),
    [{ name: null, given: { value: constant(q, true), span: c.where('q') } }],
    c.span,
  )
}
