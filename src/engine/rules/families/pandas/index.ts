import type { Call } from '../../call'
import { textToDate, textToDouble } from '../../plan/convert'
import {
  DELTA_UNIT_NAMES,
  deltaUnit,
  fromMicros,
  readDelta,
  readTimestamp,
  timestamp,
  wallClock,
} from '../../plan/dates'
import { constant, nullTest } from '../../plan/operators'
import { double, sql, text } from '../../plan/sql'
import { kindName, type Operand, remake, type Value } from '../../plan/values'
import type { Family, FunctionDef } from '../../registry'
import { dateOffset } from '../fecha/offsets'
import { MERGE_PARAMS, mergeFrames } from '../tabla/merge'
import { series } from './series'

/** Python's format codes that DuckDB's strptime reads the same way. */
const FORMAT = /^(?:[^%]|%[YmdHMSfyjBbpI%])*$/

function toDatetime(c: Call): Value {
  const list = c.require('arg')
  const dayFirst = c.flag('dayfirst')
  if (list.t === 'list') {
    const items = list.items.map((item) =>
      item.t === 'scalar' && typeof item.konst === 'string' ? stamp(c, item.konst, 'arg', dayFirst) : item,
    )
    return { ...list, items }
  }
  const self = c.operand('arg')
  c.choice('errors', ['raise', 'coerce'] as const)
  if (self.kind === 'date' || self.kind === 'null')
    return self.kind === 'null' ? remake(self, 'date', sql`NULL::TIMESTAMP`) : self
  const format = c.optionalText('format')
  if (self.kind === 'text') {
    if (format === null || format === 'mixed' || format === 'ISO8601') {
      if (self.t === 'scalar' && typeof self.konst === 'string') return stamp(c, self.konst, 'arg', dayFirst)
      return remake(self, 'date', textToDate(self.sql, dayFirst))
    }
    if (!FORMAT.test(format))
      return c.refuse(
        'el formato usa un código que no se admite',
        'códigos: %Y %m %d %H %M %S %f %y %b %B %p %I',
        'format',
      )
    return remake(self, 'date', sql`try_strptime(${self.sql}, ${text(format)})`)
  }
  if (self.kind === 'int' || self.kind === 'float') {
    const asDigits = sql`TRY_CAST(${self.sql} AS BIGINT)::VARCHAR`
    if (format !== null && FORMAT.test(format))
      return remake(self, 'date', sql`try_strptime(${asDigits}, ${text(format)})`)
    const unit = c.optionalText('unit')
    const size = unit === null ? null : deltaUnit(unit)
    if (size === null)
      return c.refuse(
        'un número necesita `format` o `unit` para leerse como fecha',
        "por ejemplo `format='%Y%m%d'`",
        'arg',
      )
    return remake(self, 'date', fromMicros(sql`(${self.sql} * ${double(size)})`))
  }
  return c.refuse(`no se puede leer ${kindName(self.kind)} como fecha`, undefined, 'arg')
}

function stamp(c: Call, value: string, name: string, dayFirst = false): Value {
  const read = readTimestamp(value, dayFirst)
  if (read === null)
    return c.refuse(`\`${value}\` no es una fecha`, 'escribir la fecha como AAAA-MM-DD', name)
  return { t: 'scalar', kind: 'date', sql: timestamp(read), nulls: 'none' }
}

function toNumeric(c: Call): Value {
  const self = c.operand('arg')
  c.choice('errors', ['raise', 'coerce'] as const)
  if (self.kind === 'text') return remake(self, 'float', textToDouble(self.sql), 'null', true)
  if (self.kind === 'int' || self.kind === 'float' || self.kind === 'bool' || self.kind === 'null')
    return self
  return c.refuse(`no se puede leer ${kindName(self.kind)} como número`, undefined, 'arg')
}

function timestampOf(c: Call): Value {
  const value = c.value('ts_input')
  const parts = ['year', 'month', 'day', 'hour', 'minute', 'second']
  if (value?.t === 'scalar' && typeof value.konst === 'number' && c.has('year')) {
    // Written by position, the year is the first argument: Timestamp(2025, 1, 31).
    return fromParts(c, [
      value.konst,
      ...parts.slice(0, -1).map((part) => (c.has(part) ? c.integer(part) : null)),
    ])
  }
  if (parts.some((part) => c.has(part))) {
    return fromParts(
      c,
      parts.map((part) => (c.konst(part) === null ? null : c.integer(part))),
    )
  }
  if (value?.t === 'column' || (value?.t === 'scalar' && value.kind === 'date')) {
    const self = c.operand('ts_input')
    if (self.kind === 'date') return self
    if (self.kind === 'text') return remake(self, 'date', textToDate(self.sql, false))
  }
  if (value?.t === 'scalar' && typeof value.konst === 'string') {
    if (value.konst === 'now' || value.konst === 'today') return now(c)
    return stamp(c, value.konst, 'ts_input')
  }
  return c.refuse(
    '`pd.Timestamp` recibe una fecha escrita',
    "por ejemplo `pd.Timestamp('2025-01-31')`",
    'ts_input',
  )
}

const DAY_MICROS = 86_400_000_000n
const MAX_RANGE = 5000

/** Written dates one by one: `isin` takes them as a list. */
function dateRange(c: Call): Value {
  const limit = (name: string): bigint =>
    readTimestamp(c.text(name)) ?? c.refuse('la fecha va como AAAA-MM-DD', undefined, name)
  const freq = c.choice('freq', ['D', 'W', 'M', 'MS'] as const)
  const [start, end] = [limit('start'), limit('end')]
  const items: Value[] = []
  for (let at = start; at <= end; at += DAY_MICROS) {
    const [day, next] = [at, at + DAY_MICROS].map((micros) => new Date(Number(micros / 1000n)))
    const taken =
      freq === 'D' ||
      (freq === 'W' && day?.getUTCDay() === 0) ||
      (freq === 'MS' && day?.getUTCDate() === 1) ||
      (freq === 'M' && next?.getUTCDate() === 1)
    if (taken) items.push({ t: 'scalar', kind: 'date', sql: timestamp(at), nulls: 'none' })
    if (items.length > MAX_RANGE || at - start > 400_000n * DAY_MICROS)
      return c.refuse(`el periodo tiene más de ${MAX_RANGE} fechas`, 'usar `.between(inicio, fin)`')
  }
  return { t: 'list', flavour: 'list', items }
}

function fromParts(c: Call, parts: (number | null)[]): Value {
  const [y, mo, d, h, mi, s] = parts
  const pad = (n: number | null | undefined, width = 2): string => String(n ?? 0).padStart(width, '0')
  return stamp(c, `${pad(y, 4)}-${pad(mo ?? 1)}-${pad(d ?? 1)} ${pad(h)}:${pad(mi)}:${pad(s)}`, 'year')
}

const now = (c: Call): Value => ({
  t: 'scalar',
  kind: 'date',
  sql: timestamp(wallClock(c.compiler.now)),
  nulls: 'none',
})

function delta(c: Call): Value {
  const value = c.value('value')
  const unit = c.optionalText('unit')
  let total = 0
  if (value?.t === 'column' || (value?.t === 'scalar' && value.konst === undefined))
    return deltaColumn(c, c.operand('value'), unit)
  if (value?.t === 'scalar' && typeof value.konst === 'number') {
    const size = deltaUnit(unit ?? 'ns')
    if (size === null) return c.refuse(`no existe la unidad \`${unit}\``, 'usar D, h, m, s', 'unit')
    total += value.konst * size
  } else if (value?.t === 'scalar' && typeof value.konst === 'string') {
    const read = readDelta(value.konst)
    if (read === null)
      return c.refuse(`\`${value.konst}\` no es una duración`, "por ejemplo `'5 days'`", 'value')
    total += read
  }
  for (const name of DELTA_UNIT_NAMES) if (c.has(name)) total += c.number(name) * (deltaUnit(name) ?? 0)
  return { t: 'scalar', kind: 'delta', sql: double(total), nulls: 'none' }
}

function deltaColumn(c: Call, self: Operand, unit: string | null): Value {
  if (self.kind === 'delta') return self
  const size = deltaUnit(unit ?? 'ns')
  if (size === null || (self.kind !== 'int' && self.kind !== 'float'))
    return c.refuse(
      'una duración se hace de un número y su unidad',
      "por ejemplo `pd.to_timedelta(df['dias'], unit='D')`",
      'value',
    )
  return remake(self, 'delta', sql`((${self.sql})::DOUBLE * ${double(size)})`)
}

const nullFunction = (name: string, isNull: boolean): FunctionDef => ({
  name,
  on: 'pd',
  params: 'obj',
  help: isNull ? 'Verdadero donde falta el valor.' : 'Verdadero donde hay valor.',
  example: `df['email'].apply(lambda x: pd.${name}(x))`,
  call: (c) => {
    const value = c.require('obj')
    if (value.t === 'frame') return c.compiler.call(c.compiler.attribute(value, name, c.span), [], c.span)
    return nullTest(c.operand('obj'), isNull)
  },
})

const missing = (name: string, on: string): FunctionDef => ({
  name,
  on,
  params: '',
  property: true,
  help: 'El valor nulo.',
  example: "df['total'].fillna(0) >= 0",
  call: () => constant(null),
})

const MOMENT = 'ts_input=None, year=None, month=None, day=None, hour=None, minute=None, second=None'
const UNITS =
  'value=None, unit=None, weeks=0, days=0, hours=0, minutes=0, seconds=0, milliseconds=0, microseconds=0, nanoseconds=0'

const functions: FunctionDef[] = [
  {
    name: 'to_datetime',
    on: 'pd',
    params: "arg, errors='raise', dayfirst=False, format=None, unit=None",
    help: 'Lee como fecha; lo que no lo es queda nulo.',
    example: "pd.to_datetime(df['fecha']) <= pd.Timestamp.now()",
    call: toDatetime,
  },
  {
    name: 'to_numeric',
    on: 'pd',
    params: "arg, errors='raise', downcast=None",
    help: 'Lee como número; lo que no lo es queda nulo.',
    example: "pd.to_numeric(df['codigo'], errors='coerce').notna()",
    call: toNumeric,
  },
  {
    name: 'Timestamp',
    on: 'pd',
    params: MOMENT,
    help: 'Una fecha escrita.',
    example: "df['fecha'] > pd.Timestamp('2025-01-31')",
    call: timestampOf,
  },
  ...['Timestamp.now', 'Timestamp.today', 'Timestamp.utcnow'].map(
    (name): FunctionDef => ({
      name,
      on: 'pd',
      params: 'tz=None',
      help: 'La fecha y hora de ahora.',
      example: `df['fecha'] <= pd.${name}()`,
      call: now,
    }),
  ),
  {
    name: 'Timedelta',
    on: 'pd',
    params: UNITS,
    help: 'Una duración.',
    example: "(df['entrega'] - df['pedido']) <= pd.Timedelta(days=5)",
    call: delta,
  },
  {
    name: 'DateOffset',
    on: 'pd',
    params: UNITS.replace('weeks', 'n=1, years=0, months=0, weeks'),
    help: 'Un salto de calendario: meses, años, días u horas.',
    example: "df['vencimiento'] <= df['emision'] + pd.DateOffset(months=1)",
    call: dateOffset,
  },
  {
    name: 'offsets',
    on: 'pd',
    params: '',
    property: true,
    help: 'Saltos de calendario: `MonthEnd`, `BDay`...',
    example: "df['fecha'] + pd.offsets.MonthEnd(0) == df['fecha']",
    call: () => ({ t: 'module', name: 'offsets' }),
  },
  {
    name: 'date_range',
    on: 'pd',
    params: "start, end, freq='D'",
    help: 'Las fechas de un periodo: D cada día, W cada domingo, M cada fin de mes, MS cada inicio de mes.',
    example: "df['fecha'].isin(pd.date_range('2025-01-01', '2025-12-31'))",
    call: dateRange,
  },
  {
    name: 'to_timedelta',
    on: 'pd',
    params: "value, unit=None, errors='raise'",
    help: 'Un número y su unidad como duración.',
    example: "df['pedido'] + pd.to_timedelta(df['dias'], unit='D') >= df['entrega']",
    call: delta,
  },
  nullFunction('isnull', true),
  nullFunction('isna', true),
  nullFunction('notnull', false),
  nullFunction('notna', false),
  missing('NaT', 'pd'),
  missing('NA', 'pd'),
  {
    name: 'merge',
    on: 'pd',
    params: `left, ${MERGE_PARAMS}`,
    help: 'Une dos tablas por su clave.',
    example: "pd.merge(df['ventas'], df['clientes'], on='cliente_id', how='left')['estatus'].notna()",
    call: (c) => {
      const left = c.require('left')
      return left.t === 'frame' ? mergeFrames(c, left) : c.refuse('se esperaba una tabla', undefined, 'left')
    },
  },
  {
    name: 'Series',
    on: 'pd',
    params: 'data',
    help: 'La misma columna, o una lista escrita.',
    example: "df['estado'].isin(pd.Series(['A', 'B']))",
    call: (c) => c.require('data'),
  },
]

export const family: Family = { name: 'pandas', functions: [...functions, ...series] }
