import type { Call } from '../../call'
import { align } from '../../plan/align'
import { asListColumn, characters, joined } from '../../plan/iteration'
import { arithmetic, constant } from '../../plan/operators'
import { position } from '../../plan/positions'
import { integer, type Sql, sql, text } from '../../plan/sql'
import { textItem } from '../../plan/text-slices'
import { type Column, derive, type Frame, type Operand, remake, type Value } from '../../plan/values'
import { SPACE } from '../../regex/classes'
import { readPattern } from '../../regex/sql'
import type { FunctionDef } from '../../registry'
import { flagsOf } from './predicates'

const int = (self: Operand, piece: Sql): Value => remake(self, 'int', piece, self.nulls)

function len(c: Call): Value {
  const self = c.self_('text', 'list')
  if (self.held === 'decomposed')
    return c.refuse('en forma NFKD el largo depende de las tildes', 'quitar el `normalize`')
  if (self.held === 'bytes') return int(self, sql`strlen(${self.sql})`)
  return int(self, self.kind === 'list' ? sql`len(${self.sql})` : sql`length(${self.sql})`)
}

/** Position of the text, from 0; -1 when it is not there. */
function find(c: Call): Sql {
  const self = c.self_('text')
  const start = c.integer('start')
  const needle = text(c.text('sub'))
  const end = c.optionalInteger('end')
  if (start < 0 || (end ?? 0) < 0) c.refuse('las posiciones deben ser positivas', undefined, 'start')
  const within =
    start === 0 && end === null
      ? self.sql
      : end === null
        ? sql`substring(${self.sql}, ${start + 1})`
        : sql`substring(${self.sql}, ${start + 1}, ${Math.max(0, end - start)})`
  const at = sql`instr(${within}, ${needle})`
  return start === 0
    ? sql`(${at} - 1)`
    : sql`CASE WHEN ${at} > 0 THEN ${at} + ${start - 1} WHEN ${at} = 0 THEN -1 END`
}

function rfind(c: Call): Sql {
  const self = c.self_('text')
  const needle = c.text('sub')
  if (needle === '') return sql`length(${self.sql})`
  const size = [...needle].length
  const parts = sql`string_split(${self.sql}, ${text(needle)})`
  return sql`CASE WHEN contains(${self.sql}, ${text(needle)}) THEN length(${self.sql}) - length(list_extract(${parts}, -1)) - ${size} WHEN ${self.sql} IS NOT NULL THEN -1 END`
}

function count(c: Call): Value {
  const self = c.self_('text')
  const pattern = c.text('pat')
  const python = self.t === 'scalar' || self.elem
  const read = readPattern(
    python ? pattern.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&') : pattern,
    'take',
    flagsOf(c),
    c.where('pat'),
  )
  if (read.literal !== null && read.literal !== '') {
    return int(self, sql`(len(string_split(${self.sql}, ${text(read.literal)})) - 1)`)
  }
  return int(self, sql`len(regexp_extract_all(${self.sql}, ${text(read.pattern)}))`)
}

/** The parts of a text; Python's rules for blanks, one character, and patterns. */
function parts(c: Call, self: Operand, fromRight: boolean): Sql {
  const pattern = c.optionalText('pat')
  const n = c.integer('n')
  const x = self.sql
  if (pattern === null || pattern === '') {
    if (pattern === '') c.refuse('el separador no puede ser vacío', undefined, 'pat')
    const words = sql`regexp_extract_all(${x}, ${text(`[^${SPACE}]+`)})`
    return n > 0 ? c.refuse('`n` necesita un separador', undefined, 'n') : words
  }
  const python = self.t === 'scalar' || self.elem
  const asRegex = c.konst('regex')
  const literal = python || fromRight || asRegex === false || (asRegex === null && [...pattern].length === 1)
  const whole = literal
    ? sql`string_split(${x}, ${text(pattern)})`
    : sql`string_split_regex(${x}, ${text(readPattern(pattern, 'take', {}, c.where('pat')).pattern)})`
  if (n <= 0) return whole
  if (!literal) return c.refuse('`n` con un patrón no se admite', undefined, 'n')
  const sep = text(pattern)
  if (fromRight) {
    return sql`CASE WHEN len(${whole}) > ${n + 1} THEN list_prepend(array_to_string(${whole}[1:len(${whole}) - ${n}], ${sep}), ${whole}[len(${whole}) - ${n - 1}:]) ELSE ${whole} END`
  }
  return sql`CASE WHEN len(${whole}) > ${n + 1} THEN list_append(${whole}[1:${n}], array_to_string(${whole}[${n + 1}:], ${sep})) ELSE ${whole} END`
}

const MAX_PARTS = 50

/** `expand=True`: a table whose columns are the parts. */
function expanded(self: Operand, list: Sql, c: Call): Value {
  if (self.t !== 'column') return c.refuse('`expand=True` se aplica a una columna', undefined, 'expand')
  const parts = Array.from({ length: MAX_PARTS }, (_, i) => sql`list_extract(${list}, ${i + 1})`)
  return { ...tableOf(self, parts), open: true }
}

function tableOf(self: Column, pieces: Sql[], names?: string[]): Frame {
  const columns = new Map(pieces.map((piece, i) => [names?.[i] ?? String(i), derive(self, 'text', piece)]))
  return {
    t: 'frame',
    universe: self.universe,
    columns,
    filter: self.filter,
    index: self.index,
    indexNames: [],
    elem: false,
    partition: null,
    catalog: null,
  }
}

const split =
  (fromRight: boolean) =>
  (c: Call): Value => {
    const self = c.self_('text')
    const list = parts(c, self, fromRight)
    return c.flag('expand') ? expanded(self, list, c) : remake(self, 'list', list)
  }

function partition(fromRight: boolean) {
  return (c: Call): Value => {
    const self = c.self_('text')
    const sep = c.text('sep')
    if (sep === '') c.refuse('el separador no puede ser vacío', undefined, 'sep')
    const s = text(sep)
    const all = sql`string_split(${self.sql}, ${s})`
    const head = fromRight
      ? sql`CASE WHEN len(${all}) > 1 THEN array_to_string(${all}[1:len(${all}) - 1], ${s}) ELSE '' END`
      : sql`${all}[1]`
    const tail = fromRight ? sql`${all}[-1]` : sql`array_to_string(${all}[2:], ${s})`
    const middle = sql`CASE WHEN len(${all}) > 1 THEN ${s} ELSE '' END`
    if (self.t === 'column' && !self.elem) {
      const live = (piece: Sql): Sql => sql`CASE WHEN ${self.sql} IS NOT NULL THEN ${piece} END`
      return tableOf(self, [live(head), live(middle), live(tail)])
    }
    return remake(self, 'list', sql`[${head}, ${middle}, ${tail}]`)
  }
}

function extract(c: Call): Value {
  const self = c.self_('text')
  const read = readPattern(c.text('pat'), 'take', flagsOf(c), c.where('pat'))
  if (read.groups === 0)
    c.refuse('el patrón de `extract` necesita al menos un grupo entre paréntesis', undefined, 'pat')
  if (self.t !== 'column') return c.refuse('`extract` se aplica a una columna')
  const pattern = text(read.pattern)
  // What does not match is missing, not empty.
  const found = sql`regexp_matches(${self.sql}, ${pattern})`
  const pieces = Array.from(
    { length: read.groups },
    (_, i) => sql`CASE WHEN ${found} THEN regexp_extract(${self.sql}, ${pattern}, ${i + 1}) END`,
  )
  const named = [...read.names].reduce(
    (names, [name, group]) => names.with(group - 1, name),
    pieces.map((_, i) => String(i)),
  )
  const first = pieces[0]
  if (!c.flag('expand') && pieces.length === 1 && first) return derive(self, 'text', first)
  return tableOf(self, pieces, named)
}

function joinAll(c: Call, separator: Operand): Value {
  const given = c.require('sep')
  const list = asListColumn(c.compiler, given, c.span)
  if (list) return remake(list, 'text', joined(list.sql, separator.sql))
  if (given.t !== 'list') return c.refuse('`join` une una lista de textos', undefined, 'sep')
  return given.items.reduce<Operand>((out, item, i) => {
    const next = c.compiler.asOperand(item, c.where('sep'))
    return i === 0 ? next : arithmetic('+', arithmetic('+', out, separator, c.span), next, c.span)
  }, constant(''))
}

function cat(c: Call): Value {
  const self = c.self_('text')
  const sep = text(c.optionalText('sep') ?? '')
  const others = c.value('others')
  if (!others || (others.t === 'scalar' && others.kind === 'null'))
    return c.refuse('`cat` necesita la otra columna', "`df['a'].str.cat(df['b'], sep='-')`")
  const list =
    others.t === 'list'
      ? others.items.map((item) => c.compiler.asOperand(item, c.where('others')))
      : [c.operand('others')]
  const rep = c.optionalText('na_rep')
  const fill = (piece: Sql): Sql => (rep === null ? piece : sql`coalesce(${piece}, ${text(rep)})`)
  let out: Operand = self
  for (const other of list) {
    const rows = align(out, other, c.where('others'))
    const value = sql`(${fill(rows.left)} || ${sep} || ${fill(rows.right)})`
    out = rows.rows ? derive(rows.rows, 'text', value) : remake(out, 'text', value)
  }
  return out
}

export const take: FunctionDef[] = [
  {
    name: 'len',
    on: 'texto',
    params: '',
    help: 'Cantidad de caracteres (o de partes, tras split).',
    example: "df['ean'].str.len() == 13",
    call: len,
  },
  {
    name: 'find',
    on: 'texto',
    params: 'sub, start=0, end=None',
    help: 'Posición del texto buscado, desde 0; -1 si no está.',
    example: "df['email'].str.find('@') > 0",
    call: (c) => int(c.self_('text'), find(c)),
  },
  {
    name: 'index',
    on: 'texto',
    params: 'sub, start=0, end=None',
    help: 'Posición del texto buscado, desde 0; nulo si no está.',
    example: "df['email'].str.index('@') > 0",
    call: (c) => remake(c.self_('text'), 'int', sql`nullif(${find(c)}, -1)`),
  },
  {
    name: 'rfind',
    on: 'texto',
    params: 'sub',
    help: 'Última posición del texto buscado; -1 si no está.',
    example: "df['email'].str.rfind('.') > df['email'].str.find('@')",
    call: (c) => int(c.self_('text'), rfind(c)),
  },
  {
    name: 'count',
    on: 'texto',
    params: 'pat, flags=0',
    help: 'Cuántas veces aparece el patrón.',
    example: "df['email'].str.count('@') == 1",
    call: count,
  },
  {
    name: 'split',
    on: 'texto',
    params: 'pat=None, n=-1, expand=False, regex=None',
    help: 'Parte el texto; `.str[i]` toma una parte y `.str.len()` las cuenta.',
    example: "df['email'].str.split('@').str[1] == 'correo.pe'",
    call: split(false),
  },
  {
    name: 'rsplit',
    on: 'texto',
    params: 'pat=None, n=-1, expand=False, regex=None',
    help: 'Parte el texto desde la derecha.',
    example: "df['archivo'].str.rsplit('.', n=1).str[1] == 'csv'",
    call: split(true),
  },
  {
    name: 'partition',
    on: 'texto',
    params: "sep=' '",
    help: 'Antes, separador y después de la primera aparición.',
    example: "df['email'].str.partition('@')[2] != ''",
    call: partition(false),
  },
  {
    name: 'rpartition',
    on: 'texto',
    params: "sep=' '",
    help: 'Antes, separador y después de la última aparición.',
    example: "df['email'].str.rpartition('.')[2] == 'pe'",
    call: partition(true),
  },
  {
    name: 'extract',
    on: 'texto',
    params: 'pat, flags=0, expand=True',
    help: 'Lo que toman los grupos del patrón; `[0]` es el primero.',
    example: "df['email'].str.extract(r'@(.*)$')[0] == 'correo.pe'",
    call: extract,
  },
  {
    name: 'findall',
    on: 'texto',
    params: 'pat, flags=0',
    help: 'Todas las apariciones del patrón, como lista.',
    example: "df['notas'].str.findall('[0-9]+').str.len() <= 2",
    call: (c) => {
      const self = c.self_('text')
      const read = readPattern(c.text('pat'), 'take', flagsOf(c), c.where('pat'))
      if (read.groups > 1) c.refuse('`findall` admite como mucho un grupo', undefined, 'pat')
      return remake(self, 'list', sql`regexp_extract_all(${self.sql}, ${text(read.pattern)}, ${read.groups})`)
    },
  },
  {
    name: 'get',
    on: 'texto',
    params: 'i',
    help: 'El carácter (o la parte, tras split) en esa posición.',
    example: "df['codigo'].str.get(0) == 'P'",
    call: (c) => {
      const self = c.self_('text', 'list')
      const at = position(c.operand('i'), c.where('i'))
      if (self.kind === 'text') return textItem(self, at)
      return remake(self, 'text', sql`list_extract(${self.sql}, ${integer(at >= 0 ? at + 1 : at)})`)
    },
  },
  {
    name: 'join',
    on: 'texto',
    params: 'sep',
    help: 'Une las partes de una lista con un separador.',
    example: "df['codigo'].str.split('-').str.join('') != ''",
    call: (c) => {
      const self = c.self_('text', 'list')
      // `'-'.join(parts)`: the separator is what the method is called on.
      if (self.kind === 'text' && (self.t === 'scalar' || self.elem)) return joinAll(c, self)
      const list = self.kind === 'list' ? self.sql : characters(self.sql)
      return remake(self, 'text', joined(list, text(c.text('sep'))))
    },
  },
  {
    name: 'cat',
    on: 'texto',
    params: 'others=None, sep=None, na_rep=None',
    help: 'Une el texto con el de otra columna.',
    example: "df['serie'].str.cat(df['numero'], sep='-') == df['documento']",
    call: cat,
  },
]
