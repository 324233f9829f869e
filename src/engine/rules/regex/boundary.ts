/** What is known of a piece of a pattern without running it: whether it must begin, and end, with a word character. */
interface Edge {
  begins: boolean
  ends: boolean
  /** It may match nothing at all. */
  optional: boolean
}

const WORD_CHAR = /[\p{L}\p{N}_]/u

/** Reads as much of a pattern as `\b` needs to know; anything it is not sure of counts as "not a word character". */
class EdgeReader {
  constructor(
    private readonly chars: readonly string[],
    private at: number,
    private readonly end: number,
  ) {}

  /** The edges of everything up to `end` or the closing parenthesis. */
  alternatives(): Edge {
    const branches = [this.sequence()]
    while (this.at < this.end && this.chars[this.at] === '|') {
      this.at++
      branches.push(this.sequence())
    }
    return {
      begins: branches.every((one) => one.begins),
      ends: branches.every((one) => one.ends),
      optional: branches.some((one) => one.optional),
    }
  }

  private sequence(): Edge {
    const atoms: Edge[] = []
    while (this.at < this.end && this.chars[this.at] !== '|' && this.chars[this.at] !== ')') {
      const atom = this.atom()
      atoms.push(this.quantified(atom))
    }
    // An optional first piece leaves the next one in its place: both must be of words.
    const edge = (list: readonly Edge[], side: 'begins' | 'ends'): boolean => {
      for (const one of list) {
        if (!one[side]) return false
        if (!one.optional) return true
      }
      return false
    }
    return {
      begins: edge(atoms, 'begins'),
      ends: edge(atoms.toReversed(), 'ends'),
      optional: atoms.every((one) => one.optional),
    }
  }

  private quantified(atom: Edge): Edge {
    const char = this.chars[this.at]
    const braces = /^\{(\d*)(,\d*)?\}/.exec(this.chars.slice(this.at, this.at + 12).join(''))
    let optional = atom.optional
    if (char === '*' || char === '?') optional = true
    if (char === '{' && braces) optional ||= Number(braces[1] || 0) === 0
    if (char === '*' || char === '?' || char === '+') this.at++
    else if (char === '{' && braces) this.at += braces[0].length
    else return atom
    if (this.chars[this.at] === '?') this.at++
    return { ...atom, optional }
  }

  private atom(): Edge {
    const char = this.chars[this.at++] ?? ''
    if (char === '(') return this.group()
    if (char === '[') return known(this.charClass())
    if (char === '\\')
      return known(/[wd]/.test(this.chars[this.at] ?? '') ? !!this.chars[this.at++] : this.skip())
    return known(WORD_CHAR.test(char))
  }

  private skip(): boolean {
    this.at++
    return false
  }

  private group(): Edge {
    if (this.chars[this.at] === '?') {
      const head = /^\?(?::|P<\w+>)/.exec(this.chars.slice(this.at, this.at + 40).join(''))
      if (!head) return { begins: false, ends: false, optional: true }
      this.at += head[0].length
    }
    const inside = this.alternatives()
    this.at++
    return inside
  }

  /** A class whose members are all word characters: letters, digits, ranges of them, `\w`, `\d`. */
  private charClass(): boolean {
    let all = this.chars[this.at] !== '^'
    let first = true
    while (this.at < this.end && (first || this.chars[this.at] !== ']')) {
      const char = this.chars[this.at++] ?? ''
      first = false
      if (char === '\\') all = /[wd]/.test(this.chars[this.at++] ?? '') && all
      else if (char === '-' && this.chars[this.at] !== ']') continue
      else all &&= WORD_CHAR.test(char)
    }
    this.at++
    return all
  }
}

const known = (word: boolean): Edge => ({ begins: word, ends: word, optional: false })

/** Whether all that the pattern may match from `from` to `to` begins, and ends, with a word character. */
export function wordEdges(
  chars: readonly string[],
  from: number,
  to: number,
): { begins: boolean; ends: boolean } {
  return new EdgeReader(chars, from, to).alternatives()
}
