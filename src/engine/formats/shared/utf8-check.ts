import { isAscii, isUtf8 } from 'node:buffer'

const EMPTY = Buffer.alloc(0)
/** Lines looked at one by one before estimating: two milliseconds of work. */
const COUNTED_LINES = 20_000

/** How many bytes at the end of a chunk begin a UTF-8 sequence that goes on in the next chunk (0..3). */
function openSequence(chunk: Buffer): number {
  for (let back = 1; back <= 3 && back <= chunk.length; back++) {
    const byte = chunk[chunk.length - back] ?? 0
    if (byte < 0x80) return 0
    if (byte >= 0xc0) {
      const needs = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
      return needs > back ? back : 0
    }
  }
  return 0
}

/**
 * Tells UTF-8 from Windows-1252 over a whole file. Valid chunks cost one native call; only where bytes are not UTF-8 are lines
 * looked at one by one, to name the first and to weigh lines that are UTF-8 (and not plain ASCII) against lines that are not.
 */
export class Utf8Check {
  firstBadLine: number | null = null
  /** First line with accents that is UTF-8. */
  firstGoodLine: number | null = null
  /** Lines with accents that are UTF-8: counted in the first valid chunks, estimated from them in the rest. */
  good = 0
  bad = 0
  #carry: Buffer = EMPTY
  #countedLines = 0
  #countedBytes = 0
  #countedGood = 0

  /** `line` is the number of the physical line on which the chunk starts. */
  push(chunk: Buffer, line: number): void {
    let body = chunk
    if (this.#carry.length > 0) {
      let take = 0
      while (take < 3 && take < chunk.length && ((chunk[take] ?? 0) & 0xc0) === 0x80) take++
      const joined = Buffer.concat([this.#carry, chunk.subarray(0, take)])
      body = chunk.subarray(take)
      // The whole chunk is shorter than the sequence it continues.
      if (body.length === 0 && openSequence(joined) === joined.length) {
        this.#carry = joined
        return
      }
      this.#carry = EMPTY
      if (!isUtf8(joined)) this.#badLine(line)
      else this.#goodLine(line)
    }
    const open = openSequence(body)
    if (open > 0) {
      this.#carry = Buffer.from(body.subarray(body.length - open))
      body = body.subarray(0, body.length - open)
    }
    if (isUtf8(body)) {
      if (!isAscii(body)) this.#weigh(body, line)
      return
    }
    this.#byLine(body, line)
  }

  /** How many lines with accents a valid chunk has, so that a few damaged lines don't outvote a long good file. */
  #weigh(chunk: Buffer, line: number): void {
    if (this.#countedLines > COUNTED_LINES) {
      this.good += 1 + Math.floor((this.#countedGood / this.#countedBytes) * chunk.length)
      return
    }
    const before = this.good
    this.#countedLines += this.#byLine(chunk, line)
    this.#countedBytes += chunk.length
    this.#countedGood += this.good - before
  }

  /** `line`: the last physical line. */
  end(line: number): void {
    if (this.#carry.length > 0) this.#badLine(line)
    this.#carry = EMPTY
  }

  #badLine(line: number): void {
    this.bad++
    this.firstBadLine ??= line
  }

  #goodLine(line: number): void {
    this.good++
    this.firstGoodLine ??= line
  }

  #byLine(chunk: Buffer, firstLine: number): number {
    let line = firstLine
    let at = 0
    while (at < chunk.length) {
      const lf = chunk.indexOf(10, at)
      const stop = lf < 0 ? chunk.length : lf
      const text = chunk.subarray(at, stop)
      if (!isUtf8(text)) this.#badLine(line)
      else if (!isAscii(text)) this.#goodLine(line)
      at = stop + 1
      line++
    }
    return line - firstLine
  }
}
