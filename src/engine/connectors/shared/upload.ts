import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { WriteResult, WriteSource } from '../types'
import { corrupt, unsupported } from './errors'
import type { PutRequest } from './object-store'
import { type RetryPolicy, retrying } from './retry'
import { openSource, Tallying } from './source'

const MIB = 1024 * 1024
const SLICE = 64 * 1024
/** Memory of one upload: so many parts of the least size. */
const PARTS_AT_ONCE = 2
const MAX_PARTS = 10_000
const PART_BYTES = 8 * MIB
/** An upload of unknown size has larger parts the further it goes, so that it fits in 10,000 of them. */
const GROW_EVERY = 1_000
/** Of one part: the whole upload is tried again by whoever asked for it. */
const PART_RETRY: RetryPolicy = { attempts: 3, baseMs: 200, maxMs: 2_000 }
/** What one request may carry. */
const MAX_SINGLE = 5 * 1024 * MIB

/** Bytes in memory, that can be sent again after a cut. */
export interface Body {
  bytes: number
  /** Hexadecimal; null where it is known only once all is sent. */
  md5: string | null
  open(): Readable
}

export interface Stored {
  /** Empty where the server does not say. */
  etag: string
  /** The etag is the MD5 of what was stored: it is not where the server encrypts with a key of its own. */
  hashed: boolean
}

/** What a client must do for an upload; it throws what its SDK throws. */
export interface UploadApi {
  place: string
  /** `complete` holds `ifAbsent`. Amazon's does; the one of Ceph 16 takes it and does nothing with it. */
  conditionalComplete: boolean
  put(body: Body, ifAbsent: boolean): Promise<Stored>
  begin(): Promise<string>
  part(id: string, number: number, body: Body): Promise<Stored>
  complete(id: string, etags: string[], ifAbsent: boolean): Promise<Stored>
  abort(id: string): Promise<void>
  /** Of what stands there now. */
  head(): Promise<{ etag: string; bytes: number }>
  remove(): Promise<void>
}

const md5Of = (content: Buffer): string => createHash('md5').update(content).digest('hex')

/** Bytes in slices, each of them told as it leaves. */
export function* slicesOf(content: Buffer, onLeave: (bytes: number) => void): Generator<Buffer> {
  for (let at = 0; at < content.length; at += SLICE) {
    const slice = content.subarray(at, at + SLICE)
    onLeave(slice.length)
    yield slice
  }
}

const bodyOf = (content: Buffer, onLeave: (bytes: number) => void): Body & { md5: string } => ({
  bytes: content.length,
  md5: md5Of(content),
  open: () => Readable.from(slicesOf(content, onLeave), { objectMode: false }),
})

/** Takes exactly so many bytes at a time off a stream; less only at its end. */
export class Taker {
  private readonly chunks: AsyncIterator<Buffer>
  private rest: Buffer = Buffer.alloc(0)
  ended = false

  constructor(stream: Readable) {
    this.chunks = stream[Symbol.asyncIterator]()
  }

  async take(bytes: number): Promise<Buffer> {
    const taken: Buffer[] = []
    let size = 0
    const keep = (chunk: Buffer) => {
      const fits = chunk.subarray(0, bytes - size)
      taken.push(fits)
      size += fits.length
      this.rest = chunk.subarray(fits.length)
    }
    keep(this.rest)
    while (size < bytes && !this.ended) {
      const next = await this.chunks.next()
      if (next.done === true) this.ended = true
      else keep(next.value)
    }
    // So that a file of exactly one part is known to be one.
    while (!this.ended && this.rest.length === 0) {
      const next = await this.chunks.next()
      if (next.done === true) this.ended = true
      else this.rest = next.value
    }
    return Buffer.concat(taken)
  }

  /** What was taken, and then everything that is left. */
  async *from(first: Buffer, onTake: (chunk: Buffer) => void): AsyncGenerator<Buffer> {
    for (const chunk of [first, this.rest]) {
      onTake(chunk)
      yield chunk
    }
    for (;;) {
      const next = await this.chunks.next()
      if (next.done === true) return
      onTake(next.value)
      yield next.value
    }
  }
}

/**
 * An upload that the server compares with what was sent: each request carries the MD5 of what is in it, and the etag that comes back must be the one
 * these bytes have. Up to one part it is one request; beyond, parts of which only the one that was cut is sent again.
 * @throws AppError REMOTE_CORRUPT, REMOTE_UNSUPPORTED, and what the API throws
 */
export async function upload(api: UploadApi, source: WriteSource, request: PutRequest): Promise<WriteResult> {
  return new Upload(api, source, request).run()
}

class Upload {
  private readonly tally = new Tallying()
  private readonly taker = new Taker(this.tally)
  private readonly announced: number | undefined
  private left = 0

  constructor(
    private readonly api: UploadApi,
    private readonly source: WriteSource,
    private readonly request: PutRequest,
  ) {
    this.announced = 'file' in source ? undefined : source.bytes
  }

  async run(): Promise<WriteResult> {
    const { ifAbsent = false, signal } = this.request
    // It fails the taker through the stream.
    pipeline(openSource(this.source), this.tally, { signal }).catch(() => undefined)
    try {
      const first = await this.taker.take(this.partBytes(1))
      const etag = this.taker.ended
        ? await this.single(first, ifAbsent)
        : ifAbsent && !this.api.conditionalComplete
          ? await this.streamed(first)
          : await this.parts(first, ifAbsent)
      const { bytes, sha256 } = this.tally.tally()
      return { bytes, etag, sha256, verified: 'checksum' }
    } finally {
      this.tally.destroy()
    }
  }

  private tell = (bytes: number): void => {
    this.left += bytes
    this.request.onProgress?.(this.left)
  }

  private partBytes(number: number): number {
    if (this.announced !== undefined) return Math.max(PART_BYTES, Math.ceil(this.announced / MAX_PARTS))
    return PART_BYTES * 2 ** Math.floor((number - 1) / GROW_EVERY)
  }

  private corrupt(details: Record<string, unknown>) {
    return corrupt(this.request.path, this.api.place, details)
  }

  /** A source that ends before what it announced is not whole. */
  private requireWhole(): void {
    const { bytes } = this.tally
    if (this.announced !== undefined && bytes !== this.announced)
      throw this.corrupt({ expected: this.announced, bytes })
  }

  private async single(content: Buffer, ifAbsent: boolean): Promise<string> {
    this.requireWhole()
    const body = bodyOf(content, this.tell)
    const { etag, hashed } = await this.api.put(body, ifAbsent)
    if (hashed && etag !== body.md5) throw this.corrupt({ etag })
    return etag
  }

  /** One request, though it is large: the only one that such a server decides between several writers. */
  private async streamed(first: Buffer): Promise<string> {
    const bytes = this.announced
    if (bytes === undefined || bytes > MAX_SINGLE) {
      throw unsupported(
        'escribir sin reemplazar un archivo de más de 5 GB o de tamaño desconocido',
        this.api.place,
        'Permitir que se reemplace.',
      )
    }
    const md5 = createHash('md5')
    const stream = Readable.from(
      this.taker.from(first, (chunk) => {
        md5.update(chunk)
        this.tell(chunk.length)
      }),
      { objectMode: false },
    )
    const { etag, hashed } = await this.api.put({ bytes, md5: null, open: () => stream }, true)
    this.requireWhole()
    if (hashed && etag !== md5.digest('hex')) {
      await this.api.remove()
      throw this.corrupt({ etag })
    }
    return etag
  }

  private async parts(first: Buffer, ifAbsent: boolean): Promise<string> {
    const id = await this.api.begin()
    try {
      const md5s = await this.sendParts(id, first)
      this.requireWhole()
      const told = await this.api.complete(
        id,
        md5s.map((part) => part.etag),
        ifAbsent,
      )
      const stored = told.etag === '' ? { ...told, ...(await this.api.head()) } : told
      const composite = `${md5Of(Buffer.from(md5s.map((part) => part.md5).join(''), 'hex'))}-${md5s.length}`
      if (stored.hashed && stored.etag !== composite) throw this.corrupt({ etag: stored.etag })
      return stored.etag
    } catch (error) {
      // Parts are paid for until they are thrown away; that they can't be must not hide why.
      await this.api.abort(id).catch(() => undefined)
      throw error
    }
  }

  private async sendParts(id: string, first: Buffer): Promise<{ etag: string; md5: string }[]> {
    const sent: { etag: string; md5: string }[] = []
    const running = new Set<Promise<void>>()
    const failures: unknown[] = []
    const start = (number: number, content: Buffer): void => {
      const work = this.sendPart(id, number, content)
        .then(
          (part) => {
            sent[number - 1] = part
          },
          (error: unknown) => {
            failures.push(error)
          },
        )
        .finally(() => running.delete(work))
      running.add(work)
    }
    try {
      start(1, first)
      for (let number = 2; !this.taker.ended && failures.length === 0; number++) {
        if (running.size >= PARTS_AT_ONCE) await Promise.race(running)
        start(number, await this.taker.take(this.partBytes(number)))
      }
    } finally {
      // The upload is given up only once nothing is being added to it.
      await Promise.all(running)
    }
    if (failures.length > 0) throw failures[0]
    return sent
  }

  private sendPart(id: string, number: number, content: Buffer): Promise<{ etag: string; md5: string }> {
    const body = bodyOf(content, this.tell)
    return retrying(PART_RETRY, this.request.signal, async () => {
      const { etag, hashed } = await this.api.part(id, number, body).catch((error: unknown) => {
        throw this.request.explain(error)
      })
      if (hashed && etag !== body.md5) throw this.corrupt({ part: number, etag })
      return { etag, md5: body.md5 }
    })
  }
}
