/** Most digits of DuckDB's DECIMAL; past it a decimal travels as the text of its digits. */
export const DUCK_DIGITS = 38

/** Digits and a point, `5.` and `.5` too: what is left of an accepted decimal once its exponent is written out. */
const PLAIN = `'[-+]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)'`
const SCIENTIFIC = `'^[-+]?([0-9]*)\\.?([0-9]*)[eE]([-+]?[0-9]+)$'`
/** Past it, an exponent is of nothing that a column holds. */
const MOST_EXPONENT = 2000

const hasExponent = (x: string): string => `contains(${x}, 'e') OR contains(${x}, 'E')`

/** The decimal's text without exponent, digit for digit; NULL for what is not a number or whose exponent is absurd. */
export function plainDigits(x: string): string {
  const group = (n: number): string => `regexp_extract(${x}, ${SCIENTIFIC}, ${n})`
  const digits = `(${group(1)} || ${group(2)})`
  const exponent = `TRY_CAST(${group(3)} AS BIGINT)`
  const point = `(strlen(${group(1)}) + ${exponent})`
  const sign = `CASE WHEN starts_with(${x}, '-') THEN '-' ELSE '' END`
  return (
    `CASE WHEN regexp_full_match(${x}, ${PLAIN}) THEN ${x} ` +
    `WHEN NOT regexp_matches(${x}, ${SCIENTIFIC}) OR ${exponent} IS NULL OR abs(${exponent}) > ${MOST_EXPONENT} THEN NULL ` +
    `WHEN ${point} <= 0 THEN ${sign} || '0.' || repeat('0', -${point}) || ${digits} ` +
    `WHEN ${point} >= strlen(${digits}) THEN ${sign} || ${digits} || repeat('0', ${point} - strlen(${digits})) ` +
    `ELSE ${sign} || left(${digits}, ${point}) || '.' || substr(${digits}, ${point} + 1) END`
  )
}

export const wholeDigits = (plain: string): string => `ltrim(split_part(ltrim(${plain}, '+-'), '.', 1), '0')`
export const fractionDigits = (plain: string): string => `rtrim(split_part(${plain}, '.', 2), '0')`

/** Whether DECIMAL(precision, scale) holds a decimal's text with all its digits, zeros at its ends apart; never NULL for a text that is not. */
export function fitsDecimal(x: string, precision: number, scale: number): string {
  const plain = `(${plainDigits(x)})`
  return `coalesce(strlen(${wholeDigits(plain)}) <= ${precision - scale} AND strlen(${fractionDigits(plain)}) <= ${scale}, false)`
}

/**
 * True for every text that DECIMAL(precision, scale) does not hold, and for few others: an exponent, zeros past the scale, `inf` and `nan`
 * (what a sum leaves). Counting digits costs several times this, and nearly no value asks for it; a short text needs no cast to be told.
 */
export const doubtfulDecimal = (x: string, precision: number, scale: number): string =>
  `(strlen(${x}) > ${precision - scale} AND TRY_CAST(${x} AS DECIMAL(${precision}, ${scale})) IS NULL) OR ${hasExponent(x)} OR ` +
  `(strlen(${x}) < 5 AND contains(${x}, 'n')) OR ${x} LIKE '%.${'_'.repeat(scale + 1)}%'`

/** The value of a decimal that is not doubtful. */
export const certainDecimal = (x: string, precision: number, scale: number): string =>
  `CAST(${x} AS DECIMAL(${precision}, ${scale}))`

/** DuckDB's own reading of an exponent is not exact: `1e-1` is no DECIMAL(1,1) to it. */
const withoutExponent = (x: string): string =>
  `CASE WHEN ${hasExponent(x)} THEN ${plainDigits(x)} ELSE ${x} END`

/** The value of a decimal that fits: DuckDB's own where it has the digits, else its text as `-12.50`. */
export function decimalValue(x: string, precision: number, scale: number): string {
  if (precision <= DUCK_DIGITS) return `CAST(${withoutExponent(x)} AS DECIMAL(${precision}, ${scale}))`
  const plain = `(${plainDigits(x)})`
  const whole = wholeDigits(plain)
  const fraction = fractionDigits(plain)
  const zero = `${whole} = '' AND ${fraction} = ''`
  return (
    `CASE WHEN ${x} IS NULL THEN NULL WHEN ${zero} THEN '0' ELSE ` +
    `CASE WHEN starts_with(${plain}, '-') THEN '-' ELSE '' END || CASE WHEN ${whole} = '' THEN '0' ELSE ${whole} END || ` +
    `CASE WHEN ${fraction} = '' THEN '' ELSE '.' || ${fraction} END END`
  )
}

const asWhole = (x: string): string => `CAST(${withoutExponent(x)} AS DECIMAL(${DUCK_DIGITS}, 0))`

/** Whether a decimal is a whole number of 64 bits. */
export const fitsInteger = (x: string): string =>
  `CASE WHEN ${fitsDecimal(x, DUCK_DIGITS, 0)} THEN TRY_CAST(${asWhole(x)} AS BIGINT) IS NOT NULL ELSE false END`

export const integerValue = (x: string): string => `CAST(${asWhole(x)} AS BIGINT)`
