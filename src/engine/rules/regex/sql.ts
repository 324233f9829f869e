import { AND, join, type Sql, sql, text } from '../plan/sql'
import { fail, type Span } from '../problem'
import { literal } from './classes'
import { RegexError } from './problem'
import { type Flags, type Translated, translate, type Use } from './translate'

/** Translates, turning a refusal of the pattern into a refusal of the rule at its place. */
export function readPattern(source: string, use: Use, flags: Partial<Flags>, span: Span): Translated {
  try {
    return translate(source, use, flags)
  } catch (error) {
    if (error instanceof RegexError) return fail('REGEX', error.message, span, error.hint)
    throw error
  }
}

/** A yes/no test of a text against a Python pattern, with the cheapest function that means the same. */
export function testPattern(
  x: Sql,
  source: string,
  use: 'match' | 'fullmatch' | 'search',
  flags: Partial<Flags>,
  span: Span,
): Sql {
  const read = readPattern(source, use, flags, span)
  const tests = read.ahead.map(
    ({ pattern, negated }) => sql`${negated ? sql`NOT ` : sql``}regexp_matches(${x}, ${text(pattern)})`,
  )
  if (read.literal !== null && tests.length === 0) {
    if (read.literal === '') return use === 'fullmatch' ? sql`(${x} = '')` : sql`(${x} IS NOT NULL)`
    if (use === 'search') return sql`contains(${x}, ${text(read.literal)})`
    if (use === 'fullmatch') return sql`(${x} = ${text(read.literal)})`
  }
  if (read.prefix !== null && use !== 'fullmatch' && tests.length === 0)
    return sql`starts_with(${x}, ${text(read.prefix)})`
  if (use === 'fullmatch') tests.push(sql`regexp_full_match(${x}, ${text(read.pattern)})`)
  else if (use === 'match') tests.push(sql`regexp_matches(${x}, ${text(anchor(read.pattern))})`)
  else tests.push(sql`regexp_matches(${x}, ${text(read.pattern)})`)
  return tests.length === 1 ? (tests[0] ?? sql`TRUE`) : sql`(${join(tests, AND)})`
}

/** `match` looks only at the start; a pattern that says so already stays readable for the engine's own shortcuts. */
const anchor = (pattern: string): string => (/^\^[^|]*$/.test(pattern) ? pattern : `^(?:${pattern})`)

/** A literal text as a pattern. */
export const escapePattern = (value: string): string => [...value].map(literal).join('')

/** Python's replacement text (`\1`, `\g<1>`, `\g<name>`) as RE2's. */
export function replacement(template: string, read: Translated, span: Span): string {
  return template.replace(
    /\\(?:g<([^>]*)>|(\d{1,2})|([\s\S])|$)/g,
    (_whole, group?: string, digits?: string, other?: string) => {
      if (group !== undefined || digits !== undefined) {
        const named =
          group !== undefined && !/^\d+$/.test(group) ? read.names.get(group) : Number(group ?? digits)
        if (named === undefined || named > read.groups || named > 9)
          return fail('REGEX', 'el reemplazo nombra un grupo que el patrón no tiene', span)
        return `\\${named}`
      }
      if (other === 'n') return '\n'
      if (other === 't') return '\t'
      if (other === '\\') return '\\\\'
      return fail('REGEX', `\`\\${other ?? ''}\` no se admite en el reemplazo`, span)
    },
  )
}
