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

const resuming = (cuts: number[], bandwidth = new Bandwidth(null)): ResumingRead =>
  new ResumingRead(source(0, cuts.shift() ?? CONTENT.length), {
    ...{ from: 0, to: CONTENT.length, place: 'el servidor', idleMs: 60_000 },
    retry: { ...DEFAULT_RETRY, baseMs: 1, maxMs: 2 },
    bandwidth,
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

it.each([[[]], [[1]], [[1, 2, 3, 4, 5]], [[CONTENT.length - 1]]])(
  'a share of the wire changes neither what comes nor its order, with cuts at %j while a piece waits',
  async (cuts) => {
    const slow = () => {
      const share = new Bandwidth(500)
      // What is saved up is spent: every byte waits.
      share.take(500)
      return share
    }
    expect(await text(resuming([...cuts], slow()))).toBe(CONTENT)
    // The end of the source and its close come while the last piece waits.
    const whole = new ResumingRead(
      { ...source(0, CONTENT.length), stream: Readable.from([Buffer.from(CONTENT)], { objectMode: false }) },
      {
        ...{ from: 0, to: CONTENT.length, place: 'el servidor', idleMs: 60_000 },
        retry: { ...DEFAULT_RETRY, baseMs: 1, maxMs: 2 },
        bandwidth: slow(),
        reopen: () => Promise.reject(cut('el servidor')),
      },
    )
    expect(await text(whole)).toBe(CONTENT)
  },
)
