import { createHash } from 'node:crypto'
import { createReadStream, type Stats } from 'node:fs'
import { stat as statFile } from 'node:fs/promises'
import { type Readable, Transform } from 'node:stream'
import { AppError } from '@shared/errors/app-error'
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

/** Tells how many bytes went through so far. */
export const watching = (onBytes: (sent: number) => void): Transform => {
  let sent = 0
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      sent += chunk.length
      onBytes(sent)
      done(null, chunk)
    },
  })
}

/** Of the file system of this machine, not of a stream that was closed around it. */
export const isFromFile = (error: unknown): boolean => error instanceof Error && 'syscall' in error

export const unreadable = (file: string, cause: unknown): AppError =>
  new AppError('FILE_NOT_FOUND', {
    kind: 'input',
    message: `No se puede leer «${file}».`,
    hint: 'Comprobar la ruta, el permiso y que el archivo no se haya movido.',
    details: { file },
    cause,
  })

/** @throws AppError FILE_NOT_FOUND */
export async function fileFacts(file: string): Promise<Stats> {
  try {
    return await statFile(file)
  } catch (error) {
    throw unreadable(file, error)
  }
}
