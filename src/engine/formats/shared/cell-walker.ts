const QUOTE = 34
const SPACE = 32

const FIELD_START = 0
const PLAIN = 1
const QUOTED = 2
const CLOSED = 3

/** Walks the cells of one record, line by line, knowing quotes. */
export class CellWalker {
  /** Cells seen so far. */
  cells = 1
  /** 1-based index of the last cell that is not empty; surplus empty cells are tolerated, as DuckDB does. */
  filled = 0
  /** A cell of the record is quoted. */
  quoted = false
  /** The quote that is open (or broke) was opened on the line walked last. */
  opened = false
  #state = FIELD_START
  #first: number
  #rest: Buffer
  #quoteChar: number
  #spaceTrims: boolean

  constructor(delimiter: string) {
    const bytes = Buffer.from(delimiter, 'utf8')
    this.#first = bytes[0] ?? 44
    this.#rest = bytes.subarray(1)
    // When the delimiter is the quote itself, nothing is quoted.
    this.#quoteChar = this.#first === QUOTE ? -1 : QUOTE
    this.#spaceTrims = this.#first !== SPACE
  }

  start(): void {
    this.cells = 1
    this.filled = 0
    this.quoted = false
    this.opened = false
    this.#state = FIELD_START
  }

  #isDelimiter(buffer: Buffer, at: number, end: number): boolean {
    const rest = this.#rest
    if (rest.length === 0) return true
    if (at + rest.length >= end) return false
    for (let i = 0; i < rest.length; i++) if (buffer[at + 1 + i] !== rest[i]) return false
    return true
  }

  /** Counts the cells of a line that has no quote; the last filled one is looked for only when there are too many. */
  countPlain(buffer: Buffer, from: number, to: number, columns: number): void {
    const first = this.#first
    let cells = 1
    for (let i = from; i < to; i++) {
      if (buffer[i] === first && this.#isDelimiter(buffer, i, to + 1)) cells++
    }
    this.cells = cells
    this.filled = 0
    if (cells > columns) {
      this.#state = FIELD_START
      this.cells = 1
      this.walk(buffer, from, to)
    }
  }

  /** One physical line of the record: `open` when it ends inside quotes, `broken` when text follows a closing quote. */
  walk(buffer: Buffer, from: number, to: number): 'done' | 'open' | 'broken' {
    const first = this.#first
    const quote = this.#quoteChar
    let state = this.#state
    let openedHere = false
    for (let i = from; i < to; i++) {
      const byte = buffer[i]
      if (state === QUOTED) {
        if (byte === quote) {
          if (buffer[i + 1] === quote && i + 1 < to) {
            i++
            this.filled = this.cells
          } else state = CLOSED
        } else this.filled = this.cells
      } else if (byte === first && this.#isDelimiter(buffer, i, to + 1)) {
        i += this.#rest.length
        this.cells++
        state = FIELD_START
      } else if (state === FIELD_START) {
        if (byte === quote) {
          state = QUOTED
          openedHere = true
          this.quoted = true
        } else if (!(byte === SPACE && this.#spaceTrims && this.#quoteAfterSpaces(buffer, i, to))) {
          state = PLAIN
          this.filled = this.cells
        }
      } else if (state === CLOSED && !(byte === SPACE && this.#spaceTrims)) {
        this.opened = openedHere
        this.#state = FIELD_START
        return 'broken'
      }
    }
    if (state === QUOTED) {
      // The line break belongs to the cell.
      this.filled = this.cells
      this.opened = openedHere
      this.#state = QUOTED
      return 'open'
    }
    this.#state = FIELD_START
    return 'done'
  }

  #quoteAfterSpaces(buffer: Buffer, at: number, to: number): boolean {
    let i = at
    while (i < to && buffer[i] === SPACE) i++
    return i < to && buffer[i] === this.#quoteChar
  }
}

/** The cells of one record as text: quotes taken off, `""` read as `"`; a record with a fault gives what can be read of it. */
export function splitCells(raw: string, delimiter: string): string[] {
  const cells: string[] = []
  let at = 0
  for (;;) {
    let start = at
    if (delimiter !== ' ') while (raw[start] === ' ') start++
    if (delimiter !== '"' && raw[start] === '"') {
      const { value, next } = quotedCell(raw, start)
      const stop = raw.indexOf(delimiter, next)
      // Text after the closing quote stays in sight: it is the fault a person looks for.
      const tail = raw.slice(next, stop < 0 ? raw.length : stop)
      cells.push(tail.trim() === '' ? value : value + tail)
      if (stop < 0) return cells
      at = stop + delimiter.length
    } else {
      const stop = raw.indexOf(delimiter, at)
      cells.push(raw.slice(at, stop < 0 ? raw.length : stop))
      if (stop < 0) return cells
      at = stop + delimiter.length
    }
  }
}

function quotedCell(raw: string, open: number): { value: string; next: number } {
  let value = ''
  let at = open + 1
  for (;;) {
    const close = raw.indexOf('"', at)
    if (close < 0) return { value: value + raw.slice(at), next: raw.length }
    value += raw.slice(at, close)
    if (raw[close + 1] !== '"') return { value, next: close + 1 }
    value += '"'
    at = close + 2
  }
}
