import { isUtf8 } from 'node:buffer'
import { MAX_RECORD_BYTES } from '../limits'
import type { FaultKind, QuoteSummary } from '../types'
import { CellWalker } from './cell-walker'

const LF = 10
const CR = 13
const QUOTE = 34
/** A quoted cell with more line breaks than this is taken as a quote that never closes. */
const MAX_QUOTED_LINES = 50_000
type Break = 'lf' | 'crlf' | 'cr' | 'none'

/** A physical line kept because a quoted cell goes on after it. */
interface Line {
  bytes: Buffer
  /** Length without its line break. */
  content: number
  end: Break
}

/** The record just read. One object serves them all: take what you need before returning. */
export interface ScannedRecord {
  /** 1-based among the file's records, header included. */
  ordinal: number
  /** Physical line on which it starts. */
  line: number
  fault: FaultKind | null
  /** Line of the fault: where the quote opens, for `unclosed`. */
  faultLine: number
  /** Cells found, when `columns` was given. */
  cells: number
  /** Some cell is quoted. */
  quoted: boolean
  /** Its bytes, without the line break that ends it. Empty for fault `long`. */
  raw(): Buffer
}

export interface ScannerOptions {
  delimiter: string
  /** Judge the number of cells; without it records are only told apart. */
  columns?: number
  /** In a file of one column an empty line is a record with an empty cell. */
  blankIsRecord?: boolean
  /** Empty lines before the first text are not records all the same (they stand before the header). */
  skipLeadingBlank?: boolean
  /** Check each record's bytes: only for files known to be UTF-8 in part. */
  checkUtf8?: boolean
  maxRecord?: number
  /** Return false to stop. */
  onRecord?(record: ScannedRecord): boolean | undefined
}

/**
 * Tells records apart in a stream of UTF-8 chunks: RFC 4180 quotes, `\n`, `\r\n` and `\r` as line breaks, in constant memory.
 * A quote that never closes (or closes before text, lines later) ends its record at the end of the line where it opened, and the
 * lines it would have swallowed are read again: one bad quote costs one record, and its line is known.
 * Lines without quotes are crossed by native searches; only lines with quotes are walked byte by byte.
 */
export class RecordScanner {
  readonly summary: QuoteSummary
  stopped = false
  #options: ScannerOptions
  #max: number
  #walker: CellWalker
  #carry: Buffer[] = []
  #carryBytes = 0
  #overlong = 0
  #first = true
  #line = 1
  #pending: Line[] = []
  #pendingBytes = 0
  /** Index in #pending of the line where the open quote is. */
  #openAt = 0
  #record: ScannedRecord
  #current: { buffer: Buffer; from: number; to: number } = { buffer: Buffer.alloc(0), from: 0, to: 0 }
  #head: Line[] = []

  constructor(options: ScannerOptions) {
    this.#options = options
    this.#max = options.maxRecord ?? MAX_RECORD_BYTES
    this.#walker = new CellWalker(options.delimiter)
    this.summary = {
      delimiter: options.delimiter,
      records: 0,
      blankLines: 0,
      leadingBlankLines: 0,
      innerBlankLines: 0,
      quotedBreaks: false,
      quoteFaults: 0,
      ends: { lf: 0, crlf: 0, cr: 0 },
      longestRecord: 0,
    }
    this.#record = {
      ordinal: 0,
      line: 1,
      fault: null,
      faultLine: 1,
      cells: 0,
      quoted: false,
      raw: () => this.#raw(),
    }
  }

  /** Starts in the middle of a file whose first lines, seen by other means, held no quote. */
  resume(
    lines: number,
    seen: Pick<QuoteSummary, 'blankLines' | 'leadingBlankLines' | 'ends' | 'longestRecord'>,
  ): void {
    this.#first = false
    this.#line = lines + 1
    Object.assign(this.summary, seen, { records: lines - seen.blankLines })
  }

  /** Takes the next chunk; the buffer may be reused afterwards. */
  push(chunk: Buffer): void {
    if (this.stopped || chunk.length === 0) return
    const cut = lineAlignedEnd(chunk)
    if (cut === 0) {
      this.#keepCarry(chunk)
      return
    }
    if (this.#carryBytes > 0 || this.#overlong > 0) {
      // Join the kept line with just its own rest, not with the whole chunk.
      const first = firstLineEnd(chunk, this.#carryEndsInCr())
      this.#keepCarry(chunk.subarray(0, first))
      this.#flushCarry()
      if (first < cut) this.#block(chunk.subarray(first, cut))
    } else {
      this.#block(chunk.subarray(0, cut))
    }
    if (cut < chunk.length) this.#keepCarry(chunk.subarray(cut))
  }

  /** End of the file: closes what is open and gives the summary. */
  end(): QuoteSummary {
    if (this.#carryBytes > 0 || this.#overlong > 0) this.#flushCarry()
    while (this.#pending.length > 0 && !this.stopped) this.#rerun(this.#giveUpQuote([]))
    return this.summary
  }

  #carryEndsInCr(): boolean {
    const last = this.#carry.at(-1)
    return last !== undefined && last[last.length - 1] === CR
  }

  #keepCarry(part: Buffer): void {
    if (this.#overlong > 0 || this.#carryBytes + part.length > this.#max + 2) {
      this.#overlong += this.#carryBytes + part.length
      const tail = Buffer.from(part.subarray(Math.max(0, part.length - 2)))
      // Only the last bytes are kept, to know the line break that will end it.
      this.#carry = [tail]
      this.#carryBytes = tail.length
      this.#overlong -= tail.length
      return
    }
    this.#carry.push(Buffer.from(part))
    this.#carryBytes += part.length
  }

  #flushCarry(): void {
    const block = this.#carry.length === 1 && this.#carry[0] ? this.#carry[0] : Buffer.concat(this.#carry)
    const dropped = this.#overlong
    this.#carry = []
    this.#carryBytes = 0
    this.#overlong = 0
    if (dropped > 0) this.#longLine(block, dropped)
    else this.#block(block)
  }

  #longLine(tail: Buffer, dropped: number): void {
    const end = breakOf(tail)
    this.#head = []
    this.#pending = []
    this.#pendingBytes = 0
    this.summary.longestRecord = Math.max(this.summary.longestRecord, dropped + tail.length)
    this.#record.cells = 0
    this.#record.line = this.#line
    this.#current = { buffer: tail, from: 0, to: 0 }
    this.#emit('long', this.#line, false)
    this.#count(end)
    this.#line++
  }

  #block(buffer: Buffer): void {
    let at = 0
    if (this.#first) {
      this.#first = false
      if (buffer[0] === 0xef && buffer[1] === 0xbb && buffer[2] === 0xbf) at = 3
    }
    let quote = buffer.indexOf(QUOTE, at)
    let cr = buffer.indexOf(CR, at)
    while (at < buffer.length && !this.stopped) {
      const lf = buffer.indexOf(LF, at)
      const stop = lf < 0 ? buffer.length : lf
      if (cr >= 0 && cr < at) cr = buffer.indexOf(CR, at)
      if (quote >= 0 && quote < at) quote = buffer.indexOf(QUOTE, at)
      let end: Break = lf < 0 ? 'none' : 'lf'
      let content = stop
      let next = lf < 0 ? stop : lf + 1
      if (cr >= 0 && cr < stop) {
        content = cr
        end = cr + 1 === lf ? 'crlf' : 'cr'
        if (end === 'cr') next = cr + 1
      }
      this.#take(buffer, at, content, next, end, quote >= 0 && quote < content)
      at = next
    }
  }

  #take(buffer: Buffer, from: number, content: number, next: number, end: Break, hasQuote: boolean): void {
    const again = this.#oneLine(buffer, from, content, next, end, hasQuote)
    if (again !== null) this.#rerun(again)
  }

  /** Reads again the lines a bad quote had swallowed. A stack, so that many lines cost no copies. */
  #rerun(lines: Line[]): void {
    const stack = lines.reverse()
    while (stack.length > 0 && !this.stopped) {
      const line = stack.pop()
      if (!line) return
      const { bytes, content, end } = line
      const more = this.#oneLine(bytes, 0, content, bytes.length, end, bytes.includes(QUOTE))
      if (more !== null) for (let i = more.length - 1; i >= 0; i--) pushLine(stack, more[i])
    }
  }

  /** Reads one physical line; gives back the lines that must be read again, or null. */
  #oneLine(
    buffer: Buffer,
    from: number,
    content: number,
    next: number,
    end: Break,
    hasQuote: boolean,
  ): Line[] | null {
    const continues = this.#pending.length > 0
    if (!continues) {
      if (content === from) {
        this.#blank(buffer, from, end)
        return null
      }
      this.#record.line = this.#line
      this.#walker.start()
    }
    const wasOpen = continues
    const columns = this.#options.columns
    const state = hasQuote || wasOpen ? this.#walker.walk(buffer, from, content) : 'done'
    if (!hasQuote && !wasOpen && columns !== undefined)
      this.#walker.countPlain(buffer, from, content, columns)
    if (state === 'open') return this.#keepOpen(buffer, from, content, next, end)
    if (state === 'broken') {
      if (wasOpen && !this.#walker.opened) {
        // The quote opened lines above closes before text: it was never meant to reach here.
        return this.#giveUpQuote([
          { bytes: Buffer.from(buffer.subarray(from, next)), content: content - from, end },
        ])
      }
      this.#finish(buffer, from, content, next - from, end, 'quote', this.#line)
      return null
    }
    this.#finish(buffer, from, content, next - from, end, null, this.#line)
    return null
  }

  #keepOpen(buffer: Buffer, from: number, content: number, next: number, end: Break): Line[] | null {
    if (this.#pending.length === 0 || this.#walker.opened) this.#openAt = this.#pending.length
    this.#pending.push({ bytes: Buffer.from(buffer.subarray(from, next)), content: content - from, end })
    this.#pendingBytes += next - from
    this.#line++
    const fits = this.#pendingBytes <= this.#max && this.#pending.length <= MAX_QUOTED_LINES
    return fits ? null : this.#giveUpQuote([])
  }

  /** Ends the record at the line where its quote opened; what followed is to be read again. */
  #giveUpQuote(current: Line[]): Line[] {
    const lines = this.#pending
    const again = [...lines.slice(this.#openAt + 1), ...current]
    const last = lines[this.#openAt]
    this.#head = lines.slice(0, this.#openAt)
    this.#pending = []
    this.#pendingBytes = 0
    // #line already passed every pending line; go back to the one after the opening.
    this.#line -= lines.length - this.#openAt
    if (last) {
      this.#record.cells = this.#walker.cells
      this.#current = { buffer: last.bytes, from: 0, to: last.content }
      this.#measure(last.bytes.length)
      this.#emit('unclosed', this.#line, true)
      this.#count(last.end)
      this.#line++
    }
    this.#head = []
    return again
  }

  #finish(
    buffer: Buffer,
    from: number,
    content: number,
    size: number,
    end: Break,
    quoteFault: FaultKind | null,
    faultLine: number,
  ): void {
    if (this.#pending.length > 0) this.summary.quotedBreaks = true
    this.#head = this.#pending
    this.#pending = []
    this.#pendingBytes = 0
    this.#current = { buffer, from, to: content }
    this.#measure(size)
    this.#record.cells = this.#walker.cells
    let fault = quoteFault
    const columns = this.#options.columns
    if (fault === null && size > this.#max) fault = 'long'
    if (fault === null && this.#options.checkUtf8 && !isUtf8(this.#raw())) fault = 'encoding'
    if (fault === null && columns !== undefined) {
      if (this.#walker.cells < columns) fault = 'few'
      else if (this.#walker.filled > columns) fault = 'many'
    }
    this.#emit(fault, fault === 'quote' ? faultLine : this.#record.line, this.#walker.quoted)
    this.#head = []
    this.#count(end)
    this.#line++
  }

  #measure(size: number): void {
    let total = size
    for (const line of this.#head) total += line.bytes.length
    if (total > this.summary.longestRecord) this.summary.longestRecord = total
  }

  #blank(buffer: Buffer, at: number, end: Break): void {
    const leading = this.summary.records === 0 && this.#options.skipLeadingBlank === true
    if (this.#options.blankIsRecord && !leading) {
      this.#record.line = this.#line
      this.#record.cells = 1
      this.#current = { buffer, from: at, to: at }
      this.#emit(null, this.#line, false)
    } else {
      this.summary.blankLines++
      if (this.summary.records === 0) this.summary.leadingBlankLines++
    }
    this.#count(end)
    this.#line++
  }

  #count(end: Break): void {
    if (end !== 'none') this.summary.ends[end]++
  }

  #emit(fault: FaultKind | null, faultLine: number, quoted: boolean): void {
    this.summary.records++
    this.summary.innerBlankLines = this.summary.blankLines - this.summary.leadingBlankLines
    if (fault === 'quote' || fault === 'unclosed') this.summary.quoteFaults++
    const handler = this.#options.onRecord
    if (!handler) return
    this.#record.ordinal = this.summary.records
    this.#record.fault = fault
    this.#record.faultLine = faultLine
    this.#record.quoted = quoted
    if (handler(this.#record) === false) this.stopped = true
  }

  #raw(): Buffer {
    const { buffer, from, to } = this.#current
    const last = buffer.subarray(from, to)
    return this.#head.length === 0 ? last : Buffer.concat([...this.#head.map((line) => line.bytes), last])
  }
}

function pushLine(stack: Line[], line: Line | undefined): void {
  if (line) stack.push(line)
}

function breakOf(tail: Buffer): Break {
  const last = tail[tail.length - 1]
  if (last === LF) return tail[tail.length - 2] === CR ? 'crlf' : 'lf'
  return last === CR ? 'cr' : 'none'
}

/** Where the last complete line of the chunk ends; 0 when none does. A final `\r` may be half of a `\r\n`. */
function lineAlignedEnd(chunk: Buffer): number {
  const lf = chunk.lastIndexOf(LF)
  if (lf >= 0) return lf + 1
  if (chunk.length < 2) return 0
  const cr = chunk.lastIndexOf(CR, chunk.length - 2)
  if (cr >= 0) return cr + 1
  return 0
}

function firstLineEnd(chunk: Buffer, afterCr: boolean): number {
  if (afterCr) return chunk[0] === LF ? 1 : 0
  const lf = chunk.indexOf(LF)
  return lf >= 0 ? lf + 1 : chunk.indexOf(CR) + 1
}
