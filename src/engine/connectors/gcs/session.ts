import { createHash, randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { json, text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { corrupt, cut } from '../shared/errors'
import type { PutRequest } from '../shared/object-store'
import { type RetryPolicy, retrying } from '../shared/retry'
import { openSource, Tallying } from '../shared/source'
import { slicesOf, Taker } from '../shared/upload'
import type { WriteResult, WriteSource } from '../types'
import type { GcsHttp } from './http'

/** A multiple of 256 KiB, as the service wants all parts but the last. */
const CHUNK = 8 * 1024 * 1024
const CHUNK_RETRY: RetryPolicy = { attempts: 3, baseMs: 200, maxMs: 2_000 }
const UNFINISHED = 308
const EMPTY = Buffer.alloc(0)

const storedSchema = z.object({
  generation: z.string(),
  size: z.coerce.number(),
  /** Of everything but what was composed on the server. */
  md5Hash: z.string().optional(),
})
type StoredFile = z.infer<typeof storedSchema>

export interface SessionTarget {
  http: GcsHttp
  bucket: string
  key: string
  place: string
  /** Takes away what was stored and is not what was sent. */
  removeGeneration(generation: string): Promise<void>
}

/**
 * A file to the service: one request up to 8 MiB, which the service compares with its MD5 before it stores anything; beyond, a session that takes
 * one part after another and knows how far it came, so that a cut goes on from there. What was stored is compared by its MD5.
 * @throws AppError REMOTE_CORRUPT, and GcsFailure
 */
export async function sendFile(
  target: SessionTarget,
  source: WriteSource,
  request: PutRequest,
): Promise<WriteResult> {
  const tally = new Tallying({ md5: true })
  pipeline(openSource(source), tally, { signal: request.signal }).catch(() => undefined)
  try {
    const sending = new Sending(
      target,
      request,
      new Taker(tally),
      'file' in source ? undefined : source.bytes,
    )
    const stored = await sending.run()
    const { bytes, sha256, md5 } = tally.tally()
    const mine = Buffer.from(md5, 'hex').toString('base64')
    const same = stored.size === bytes && (stored.md5Hash === undefined || stored.md5Hash === mine)
    if (!same) {
      await target.removeGeneration(stored.generation)
      throw corrupt(request.path, target.place, { bytes: stored.size })
    }
    return {
      bytes,
      sha256,
      etag: stored.generation,
      verified: stored.md5Hash === undefined ? 'size' : 'checksum',
    }
  } finally {
    tally.destroy()
  }
}

const md5Base64 = (content: Buffer): string => createHash('md5').update(content).digest('base64')

class Sending {
  private left = 0

  constructor(
    private readonly target: SessionTarget,
    private readonly request: PutRequest,
    private readonly taker: Taker,
    private readonly announced: number | undefined,
  ) {}

  async run(): Promise<StoredFile> {
    const first = await this.taker.take(CHUNK)
    return storedSchema.parse(this.taker.ended ? await this.whole(first) : await this.session(first))
  }

  private get query() {
    return { ifGenerationMatch: this.request.ifAbsent ? 0 : undefined, name: this.target.key }
  }
  private get path(): string {
    return `/upload/storage/v1/b/${encodeURIComponent(this.target.bucket)}/o`
  }

  private requireWhole(bytes: number): void {
    if (this.announced !== undefined && this.announced !== bytes)
      throw corrupt(this.request.path, this.target.place, { expected: this.announced, bytes })
  }

  private tell = (bytes: number): void => {
    this.left += bytes
    this.request.onProgress?.(this.left)
  }

  /** Its MD5 goes with it: the service stores nothing else. */
  private async whole(content: Buffer): Promise<unknown> {
    this.requireWhole(content.length)
    const { signal } = this.request
    const boundary = randomUUID()
    const facts = JSON.stringify({ md5Hash: md5Base64(content) })
    const head = Buffer.from(
      `--${boundary}\r\ncontent-type: application/json\r\n\r\n${facts}\r\n` +
        `--${boundary}\r\ncontent-type: application/octet-stream\r\n\r\n`,
    )
    const body = Buffer.concat([head, content, Buffer.from(`\r\n--${boundary}--`)])
    return this.target.http.askJson('POST', this.path, {
      query: { ...this.query, uploadType: 'multipart' },
      headers: { 'content-type': `multipart/related; boundary=${boundary}` },
      body: {
        bytes: body.length,
        open: () => Readable.from(slicesOf(body, this.tell), { objectMode: false }),
      },
      signal,
    })
  }

  private async session(first: Buffer): Promise<unknown> {
    const { http } = this.target
    const begun = await http.askEmpty('POST', this.path, {
      query: { ...this.query, uploadType: 'resumable' },
      headers: { 'x-upload-content-type': 'application/octet-stream' },
      signal: this.request.signal,
    })
    const url = String(begun.headers.location)
    try {
      return await this.sendParts(url, first)
    } catch (error) {
      // Given up, so that what came so far is not kept for a week; that it can't be must not hide why.
      await http.askEmpty('DELETE', url, { also: [499] }).catch(() => undefined)
      throw error
    }
  }

  private async sendParts(url: string, first: Buffer): Promise<unknown> {
    let at = 0
    for (let content = first; ; content = await this.taker.take(CHUNK)) {
      const last = this.taker.ended
      if (last) this.requireWhole(at + content.length)
      const answer = await this.sendPart(url, at, content, last)
      if (answer !== null) return answer
      at += content.length
    }
  }

  /** The file, once the service has all of it; null before. */
  private sendPart(url: string, at: number, content: Buffer, last: boolean): Promise<unknown> {
    const { signal, explain } = this.request
    const end = at + content.length
    const total = last ? end : '*'
    let from = at
    return retrying(CHUNK_RETRY, signal, async (attempt) => {
      try {
        if (attempt > 1) {
          const known = await this.exchange(url, `bytes */${total}`, EMPTY)
          if (known.file !== null) return known.file
          // What came of a part that was cut is kept.
          from = Math.max(at, known.bytes)
        }
        if (from === end && !last) return null
        const range = from === end ? '*' : `${from}-${end - 1}`
        const known = await this.exchange(url, `bytes ${range}/${total}`, content.subarray(from - at))
        if (known.file === null && (last || known.bytes !== end)) throw cut(this.target.place)
        return known.file
      } catch (error) {
        throw explain(error)
      }
    })
  }

  /** What the service has: the file, if this was the last of it, or so many bytes. */
  private async exchange(
    url: string,
    range: string,
    content: Buffer,
  ): Promise<{ file: unknown; bytes: number }> {
    const answer = await this.target.http.ask('PUT', url, {
      headers: { 'content-range': range },
      body: {
        bytes: content.length,
        open: () => Readable.from(slicesOf(content, this.tell), { objectMode: false }),
      },
      also: [UNFINISHED],
      signal: this.request.signal,
    })
    if (answer.statusCode !== UNFINISHED) return { file: await json(answer), bytes: 0 }
    await text(answer)
    const lastByte = /bytes=0-(\d+)/.exec(String(answer.headers.range ?? ''))?.[1]
    return { file: null, bytes: lastByte === undefined ? 0 : Number(lastByte) + 1 }
  }
}
