import type { Call } from '../../call'
import { join, OR, type Sql, sql, text } from '../../plan/sql'
import { type Operand, remake, type Value } from '../../plan/values'
import { CASED, ISDIGIT, ISNUMERIC, LOWER, SPACE, UPPER } from '../../regex/classes'
import { escapePattern, testPattern } from '../../regex/sql'
import type { Flags } from '../../regex/translate'
import type { FunctionDef } from '../../registry'

const I = 2
const M = 8
const S = 16
const X = 64
const A = 256

/** `flags=re.I` arrives as its number; `case=False` is the same as re.I. */
export function flagsOf(c: Call): Partial<Flags> {
  const bits = c.def.parsed.some((param) => param.name === 'flags') ? c.integer('flags') : 0
  if ((bits & X) !== 0) c.refuse('el modo detallado (re.X) no se admite', undefined, 'flags')
  const sensitive = c.value('case') === undefined || c.konst('case') === null || c.flag('case')
  return {
    ignoreCase: !sensitive || (bits & I) !== 0,
    multiline: (bits & M) !== 0,
    dotAll: (bits & S) !== 0,
    ascii: (bits & A) !== 0,
  }
}

/** A yes/no answer about a text: null stays out, unless `na` says what it is. */
export function answer(c: Call, self: Operand, test: Sql): Value {
  const value = remake(self, 'bool', test, self.nulls === 'none' ? 'none' : 'null')
  if (!c.has('na') || c.konst('na') === null) return value
  return remake(self, 'bool', sql`coalesce(${test}, ${c.flag('na') ? sql`TRUE` : sql`FALSE`})`, 'none')
}

function affixes(c: Call): string[] {
  const value = c.require('pat')
  if (value.t === 'list' && value.flavour === 'tuple') {
    return value.items.map((item) => {
      if (item.t === 'scalar' && typeof item.konst === 'string') return item.konst
      return c.refuse('la tupla debe tener textos', undefined, 'pat')
    })
  }
  if (value.t === 'list')
    c.refuse(
      `${c.label} admite un texto o una tupla de textos, no una lista`,
      "usar paréntesis: `('.pe', '.com')`",
      'pat',
    )
  return [c.text('pat')]
}

function affix(fn: Sql) {
  return (c: Call): Value => {
    const self = c.self_('text')
    const pat = c.require('pat')
    if (pat.t === 'column' || (pat.t === 'scalar' && pat.konst === undefined)) {
      const other = c.operand('pat')
      if (self.t === 'column' && !self.elem)
        c.refuse(
          `${c.label} necesita un texto escrito en la regla`,
          'usar `df.apply(lambda r: ..., axis=1)`',
          'pat',
        )
      return remake(
        other.t === 'column' && self.t === 'scalar' ? other : self,
        'bool',
        sql`${fn}(${self.sql}, ${other.sql})`,
        'null',
      )
    }
    const tests = affixes(c).map((one) => sql`${fn}(${self.sql}, ${text(one)})`)
    if (tests.length === 0) return answer(c, self, sql`CASE WHEN ${self.sql} IS NOT NULL THEN FALSE END`)
    return answer(c, self, tests.length === 1 ? (tests[0] ?? sql``) : sql`(${join(tests, OR)})`)
  }
}

const regexTest =
  (use: 'match' | 'fullmatch') =>
  (c: Call): Value => {
    const self = c.self_('text')
    return answer(c, self, testPattern(self.sql, c.text('pat'), use, flagsOf(c), c.where('pat')))
  }

function contains(c: Call): Value {
  const self = c.self_('text')
  const pattern = c.text('pat')
  const flags = flagsOf(c)
  if (c.flag('regex')) return answer(c, self, testPattern(self.sql, pattern, 'search', flags, c.where('pat')))
  if (!flags.ignoreCase) return answer(c, self, sql`contains(${self.sql}, ${text(pattern)})`)
  return answer(c, self, sql`regexp_matches(${self.sql}, ${text(`(?i)${escapePattern(pattern)}`)})`)
}

const is = (name: string, pattern: string, help: string): FunctionDef => ({
  name,
  on: 'texto',
  params: '',
  help,
  example: `df['codigo'].str.${name}()`,
  call: (c) => {
    const self = c.self_('text')
    return answer(c, self, sql`regexp_full_match(${self.sql}, ${text(pattern)})`)
  },
})

const REGEX = 'pat, case=True, flags=0, na=None'

export const predicates: FunctionDef[] = [
  {
    name: 'match',
    on: 'texto',
    params: REGEX,
    help: 'Verdadero si el texto empieza cumpliendo el patrón (expresión regular de Python).',
    example: "df['codigo'].str.match('^P-[0-9]{3}$')",
    call: regexTest('match'),
  },
  {
    name: 'fullmatch',
    on: 'texto',
    params: REGEX,
    help: 'Verdadero si el texto entero cumple el patrón.',
    example: "df['codigo'].str.fullmatch('P-[0-9]{3}')",
    call: regexTest('fullmatch'),
  },
  {
    name: 'contains',
    on: 'texto',
    params: 'pat, case=True, flags=0, na=None, regex=True',
    help: 'Verdadero si el patrón (o el texto, con regex=False) aparece en cualquier parte.',
    example: "df['email'].str.contains('@', na=False)",
    call: contains,
  },
  {
    name: 'startswith',
    on: 'texto',
    params: 'pat, na=None',
    help: 'Verdadero si el texto empieza con el texto dado, o con uno de la tupla.',
    example: "df['telefono'].str.startswith(('9', '+51'))",
    call: affix(sql`starts_with`),
  },
  {
    name: 'endswith',
    on: 'texto',
    params: 'pat, na=None',
    help: 'Verdadero si el texto termina con el texto dado, o con uno de la tupla.',
    example: "df['email'].str.endswith('.pe')",
    call: affix(sql`suffix`),
  },
  is('isalpha', '\\p{L}+', 'Verdadero si solo hay letras (de cualquier alfabeto) y hay alguna.'),
  is('isdigit', `[${ISDIGIT}]+`, 'Verdadero si solo hay dígitos y hay alguno.'),
  is('isdecimal', '\\p{Nd}+', 'Verdadero si solo hay cifras decimales y hay alguna.'),
  is('isnumeric', `[${ISNUMERIC}]+`, 'Verdadero si solo hay caracteres numéricos y hay alguno.'),
  is('isalnum', `[\\p{L}${ISNUMERIC}]+`, 'Verdadero si solo hay letras y números y hay alguno.'),
  is('isspace', `[${SPACE}]+`, 'Verdadero si solo hay espacios y hay alguno.'),
  is(
    'isupper',
    `[^${LOWER}\\p{Lt}]*[${UPPER}][^${LOWER}\\p{Lt}]*`,
    'Verdadero si no hay minúsculas y hay alguna mayúscula.',
  ),
  is(
    'islower',
    `[^${UPPER}\\p{Lt}]*[${LOWER}][^${UPPER}\\p{Lt}]*`,
    'Verdadero si no hay mayúsculas y hay alguna minúscula.',
  ),
  is(
    'istitle',
    `[^${CASED}]*[${UPPER}\\p{Lt}][${LOWER}]*(?:[^${CASED}]+[${UPPER}\\p{Lt}][${LOWER}]*)*[^${CASED}]*`,
    'Verdadero si cada palabra empieza con mayúscula y sigue en minúscula.',
  ),
  is('isascii', '[\\x{00}-\\x{7f}]*', 'Verdadero si todos los caracteres son ASCII.'),
]
