import { MAX_RECORD_BYTES } from '../limits'
import type { TextEncoding, TextFileInfo } from '../types'
import { RecordScanner } from './record-scanner'
import { Utf8Check } from './utf8-check'

const LF = 10
const CR = 13

export interface InspectOptions {
  /** With it, and when the file has quotes, the quote-aware summary is made in the same pass. */
  delimiter?: string
}

/** What the inspection found, before anything is decided about the encoding. */
export interface Inspection extends TextFileInfo {
  /** The bytes look like UTF-16 (by mark or by their zeros), so the counts above are of no use until transcoded. */
  utf16: 'utf-16le' | 'utf-16be' | null
  /** No byte above 0x7f. */
  ascii: boolean
}

/**
 * Looks at a text file while its chunks go by (from a copy, from inflating): native searches only, no loop over bytes, so it
 * costs a small part of what reading the file does. Chunks may be reused by the caller after `push` returns.
 */
export class TextInspector {
  #utf8 = new Utf8Check()
  #bytes = 0
  #newlines = 0
  #crlf = 0
  #crs = 0
  #lastNewline = -1
  #last = -1
  #blank = 0
  #leadingBlank = 0
  /** Empty lines before the last line with text: those after it move no record. */
  #blankBeforeText = 0
  #seenText = false
  #longest = 0
  #hasQuote = false
  #firstNul: number | null = null
  #head: Buffer | null = null
  #delimiter: string | undefined
  #scanner: RecordScanner | null = null
  /** Bytes since the last line break: what the scanner must see first if a quote turns up. */
  #tail: Buffer[] = []
  #tailBytes = 0

  constructor(options: InspectOptions = {}) {
    this.#delimiter = options.delimiter
  }

  push(chunk: Buffer): void {
    if (chunk.length === 0) return
    this.#head = this.#keepHead(chunk)
    this.#utf8.push(chunk, this.#newlines + 1)
    if (this.#firstNul === null && chunk.includes(0)) this.#firstNul = this.#lineOfNul(chunk)
    this.#quotes(chunk)
    this.#lines(chunk)
    this.#bytes += chunk.length
    this.#last = chunk[chunk.length - 1] ?? -1
  }

  finish(): Inspection {
    this.#utf8.end(this.#newlines + 1)
    const lone = this.#crs - this.#crlf
    const info: Inspection = {
      encoding: this.#encoding(),
      transcoded: false,
      newlines: this.#newlines,
      endsWithNewline: this.#last === LF,
      hasQuote: this.#hasQuote,
      hasNul: this.#firstNul !== null,
      firstNulLine: this.#firstNul,
      hasCr: this.#crs === 0 ? 'none' : crKind(lone, this.#crlf, this.#newlines),
      emptyLines: lone > 0 ? null : this.#blank > 0,
      blankLines: this.#blank,
      leadingBlankLines: this.#leadingBlank,
      innerBlankLines: this.#innerBlank(),
      longestLine: Math.max(this.#longest, this.#bytes - 1 - this.#lastNewline),
      bytes: this.#bytes,
      firstBadUtf8Line: this.#utf8.firstBadLine,
      otherEncodingLine: this.#utf8.bad > 0 ? this.#otherLine() : null,
      quotes: this.#scanner?.end() ?? null,
      utf16: this.#utf16(),
      ascii: this.#utf8.good === 0 && this.#utf8.bad === 0,
    }
    return info
  }

  /** The first line that is not as most are, by what is told below. */
  #otherLine(): number | null {
    return this.#encoding() === 'windows-1252' ? this.#utf8.firstGoodLine : this.#utf8.firstBadLine
  }

  #innerBlank(): number {
    const before = this.#last === LF ? this.#blankBeforeText : this.#blank
    return Math.max(0, before - this.#leadingBlank)
  }

  #keepHead(chunk: Buffer): Buffer {
    if (this.#head !== null && this.#head.length >= 4096) return this.#head
    const part = chunk.subarray(0, 4096)
    return this.#head === null ? Buffer.from(part) : Buffer.concat([this.#head, part])
  }

  #lineOfNul(chunk: Buffer): number {
    const nul = chunk.indexOf(0)
    let line = this.#newlines + 1
    let at = chunk.indexOf(LF)
    while (at >= 0 && at < nul) {
      line++
      at = chunk.indexOf(LF, at + 1)
    }
    return line
  }

  #quotes(chunk: Buffer): void {
    if (!this.#hasQuote && chunk.includes(34)) this.#hasQuote = true
    if (this.#delimiter === undefined) return
    if (this.#scanner === null && this.#hasQuote) this.#startScanner(this.#delimiter)
    if (this.#scanner !== null) {
      this.#scanner.push(chunk)
      return
    }
    if (this.#delimiter === undefined) return
    const cut = chunk.lastIndexOf(LF)
    if (cut >= 0) this.#tail = []
    this.#tail.push(Buffer.from(chunk.subarray(cut + 1)))
    this.#tailBytes = (cut >= 0 ? 0 : this.#tailBytes) + chunk.length - cut - 1
    // A line of many megabytes, or `\r` alone as line break: left to a pass of its own.
    if (this.#tailBytes > MAX_RECORD_BYTES) this.#giveUpSummary()
  }

  #giveUpSummary(): void {
    this.#delimiter = undefined
    this.#tail = []
  }

  /** Up to here no quote was seen, so every line that is not empty was a record. */
  #startScanner(delimiter: string): void {
    if (this.#crs !== this.#crlf + (this.#last === CR ? 1 : 0)) {
      this.#giveUpSummary()
      return
    }
    const scanner = new RecordScanner({ delimiter })
    this.#scanner = scanner
    if (this.#newlines > 0) {
      scanner.resume(this.#newlines, {
        blankLines: this.#blank,
        leadingBlankLines: this.#leadingBlank,
        ends: { lf: this.#newlines - this.#crlf, crlf: this.#crlf, cr: 0 },
        longestRecord: this.#longest,
      })
    }
    for (const part of this.#tail) scanner.push(part)
    this.#tail = []
  }

  #lines(chunk: Buffer): void {
    const hasCr = this.#crs > 0 || chunk.includes(CR)
    let lastNewline = this.#lastNewline - this.#bytes
    let longest = this.#longest
    let at = chunk.indexOf(LF)
    while (at >= 0) {
      const size = at - lastNewline
      if (size > longest) longest = size
      const crBefore = hasCr && (at > 0 ? chunk[at - 1] : this.#last) === CR
      if (crBefore) this.#crlf++
      if (size === 1 || (size === 2 && crBefore)) {
        this.#blank++
        if (!this.#seenText) this.#leadingBlank++
      } else {
        this.#seenText = true
        this.#blankBeforeText = this.#blank
      }
      this.#newlines++
      lastNewline = at
      at = chunk.indexOf(LF, at + 1)
    }
    this.#longest = longest
    this.#lastNewline = lastNewline + this.#bytes
    if (hasCr) this.#countCr(chunk)
  }

  #countCr(chunk: Buffer): void {
    let at = chunk.indexOf(CR)
    while (at >= 0) {
      this.#crs++
      at = chunk.indexOf(CR, at + 1)
    }
  }

  #encoding(): TextEncoding {
    const head = this.#head
    if (head && head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8-bom'
    const utf16 = this.#utf16()
    if (utf16) return utf16
    // Windows-1252 text hardly ever reads as UTF-8 by chance: the majority of its lines with accents decide.
    return this.#utf8.bad > 0 && this.#utf8.bad >= this.#utf8.good ? 'windows-1252' : 'utf-8'
  }

  #utf16(): 'utf-16le' | 'utf-16be' | null {
    const head = this.#head
    if (!head || head.length < 2) return null
    if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
    if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
    if (this.#firstNul === null) return null
    return zerosOf(head)
  }
}

/** Western text in UTF-16 without a mark has a zero in every other byte, always on the same side. */
function zerosOf(head: Buffer): 'utf-16le' | 'utf-16be' | null {
  let even = 0
  let odd = 0
  const pairs = head.length >> 1
  for (let i = 0; i < pairs * 2; i += 2) {
    if (head[i] === 0) even++
    if (head[i + 1] === 0) odd++
  }
  if (pairs === 0) return null
  if (odd > pairs * 0.7 && even < pairs * 0.05) return 'utf-16le'
  if (even > pairs * 0.7 && odd < pairs * 0.05) return 'utf-16be'
  return null
}

function crKind(lone: number, crlf: number, newlines: number): 'crlf' | 'lone' | 'mixed' {
  if (lone === 0) return crlf === newlines ? 'crlf' : 'mixed'
  return newlines === 0 ? 'lone' : 'mixed'
}
