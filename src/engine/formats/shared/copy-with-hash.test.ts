import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { copyWithHash, TextInspector } from '..'

/** A disk of 1 MiB, where the system lets us make one. */
function tinyDisk(): string | null {
  const dir = mkdtempSync(join(tmpdir(), 'sage-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', dir], { stdio: 'ignore' })
    return dir
  } catch {
    rmdirSync(dir)
    return null
  }
}
const smallDisk = tinyDisk()
afterAll(() => {
  if (!smallDisk) return
  execFileSync('umount', [smallDisk])
  rmdirSync(smallDisk)
})

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sage-copy-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

describe('copy with hash', () => {
  it('copies every byte, hashes it, tells how far it is and lets it be inspected', async () => {
    const source = join(root, 'a.csv')
    const content = Buffer.from('1,"ñ"\n'.repeat(700_001))
    await writeFile(source, content)
    const inspector = new TextInspector({ delimiter: ',' })
    const seen: [number, number][] = []
    const result = await copyWithHash(source, join(root, 'b.csv'), {
      onProgress: (done, total) => seen.push([done, total]),
      onChunk: (chunk) => inspector.push(chunk),
    })
    expect(result.sha256).toBe(createHash('sha256').update(content).digest('hex'))
    expect(result.bytes).toBe(content.length)
    expect(content.equals(await readFile(join(root, 'b.csv')))).toBe(true)
    expect(seen.at(-1)).toEqual([content.length, content.length])
    expect(inspector.finish()).toMatchObject({
      newlines: 700_001,
      quotes: { records: 700_001 },
      encoding: 'utf-8',
    })
  })

  it('an empty file is copied as it is', async () => {
    await writeFile(join(root, 'vacío'), '')
    const { bytes } = await copyWithHash(join(root, 'vacío'), join(root, 'vacío2'))
    expect(bytes).toBe(0)
  })

  it('refuses what is no plain file, and never waits for it', async () => {
    await mkdir(join(root, 'carpeta'))
    execFileSync('mkfifo', [join(root, 'tubo')])
    for (const name of ['carpeta', 'tubo']) {
      const work = copyWithHash(join(root, name), join(root, 'c'))
      await expect(work).rejects.toMatchObject({ code: 'FILE_NOT_REGULAR' })
    }
    await expect(copyWithHash(join(root, 'no está'), join(root, 'c'))).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
    })
    expect(await readdir(root)).not.toContain('c')
  })

  it('leaves nothing when cancelled, and never writes over a file', async () => {
    const source = join(root, 'grande')
    await writeFile(source, Buffer.alloc(8 * 1024 * 1024, 97))
    const control = new AbortController()
    const work = copyWithHash(source, join(root, 'd'), {
      signal: control.signal,
      onProgress: () => control.abort(),
    })
    await expect(work).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(await readdir(root)).not.toContain('d')
    await writeFile(join(root, 'e'), 'mío')
    await expect(copyWithHash(source, join(root, 'e'))).rejects.toMatchObject({ code: 'FILE_EXISTS' })
    expect(await readFile(join(root, 'e'), 'utf8')).toBe('mío')
  })

  it.skipIf(!smallDisk)('a full disk is said so and leaves nothing', async () => {
    const work = copyWithHash(join(root, 'grande'), join(smallDisk ?? '', 'f'))
    await expect(work).rejects.toMatchObject({ code: 'DISK_FULL' })
    expect(await readdir(smallDisk ?? '')).toEqual([])
  })
})
