import { createHash, randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { download } from '../transfer'
import { bytesOf, contentOf, pagesOf, type Suite } from './support.fixture'

export function reading({ connector, dir }: Suite): void {
  it('reads the part that is asked for', async () => {
    const content = randomBytes(700_000)
    await connector().write('partes.bin', bytesOf(content))
    const ranges: [number, number | undefined][] = [
      [0, 1],
      [10, 20],
      [300_000, 650_000],
      [699_999, 700_000],
      [500, undefined],
      [0, 9_000_000],
    ]
    for (const [from, to] of ranges) {
      const read = await connector().read('partes.bin', { from, to })
      expect(read.bytes).toBe(700_000)
      expect((await buffer(read.stream)).equals(content.subarray(from, to)), `${from}-${to}`).toBe(true)
    }
  })

  it('reads an empty file', async () => {
    await connector().write('vacio.txt', { stream: Readable.from([]), bytes: 0 })
    expect(await contentOf(connector(), 'vacio.txt')).toBe('')
    expect((await connector().stat('vacio.txt')).bytes).toBe(0)
  })

  it('tells one etag wherever it is asked for, and another once the content changed', async () => {
    const written = await connector().write('etag.txt', bytesOf('antes'))
    const { etag } = await connector().stat('etag.txt')
    const listed = (await pagesOf(connector(), '')).flat().find((entry) => entry.path === 'etag.txt')
    const read = await connector().read('etag.txt', { ifMatch: written.etag })
    expect(await buffer(read.stream)).toEqual(Buffer.from('antes'))
    expect([written.etag, listed?.etag, read.etag]).toEqual([etag, etag, etag])
    await connector().write('etag.txt', bytesOf('después'))
    expect((await connector().stat('etag.txt')).etag).not.toBe(etag)
    await expect(connector().read('etag.txt', { ifMatch: written.etag })).rejects.toMatchObject({
      code: 'REMOTE_CHANGED',
      kind: 'conflict',
    })
  })

  it('carries 20 MB there and back', async () => {
    const content = randomBytes(20 * 1024 * 1024)
    const sha256 = createHash('sha256').update(content).digest('hex')
    const [source, target] = [join(dir(), 'ida.bin'), join(dir(), 'vuelta.bin')]
    writeFileSync(source, content)
    const progress: number[] = []
    const onProgress = (bytes: number) => progress.push(bytes)
    const written = await connector().write('grande/20.bin', { file: source }, { onProgress })
    expect(written).toMatchObject({ bytes: content.length, sha256 })
    expect(progress.at(-1)).toBe(content.length)
    const taken = await download(connector(), 'grande/20.bin', target)
    expect(taken).toEqual({ bytes: content.length, sha256, etag: written.etag })
    expect(readFileSync(target).equals(content)).toBe(true)
  })
}
