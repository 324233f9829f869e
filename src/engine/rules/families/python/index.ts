import type { Call } from '../../call'
import { align } from '../../plan/align'
import { toBool, toFloat, toInt, toText } from '../../plan/convert'
import { asListColumn } from '../../plan/iteration'
import { isIn } from '../../plan/membership'
import { constant, truth } from '../../plan/operators'
import { sql, text } from '../../plan/sql'
import {
  describeValue,
  isNumeric,
  isOperand,
  type Kind,
  kindName,
  type Operand,
  remake,
  type Scalar,
  scalar,
  type Value,
} from '../../plan/values'
import type { Family, FunctionDef } from '../../registry'
import { roundTo } from '../numpy/rounding'
import { sizeOf } from '../tabla/shape'
import { format } from './format'
import { walk } from './walk'

function absolute(c: Call): Value {
  const x = c.require('x')
  if (isOperand(x) && x.t === 'scalar' && typeof x.konst === 'number')
    return constant(Math.abs(x.konst), x.kind === 'float')
  if (isOperand(x) && x.t === 'scalar') return remake(x, x.kind, sql`abs(${x.sql}::DOUBLE)`, x.nulls)
  return c.compiler.call(c.compiler.attribute(x, 'abs', c.span), [], c.span)
}

/** Python rounds the exact value of a number, numpy its product by a power of ten: `round(2.675, 2)` differs, and money is rounded. */
function pythonRound(x: Operand, digits: number): Operand {
  if (x.t !== 'column' || !x.elem || x.kind !== 'float' || digits < 0 || digits > 15)
    return roundTo(x, digits)
  const exact = sql`TRY_CAST(printf(${text(`%.${digits}f`)}, ${x.sql}) AS DOUBLE)`
  return remake(
    x,
    'float',
    sql`CASE WHEN abs(${x.sql}) < 1e15 THEN ${exact} ELSE ${x.sql} END`,
    x.nulls,
    x.infinite,
  )
}

const CONVERT: Record<string, (self: Operand) => Operand | null> = {
  str: (x) => toText(x),
  float: toFloat,
  int: toInt,
  bool: (x) => toBool(x),
}

const convert = (name: string, help: string): FunctionDef => ({
  name,
  on: 'python',
  params: 'x',
  help,
  example: `df['codigo'].apply(lambda x: len(${name}(x)) > 0)`.replace(
    `len(${name}(x)) > 0`,
    name === 'str' ? 'len(str(x)) == 9' : `${name}(x) > 0`,
  ),
  call: (c) => {
    const x = c.operand('x')
    return (
      CONVERT[name]?.(x) ??
      c.refuse(`no se puede convertir ${kindName(x.kind)} con \`${name}\``, undefined, 'x')
    )
  },
})

const asList = (flavour: 'list' | 'tuple' | 'set', name: string, help: string): FunctionDef => ({
  name,
  on: 'python',
  params: 'iterable=None',
  help,
  example: flavour === 'set' ? "set(df['estado']) <= {'A', 'I'}" : `df['estado'].isin(${name}(['A', 'I']))`,
  call: (c) => {
    const value = c.value('iterable')
    if (!value || (value.t === 'scalar' && value.kind === 'null')) return { t: 'list', flavour, items: [] }
    const walked = asListColumn(c.compiler, value, c.span)
    if (walked) {
      const make = flavour === 'set' ? sql`list_distinct` : name === 'sorted' ? sql`list_sort` : null
      return make ? { ...walked, sql: sql`${make}(${walked.sql})` } : walked
    }
    if (value.t === 'list') return { ...value, flavour }
    if (value.t === 'vector')
      return { t: 'list', flavour, items: [...value.entries.keys()].map((key) => constant(key)) }
    if (value.t === 'dict') return { t: 'list', flavour, items: value.entries.map((entry) => entry.key) }
    if (value.t === 'set') return value
    if (value.t === 'frame')
      return { t: 'list', flavour, items: [...value.columns.keys()].map((key) => constant(key)) }
    if (value.t === 'package')
      return { t: 'list', flavour, items: [...value.frames.keys()].map((key) => constant(key)) }
    if (value.t === 'column' && value.partition)
      return c.refuse(`dentro de un grupo no se admite \`${name}\``, 'usar un agregado: `nunique`, `max`...')
    if (value.t === 'column')
      return flavour === 'set'
        ? { t: 'set', kind: value.kind, column: { ...value, elem: false } }
        : { ...value, index: null }
    if (value.t === 'scalar' && typeof value.konst === 'string')
      return { t: 'list', flavour, items: [...value.konst].map((char) => constant(char)) }
    return c.refuse(`no se puede hacer una lista de ${describeValue(value)}`, undefined, 'iterable')
  },
})

/** `item in container`. */
function contains(c: Call): Value {
  const container = c.require('container')
  const item = c.require('item')
  const where = c.where('container')
  if (isOperand(container) && container.kind === 'text' && (container.t === 'scalar' || container.elem)) {
    const needle = c.operand('item')
    if (needle.kind !== 'text')
      return c.refuse(`se busca ${kindName(needle.kind)} dentro de un texto`, 'convertirlo con `str(...)`')
    const rows = align(container, needle, c.span)
    const piece = sql`contains(${rows.left}, ${rows.right})`
    return rows.rows
      ? { ...rows.rows, kind: 'bool', sql: piece, nulls: 'false' }
      : scalar('bool', piece, 'false')
  }
  if (container.t === 'column' && container.elem && container.kind === 'list') {
    const needle = c.operand('item')
    return remake(container, 'bool', sql`list_contains(${container.sql}, ${needle.sql})`, 'false')
  }
  if (container.t === 'frame')
    return constant(item.t === 'scalar' && container.columns.has(String(item.konst)))
  if (container.t === 'package')
    return constant(item.t === 'scalar' && container.frames.has(String(item.konst)))
  if (container.t === 'vector')
    return constant(item.t === 'scalar' && container.entries.has(String(item.konst)))
  if (container.t === 'list' && item.t === 'scalar' && item.konst !== undefined) {
    const known = container.items.every((one) => one.t === 'scalar' && one.konst !== undefined)
    if (known) return constant(container.items.some((one) => one.t === 'scalar' && one.konst === item.konst))
  }
  if (container.t === 'column' && container.index && item.t === 'scalar') {
    const key = container.index[0]
    if (key) return isIn(c.compiler, item, { ...container, sql: key }, where)
  }
  return isIn(c.compiler, c.operand('item'), container, where)
}

function dictOf(c: Call): Value {
  const pairs = c.require('pairs')
  if (pairs.t === 'dict') return pairs
  if (pairs.t === 'column' && pairs.index) return pairs
  const [keys, values] = pairs.t === 'list' ? pairs.items : []
  if (keys?.t === 'column' && values?.t === 'column' && keys.universe === values.universe) {
    keys.universe.labelled(keys.sql, keys.kind)
    return { ...values, index: [keys.sql] }
  }
  return c.refuse('`dict` recibe `zip(claves, valores)` de la misma tabla')
}

function isInstance(c: Call): Value {
  const x = c.operand('x')
  const type = c.require('type')
  const names = (type.t === 'list' ? type.items : [type]).map((one) => (one.t === 'function' ? one.name : ''))
  const kinds: Record<string, string[]> = {
    list: ['list'],
    str: ['text'],
    int: ['int'],
    float: ['float'],
    bool: ['bool'],
    Timestamp: ['date'],
  }
  const unknown = names.find((name) => !Object.hasOwn(kinds, name))
  if (unknown !== undefined)
    c.refuse('ese tipo no se reconoce', 'usar str, int, float, bool, list o pd.Timestamp', 'type')
  const fits = names.some((name) => kinds[name]?.includes(x.kind))
  if (!fits) return remake(x, 'bool', sql`FALSE`, 'none')
  return remake(
    x,
    'bool',
    x.nulls === 'null' && x.kind !== 'float' ? sql`(${x.sql} IS NOT NULL)` : sql`TRUE`,
    'none',
  )
}

const functions: FunctionDef[] = [
  {
    name: 'len',
    on: 'python',
    params: 'x',
    help: 'Cantidad de registros, de valores o de caracteres.',
    example: 'len(df) >= 120',
    call: (c) => sizeOf(c, c.require('x')),
  },
  {
    name: 'abs',
    on: 'python',
    params: 'x',
    help: 'Valor absoluto.',
    example: "abs(df['total'] - df['cantidad'] * df['precio']) < 0.01",
    call: absolute,
  },
  {
    name: 'round',
    on: 'python',
    params: 'x, ndigits=0',
    help: 'Redondea (la mitad, al par).',
    example: "round(df['total'], 2) == df['total']",
    call: (c) => {
      const x = c.operand('x')
      if (!isNumeric(x.kind) && x.kind !== 'bool' && x.kind !== 'null')
        return c.refuse(`no se puede redondear ${kindName(x.kind)}`, undefined, 'x')
      return pythonRound(x, c.integer('ndigits'))
    },
  },
  convert('str', 'El valor como texto.'),
  convert('float', 'El valor como número decimal.'),
  convert('int', 'El valor como entero, sin decimales.'),
  {
    name: 'bool',
    on: 'python',
    params: 'x',
    help: 'El valor como verdadero o falso.',
    example: "bool((df['precio'] > 0).all())",
    call: (c) => {
      const x = c.operand('x')
      return x.kind === 'bool' ? x : remake(x, 'bool', truth(x, c.where('x')), 'none')
    },
  },
  {
    name: 'object',
    on: 'python',
    params: 'x',
    help: 'Un tipo, para `astype`.',
    example: "df['codigo'].astype(object)",
    call: (c) => c.require('x'),
  },
  asList('set', 'set', 'Los valores distintos.'),
  asList('list', 'list', 'Una lista.'),
  asList('tuple', 'tuple', 'Una tupla.'),
  asList('list', 'sorted', 'Los valores ordenados.'),
  {
    name: 'isinstance',
    on: 'python',
    params: 'x, type',
    help: 'Verdadero si el valor es de ese tipo.',
    example: "df['codigo'].apply(lambda x: isinstance(x, str))",
    call: isInstance,
  },
  {
    name: 'str.maketrans',
    on: 'python',
    params: 'x, y=None, z=None',
    help: 'La tabla de cambios de `translate`: cada carácter por el de su lugar.',
    example: "df['nombre'].str.translate(str.maketrans('áéíóú', 'aeiou')).str.isalpha()",
    call: (c) => {
      const x = c.require('x')
      if (x.t === 'dict') return x
      const [from, to] = [[...c.text('x')], [...(c.optionalText('y') ?? '')]]
      if (from.length !== to.length) return c.refuse('los dos textos deben tener el mismo largo')
      const entry = (key: string, value: string | null): { key: Scalar; value: Value } => ({
        key: constant(key),
        value: constant(value),
      })
      const gone = [...(c.optionalText('z') ?? '')].map((char) => entry(char, null))
      return { t: 'dict', entries: [...from.map((char, i) => entry(char, to[i] ?? null)), ...gone] }
    },
  },
  {
    name: 'type',
    on: 'python',
    params: 'x',
    help: 'El tipo del valor: `type(x) == str`.',
    example: "df['codigo'].apply(lambda x: type(x) == str)",
    call: (c) => {
      const x = c.operand('x')
      const names: Partial<Record<Kind, string>> = {
        text: 'str',
        int: 'int',
        float: 'float',
        bool: 'bool',
        date: 'Timestamp',
      }
      const name = sql`${text(names[x.kind] ?? 'object')}`
      // A missing value is NaN, a float.
      const piece = x.nulls === 'null' ? sql`CASE WHEN ${x.sql} IS NULL THEN 'float' ELSE ${name} END` : name
      return remake(x, 'text', piece, 'none')
    },
  },
  {
    name: 'ord',
    on: 'python',
    params: 'c',
    help: 'El número del carácter.',
    example: "df['nombre'].apply(lambda n: all(ord(c) < 256 for c in n))",
    call: (c) => {
      const x = c.operand('c')
      return x.kind === 'text'
        ? remake(x, 'int', sql`unicode(${x.sql})`, x.nulls)
        : c.refuse('`ord` recibe un carácter')
    },
  },
  {
    name: 'chr',
    on: 'python',
    params: 'i',
    help: 'El carácter de ese número.',
    example: "df['codigo'].str.startswith(chr(80))",
    call: (c) => {
      const code = c.integer('i')
      return code >= 0 && code <= 0x10ffff
        ? constant(String.fromCodePoint(code))
        : c.refuse('no existe ese carácter')
    },
  },
  {
    name: 'dict',
    on: 'python',
    params: 'pairs',
    help: 'Un diccionario de claves y valores tomados de los datos.',
    example:
      "df['ventas']['producto'].map(dict(zip(df['productos']['codigo'], df['productos']['precio']))) > 0",
    call: dictOf,
  },
  {
    name: 'contiene',
    on: 'python',
    params: 'container, item',
    help: 'Lo que significa `x in lista`.',
    example: "df['estado'].apply(lambda x: x in ['A', 'B'])",
    call: contains,
  },
]

/** Functions of Python itself. */
export const family: Family = { name: 'python', inGroup: true, functions: [...functions, ...walk, ...format] }
