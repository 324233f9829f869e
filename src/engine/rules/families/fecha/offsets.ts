import type { Call } from '../../call'
import { deltaUnit } from '../../plan/dates'
import { type Calendar, UNIT_MONTHS } from '../../plan/offsets'
import { double } from '../../plan/sql'
import type { Value } from '../../plan/values'
import type { FunctionDef } from '../../registry'

/** A step of the calendar; a thousand years are more than any rule needs, and keep the date inside what the engine holds. */
function calendar(c: Call, step: Calendar): Value {
  const months =
    step.kind === 'shift' ? step.months : step.kind === 'edge' ? step.n * UNIT_MONTHS[step.unit] : 0
  const days = step.kind === 'business' ? step.n : 0
  if (Math.abs(months) > 12_000 || Math.abs(days) > 250_000) return c.refuse('el salto es de más de mil años')
  return { t: 'offset', step }
}

/** Months and years move through the calendar; days and hours are a duration. */
export function dateOffset(c: Call): Value {
  const micros = ['weeks', 'days', 'hours', 'minutes', 'seconds', 'milliseconds', 'microseconds'].reduce(
    (sum, name) => sum + (c.has(name) ? c.number(name) * (deltaUnit(name) ?? 0) : 0),
    0,
  )
  const months = (c.has('months') ? c.integer('months') : 0) + 12 * (c.has('years') ? c.integer('years') : 0)
  const bare = micros === 0 && months === 0 ? c.integer('n') * (deltaUnit('days') ?? 0) : 0
  return calendar(c, { kind: 'shift', months, micros: micros + bare })
}

const edge = (name: string, unit: 'month' | 'quarter' | 'year', end: boolean, help: string): FunctionDef => ({
  name,
  on: 'offsets',
  params: unit === 'quarter' ? 'n=1, startingMonth=3' : 'n=1',
  help,
  example:
    name === 'QuarterBegin'
      ? "df['fecha'] + pd.offsets.QuarterBegin(0, startingMonth=1) == df['fecha']"
      : `df['fecha'] + pd.offsets.${name}(0) == df['fecha']`,
  call: (c) => {
    // pandas starts its quarters in March unless it is told January.
    if (unit === 'quarter' && c.integer('startingMonth') % 3 !== (end ? 0 : 1))
      return c.refuse(
        'solo se admiten los trimestres del año',
        end ? 'usar `startingMonth=3`' : 'usar `startingMonth=1`',
        c.has('startingMonth') ? 'startingMonth' : undefined,
      )
    return calendar(c, { kind: 'edge', unit, end, n: c.integer('n') })
  },
})

const duration = (name: string, unit: string, help: string): FunctionDef => ({
  name,
  on: 'offsets',
  params: 'n=1',
  help,
  example: `df['entrega'] <= df['pedido'] + pd.offsets.${name}(5)`,
  call: (c) => ({
    t: 'scalar',
    kind: 'delta',
    sql: double(c.number('n') * (deltaUnit(unit) ?? 0)),
    nulls: 'none',
  }),
})

const business = (name: string): FunctionDef => ({
  name,
  on: 'offsets',
  params: 'n=1',
  help: 'Días hábiles: de lunes a viernes.',
  example: `df['entrega'] <= df['pedido'] + pd.offsets.${name}(5)`,
  call: (c) => calendar(c, { kind: 'business', n: c.integer('n') }),
})

/** `pd.offsets`: steps of the calendar, as pandas.tseries.offsets documents them. */
export const offsets: FunctionDef[] = [
  edge('MonthEnd', 'month', true, 'Fin de mes: 0 deja la fecha si ya lo es.'),
  edge('MonthBegin', 'month', false, 'Inicio de mes: 0 deja la fecha si ya lo es.'),
  edge('QuarterEnd', 'quarter', true, 'Fin de trimestre.'),
  edge('QuarterBegin', 'quarter', false, 'Inicio de trimestre.'),
  edge('YearEnd', 'year', true, 'Fin de año.'),
  edge('YearBegin', 'year', false, 'Inicio de año.'),
  business('BDay'),
  business('BusinessDay'),
  duration('Day', 'D', 'Días.'),
  duration('Hour', 'h', 'Horas.'),
  duration('Minute', 'min', 'Minutos.'),
  duration('Second', 's', 'Segundos.'),
  duration('Week', 'w', 'Semanas.'),
]
