import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import type { Connector } from '../types'
import { bytesOf, contentOf, pathsIn, type Suite } from './support.fixture'

const HALF = 3 * 1024 * 1024

/** Gives half of what it announces, then waits for `go` and either gives the rest or fails. */
function halting(content: Buffer, go: Promise<'on' | 'cut'>): Readable {
  async function* halves() {
    yield content.subarray(0, HALF)
    if ((await go) === 'cut') throw new Error('the source was cut')
    yield content.subarray(HALF)
  }
  return Readable.from(halves(), { objectMode: false })
}

const later = <T>(): { promise: Promise<T>; resolve(value: T): void } => {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

export function writing(suite: Suite): void {
  const { connector, again } = suite
  it('replaces what was there', async () => {
    await connector().write('reemplazo.txt', bytesOf('la primera versión, más larga'))
    await connector().write('reemplazo.txt', bytesOf('la segunda'))
    expect(await contentOf(connector(), 'reemplazo.txt')).toBe('la segunda')
  })

  it('shows nothing of a write until it is whole', async () => {
    const other = await again()
    const content = randomBytes(2 * HALF)
    await connector().write('atomico/a.bin', bytesOf('antes'))
    const half = later<void>()
    const go = later<'on' | 'cut'>()
    const write = connector().write(
      'atomico/a.bin',
      { stream: halting(content, go.promise), bytes: content.length },
      { onProgress: (bytes) => bytes >= HALF && half.resolve() },
    )
    await half.promise
    expect(await contentOf(other, 'atomico/a.bin')).toBe('antes')
    expect(await pathsIn(other, 'atomico')).toEqual(['atomico/a.bin'])
    go.resolve('on')
    await write
    expect((await other.stat('atomico/a.bin')).bytes).toBe(content.length)
    await other.close()
  })

  it('leaves nothing of a write whose source was cut', async () => {
    const content = randomBytes(2 * HALF)
    const cut = { stream: halting(content, Promise.resolve('cut')), bytes: content.length }
    await expect(connector().write('cortado/nuevo.bin', cut)).rejects.toThrow()
    await expect(connector().stat('cortado/nuevo.bin')).rejects.toMatchObject({ code: 'REMOTE_NOT_FOUND' })
    await connector().write('cortado/viejo.txt', bytesOf('antes'))
    const second = { stream: halting(content, Promise.resolve('cut')), bytes: content.length }
    await expect(connector().write('cortado/viejo.txt', second)).rejects.toThrow()
    expect(await contentOf(connector(), 'cortado/viejo.txt')).toBe('antes')
    expect(await pathsIn(connector(), 'cortado')).toEqual(['cortado/viejo.txt'])
  })

  it('lets exactly one of several writers have a name that was free', async () => {
    const others = await Promise.all([again(), again(), again()])
    const writers: Connector[] = [connector(), ...others]
    for (let round = 0; round < 5; round++) {
      const path = `reclamo/${round}.txt`
      const ends = await Promise.allSettled(
        writers.map((writer, i) => writer.write(path, bytesOf(`el ${i}`), { ifAbsent: true })),
      )
      const winners = ends.flatMap((end, i) => (end.status === 'fulfilled' ? [i] : []))
      expect(winners).toHaveLength(1)
      for (const end of ends)
        if (end.status === 'rejected')
          expect(end.reason).toMatchObject({ code: 'REMOTE_EXISTS', kind: 'conflict' })
      expect(await contentOf(connector(), path)).toBe(`el ${winners[0]}`)
    }
    expect(await pathsIn(connector(), 'reclamo')).toHaveLength(5)
    for (const other of others) await other.close()
  })
}

export function cancelling({ connector }: Suite): void {
  it('ends an upload that is cancelled, and leaves what was there', async () => {
    await connector().write('cancelado/a.bin', bytesOf('antes'))
    const content = randomBytes(2 * HALF)
    const stop = new AbortController()
    const never = new Promise<'on'>(() => undefined)
    const write = connector().write(
      'cancelado/a.bin',
      { stream: halting(content, never), bytes: content.length },
      { signal: stop.signal, onProgress: (bytes) => bytes >= HALF && stop.abort() },
    )
    await expect(write).rejects.toMatchObject({ code: 'CANCELLED', kind: 'cancelled' })
    expect(await contentOf(connector(), 'cancelado/a.bin')).toBe('antes')
    await expect.poll(() => pathsIn(connector(), 'cancelado')).toEqual(['cancelado/a.bin'])
  })

  it('ends a download that is cancelled', async () => {
    await connector().write('cancelado/b.bin', bytesOf(randomBytes(2 * HALF)))
    const stop = new AbortController()
    const read = await connector().read('cancelado/b.bin', { signal: stop.signal })
    let bytes = 0
    const taking = (async () => {
      for await (const chunk of read.stream) {
        bytes += Buffer.from(chunk).length
        stop.abort()
      }
    })()
    await expect(taking).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(bytes).toBeLessThan(2 * HALF)
  })

  it('does not begin what is cancelled already', async () => {
    const signal = AbortSignal.abort()
    const cancelled = { code: 'CANCELLED' }
    await expect(connector().list('', { signal })).rejects.toMatchObject(cancelled)
    await expect(connector().write('cancelado/c.txt', bytesOf('c'), { signal })).rejects.toMatchObject(
      cancelled,
    )
    await expect(connector().stat('cancelado/c.txt')).rejects.toMatchObject({ code: 'REMOTE_NOT_FOUND' })
  })
}
