import { quoteLiteral } from '@engine/duckdb'
import type { FieldSpec } from '@shared/model/schema'

/** How a field's cell reads, as SQL: `text` over the raw column, `value` over the column named by `x`. */
export interface TypedCell {
  /** The cell's text as it counts: trimmed, null values nulled, default filled. Equal to the raw column when nothing is asked. */
  text(raw: string): string
  /** Typed value of an accepted text, NULL otherwise. */
  value(x: string): string
  /** An accepted number's text with `.` as its mark and nothing between thousands: its digits, all of them. */
  plain(x: string): string
  /** A text that is not null may still not be accepted. */
  canBeBad: boolean
  sqlType: 'VARCHAR' | 'BIGINT' | 'DOUBLE' | 'TIMESTAMP' | 'BOOLEAN'
}

const TRUE_WORDS = ['true', '1', 'verdadero', 'sí', 'si']
const FALSE_WORDS = ['false', '0', 'falso', 'no']
/** What `trim: true` takes away: every blank that Unicode calls white space and spreadsheets write. */
const BLANKS = ' \t\r\n\v\f\u00a0\u2007\u202f\ufeff'

/**
 * Texts of SAGE_YAML "Values" as SQL. The cast alone would accept ` 12`, `1_000`, `12.5` as an integer, `inf`, `2024-1-1`; so each has a
 * guard: comparisons that leave out what the cast takes too many, the value written back as it was read, or a pattern that RE2 runs in
 * linear time; the cheapest measured for each common form.
 */
export function typedCell(field: FieldSpec, nullValues: readonly string[]): TypedCell {
  const text = textSql(field, nullValues)
  const plain = (x: string): string => plainNumber(field, x)
  switch (field.type) {
    case 'texto':
      return { text, plain, value: (x) => x, canBeBad: false, sqlType: 'VARCHAR' }
    case 'entero':
      return { text, plain, value: integerSql(field), canBeBad: true, sqlType: 'BIGINT' }
    case 'decimal':
      return { text, plain, value: decimalSql(field), canBeBad: true, sqlType: 'DOUBLE' }
    case 'fecha':
      return { text, plain, value: dateSql(field), canBeBad: true, sqlType: 'TIMESTAMP' }
    case 'booleano':
      return { text, plain, value: booleanSql, canBeBad: true, sqlType: 'BOOLEAN' }
  }
}

const listSql = (values: readonly string[]): string => `(${values.map(quoteLiteral).join(', ')})`

function textSql(field: FieldSpec, nullValues: readonly string[]): (raw: string) => string {
  return (raw) => {
    let sql = raw
    if (field.trim) sql = `nullif(trim(${sql}, ${quoteLiteral(BLANKS)}), '')`
    if (nullValues.length > 0) sql = `CASE WHEN ${sql} IN ${listSql(nullValues)} THEN NULL ELSE ${sql} END`
    if (field.default !== undefined && field.default !== '') {
      sql = `coalesce(${sql}, ${quoteLiteral(field.default)})`
    }
    return sql
  }
}

const escapeRegex = (mark: string): string => mark.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')

/** The number's text with `.` as its mark and no thousands, after its own form was checked. */
function plainNumber(field: FieldSpec, x: string): string {
  let sql = x
  if (field.thousands) sql = `replace(${sql}, ${quoteLiteral(field.thousands)}, '')`
  if (field.decimal && field.decimal !== '.') sql = `replace(${sql}, ${quoteLiteral(field.decimal)}, '.')`
  return sql
}

/** `12`, or with a thousands mark `1.234.567` (groups of three) as well. */
const integerPart = (field: FieldSpec): string =>
  field.thousands ? `(?:[0-9]{1,3}(?:${escapeRegex(field.thousands)}[0-9]{3})+|[0-9]+)` : '[0-9]+'

const decimalMark = (field: FieldSpec): string => escapeRegex(field.decimal ?? '.')

function integerSql(field: FieldSpec): (x: string) => string {
  const pattern = `[-+]?${integerPart(field)}(?:${decimalMark(field)}0+)?`
  return (x) => {
    const plain = plainNumber(field, x)
    // `12.00` is read without its zeros: a cast that rounds would go through a double and lose digits past 2^53.
    const digits = `CASE WHEN contains(${plain}, '.') THEN split_part(${plain}, '.', 1) ELSE ${plain} END`
    const slow = `WHEN regexp_full_match(${x}, ${quoteLiteral(pattern)}) THEN TRY_CAST(ltrim(${digits}, '+') AS BIGINT)`
    // A number that is written back as it was read is in its plain form: cheaper to see than the pattern.
    return `CASE WHEN TRY_CAST(${x} AS BIGINT)::VARCHAR = ${x} THEN TRY_CAST(${x} AS BIGINT) ${slow} END`
  }
}

/** Blanks that the cast skips at the end of a number. */
const CAST_BLANKS = [' ', '\t', '\n', '\v', '\f', '\r']

/**
 * What the cast to a number takes and a number does not have: a blank before (it sorts under `+`), a word (`inf`, `nan`, over `9`), a
 * blank after, a `_` between digits, two signs. Everything else the cast itself refuses. Comparing costs a third of what a pattern does.
 */
const plainlyNumber = (x: string): string =>
  [
    `${x} >= '+'`,
    `${x} < ':'`,
    `NOT starts_with(${x}, '+-')`,
    `NOT contains(${x}, '_')`,
    ...CAST_BLANKS.map(
      (blank) => `NOT ends_with(${x}, ${blank === ' ' ? "' '" : `chr(${blank.charCodeAt(0)})`})`,
    ),
  ].join(' AND ')

function decimalSql(field: FieldSpec): (x: string) => string {
  const mark = decimalMark(field)
  const plain = `[-+]?(?:${integerPart(field)}(?:${mark}[0-9]*)?|${mark}[0-9]+)`
  const pattern = `${plain}(?:[eE][-+]?[0-9]+)?`
  return (x) => {
    const cast = `TRY_CAST(${plainNumber(field, x)} AS DOUBLE)`
    // An exponent, or more than 300 digits, can be more than a double holds.
    if (!field.thousands && (field.decimal ?? '.') === '.')
      return `CASE WHEN ${plainlyNumber(x)} AND isfinite(${cast}) THEN ${cast} END`
    return (
      `CASE WHEN strlen(${x}) < 300 AND regexp_full_match(${x}, ${quoteLiteral(plain)}) THEN ${cast} ` +
      `WHEN regexp_full_match(${x}, ${quoteLiteral(pattern)}) AND isfinite(${cast}) THEN ${cast} END`
    )
  }
}

// 24:00 is left out: DuckDB reads it as the next day.
const ISO_TIME = '[0-9]{4}-[0-9]{2}-[0-9]{2}[ T](?:[01][0-9]|2[0-3]):[0-9]{2}(?::[0-9]{2}(?:\\.[0-9]{1,9})?)?'
const ZONE = '(?:Z|[-+][0-9]{2}(?::?[0-9]{2})?)'

function dateSql(field: FieldSpec): (x: string) => string {
  if (field.format !== undefined) {
    const format = quoteLiteral(field.format)
    // Parsing skips blanks around the text, which `trim: true` alone may do.
    return (x) =>
      `CASE WHEN trim(${x}, ${quoteLiteral(BLANKS)}) = ${x} THEN TRY_STRPTIME(${x}, ${format}) END`
  }
  return (x) => {
    const stamp = `TRY_CAST(${x} AS TIMESTAMP)`
    // A day is known by its two dashes and its first digit (the cast to a moment takes no blank after it, nor any other mark once these
    // stand); a moment, because it is written back as it was read; the others by their pattern.
    return (
      `CASE WHEN strlen(${x}) = 10 THEN (CASE WHEN ${x} LIKE '____-__-__' AND ${x} >= '0001' AND ${x} < ':' THEN ${stamp} END) ` +
      `WHEN strlen(${x}) = 19 AND ${stamp}::VARCHAR = ${x} THEN ${stamp} ` +
      `WHEN regexp_full_match(${x}, ${quoteLiteral(ISO_TIME)}) THEN ${stamp} ` +
      `WHEN regexp_full_match(${x}, ${quoteLiteral(`${ISO_TIME}${ZONE}`)}) THEN (TRY_CAST(${x} AS TIMESTAMPTZ) AT TIME ZONE 'UTC') END`
    )
  }
}

function booleanSql(x: string): string {
  const folded =
    `CASE WHEN lower(${x}) IN ${listSql(TRUE_WORDS)} THEN true ` +
    `WHEN lower(${x}) IN ${listSql(FALSE_WORDS)} THEN false END`
  return `CASE ${x} WHEN '1' THEN true WHEN '0' THEN false WHEN 'true' THEN true WHEN 'false' THEN false ELSE ${folded} END`
}
