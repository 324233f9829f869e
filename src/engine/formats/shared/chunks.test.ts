import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TextInspector } from '..'
import { RecordScanner, type ScannerOptions } from './record-scanner'

const piece = fc.constantFrom(
  '"',
  '"',
  '""',
  ',',
  ',',
  '\n',
  '\n',
  '\r\n',
  '\r',
  'a',
  'bc',
  ' ',
  'ñ',
  '€',
  '😀',
  '\xff',
)
const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 8 })
const text = fc
  .array(piece, { maxLength: 60 })
  .map((pieces) => Buffer.from(pieces.join('').replaceAll('\xff', '\u0000')).map((b) => (b === 0 ? 0xff : b)))

/** Cuts where the sizes say, over and over, and hands out a buffer that is overwritten afterwards, as a reader that reuses it does. */
function feed(bytes: Uint8Array, cuts: readonly number[], push: (chunk: Buffer) => void): void {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = cuts[i % cuts.length] ?? 1
    const chunk = Buffer.from(bytes.subarray(at, at + size))
    push(chunk)
    chunk.fill(0x22)
    at += size
  }
}

function scan(bytes: Uint8Array, cuts: readonly number[], options: Partial<ScannerOptions>): unknown {
  const records: unknown[] = []
  const scanner = new RecordScanner({
    delimiter: ',',
    columns: 3,
    checkUtf8: true,
    ...options,
    onRecord({ ordinal, line, fault, faultLine, cells, raw }) {
      records.push({ ordinal, line, fault, faultLine, cells, raw: raw().toString('hex') })
      return true
    },
  })
  feed(bytes, cuts, (chunk) => scanner.push(chunk))
  return { summary: scanner.end(), records }
}

describe('the size of the chunks changes nothing', () => {
  it('records, faults, lines and raw bytes', () => {
    fc.assert(
      fc.property(text, sizes, fc.boolean(), fc.constantFrom(',', '€'), (bytes, cuts, single, delimiter) => {
        const options = { delimiter, ...(single ? { blankIsRecord: true, columns: 1 } : {}) }
        expect(scan(bytes, cuts, options)).toEqual(scan(bytes, [1000], options))
      }),
      { numRuns: 1500, seed: 20261125 },
    )
  })

  it('records too long for the limit: the same faults, and what follows is read', () => {
    fc.assert(
      fc.property(text, sizes, (bytes, cuts) => {
        const records = Buffer.concat([
          Buffer.from(`a,b,c\n${'x'.repeat(90)},2,3\n`),
          bytes,
          Buffer.from('\nz,z,z\n'),
        ])
        const got = scan(records, cuts, { maxRecord: 80 })
        expect(got).toMatchObject({
          records: expect.arrayContaining([expect.objectContaining({ ordinal: 2, line: 2, fault: 'long' })]),
        })
      }),
      { numRuns: 300, seed: 20261125 },
    )
  })

  it('what the inspector tells, and the summary it hands over when a quote turns up late', () => {
    const inspect = (bytes: Uint8Array, cuts: readonly number[]): unknown => {
      const inspector = new TextInspector({ delimiter: ',' })
      feed(bytes, cuts, (chunk) => inspector.push(chunk))
      return inspector.finish()
    }
    fc.assert(
      fc.property(text, sizes, (bytes, cuts) => {
        const plain = bytes.filter((byte) => byte !== 13)
        const got = inspect(plain, cuts)
        // Whether accents were weighed by line or by chunk depends on the chunks; nothing else may.
        const whole = inspect(plain, [1000])
        const strip = (info: unknown): unknown => ({ ...(info as object), encoding: 0, otherEncodingLine: 0 })
        expect(strip(got)).toEqual(strip(whole))
        const quotes = (got as { quotes: unknown }).quotes
        const scanner = new RecordScanner({ delimiter: ',' })
        scanner.push(Buffer.from(plain))
        const summary = scanner.end()
        if (plain.includes(34)) expect(quotes).toEqual(summary)
      }),
      { numRuns: 1500, seed: 20261125 },
    )
  })
})
