import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { type FieldType, fieldTypeSchema } from '@shared/model/schema'
import { describe, expect, test } from 'vitest'
import { compileRule, compileTransformValue, languageEntries } from './index'
import { referencePage } from './reference'
import type { FrameSpec } from './types'

const frame: FrameSpec = {
  catalog: 'ventas',
  relation: '"ventas"',
  columns: [
    { name: 'estado', type: 'texto' },
    { name: 'cantidad', type: 'entero' },
    { name: 'precio', type: 'decimal' },
    { name: 'fecha', type: 'fecha' },
    { name: 'activo', type: 'booleano' },
  ],
}

const compile = (rule: string) => compileRule(rule, { level: 'row', frames: [frame] })

/** The refusal of a rule, with the piece of the expression it points at. */
function refusal(rule: string): { message: string; hint: string; at: string } {
  const result = compile(rule)
  if (result.ok) throw new Error(`compiled: ${rule}`)
  const problem = result.problems[0]
  if (!problem) throw new Error('no problem')
  return { message: problem.message, hint: problem.hint ?? '', at: rule.slice(problem.from, problem.to) }
}

test('every family folder is found', () => {
  const folders = readdirSync(resolve(__dirname, 'families')).sort()
  expect([...new Set(languageEntries().map((entry) => entry.family))].sort()).toEqual(folders)
})

test('every record is complete', () => {
  for (const entry of languageEntries()) {
    expect(entry.help, `${entry.on}.${entry.name}`).not.toBe('')
    expect(entry.example, `${entry.on}.${entry.name}`).not.toBe('')
  }
})

/** The columns that the examples talk about, each with its type; a name outside of this list is a text. */
const TYPES: Record<string, FieldType> = Object.fromEntries(
  Object.entries({
    decimal: 'total precio descuento subtotal impuesto saldo usado limite factor a b enero febrero',
    entero: 'cantidad numero mes dias edad existencias',
    fecha: 'fecha fecha_pedido fecha_entrega pedido entrega emision vencimiento',
    booleano: 'activo facturado',
  }).flatMap(([type, names]) => names.split(' ').map((name) => [name, fieldTypeSchema.parse(type)])),
)
/** The catalogs an example needs, read from the example itself. */
function framesFor(example: string): { level: 'row' | 'package'; frames: FrameSpec[] } {
  const catalogs = [...example.matchAll(/df\['(ventas|clientes|productos|pagos)'\]/g)].map(
    (match) => match[1] ?? '',
  )
  const names = new Set([...example.matchAll(/\b[a-z]\w*/g)].map((match) => match[0]))
  const columns = [...names, 'total']
    .filter((name, i, all) => all.indexOf(name) === i)
    .map((name) => ({ name, type: TYPES[name] ?? ('texto' as const) }))
  const frame = (catalog: string): FrameSpec => ({ catalog, relation: `"${catalog}"`, columns })
  const whole = catalogs.length > 0 || /df\.(keys|values|items)/.test(example)
  // A merge joins by its key and takes the rest from the other table.
  if (/merge/.test(example)) {
    const [left, right] = ['ventas', 'clientes'].map((catalog) => ({
      ...frame(catalog),
      columns: columns.filter(
        ({ name }) => name === 'cliente_id' || (name === 'estatus') === (catalog === 'clientes'),
      ),
    }))
    if (left && right) return { level: 'package', frames: [left, right] }
  }
  return whole
    ? { level: 'package', frames: ['ventas', 'clientes', 'productos', 'pagos'].map(frame) }
    : { level: 'row', frames: [frame('ventas')] }
}

/** An example may show a value to put in a rule instead of a whole rule. */
const isRule = (message: string): boolean => !message.includes('debe dar verdadero o falso')

test('every example compiles', () => {
  const broken = languageEntries().flatMap(({ on, name, example }) => {
    const result = compileRule(example, framesFor(example))
    const message = result.ok ? '' : (result.problems[0]?.message ?? '')
    return result.ok || !isRule(message) ? [] : [`${on}.${name}: ${example}\n  ${message}`]
  })
  expect(broken).toEqual([])
})

test('the reference page is current', async () => {
  await expect(referencePage()).toMatchFileSnapshot(resolve(__dirname, '../../../docs/lenguaje-de-reglas.md'))
})

describe('what does not compile says where and what is nearest', () => {
  test.each([
    ["df['cantidadd'] > 0", "'cantidadd'", '¿quisiste decir `cantidad`?'],
    ["df['estado'].str.contain('A')", 'contain', '¿quisiste decir `contains`?'],
    ["df['estado'].str.contains('A', caso=True)", 'True', '¿quisiste decir `case`?'],
    ["df['estado'] > 5", "df['estado'] > 5", 'compara texto con número entero'],
    ["df['cantidad'].str.len() > 2", 'str', '`.str` es para textos y `cantidad` es número entero'],
    ["df['estado'].dt.year > 2", 'dt', '`.dt` es para fechas'],
    ["df['estado'].str.match('(a')", "'(a'", 'falta cerrar un paréntesis'],
    ["df['estado'].str.match('(?<=a)b')", "'(?<=a)b'", 'mirar hacia atrás'],
    ["df['estado'].str.match(r'(a)\\1')", "r'(a)\\1'", 'referencias a un grupo'],
    ["df['fecha'] > '31 de enero'", "df['fecha'] > '31 de enero'", 'no es una fecha'],
    ['len(df.columns) - 5', 'len(df.columns) - 5', 'debe dar verdadero o falso'],
    ["df[['cantidad', 'precio']] > 0", "df[['cantidad', 'precio']] > 0", 'debe dar verdadero o falso'],
    ["__import__('os').system('ls')", '__import__', 'no existe `__import__`'],
    ["df['cantidad'] = 5", "df['cantidad'] = 5", 'no es Python válido'],
    ["df['cantidad'] > 0) or (True", "df['cantidad'] > 0)", 'sobra un paréntesis'],
    // Each of these was taken once for something else, without a word.
    [
      "df.groupby('estado')['precio'].transform(lambda x: len(x.unique())) > 2",
      'unique',
      'dentro de un grupo no se admite',
    ],
    [
      "df.groupby('estado')['precio'].transform(lambda x: x.duplicated())",
      'duplicated',
      'dentro de un grupo',
    ],
    ["df.groupby('estado')['precio'].transform(lambda x: 5 in x.values)", 'values', 'dentro de un grupo'],
    ["df.groupby('estado').apply(lambda g: g.isna().sum().sum()).max() < 2", 'sum', 'dentro de un grupo'],
    ["df.groupby('estado')['precio'].apply(list).str.len().max() < 10", 'list', 'una lista por grupo'],
    ["df.groupby('estado', dropna=False)['precio'].transform('sum') > 0", 'transform', 'dropna=False'],
    [
      "df[['cantidad', 'precio']].sum(axis=1, skipna=False) > 10",
      'False',
      '`skipna` de `sum` no se admite así',
    ],
    ["df['estado'].value_counts(ascending=True).iloc[0] > 1", 'True', '`ascending` de `value_counts`'],
    ["df['estado'].replace({'^P': 'X'}, regex=True) == 'X'", 'True', '`regex` de `replace`'],
    ["pd.to_numeric(df['estado'], errors='ignore').notna()", "'ignore'", '`errors` de `to_numeric` admite'],
    ["df['estado'].str.split('@', expand=True).shape[1] == 2", 'shape', 'se toman una a una'],
    ["df['estado'].str.split('@', expand=True).notna().all(axis=1)", 'notna', 'se toman una a una'],
    ["df['estado'].apply(lambda x: isinstance(x, abs))", 'abs', 'no se reconoce'],
    ["(df['cantidad'] > 0) & df['estado']", "(df['cantidad'] > 0) & df['estado']", 'une verdadero/falso'],
  ])('%s', (rule, at, message) => {
    const got = refusal(rule)
    expect(got.message).toContain(message)
    if (!got.message.includes('Python válido') && !got.message.includes('paréntesis'))
      expect(got.at).toContain(at)
  })
})

describe('cheap rules share the scan', () => {
  test.each([
    "df['estado'].isin(['A', 'B'])",
    "df['estado'].str.match('^V[0-9]{4}$')",
    "df['cantidad'] * df['precio'] > 0",
    "df.apply(lambda r: r['cantidad'] > 0 and r['activo'], axis=1)",
    "df['precio'].sum() > 0",
    "df['precio'].mean() > df['precio'].median()",
    "df.loc[df['estado'] == 'A', 'precio'].sum() > 0",
    "df['estado'].is_unique",
    'len(df.columns) == 5',
  ])('%s', (rule) => {
    const result = compile(rule)
    expect(result.ok && result.rule.stage).toBe('scan')
  })

  test('a bad cell that is read, and only that one, exempts its record', () => {
    const result = compile("df['precio'] > 0")
    expect(result.ok && result.rule).toMatchObject({ reads: [{ catalog: 'ventas', column: 2 }] })
    expect(result.ok && result.rule.sql).toContain('b2')
    expect(result.ok && result.rule.sql).not.toContain('b1')
  })
})

test('a transformation value is a typed column', () => {
  expect(compileTransformValue("df['cantidad'] * df['precio']", frame)).toMatchObject({
    ok: true,
    type: 'decimal',
    reads: [1, 2],
  })
  expect(compileTransformValue("df['estado'] == 'A'", frame)).toMatchObject({
    ok: true,
    type: 'booleano',
    reads: [0],
  })
  expect(compileTransformValue("df['nada']", frame)).toMatchObject({ ok: false })
})

test('text of a rule never leaves its quotes', () => {
  const result = compile("df['estado'] == '\\'; DROP TABLE ventas; --\\x00'")
  expect(result.ok && result.rule.sql).toContain("'''; DROP TABLE ventas; --' || chr(0)")
})
