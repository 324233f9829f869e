import { literal } from './classes'
import { RegexError } from './problem'

/** A pattern being read, one character after another. */
export interface Cursor {
  chars: readonly string[]
  at: number
}

export interface Sets {
  digit: string
  word: string
  space: string
  ascii: boolean
}

const SIMPLE: Record<string, string> = {
  n: '\n',
  t: '\t',
  r: '\r',
  f: '\f',
  v: '\v',
  a: '\x07',
  '0': '\0',
}

/** The character that `\x` stands for, once the backslash and `char` are read. */
export function escapedChar(cursor: Cursor, char: string): string {
  const known = SIMPLE[char]
  if (known !== undefined) return known
  const width = char === 'x' ? 2 : char === 'u' ? 4 : char === 'U' ? 8 : 0
  if (width > 0) {
    const hex = cursor.chars.slice(cursor.at, cursor.at + width).join('')
    const code = Number.parseInt(hex, 16)
    if (hex.length !== width || !/^[0-9a-fA-F]+$/.test(hex) || code > 0x10ffff)
      throw new RegexError(`\`\\${char}\` necesita ${width} cifras hexadecimales`)
    cursor.at += width
    return String.fromCodePoint(code)
  }
  if (/[A-Za-z]/.test(char)) throw new RegexError(`\`\\${char}\` no existe en los patrones de Python`)
  return char
}

/** Reads a class after its `[`, and gives it as RE2 writes it. */
export function readClass(cursor: Cursor, sets: Sets): string {
  return new ClassReader(cursor, sets).read()
}

class ClassReader {
  private readonly positive: string[] = []
  private readonly complements = new Set<string>()

  constructor(
    private readonly cursor: Cursor,
    private readonly sets: Sets,
  ) {}

  read(): string {
    const { cursor } = this
    const negated = cursor.chars[cursor.at] === '^'
    if (negated) cursor.at++
    let first = true
    for (;;) {
      const char = cursor.chars[cursor.at]
      if (char === undefined) throw new RegexError('falta cerrar `[` en el patrón')
      if (char === ']' && !first) {
        cursor.at++
        break
      }
      first = false
      this.item()
    }
    return this.write(negated)
  }

  private item(): void {
    const { cursor } = this
    const low = this.char()
    const next = cursor.chars[cursor.at + 1]
    if (low === null || cursor.chars[cursor.at] !== '-' || next === ']' || next === undefined) {
      if (low !== null) this.positive.push(literal(low))
      return
    }
    cursor.at++
    const high = this.char()
    if (high === null) throw new RegexError('el rango del patrón no termina en un carácter')
    if ((high.codePointAt(0) ?? 0) < (low.codePointAt(0) ?? 0))
      throw new RegexError(`el rango ${low}-${high} está al revés`)
    this.positive.push(`${literal(low)}-${literal(high)}`)
  }

  /** One character of a class, or null when it was a set such as `\d`. */
  private char(): string | null {
    const { cursor, sets } = this
    const char = cursor.chars[cursor.at++] ?? ''
    if (char !== '\\') return char
    const escaped = cursor.chars[cursor.at++]
    if (escaped === undefined) throw new RegexError('el patrón termina en `\\`')
    const known: Record<string, string> = { d: sets.digit, w: sets.word, s: sets.space }
    const set = known[escaped]
    if (set !== undefined) {
      this.positive.push(set)
      return null
    }
    if (/[DWS]/.test(escaped)) {
      this.complements.add(escaped)
      return null
    }
    if (escaped === 'b') return '\b'
    if (/[1-7]/.test(escaped)) throw new RegexError('los escapes octales no se admiten')
    return escapedChar(cursor, escaped)
  }

  private write(negated: boolean): string {
    const { positive, complements, sets } = this
    if (complements.size === 0) return `[${negated ? '^' : ''}${positive.join('')}]`
    const of: Record<string, string> = { D: sets.digit, W: sets.word, S: sets.space }
    const pairs = [...complements].some((c) => positive.includes(of[c] ?? ''))
    if (pairs || complements.size > 1) {
      if (negated) throw new RegexError('una clase que no admite ningún carácter no se admite')
      if (pairs) return '(?s:.)'
    }
    if (!negated) {
      const parts = [...complements].map((c) => `[^${of[c]}]`)
      if (positive.length > 0) parts.push(`[${positive.join('')}]`)
      return `(?:${parts.join('|')})`
    }
    return this.exceptFrom([...complements][0] ?? '')
  }

  /** `[^\W_]`, `[^\W\d]`, `[^\W\d_]`: word characters but some. */
  private exceptFrom(complement: string): string {
    const { sets } = this
    const rest = new Set(this.positive)
    const onlyKnown = [...rest].every((item) => item === '_' || item === sets.digit)
    if (complement === 'W' && onlyKnown && !sets.ascii) {
      const numbers = rest.has(sets.digit) ? '\\p{Nl}\\p{No}' : '\\p{N}'
      return `[\\p{L}${numbers}${rest.has('_') ? '' : '_'}]`
    }
    if (rest.size === 0)
      return `[${complement === 'D' ? sets.digit : complement === 'S' ? sets.space : sets.word}]`
    throw new RegexError('esta clase negada mezcla conjuntos que el motor no puede restar')
  }
}
