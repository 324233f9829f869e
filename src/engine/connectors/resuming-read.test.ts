import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { ResumingRead } from './resuming-read'
import { Bandwidth } from './shared/bandwidth'
import { cut } from './shared/errors'
import { DEFAULT_RETRY } from './shared/retry'
import type { RemoteRead } from './types'

const CONTENT = 'uno,dos,tres'

/** The content from a byte on, cut after some more of it. */
const source = (from: number, until: number): RemoteRead => ({
  stream: Readable.from(
    (async function* () {
      for (let at = from; at < until; at++) yield Buffer.from(CONTENT.slice(at, at + 1))
      if (until < CONTENT.length) throw cut('el servidor')
    })(),
    { objectMode: false },
  ),
  bytes: CONTENT.length,
  etag: 'e',
  modified: null,
})

const resuming = (cuts: number[]): ResumingRead =>
  new ResumingRead(source(0, cuts.shift() ?? CONTENT.length), {
    ...{ from: 0, to: CONTENT.length, place: 'el servidor', idleMs: 60_000 },
    retry: { ...DEFAULT_RETRY, baseMs: 1, maxMs: 2 },
    bandwidth: new Bandwidth(null),
    reopen: async (at) => source(at, cuts.shift() ?? CONTENT.length),
  })

it.each([[[]], [[0]], [[0, 0, 0]], [[4]], [[4, 4, 9]], [[CONTENT.length - 1]]])(
  'goes on after cuts at %j for whoever reads piece by piece, and for whoever is given',
  async (cuts) => {
    expect(await text(resuming([...cuts]))).toBe(CONTENT)
    const given: Buffer[] = []
    await new Promise((done, failed) => {
      resuming([...cuts])
        .on('data', (chunk: Buffer) => given.push(chunk))
        .on('end', done)
        .on('error', failed)
    })
    expect(Buffer.concat(given).toString()).toBe(CONTENT)
  },
)
