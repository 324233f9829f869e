import type { Call } from '../../call'
import { PERIOD_UNITS } from '../../plan/comparable'
import { deltaUnit, fromMicros } from '../../plan/dates'
import { constant } from '../../plan/operators'
import { double, type Sql, sql, text } from '../../plan/sql'
import { type Kind, remake, type Value } from '../../plan/values'
import type { Family, FunctionDef } from '../../registry'
import { offsets } from './offsets'

const part = (
  name: string,
  make: (x: Sql) => Sql,
  help: string,
  example: string,
  kind: Kind = 'int',
  property = true,
): FunctionDef => ({
  name,
  on: 'fecha',
  params: '',
  property,
  help,
  example,
  call: (c) => {
    const self = c.self_('date')
    return remake(self, kind, make(self.sql), self.nulls)
  },
})

const number = (name: string, field: string, help: string): FunctionDef =>
  part(name, (x) => sql`${raw(field)}(${x})`, help, `df['fecha'].dt.${name} > 0`)

/** Names of our own, never text of a rule. */
const FIELDS: Record<string, Sql> = {
  year: sql`year`,
  month: sql`month`,
  day: sql`day`,
  hour: sql`hour`,
  minute: sql`minute`,
  second: sql`second`,
  quarter: sql`quarter`,
  dayofyear: sql`dayofyear`,
}
const raw = (field: string): Sql => FIELDS[field] ?? sql`year`

/** A flag about a date: a null date is False. */
const flag = (name: string, make: (x: Sql) => Sql, help: string): FunctionDef => ({
  name,
  on: 'fecha',
  params: '',
  property: true,
  help,
  example: `df['fecha'].dt.${name}`,
  call: (c) => {
    const self = c.self_('date')
    return remake(self, 'bool', make(self.sql), self.nulls === 'none' ? 'none' : 'false')
  },
})

const weekday = (x: Sql): Sql => sql`(isodow(${x}) - 1)`
const day = (x: Sql): Sql => sql`date_trunc('day', ${x})`
const lastOf = (x: Sql): Sql => sql`day(last_day(${x}))`

const UNITS: Record<string, Sql> = {
  D: sql`'day'`,
  H: sql`'hour'`,
  h: sql`'hour'`,
  T: sql`'minute'`,
  min: sql`'minute'`,
  S: sql`'second'`,
  s: sql`'second'`,
}

function rounding(name: 'floor' | 'ceil' | 'round'): FunctionDef {
  return {
    name,
    on: 'fecha',
    params: 'freq',
    help: 'Redondea la fecha a una unidad: D, h, min, s.',
    example: `df['fecha'].dt.${name}('D') == df['fecha']`,
    call: (c) => {
      const self = c.self_('date')
      const freq = c.text('freq')
      const unit = UNITS[freq]
      if (name === 'floor' && unit)
        return remake(self, 'date', sql`date_trunc(${unit}, ${self.sql})`, self.nulls)
      const match = /^(\d*)([A-Za-z]+)$/.exec(freq)
      const size = match ? deltaUnit(match[2] ?? '') : null
      if (!match || size === null)
        return c.refuse(`no se admite la frecuencia \`${freq}\``, 'usar D, h, min o s', 'freq')
      const step = double(size * Number(match[1] || 1))
      const fn = name === 'floor' ? sql`floor` : name === 'ceil' ? sql`ceil` : sql`round_even`
      const tail = name === 'round' ? sql`, 0` : sql``
      return remake(self, 'date', fromMicros(sql`(${fn}(epoch_us(${self.sql}) / ${step}${tail}) * ${step})`))
    },
  }
}

/** Python's codes and DuckDB's, where they agree. */
const SAFE_FORMAT = /^(?:[^%]|%[YmdHMSfyjBbAaIpUWwuGV%-])*$/

function strftime(c: Call): Value {
  const self = c.self_('date')
  const format = c.text('date_format')
  if (!SAFE_FORMAT.test(format))
    return c.refuse(
      'el formato usa un código que no se admite',
      'códigos: %Y %m %d %H %M %S %f %y %j %B %b %A %a %I %p',
      'date_format',
    )
  return remake(self, 'text', sql`strftime(${self.sql}, ${text(format)})`, self.nulls)
}

function period(c: Call): Value {
  const self = c.self_('date')
  const freq = c.text('freq')
  const unit = PERIOD_UNITS[freq]
  if (!unit) return c.refuse(`no se admite el periodo \`${freq}\``, 'usar M, Q, Y, W o D', 'freq')
  return { ...remake(self, 'date', sql`date_trunc(${unit}, ${self.sql})`, self.nulls), period: freq }
}

function calendar(c: Call): Value {
  const self = c.self_('date')
  if (self.t !== 'column') return c.refuse('`isocalendar` se aplica a una columna')
  const make = (piece: Sql): typeof self => ({ ...self, kind: 'int', sql: piece })
  const columns = new Map([
    ['year', make(sql`isoyear(${self.sql})`)],
    ['week', make(sql`week(${self.sql})`)],
    ['day', make(sql`isodow(${self.sql})`)],
  ])
  return {
    t: 'frame',
    universe: self.universe,
    columns,
    filter: self.filter,
    index: self.index,
    indexNames: [],
    elem: self.elem,
    partition: null,
    catalog: null,
  }
}

const duration = (
  name: string,
  make: (x: Sql) => Sql,
  help: string,
  kind: Kind = 'int',
  property = true,
): FunctionDef => ({
  name,
  on: 'duración',
  params: '',
  property,
  help,
  example: `(df['fecha_entrega'] - df['fecha_pedido']).dt.${name}${property ? '' : '()'} <= 5`,
  call: (c) => {
    const self = c.self_('delta')
    return remake(self, kind, make(self.sql), self.nulls)
  },
})

const timeOfDay = (x: Sql): Sql => sql`(epoch_us(${x}) - epoch_us(date_trunc('day', ${x})))::DOUBLE`
const DAY = sql`86400e6`
const within = (x: Sql): Sql => sql`(${x} - floor(${x} / ${DAY}) * ${DAY})`

const functions: FunctionDef[] = [
  number('year', 'year', 'El año.'),
  number('month', 'month', 'El mes, de 1 a 12.'),
  number('day', 'day', 'El día del mes.'),
  number('hour', 'hour', 'La hora.'),
  number('minute', 'minute', 'El minuto.'),
  number('second', 'second', 'El segundo.'),
  part(
    'microsecond',
    (x) => sql`(microsecond(${x}) % 1000000)`,
    'Los microsegundos.',
    "df['fecha'].dt.microsecond == 0",
  ),
  part(
    'nanosecond',
    (x) => sql`(0 * year(${x}))`,
    'Siempre 0: las fechas llegan al microsegundo.',
    "df['fecha'].dt.nanosecond == 0",
  ),
  number('quarter', 'quarter', 'El trimestre, de 1 a 4.'),
  number('dayofyear', 'dayofyear', 'El día del año.'),
  part('day_of_year', (x) => sql`dayofyear(${x})`, 'El día del año.', "df['fecha'].dt.day_of_year <= 366"),
  part('dayofweek', weekday, 'El día de la semana: lunes es 0.', "df['fecha'].dt.dayofweek < 5"),
  part('day_of_week', weekday, 'El día de la semana: lunes es 0.', "df['fecha'].dt.day_of_week < 5"),
  {
    name: 'weekday',
    on: 'fecha',
    params: '',
    property: true,
    help: 'El día de la semana: lunes es 0. En una lambda se llama con paréntesis.',
    example: "df['fecha'].dt.weekday < 5",
    call: (c) => {
      const self = c.self_('date')
      if (self.t === 'scalar' || self.elem) return { t: 'function', on: 'fecha', name: 'weekday()', self }
      return remake(self, 'int', weekday(self.sql), self.nulls)
    },
  },
  part(
    'weekday()',
    weekday,
    'El día de la semana de una fecha sola: lunes es 0.',
    "df['fecha'].apply(lambda f: f.weekday() < 5)",
    'int',
    false,
  ),
  part(
    'isoweekday',
    (x) => sql`isodow(${x})`,
    'El día de la semana: lunes es 1.',
    "df['fecha'].apply(lambda f: f.isoweekday() <= 5)",
    'int',
    false,
  ),
  part('days_in_month', lastOf, 'Los días que tiene el mes.', "df['fecha'].dt.days_in_month == 31"),
  part('daysinmonth', lastOf, 'Los días que tiene el mes.', "df['fecha'].dt.daysinmonth == 31"),
  {
    name: 'date',
    on: 'fecha',
    params: '',
    property: true,
    help: 'La fecha sin hora. En una fecha sola se llama con paréntesis.',
    example: "df['fecha'].dt.date <= pd.Timestamp.now()",
    call: (c) => {
      const self = c.self_('date')
      if (self.t === 'scalar' || self.elem) return { t: 'function', on: 'fecha', name: 'date()', self }
      return remake(self, 'date', day(self.sql), self.nulls)
    },
  },
  part(
    'date()',
    day,
    'El día de una fecha sola, sin hora.',
    "df['fecha'].apply(lambda f: f.date() <= pd.Timestamp.now().date())",
    'date',
    false,
  ),
  part(
    'day_name',
    (x) => sql`dayname(${x})`,
    'El nombre del día, en inglés.',
    "df['fecha'].dt.day_name() != 'Sunday'",
    'text',
    false,
  ),
  part(
    'month_name',
    (x) => sql`monthname(${x})`,
    'El nombre del mes, en inglés.',
    "df['fecha'].dt.month_name() == 'January'",
    'text',
    false,
  ),
  part(
    'normalize',
    day,
    'La fecha a medianoche.',
    "df['fecha'].dt.normalize() == df['fecha']",
    'date',
    false,
  ),
  part('to_pydatetime', (x) => x, 'La misma fecha.', "df['fecha'].dt.to_pydatetime()", 'date', false),
  flag('is_month_start', (x) => sql`(day(${x}) = 1)`, 'Primer día del mes.'),
  flag('is_month_end', (x) => sql`(day(${x}) = ${lastOf(x)})`, 'Último día del mes.'),
  flag('is_quarter_start', (x) => sql`(day(${x}) = 1 AND month(${x}) % 3 = 1)`, 'Primer día del trimestre.'),
  flag(
    'is_quarter_end',
    (x) => sql`(day(${x}) = ${lastOf(x)} AND month(${x}) % 3 = 0)`,
    'Último día del trimestre.',
  ),
  flag('is_year_start', (x) => sql`(dayofyear(${x}) = 1)`, 'Primer día del año.'),
  flag('is_year_end', (x) => sql`(month(${x}) = 12 AND day(${x}) = 31)`, 'Último día del año.'),
  flag(
    'is_leap_year',
    (x) => sql`(year(${x}) % 4 = 0 AND (year(${x}) % 100 <> 0 OR year(${x}) % 400 = 0))`,
    'Año bisiesto.',
  ),
  rounding('floor'),
  rounding('ceil'),
  rounding('round'),
  {
    name: 'strftime',
    on: 'fecha',
    params: 'date_format',
    help: 'La fecha escrita con un formato.',
    example: "df['fecha'].dt.strftime('%Y-%m') == '2025-01'",
    call: strftime,
  },
  {
    name: 'to_period',
    on: 'fecha',
    params: "freq='M'",
    help: 'El periodo de la fecha: M, Q, Y.',
    example: "df['fecha'].dt.to_period('M') == pd.Timestamp('2025-01-01')",
    call: period,
  },
  part(
    'to_timestamp',
    (x) => x,
    'El inicio del periodo.',
    "df['fecha'].dt.to_period('M').dt.to_timestamp() <= df['fecha']",
    'date',
    false,
  ),
  {
    name: 'time',
    on: 'fecha',
    params: '',
    property: true,
    help: 'La hora del día. En una fecha sola se llama con paréntesis.',
    example: "df['fecha'].dt.time == pd.Timestamp('2025-01-01').time()",
    call: (c) => {
      const self = c.self_('date')
      if (self.t === 'scalar' || self.elem) return { t: 'function', on: 'fecha', name: 'time()', self }
      return remake(self, 'delta', timeOfDay(self.sql), self.nulls)
    },
  },
  part(
    'time()',
    timeOfDay,
    'La hora de una fecha sola.',
    "df['fecha'].apply(lambda f: f.time() == pd.Timestamp('2025-01-01').time())",
    'delta',
    false,
  ),
  {
    name: 'tz',
    on: 'fecha',
    params: '',
    property: true,
    help: 'La zona: ninguna, las fechas no la llevan.',
    example: "df['fecha'].dt.tz is None",
    call: () => constant(null),
  },
  {
    name: 'isocalendar',
    on: 'fecha',
    params: '',
    help: 'Año, semana y día ISO.',
    example: "df['fecha'].dt.isocalendar().week <= 52",
    call: calendar,
  },
  {
    name: 'tz_localize',
    on: 'fecha',
    params: 'tz=None',
    help: 'La misma fecha, sin zona.',
    example: "df['fecha'].dt.tz_localize(None) <= pd.Timestamp.now()",
    call: (c) =>
      c.konst('tz') === null
        ? c.self_('date')
        : c.refuse('las zonas horarias no se admiten', undefined, 'tz'),
  },
  duration('days', (x) => sql`floor(${x} / ${DAY})`, 'Los días enteros.'),
  duration('seconds', (x) => sql`floor(${within(x)} / 1e6)`, 'Los segundos que sobran de los días enteros.'),
  duration('microseconds', (x) => sql`(${x} - floor(${x} / 1e6) * 1e6)`, 'Los microsegundos que sobran.'),
  duration('total_seconds', (x) => sql`(${x} / 1e6)`, 'La duración en segundos.', 'float', false),
]

/** Parts of dates and durations. */
export const family: Family = { name: 'fecha', inGroup: true, functions: [...functions, ...offsets] }
