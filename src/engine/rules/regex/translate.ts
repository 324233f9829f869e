import { ASCII_DIGIT, ASCII_SPACE, ASCII_WORD, DIGIT, literal, SPACE, WORD } from './classes'

/** How the pattern is used: a yes/no test may be rewritten more freely than one whose match is taken. */
export type Use = 'match' | 'fullmatch' | 'search' | 'take'

export interface Flags {
  ignoreCase: boolean
  multiline: boolean
  dotAll: boolean
  ascii: boolean
}

export interface Translated {
  /** RE2 pattern. */
  pattern: string
  /** Tests at the start of the text that must also hold (`(?=...)`) or must not (`(?!...)`). */
  ahead: { pattern: string; negated: boolean }[]
  groups: number
  names: Map<string, number>
  /** The pattern is only these characters (no flags): cheaper functions serve. */
  literal: string | null
  /** It starts with `^` and goes on with only these characters. */
  prefix: string | null
}

/** Why a pattern can't be used. */
export class RegexError extends Error {
  constructor(
    message: string,
    readonly hint?: string,
  ) {
    super(message)
  }
}

const MAX_REPEAT = 1000
const LOOK_HINT = 'el motor busca en tiempo lineal; expresarlo con dos condiciones unidas por `&`'

/** Rewrites a Python pattern for RE2 with the same meaning, or says why it can't. */
export function translate(source: string, use: Use, flags: Partial<Flags> = {}): Translated {
  return new Translator(source, use, flags).run()
}

class Translator {
  private at = 0
  private groups = 0
  private depth = 0
  private readonly chars: string[]
  private readonly names = new Map<string, number>()
  private readonly ahead: { pattern: string; negated: boolean }[] = []
  private flags: Flags
  private plain: string | null = ''
  private anchored = false
  private cost = 0

  constructor(
    source: string,
    private readonly use: Use,
    flags: Partial<Flags>,
  ) {
    this.chars = [...source]
    this.flags = { ignoreCase: false, multiline: false, dotAll: false, ascii: false, ...flags }
    if (this.chars.length > 5000) throw new RegexError('el patrón es demasiado largo')
  }

  run(): Translated {
    this.globalFlags()
    const start = this.at
    this.lookaheads()
    if (this.at === start) this.at = start
    let body = this.alternation()
    if (this.at < this.chars.length) throw new RegexError('sobra un paréntesis en el patrón')
    if (this.flags.ignoreCase) {
      body = `(?i)${body}`
      this.plain = null
    }
    const simple = this.plain !== null && this.ahead.length === 0
    const whole = simple && !this.anchored ? this.plain : null
    const prefix = simple && (this.anchored || this.use === 'match') && this.plain !== '' ? this.plain : null
    return {
      pattern: body,
      ahead: this.ahead,
      groups: this.groups,
      names: this.names,
      literal: whole,
      prefix,
    }
  }

  private peek(text: string): boolean {
    for (let i = 0; i < text.length; i++) if (this.chars[this.at + i] !== text[i]) return false
    return true
  }

  private eat(text: string): boolean {
    if (!this.peek(text)) return false
    this.at += text.length
    return true
  }

  private globalFlags(): void {
    const match = /^\(\?([aiLmsux]+)\)/.exec(this.chars.slice(this.at, this.at + 12).join(''))
    if (!match) return
    this.setFlags(match[1] ?? '')
    this.at += match[0].length
    this.globalFlags()
  }

  private setFlags(letters: string): void {
    for (const letter of letters) {
      if (letter === 'i') this.flags.ignoreCase = true
      else if (letter === 'm') this.flags.multiline = true
      else if (letter === 's') this.flags.dotAll = true
      else if (letter === 'a') this.flags.ascii = true
      else if (letter !== 'u') throw new RegexError(`el modo (?${letter}) no se admite en el patrón`)
    }
  }

  /** Look-aheads at the very start of an anchored test are tests of their own. */
  private lookaheads(): void {
    const mark = this.at
    const caret = this.eat('^') || this.eat('\\A')
    const anchored = this.use === 'match' || this.use === 'fullmatch' || (caret && !this.flags.multiline)
    if (!anchored || this.use === 'take' || this.topAlternatives()) {
      this.at = mark
      return
    }
    let found = false
    while (this.peek('(?=') || this.peek('(?!')) {
      const negated = this.peek('(?!')
      this.at += 3
      const saved = this.plain
      const body = this.alternation()
      this.plain = saved
      if (!this.eat(')')) throw new RegexError('falta cerrar un paréntesis en el patrón')
      this.ahead.push({ pattern: `${this.flags.ignoreCase ? '(?i)' : ''}^(?:${body})`, negated })
      found = true
    }
    // The caret is read again as part of what follows.
    if (!found) this.at = mark
    else if (this.use === 'search') this.anchoredRest = true
  }

  private anchoredRest = false

  /** True when the pattern has a `|` outside groups: then a leading look-ahead belongs to one branch only. */
  private topAlternatives(): boolean {
    let depth = 0
    let inClass = false
    for (let i = this.at; i < this.chars.length; i++) {
      const char = this.chars[i]
      if (char === '\\') i++
      else if (inClass) inClass = char !== ']'
      else if (char === '[') {
        inClass = true
        if (this.chars[i + 1] === '^') i++
        if (this.chars[i + 1] === ']') i++
      } else if (char === '(') depth++
      else if (char === ')') depth--
      else if (char === '|' && depth === 0) return true
    }
    return false
  }

  private alternation(): string {
    if (++this.depth > 60) throw new RegexError('el patrón está demasiado anidado')
    const branches = [this.sequence()]
    while (this.eat('|')) {
      this.plain = null
      branches.push(this.sequence())
    }
    this.depth--
    return branches.join('|')
  }

  private sequence(): string {
    let out = ''
    if (this.anchoredRest) {
      this.anchoredRest = false
      out = '^'
      this.anchored = true
    }
    while (this.at < this.chars.length && !this.peek('|') && !this.peek(')')) {
      const atom = this.atom(out === '')
      out += this.quantified(atom)
    }
    return out
  }

  private quantified(atom: string): string {
    const char = this.chars[this.at]
    if (char !== '*' && char !== '+' && char !== '?' && char !== '{') return atom
    let quantifier: string
    if (char === '{') {
      const match = /^\{(\d*)(,?)(\d*)\}/.exec(this.chars.slice(this.at, this.at + 16).join(''))
      if (!match || (match[1] === '' && match[3] === '')) return atom
      const low = Number(match[1] || 0)
      const high = match[2] === '' ? low : match[3] === '' ? null : Number(match[3])
      if (high !== null && high < low) throw new RegexError('en {m,n} el mínimo pasa del máximo')
      this.cost += Math.max(low, high ?? 0)
      if (low > MAX_REPEAT || (high ?? 0) > MAX_REPEAT || this.cost > 20_000) {
        throw new RegexError(`el patrón repite más de ${MAX_REPEAT} veces`, 'para largos usar `.str.len()`')
      }
      quantifier = high === null ? `{${low},}` : high === low ? `{${low}}` : `{${low},${high}}`
      this.at += match[0].length
    } else {
      quantifier = char
      this.at++
    }
    this.plain = null
    if (atom === '' || /^[\^$]$/.test(atom) || atom.endsWith('\\z)'))
      throw new RegexError('no hay nada que repetir en el patrón')
    if (this.eat('+')) throw new RegexError('los cuantificadores posesivos (`*+`) no se admiten')
    const lazy = this.eat('?') ? '?' : ''
    if (['*', '+', '?', '{'].includes(this.chars[this.at] ?? '') && this.isQuantifier())
      throw new RegexError('hay dos repeticiones seguidas en el patrón')
    return `${/^(?:\\?.|\[.*\]|\(.*\)|\\[a-zA-Z]|\\[pP]\{\w+\}|\\x\{\w+\})$/su.test(atom) ? atom : `(?:${atom})`}${quantifier}${lazy}`
  }

  private isQuantifier(): boolean {
    return (
      this.chars[this.at] !== '{' ||
      /^\{(\d+,?\d*|,\d+)\}/.test(this.chars.slice(this.at, this.at + 16).join(''))
    )
  }

  private atom(first: boolean): string {
    const char = this.chars[this.at++] ?? ''
    switch (char) {
      case '.':
        this.plain = null
        return this.flags.dotAll ? '(?s:.)' : '[^\\n]'
      case '^':
        if (this.flags.multiline) {
          this.plain = null
          return '(?m:^)'
        }
        if (first && this.plain === '' && this.depth === 1) this.anchored = true
        else this.plain = null
        return '^'
      case '$':
        this.plain = null
        return this.dollar()
      case '[':
        this.plain = null
        return this.charClass()
      case '(':
        this.plain = null
        return this.group()
      case '\\':
        return this.escape()
      case '*':
      case '+':
      case '?':
        throw new RegexError('no hay nada que repetir en el patrón')
      default:
        return this.char(char)
    }
  }

  private char(char: string): string {
    if (this.plain !== null) this.plain += char
    return literal(char)
  }

  /** Python's `$` also matches before a final line break. */
  private dollar(): string {
    if (this.flags.multiline) return '(?m:$)'
    if (this.use === 'fullmatch' || this.use === 'take') return '\\z'
    return '(?:\\n?\\z)'
  }

  private group(): string {
    if (!this.eat('?')) {
      this.groups++
      return `(${this.close()})`
    }
    if (this.eat('#')) {
      while (this.at < this.chars.length && !this.peek(')')) this.at++
      this.eat(')')
      return ''
    }
    if (this.eat(':')) return `(?:${this.close()})`
    if (this.eat('P<')) {
      let name = ''
      while (this.at < this.chars.length && !this.peek('>')) name += this.chars[this.at++]
      this.at++
      if (!/^[A-Za-z_]\w*$/.test(name)) throw new RegexError('el nombre del grupo no es válido')
      this.names.set(name, ++this.groups)
      return `(${this.close()})`
    }
    return this.special()
  }

  private close(): string {
    const body = this.alternation()
    if (!this.eat(')')) throw new RegexError('falta cerrar un paréntesis en el patrón')
    return body
  }

  private special(): string {
    if (this.peek('=') || this.peek('!')) {
      const positive = this.eat('=')
      if (!positive) this.eat('!')
      const body = this.close()
      // A positive look-ahead that ends a yes/no test consumes nothing anyone will see.
      if (
        positive &&
        this.at === this.chars.length &&
        this.use !== 'fullmatch' &&
        this.use !== 'take' &&
        this.depth === 1
      )
        return `(?:${body})`
      throw new RegexError('mirar hacia adelante (`(?=...)`, `(?!...)`) no se admite aquí', LOOK_HINT)
    }
    if (this.peek('<=') || this.peek('<!')) {
      throw new RegexError('mirar hacia atrás (`(?<=...)`, `(?<!...)`) no se admite', LOOK_HINT)
    }
    if (this.peek('P='))
      throw new RegexError('las referencias a un grupo (`(?P=nombre)`) no se admiten', LOOK_HINT)
    if (this.peek('>')) throw new RegexError('los grupos atómicos no se admiten')
    if (this.peek('(')) throw new RegexError('los grupos condicionales no se admiten')
    const match = /^([aimsu]*)(?:-([ims]+))?:/.exec(this.chars.slice(this.at, this.at + 12).join(''))
    if (!match) throw new RegexError('el grupo `(?...)` no se reconoce')
    const saved = { ...this.flags }
    this.setFlags(match[1] ?? '')
    if (match[2]?.includes('i')) this.flags.ignoreCase = false
    if (match[2]?.includes('s')) this.flags.dotAll = false
    if (match[2]?.includes('m')) this.flags.multiline = false
    this.at += match[0].length
    const body = this.close()
    const mode = `${match[1]?.includes('i') ? 'i' : ''}${match[2]?.includes('i') ? '-i' : ''}`
    this.flags = saved
    return `(?${mode}:${body})`
  }

  private classes(): { digit: string; word: string; space: string } {
    if (this.flags.ascii) return { digit: ASCII_DIGIT, word: ASCII_WORD, space: ASCII_SPACE }
    return { digit: DIGIT, word: WORD, space: SPACE }
  }

  private escape(): string {
    const char = this.chars[this.at++]
    if (char === undefined) throw new RegexError('el patrón termina en `\\`')
    const { digit, word, space } = this.classes()
    const sets: Record<string, string> = {
      d: `[${digit}]`,
      D: `[^${digit}]`,
      w: `[${word}]`,
      W: `[^${word}]`,
      s: `[${space}]`,
      S: `[^${space}]`,
    }
    const set = sets[char]
    if (set !== undefined) {
      this.plain = null
      return set
    }
    if (char === 'A') {
      this.plain = null
      return '\\A'
    }
    if (char === 'Z') {
      this.plain = null
      return '\\z'
    }
    if (char === 'b' || char === 'B') return this.boundary(char)
    if (/[1-9]/.test(char))
      throw new RegexError(`las referencias a un grupo (\`\\${char}\`) no se admiten`, LOOK_HINT)
    return this.char(this.escapedChar(char))
  }

  /** Word boundaries: RE2 only knows ASCII words, so they are rewritten at the ends of a search. */
  private boundary(char: string): string {
    this.plain = null
    const { word } = this.classes()
    if (this.flags.ascii) return `\\${char}`
    const atEnd = this.at === this.chars.length && this.depth === 1
    const atStart = this.at === 2 && this.depth === 1
    const previous = this.chars[this.at - 3] ?? ''
    const next = this.chars[this.at] ?? ''
    const wordChar = (c: string): boolean => /[\p{L}\p{N}_]/u.test(c)
    const nextIsWord =
      wordChar(next) ||
      (next === '\\' && /[wd]/.test(this.chars[this.at + 1] ?? '')) ||
      next === '[' ||
      next === '('
    const previousIsWord =
      wordChar(previous) || previous === '}' || previous === '+' || previous === ')' || previous === ']'
    if (char === 'b' && this.use === 'search' && !this.topAlternatives()) {
      if (atStart && nextIsWord && this.wordOnly(next)) return `(?:^|[^${word}])`
      if (atEnd && previousIsWord && this.wordOnly(previous)) return `(?:[^${word}]|\\z)`
    }
    if (char === 'b' && this.use === 'match' && !this.topAlternatives()) {
      if (atStart && nextIsWord && this.wordOnly(next)) return ''
      if (atEnd && previousIsWord && this.wordOnly(previous)) return `(?:[^${word}]|\\z)`
    }
    throw new RegexError(
      '`\\b` solo se admite al inicio o al final del patrón, junto a una letra o un dígito',
      'con acentos y eñes el motor no ve bien los bordes; usar `(^|\\s)` o `(\\s|$)`',
    )
  }

  /** Next to a group or a class it takes knowing that all of it is word characters; letters and `\w`/`\d` are. */
  private wordOnly(neighbour: string): boolean {
    return !['[', '(', ')', ']', '}', '+'].includes(neighbour)
  }

  private escapedChar(char: string): string {
    const simple: Record<string, string> = {
      n: '\n',
      t: '\t',
      r: '\r',
      f: '\f',
      v: '\v',
      a: '\x07',
      '0': '\0',
    }
    const known = simple[char]
    if (known !== undefined) return known
    const width = char === 'x' ? 2 : char === 'u' ? 4 : char === 'U' ? 8 : 0
    if (width > 0) {
      const hex = this.chars.slice(this.at, this.at + width).join('')
      const code = Number.parseInt(hex, 16)
      if (hex.length !== width || !/^[0-9a-fA-F]+$/.test(hex) || code > 0x10ffff)
        throw new RegexError(`\`\\${char}\` necesita ${width} cifras hexadecimales`)
      this.at += width
      return String.fromCodePoint(code)
    }
    if (/[A-Za-z]/.test(char)) throw new RegexError(`\`\\${char}\` no existe en los patrones de Python`)
    return char
  }

  private charClass(): string {
    const negated = this.eat('^')
    const positive: string[] = []
    const complements = new Set<string>()
    let first = true
    for (;;) {
      const char = this.chars[this.at]
      if (char === undefined) throw new RegexError('falta cerrar `[` en el patrón')
      if (char === ']' && !first) {
        this.at++
        break
      }
      first = false
      this.classItem(positive, complements)
    }
    return this.writeClass(negated, positive, complements)
  }

  private classItem(positive: string[], complements: Set<string>): void {
    const low = this.classChar(positive, complements)
    if (
      low === null ||
      this.chars[this.at] !== '-' ||
      this.chars[this.at + 1] === ']' ||
      this.chars[this.at + 1] === undefined
    ) {
      if (low !== null) positive.push(literal(low))
      return
    }
    this.at++
    const high = this.classChar(positive, complements)
    if (high === null) throw new RegexError('el rango del patrón no termina en un carácter')
    if ((high.codePointAt(0) ?? 0) < (low.codePointAt(0) ?? 0))
      throw new RegexError(`el rango ${low}-${high} está al revés`)
    positive.push(`${literal(low)}-${literal(high)}`)
  }

  /** One character of a class, or null when it was a set such as `\d`. */
  private classChar(positive: string[], complements: Set<string>): string | null {
    const char = this.chars[this.at++] ?? ''
    if (char !== '\\') return char
    const escaped = this.chars[this.at++]
    if (escaped === undefined) throw new RegexError('el patrón termina en `\\`')
    const { digit, word, space } = this.classes()
    const sets: Record<string, string> = { d: digit, w: word, s: space }
    const set = sets[escaped]
    if (set !== undefined) {
      positive.push(set)
      return null
    }
    if (/[DWS]/.test(escaped)) {
      complements.add(escaped)
      return null
    }
    if (escaped === 'b') return '\b'
    if (/[1-7]/.test(escaped)) throw new RegexError('los escapes octales no se admiten')
    return this.escapedChar(escaped)
  }

  private writeClass(negated: boolean, positive: string[], complements: Set<string>): string {
    const { digit, word, space } = this.classes()
    if (complements.size === 0) return `[${negated ? '^' : ''}${positive.join('')}]`
    const of: Record<string, string> = { D: digit, W: word, S: space }
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
    return this.exceptFrom([...complements][0] ?? '', positive)
  }

  /** `[^\W_]`, `[^\W\d]`, `[^\W\d_]`: word characters but some. */
  private exceptFrom(complement: string, positive: string[]): string {
    const rest = new Set(positive)
    const digit = this.classes().digit
    const onlyKnown = [...rest].every((item) => item === '_' || item === digit)
    if (complement === 'W' && onlyKnown && !this.flags.ascii) {
      const letters = '\\p{L}'
      const numbers = rest.has(digit) ? '\\p{Nl}\\p{No}' : '\\p{N}'
      return `[${letters}${numbers}${rest.has('_') ? '' : '_'}]`
    }
    if (rest.size === 0)
      return `[${complement === 'D' ? digit : complement === 'S' ? this.classes().space : this.classes().word}]`
    throw new RegexError('esta clase negada mezcla conjuntos que el motor no puede restar')
  }
}
