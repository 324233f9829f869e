import type { Call } from '../../call'
import { PERIOD_UNITS } from '../../plan/comparable'
import { KIND_OF_DTYPE, textToDate, toBool, toFloat, toInt, toText } from '../../plan/convert'
import { deltaUnit } from '../../plan/dates'
import { double, sql } from '../../plan/sql'
import { kindName, type Operand, remake, type Value } from '../../plan/values'
import { didYouMean } from '../../problem'
import type { FunctionDef } from '../../registry'

/** The name of a type, written as text or as `float`, `np.int64`, `pd.StringDtype()`... */
function dtypeName(c: Call): string {
  const value = c.require('dtype')
  if (value.t === 'function' && value.self === null) return value.name.replace(/_$/, '')
  if (value.t === 'scalar' && typeof value.konst === 'string') return value.konst
  return c.refuse('el tipo va como `float`, `int`, `str`, `bool` o entre comillas', undefined, 'dtype')
}

/** `timedelta64[D]` gives the duration as a number of days, `datetime64[D]` the date without its time. */
function toUnit(self: Operand, name: string): Operand | null {
  const match = /^(timedelta64|datetime64|m8|M8)\[(D|h|m|s|ms|us|ns|M|Y)\]$/.exec(name)
  const [, base, unit = ''] = match ?? []
  if (self.kind === 'delta' && (base === 'timedelta64' || base === 'm8')) {
    const size = unit === 'ns' ? null : deltaUnit(unit)
    return size === null ? self : remake(self, 'float', sql`floor(${self.sql} / ${double(size)})`, self.nulls)
  }
  const truncated = unit === 'D' ? 'D' : unit === 'M' || unit === 'Y' ? unit : null
  const cut = truncated === null ? undefined : PERIOD_UNITS[truncated]
  if (self.kind === 'date' && cut && (base === 'datetime64' || base === 'M8'))
    return remake(self, 'date', sql`date_trunc(${cut}, ${self.sql})`, self.nulls)
  return null
}

export function convertTo(c: Call, self: Operand, name: string): Operand {
  const inUnit = toUnit(self, name)
  if (inUnit) return inUnit
  const kind = Object.hasOwn(KIND_OF_DTYPE, name) ? KIND_OF_DTYPE[name] : undefined
  if (!kind)
    return c.refuse(
      `no existe el tipo \`${name}\`${didYouMean(name, Object.keys(KIND_OF_DTYPE))}`,
      undefined,
      'dtype',
    )
  // `object` and `category` keep the values as they are.
  if (kind === 'null') return self
  const refused = (): Operand =>
    c.refuse(`no se puede convertir ${kindName(self.kind)} a ${kindName(kind)}`, undefined, 'dtype')
  if (kind === 'text') return toText(self, name === 'string' ? 'keep' : 'nan')
  if (kind === 'float') return toFloat(self) ?? refused()
  if (kind === 'int') return toInt(self) ?? refused()
  if (kind === 'bool') return toBool(self) ?? refused()
  if (self.kind === 'date') return self
  return self.kind === 'text' ? remake(self, 'date', textToDate(self.sql, false)) : refused()
}

function astype(c: Call): Value {
  const name = dtypeName(c)
  const self = c.self
  if (self.t !== 'frame') return convertTo(c, c.self_(), name)
  const columns = new Map(self.columns)
  for (const column of c.compiler.columnsOf(self, c.span)) {
    const value = convertTo(c, column, name)
    if (value.t === 'column') columns.set(column.name ?? '', value)
  }
  return { ...self, columns }
}

export const convert: FunctionDef[] = ['columna', 'df', 'valor'].map((on) => ({
  name: 'astype',
  on,
  params: "dtype, errors='raise'",
  help: 'Convierte a float, int, str o bool. Lo que no se puede leer queda nulo.',
  example: "df['cantidad'].astype(float) > 0",
  call: astype,
}))
