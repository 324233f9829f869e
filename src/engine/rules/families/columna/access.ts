import type { Call } from '../../call'
import { keepRows } from '../../plan/frames'
import { nullTest } from '../../plan/operators'
import { kindName, type Operand, type Value } from '../../plan/values'
import type { FunctionDef } from '../../registry'

const property = (
  name: string,
  help: string,
  example: string,
  call: (c: Call) => Value,
  on = 'columna',
): FunctionDef => ({
  name,
  on,
  params: '',
  property: true,
  help,
  example,
  call,
})

function textAccess(c: Call): Value {
  const self = c.self
  if (self.t !== 'column') return c.refuse('`.str` se aplica a una columna')
  if (self.kind === 'text' || self.kind === 'list' || self.kind === 'null')
    return { t: 'accessor', kind: 'str', of: self }
  const name = self.name === undefined ? 'la columna' : `\`${self.name}\``
  return c.refuse(
    `\`.str\` es para textos y ${name} es ${kindName(self.kind)}`,
    'convertirla antes: `.astype(str).str`',
  )
}

function dateAccess(c: Call): Value {
  const self = c.self
  if (self.t !== 'column') return c.refuse('`.dt` se aplica a una columna')
  if (self.kind === 'date' || self.kind === 'delta' || self.kind === 'null')
    return { t: 'accessor', kind: 'dt', of: self }
  const name = self.name === undefined ? 'la columna' : `\`${self.name}\``
  return c.refuse(
    `\`.dt\` es para fechas y ${name} es ${kindName(self.kind)}`,
    'convertirla antes: `pd.to_datetime(...)`',
  )
}

/** The same values without their labels. */
const bare = (c: Call): Value => {
  const self = c.column()
  return { ...self, index: null, array: c.def.name === 'values' || c.def.name === 'to_numpy' }
}

const locator =
  (kind: 'loc' | 'iloc') =>
  (c: Call): Value => {
    const self = c.self
    if (self.t === 'column' || self.t === 'frame' || self.t === 'vector')
      return { t: 'accessor', kind, of: self }
    return c.refuse(`\`.${kind}\` se aplica a una tabla o una columna`)
  }

const same = (name: string, params: string, help: string): FunctionDef => ({
  name,
  on: 'columna',
  params,
  help,
  example: `df['total'].${name}().sum() > 0`,
  call: (c) => (name === 'copy' ? c.column() : bare(c)),
})

const nullish = (name: string, isNull: boolean, on: string): FunctionDef => ({
  name,
  on,
  params: '',
  help: isNull ? 'Verdadero donde falta el valor.' : 'Verdadero donde hay valor.',
  example: on === 'df' ? `df[['email', 'telefono']].${name}().any(axis=1)` : `df['cantidad'].${name}()`,
  call: (c) => {
    if (c.self.t === 'frame') {
      const columns = new Map(
        c.compiler
          .columnsOf(c.self, c.span)
          .map((column) => [column.name ?? '', nullTestColumn(column, isNull)]),
      )
      return { ...c.self, columns }
    }
    return nullTest(c.self_(), isNull)
  },
})

const nullTestColumn = <T extends Operand>(column: T, isNull: boolean): T => ({
  ...column,
  ...nullTest(column, isNull),
})

export const access: FunctionDef[] = [
  property('str', 'Acceso a las funciones de texto.', "df['codigo'].str.len() == 5", textAccess),
  property('dt', 'Acceso a las partes de una fecha o duración.', "df['fecha'].dt.year == 2025", dateAccess),
  property('values', 'Los valores, sin etiquetas.', "df['total'].values.sum() > 0", bare),
  property(
    'loc',
    'Filas por condición o etiqueta.',
    "df['total'].loc[df['estado'] == 'PAGADO'].sum() > 0",
    locator('loc'),
  ),
  property('iloc', 'Filas por posición.', "df['fecha'].iloc[0] <= pd.Timestamp.now()", locator('iloc')),
  property('at', 'Un valor por etiqueta.', "df['total'].at[0] > 0", locator('loc')),
  property('iat', 'Un valor por posición.', "df['total'].iat[0] > 0", locator('iloc')),
  same('to_numpy', '', 'Los valores, sin etiquetas.'),
  same('tolist', '', 'Los valores, como lista.'),
  same('to_list', '', 'Los valores, como lista.'),
  same('copy', 'deep=True', 'La misma columna.'),
  same('squeeze', '', 'La misma columna.'),
  same('ravel', '', 'La misma columna.'),
  ...['columna', 'df'].flatMap((on) => [
    nullish('isnull', true, on),
    nullish('isna', true, on),
    nullish('notnull', false, on),
    nullish('notna', false, on),
  ]),
  {
    name: 'dropna',
    on: 'columna',
    params: '',
    help: 'Solo los registros con valor.',
    example: "df['cliente'].dropna().isin(['A', 'B']).all()",
    call: (c) => {
      const self = c.column()
      return keepRows(self, nullTestColumn(self, false).sql)
    },
  },
]
