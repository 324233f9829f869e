import { wordEdges } from './boundary'
import { escapedChar, readClass } from './char-class'
import { ASCII_DIGIT, ASCII_SPACE, ASCII_WORD, DIGIT, literal, SPACE, WORD } from './classes'
import { RegexError } from './problem'

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

const MAX_REPEAT = 1000
const LOOK_HINT = 'el motor busca en tiempo lineal; expresarlo con dos condiciones unidas por `&`'

/** Rewrites a Python pattern for RE2 with the same meaning, or says why it can't. */
export function translate(source: string, use: Use, flags: Partial<Flags> = {}): Translated {
  return new Translator(source, use, flags).run()
}

class Translator {
  at = 0
  /** Where the pattern begins, after its flags; and whether it has a `|` outside groups. */
  private body = 0
  private branched = false
  private groups = 0
  private depth = 0
  readonly chars: string[]
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
    this.body = this.at
    this.branched = this.topAlternatives()
    this.lookaheads()
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
    if (!anchored || this.use === 'take' || this.branched) {
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
        return readClass(this, { ...this.classes(), ascii: this.flags.ascii })
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
    return this.char(escapedChar(this, char))
  }

  /** Word boundaries: RE2 only knows ASCII words, so they are rewritten at the ends of a test, beside what must be a word. */
  private boundary(char: string): string {
    this.plain = null
    if (this.flags.ascii) return `\\${char}`
    const { word } = this.classes()
    const [atStart, atEnd] = [this.at - 2 === this.body, this.at === this.chars.length]
    if (char === 'b' && this.depth === 1 && this.use !== 'take' && !this.branched) {
      if (atStart && wordEdges(this.chars, this.at, this.chars.length).begins)
        return this.use === 'search' ? `(?:^|[^${word}])` : ''
      if (atEnd && wordEdges(this.chars, this.body, this.at - 2).ends)
        return this.use === 'fullmatch' ? '' : `(?:[^${word}]|\\z)`
    }
    throw new RegexError(
      '`\\b` solo se admite al inicio o al final del patrón, junto a una letra o un dígito',
      'con acentos y eñes el motor no ve bien los bordes; usar `(^|\\s)` o `(\\s|$)`',
    )
  }
}
