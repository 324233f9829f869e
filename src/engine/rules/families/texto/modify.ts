import type { Call } from '../../call'
import { integer, type Sql, sql, text } from '../../plan/sql'
import { sliceText } from '../../plan/text-slices'
import { type Operand, remake, type Value } from '../../plan/values'
import { BLANKS } from '../../regex/classes'
import { readPattern, replacement } from '../../regex/sql'
import type { FunctionDef } from '../../registry'
import { flagsOf } from './predicates'

/** Result texts longer than this could fill the memory. */
const MAX_WIDTH = 10_000

export const asText = (self: Operand, piece: Sql): Value => remake(self, 'text', piece, self.nulls)

const simple = (name: string, help: string, make: (x: Sql) => Sql): FunctionDef => ({
  name,
  on: 'texto',
  params: '',
  help,
  example: `df['nombre'].str.${name}() == df['nombre']`,
  call: (c) => {
    const self = c.self_('text')
    return asText(self, make(self.sql))
  },
})

const strip = (name: string, fn: Sql, help: string): FunctionDef => ({
  name,
  on: 'texto',
  params: 'to_strip=None',
  help,
  example: `df['nombre'].str.${name}() == df['nombre']`,
  call: (c) => {
    const self = c.self_('text')
    return asText(self, sql`${fn}(${self.sql}, ${text(c.optionalText('to_strip') ?? BLANKS)})`)
  },
})

function width(c: Call): number {
  const value = c.integer('width')
  return value > MAX_WIDTH
    ? c.refuse(`el ancho no puede pasar de ${MAX_WIDTH}`, undefined, 'width')
    : Math.max(0, value)
}

function fillchar(c: Call): string {
  const value = c.text('fillchar')
  return [...value].length === 1
    ? value
    : c.refuse('el relleno debe ser un solo carácter', undefined, 'fillchar')
}

type Side = 'left' | 'right' | 'both'

function pad(self: Operand, size: number, side: Side, fill: string): Value {
  const x = self.sql
  const missing = sql`greatest(${size} - length(${x}), 0)`
  const f = text(fill)
  if (side === 'left') return asText(self, sql`(repeat(${f}, ${missing}) || ${x})`)
  if (side === 'right') return asText(self, sql`(${x} || repeat(${f}, ${missing}))`)
  // Python gives the odd character to the left when the width is odd.
  const left = sql`((${missing}) // 2 + ((${missing}) & ${size} & 1))`
  return asText(self, sql`(repeat(${f}, ${left}) || ${x} || repeat(${f}, ${missing} - ${left}))`)
}

const padding = (name: string, side: Side | null, help: string): FunctionDef => ({
  name,
  on: 'texto',
  params: side === null ? "width, side='left', fillchar=' '" : "width, fillchar=' '",
  help,
  example: `df['codigo'].str.${name}(6, fillchar='0')`,
  call: (c) =>
    pad(c.self_('text'), width(c), side ?? c.choice('side', ['left', 'right', 'both'] as const), fillchar(c)),
})

function replace(c: Call): Value {
  const self = c.self_('text')
  const python = self.t === 'scalar' || self.elem
  const pattern = c.text('pat')
  const template = c.require('repl')
  if (template.t !== 'scalar' || typeof template.konst !== 'string')
    c.refuse('el reemplazo debe ser un texto', undefined, 'repl')
  const repl = c.text('repl')
  const n = c.integer('n')
  const flags = flagsOf(c)
  if ((!c.flag('regex') || python) && !flags.ignoreCase) {
    if (n === 0) return self
    if (n < 0) return asText(self, sql`replace(${self.sql}, ${text(pattern)}, ${text(repl)})`)
    if (n === 1) return asText(self, firstOnly(self.sql, pattern, repl))
    return c.refuse('`n` solo puede ser -1 o 1', undefined, 'n')
  }
  if (n > 1 || n === 0) c.refuse('`n` solo puede ser -1 o 1', undefined, 'n')
  const read = readPattern(c.flag('regex') ? pattern : escapeAll(pattern), 'take', flags, c.where('pat'))
  const to = c.flag('regex') ? replacement(repl, read, c.where('repl')) : repl.replaceAll('\\', '\\\\')
  return asText(
    self,
    sql`regexp_replace(${self.sql}, ${text(read.pattern)}, ${text(to)}${n === 1 ? sql`` : sql`, 'g'`})`,
  )
}

const escapeAll = (value: string): string => value.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')

function firstOnly(x: Sql, pattern: string, repl: string): Sql {
  const at = sql`instr(${x}, ${text(pattern)})`
  const after = integer([...pattern].length)
  return sql`CASE WHEN ${at} > 0 THEN substring(${x}, 1, ${at} - 1) || ${text(repl)} || substring(${x}, ${at} + ${after}) ELSE ${x} END`
}

const words = (x: Sql): Sql =>
  sql`array_to_string(list_transform(regexp_extract_all(${x}, '\\p{L}+|[^\\p{L}]+'), lambda w: upper(w[1]) || lower(w[2:])), '')`

export const upper = (x: Sql): Sql => sql`upper(replace(${x}, 'ß', 'ss'))`

/** One character for another; a pair with None (or nothing) takes the character away. */
function translate(c: Call): Value {
  const self = c.self_('text')
  const table = c.require('table')
  if (table.t !== 'dict') return c.refuse('la tabla se hace con `str.maketrans`', undefined, 'table')
  const pairs = table.entries.map(({ key, value }) => {
    const from = typeof key.konst === 'number' ? String.fromCodePoint(key.konst) : String(key.konst ?? '')
    const to = value.t === 'scalar' ? value.konst : undefined
    if (to !== null && typeof to !== 'string' && typeof to !== 'number')
      return c.refuse('cada carácter se cambia por un texto', undefined, 'table')
    return [from, to === null ? '' : typeof to === 'number' ? String.fromCodePoint(to) : to] as const
  })
  const simple = pairs.every(([from, to]) => [...from].length === 1 && [...to].length <= 1)
  if (!simple) return c.refuse('cada cambio es de un carácter por otro', 'usar `.str.replace`', 'table')
  // Those that go are last: the engine deletes what has no counterpart.
  const kept = pairs.filter(([, to]) => to !== '')
  const gone = pairs.filter(([, to]) => to === '')
  const from = [...kept, ...gone].map(([one]) => one).join('')
  return asText(self, sql`translate(${self.sql}, ${text(from)}, ${text(kept.map(([, to]) => to).join(''))})`)
}

export const modify: FunctionDef[] = [
  simple('upper', 'El texto en mayúsculas.', upper),
  simple('lower', 'El texto en minúsculas.', (x) => sql`lower(${x})`),
  simple(
    'casefold',
    'El texto en minúsculas para comparar sin distinguir mayúsculas.',
    (x) => sql`replace(lower(${x}), 'ß', 'ss')`,
  ),
  simple('title', 'Cada palabra con mayúscula inicial.', words),
  simple(
    'capitalize',
    'La primera letra en mayúscula y el resto en minúscula.',
    (x) => sql`(upper(substring(${x}, 1, 1)) || lower(substring(${x}, 2)))`,
  ),
  simple(
    'swapcase',
    'Cambia mayúsculas por minúsculas y al revés.',
    (x) =>
      sql`array_to_string(list_transform(string_split(${x}, ''), lambda w: CASE WHEN w = upper(w) THEN lower(w) ELSE upper(w) END), '')`,
  ),
  strip('strip', sql`trim`, 'Sin espacios (o sin esos caracteres) en los extremos.'),
  strip('lstrip', sql`ltrim`, 'Sin espacios (o sin esos caracteres) al inicio.'),
  strip('rstrip', sql`rtrim`, 'Sin espacios (o sin esos caracteres) al final.'),
  padding('pad', null, 'Rellena hasta el ancho por el lado que se indique.'),
  padding('ljust', 'right', 'Rellena por la derecha hasta el ancho.'),
  padding('rjust', 'left', 'Rellena por la izquierda hasta el ancho.'),
  padding('center', 'both', 'Rellena por ambos lados hasta el ancho.'),
  {
    name: 'zfill',
    on: 'texto',
    params: 'width',
    help: 'Rellena con ceros por la izquierda, tras el signo si lo hay.',
    example: "df['ruc'].str.zfill(11).str.startswith('20')",
    call: (c) => {
      const self = c.self_('text')
      const size = width(c)
      const x = self.sql
      const zeros = sql`repeat('0', greatest(${size} - length(${x}), 0))`
      return asText(
        self,
        sql`CASE WHEN left(${x}, 1) IN ('+', '-') THEN left(${x}, 1) || ${zeros} || substring(${x}, 2) ELSE ${zeros} || ${x} END`,
      )
    },
  },
  {
    name: 'replace',
    on: 'texto',
    params: 'pat, repl, n=-1, case=None, flags=0, regex=False',
    help: 'Cambia un texto (o un patrón, con regex=True) por otro.',
    example: "df['telefono'].str.replace(r'[^0-9]', '', regex=True).str.len() == 9",
    call: replace,
  },
  {
    name: 'slice',
    on: 'texto',
    params: 'start=None, stop=None, step=None',
    help: 'Un trozo del texto, por posiciones; equivale a `.str[start:stop]`.',
    example: "df['codigo'].str.slice(0, 2) == 'P-'",
    call: (c) => {
      const step = c.optionalInteger('step') ?? 1
      if (step === 0) c.refuse('el paso no puede ser 0', undefined, 'step')
      return sliceText(c.self_('text'), c.optionalInteger('start'), c.optionalInteger('stop'), step)
    },
  },
  {
    name: 'repeat',
    on: 'texto',
    params: 'repeats',
    help: 'El texto repetido n veces.',
    example: "df['marca'].str.repeat(2)",
    call: (c) => {
      const n = c.integer('repeats')
      if (n > 1000) c.refuse('no se puede repetir más de 1000 veces', undefined, 'repeats')
      const self = c.self_('text')
      return asText(self, sql`repeat(${self.sql}, ${Math.max(0, n)})`)
    },
  },
  {
    name: 'removeprefix',
    on: 'texto',
    params: 'prefix',
    help: 'El texto sin ese comienzo, si lo tiene.',
    example: "df['telefono'].str.removeprefix('+51').str.len() == 9",
    call: (c) => {
      const self = c.self_('text')
      const prefix = c.text('prefix')
      return asText(
        self,
        sql`CASE WHEN starts_with(${self.sql}, ${text(prefix)}) THEN substring(${self.sql}, ${[...prefix].length + 1}) ELSE ${self.sql} END`,
      )
    },
  },
  {
    name: 'removesuffix',
    on: 'texto',
    params: 'suffix',
    help: 'El texto sin ese final, si lo tiene.',
    example: "df['archivo'].str.removesuffix('.csv')",
    call: (c) => {
      const self = c.self_('text')
      const suffix = c.text('suffix')
      const x = self.sql
      return asText(
        self,
        sql`CASE WHEN suffix(${x}, ${text(suffix)}) THEN substring(${x}, 1, length(${x}) - ${[...suffix].length}) ELSE ${x} END`,
      )
    },
  },
  {
    name: 'slice_replace',
    on: 'texto',
    params: 'start=None, stop=None, repl=None',
    help: 'Cambia el trozo entre dos posiciones por otro texto.',
    example: "df['ruc'].str.slice_replace(0, 2, 'XX').str.len() == 11",
    call: (c) => {
      const self = c.self_('text')
      const [start, stop] = [c.optionalInteger('start'), c.optionalInteger('stop')]
      const head = sliceText(self, 0, start ?? 0, 1)
      const tail = stop === null ? sql`''` : sliceText(self, stop, null, 1).sql
      return asText(self, sql`(${head.sql} || ${text(c.optionalText('repl') ?? '')} || ${tail})`)
    },
  },
  {
    name: 'translate',
    on: 'texto',
    params: 'table',
    help: 'Cambia caracteres por otros, según `str.maketrans`.',
    example: "df['nombre'].str.translate(str.maketrans('áéíóú', 'aeiou')).str.isalpha()",
    call: translate,
  },
]
