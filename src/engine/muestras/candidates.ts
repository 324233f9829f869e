import { quoteLiteral } from '@engine/duckdb'
import { typedCell } from '@engine/validation'
import type { FieldSpec, FieldType } from '@shared/model/schema'

/** One way a column could be declared. */
export interface Candidate {
  type: FieldType
  format?: string
  decimal?: string
  thousands?: string
  trim?: boolean
}

/** Date forms people write, the likelier first: day before month, as everywhere Spanish is spoken. */
export const DATE_FORMATS = [
  '%d/%m/%Y',
  '%d-%m-%Y',
  '%d.%m.%Y',
  '%m/%d/%Y',
  '%m-%d-%Y',
  '%Y/%m/%d',
  '%Y%m%d',
  '%d/%m/%y',
  '%d-%m-%y',
  '%m/%d/%y',
  '%d-%b-%Y',
  '%d/%m/%Y %H:%M',
  '%d/%m/%Y %H:%M:%S',
  '%d-%m-%Y %H:%M:%S',
  '%m/%d/%Y %H:%M',
  '%m/%d/%Y %H:%M:%S',
  '%Y/%m/%d %H:%M:%S',
  '%d/%m/%Y %I:%M:%S %p',
] as const

const MARKS: readonly Pick<Candidate, 'decimal' | 'thousands'>[] = [
  {},
  { decimal: ',' },
  { thousands: ',' },
  { decimal: ',', thousands: '.' },
  { decimal: ',', thousands: ' ' },
  { thousands: ' ' },
]

export const fieldOf = (candidate: Candidate, name = ''): FieldSpec => ({
  name,
  required: false,
  unique: false,
  rules: [],
  ...candidate,
})

/** A value this rare among the first ones may be a mistake; more, and the column is something else. */
export const HOPELESS = 0.1

const LIKE_NUMBER = /^\s*[-+]?[\d.,\s]*\d[\d.,]*([eE][-+]?\d+)?\s*$/
const LIKE_BOOLEAN = /^\s*(true|false|1|0|verdadero|falso|s[ií]|no)\s*$/i

/** What each part of a date form looks like, to tell at a glance which forms a column can have. */
const DIRECTIVES: Readonly<Record<string, string>> = {
  '%Y': '\\d{4}',
  '%y': '\\d{2}',
  '%b': '[A-Za-z]{3}',
  '%p': '[AaPp][Mm]',
}

const lookOf = (format: string): RegExp => {
  const pattern = format
    .replace(/[.]/g, '\\.')
    .replace(
      /%[A-Za-z]/g,
      (directive) => DIRECTIVES[directive] ?? (format === '%Y%m%d' ? '\\d{2}' : '\\d{1,2}'),
    )
  return new RegExp(`^\\s*${pattern}\\s*$`)
}

const DATE_LOOKS: readonly { candidate: Candidate; look: RegExp }[] = [
  { candidate: { type: 'fecha' }, look: /^\s*\d{4}-\d{2}-\d{2}([ T].*)?$/ },
  ...DATE_FORMATS.map((format) => ({ candidate: { type: 'fecha' as const, format }, look: lookOf(format) })),
]

const numbers = (marks: readonly Pick<Candidate, 'decimal' | 'thousands'>[]): Candidate[] =>
  marks.flatMap((mark): Candidate[] => [
    { type: 'entero', ...mark },
    { type: 'decimal', ...mark },
  ])

const trimmed = (candidates: Candidate[], trim: boolean | undefined): Candidate[] =>
  trim ? candidates.map((candidate) => ({ ...candidate, trim })) : candidates

/** Every way of writing numbers: for a column whose first values did not show all of its marks. */
export const numberCandidates = (trim: boolean | undefined): Candidate[] => trimmed(numbers(MARKS), trim)

/** What a column could be but text, by the look of its first values: what none resembles is not asked of the whole file. */
export function possibleCandidates(first: readonly string[]): Candidate[] {
  if (first.length === 0) return []
  const most = first.length * (1 - HOPELESS)
  const looks = (pattern: RegExp): boolean => first.filter((value) => pattern.test(value)).length >= most
  const found: Candidate[] = []
  if (looks(LIKE_BOOLEAN)) found.push({ type: 'booleano' })
  if (looks(LIKE_NUMBER)) {
    const seen = (mark: string): boolean => first.some((value) => value.trim().includes(mark))
    // `1.234.567` shows its thousands and no decimal mark, which must be another all the same.
    const shown = MARKS.filter(({ decimal, thousands }) => {
      const mark = thousands ?? decimal
      return mark === undefined || seen(mark)
    })
    found.push(...numbers(shown))
  }
  found.push(...DATE_LOOKS.filter(({ look }) => looks(look)).map(({ candidate }) => candidate))
  return trimmed(
    found,
    first.some((value) => value.trim() !== value),
  )
}

/** No file of data is older: `%Y` reads a year of two digits as one of the first century. */
const FIRST_DAY = "TIMESTAMP '1800-01-01'"

/** SQL that is true where a text that is not null does not read as the candidate. */
export function badSql(candidate: Candidate, raw: string): string {
  const cell = typedCell(fieldOf(candidate), [])
  const text = cell.text(raw)
  const value = cell.value(text)
  const old = candidate.format === undefined ? '' : ` OR ${value} < ${FIRST_DAY}`
  return `(${text} IS NOT NULL AND (${value} IS NULL${old}))`
}

/** The text of a cell as the candidate takes it. */
export const textSql = (candidate: Candidate, raw: string): string =>
  typedCell(fieldOf(candidate), []).text(raw)

/** The value a candidate reads, for the least and the greatest. */
export function valueSql(candidate: Candidate, raw: string): string {
  const cell = typedCell(fieldOf(candidate), [])
  return cell.value(cell.text(raw))
}

const matches = (raw: string, pattern: string): string => `regexp_matches(${raw}, ${quoteLiteral(pattern)})`

/** Signs that a column of digits is a code and not a number, and of how its numbers are written. A cheap test stands before each pattern. */
export const SIGNS = {
  /** `00123`: as a number it would lose its zeros. */
  zeros: (raw: string) => `(contains(${raw}, '0') AND ${matches(raw, '^\\s*[-+]?0[0-9]')})`,
  /** `+51987654321`. */
  plus: (raw: string) => `(contains(${raw}, '+') AND ${matches(raw, '^\\s*\\+')})`,
  /** `12E5`: a code as often as a number. */
  exponent: (raw: string) =>
    `((contains(${raw}, 'e') OR contains(${raw}, 'E')) AND ${matches(raw, '^\\s*[0-9]+[eE][-+]?[0-9]+\\s*$')})`,
  /** Whole numbers past 64 bits. */
  huge: (raw: string) =>
    `(strlen(${raw}) >= 19 AND ${matches(raw, '^\\s*[-+]?[0-9]{19,}(\\.0*)?\\s*$')} AND TRY_CAST(trim(${raw}) AS BIGINT) IS NULL)`,
  dot: (raw: string) => `contains(${raw}, '.')`,
  comma: (raw: string) => `contains(${raw}, ',')`,
  /** `1.234.567`, `1,234,567`: a mark twice can only be of thousands. */
  twice: (raw: string) => `(${raw} LIKE '%.%.%' OR ${raw} LIKE '%,%,%')`,
  /** A group that is not of three digits can only be decimals. */
  notThree: (raw: string) => `(contains(${raw}, ',') AND ${matches(raw, ',([0-9]{1,2}|[0-9]{4,})\\s*$')})`,
} as const

export type Sign = keyof typeof SIGNS
export const SIGN_NAMES: readonly Sign[] = [
  'zeros',
  'plus',
  'exponent',
  'huge',
  'dot',
  'comma',
  'twice',
  'notThree',
]
