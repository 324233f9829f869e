import type { Call } from '../../call'
import { KIND_OF_DTYPE, textToDate, toBool, toFloat, toInt, toText } from '../../plan/convert'
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

export function convertTo(c: Call, self: Operand, name: string): Operand {
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
