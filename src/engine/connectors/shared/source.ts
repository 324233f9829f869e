import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type Readable, Transform } from 'node:stream'
import type { WriteSource } from '../types'

/** The bytes of a source, from the beginning: a file can be opened again, a stream comes once. */
export const openSource = (source: WriteSource): Readable =>
  'file' in source ? createReadStream(source.file, { highWaterMark: 256 * 1024 }) : source.stream

export interface Tally {
  bytes: number
  sha256: string
  md5: string
}

/** Passes everything on, and at the end knows how much it was and its hashes. */
export class Tallying extends Transform {
  private readonly sha256 = createHash('sha256')
  private readonly md5: ReturnType<typeof createHash> | null
  bytes = 0

  /** `md5` only for servers that answer with one: it is not free. */
  constructor(options: { md5?: boolean } = {}) {
    super()
    this.md5 = options.md5 === true ? createHash('md5') : null
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: (error: null, chunk: Buffer) => void) {
    this.bytes += chunk.length
    this.sha256.update(chunk)
    this.md5?.update(chunk)
    done(null, chunk)
  }

  /** Once, after the end. */
  tally(): Tally {
    return {
      bytes: this.bytes,
      sha256: this.sha256.digest('hex'),
      md5: this.md5?.digest('hex') ?? '',
    }
  }
}
