/**
 * A cell that a spreadsheet would run as a formula when it opens a CSV: it starts with `=`, `+`, `-`, `@`, a tab or a line break,
 * or with the full-width forms that some spreadsheets read alike. One pattern for RE2 (DuckDB) and for JavaScript.
 */
const RISKY = '^[=+\\-@\\t\\r\\n＝＋－＠]'
/** Negative numbers are data, not formulas: digits with their marks and at most an exponent, nothing else. */
const NEGATIVE = '^-[0-9][0-9.,]*([eE][+-]?[0-9]+)?$'

const risky = new RegExp(RISKY)
const negative = new RegExp(NEGATIVE)

/** A cell made safe for a spreadsheet: a leading apostrophe where it would run as a formula. The twin of `neutralizeFormulaSql`. */
export function neutralizeFormula(cell: string): string {
  return risky.test(cell) && !negative.test(cell) ? `'${cell}` : cell
}

/**
 * The same as a DuckDB expression over a VARCHAR expression (`sql` is code, not data: a quoted column, never a value).
 * Null stays null.
 */
export function neutralizeFormulaSql(sql: string): string {
  return `CASE WHEN regexp_matches(${sql}, '${RISKY}') AND NOT regexp_matches(${sql}, '${NEGATIVE}') THEN '''' || ${sql} ELSE ${sql} END`
}
