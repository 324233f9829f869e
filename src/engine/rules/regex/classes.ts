/** Python's Unicode classes as the inside of an RE2 class. */
export const DIGIT = '\\p{Nd}'
export const WORD = '\\p{L}\\p{N}_'
export const SPACE =
  '\\t-\\r\\x{1c}-\\x{20}\\x{85}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}'
export const ASCII_DIGIT = '0-9'
export const ASCII_WORD = 'a-zA-Z0-9_'
export const ASCII_SPACE = '\\t-\\r '

/** Characters of `str.strip()` and `str.split()`. */
export const BLANKS =
  '\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000'

export const UPPER = '\\p{Lu}'
export const LOWER = '\\p{Ll}ªº'
export const CASED = '\\p{Lu}\\p{Ll}\\p{Lt}ªº'
/** Decimals plus the superscripts, subscripts and circled digits that Python's isdigit takes. */
export const ISDIGIT = '\\p{Nd}²³¹⁰⁴-⁹₀-₉①-⑨⑴-⑼⒈-⒐⓪⓵-⓽⓿❶-❾➀-➈➊-➒'
export const ISNUMERIC = '\\p{N}一二三四五六七八九十百千万億兆〇零壹贰叁肆伍陆柒捌玖'

/** One character, as RE2 text. */
export function literal(char: string): string {
  const code = char.codePointAt(0) ?? 0
  if (/^[A-Za-z0-9 _]$/.test(char) || code > 160) return char
  if (code < 33 || code === 127 || code > 127) return `\\x{${code.toString(16)}}`
  return `\\${char}`
}
