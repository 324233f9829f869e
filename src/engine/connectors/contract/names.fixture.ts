import { expect, it } from 'vitest'
import { bytesOf, contentOf, eachOf, pagesOf, pathsIn, type Suite } from './support.fixture'

const AWKWARD = [
  'con espacio.csv',
  'ñandú € 漢字.csv',
  'a#b?c&d=e.csv',
  '100%25 + más.csv',
  "com'illas «dobles».csv",
  'Mayúscula.CSV',
  '.punto',
  'a:b.csv',
]
const OUTSIDE = [
  '../fuera.txt',
  'a/../../fuera.txt',
  'a//b.txt',
  './a.txt',
  'a\\b.txt',
  'a\nb.txt',
  'a/..',
  '',
]

export function names({ connector }: Suite): void {
  it('keeps every name as it was given', async () => {
    for (const name of AWKWARD) await connector().write(`nombres/${name}`, bytesOf(name))
    expect(await pathsIn(connector(), 'nombres')).toEqual(AWKWARD.map((name) => `nombres/${name}`).sort())
    for (const name of AWKWARD) {
      const path = `nombres/${name}`
      expect(await contentOf(connector(), path)).toBe(name)
      expect(await connector().stat(path)).toMatchObject({ path, bytes: Buffer.byteLength(name) })
      await connector().move(path, `movidos/${name}`)
      await connector().copy(`movidos/${name}`, `copiados/${name}`)
      await connector().remove(`movidos/${name}`)
    }
    expect(await pathsIn(connector(), 'copiados')).toEqual(AWKWARD.map((name) => `copiados/${name}`).sort())
  })

  it.each(OUTSIDE)('refuses the path «%s»', async (path) => {
    const refused = { code: 'REMOTE_PATH_INVALID', kind: 'input' }
    await connector().write('dentro.txt', bytesOf('x'))
    await expect(connector().read(path)).rejects.toMatchObject(refused)
    await expect(connector().write(path, bytesOf('x'))).rejects.toMatchObject(refused)
    await expect(connector().remove(path)).rejects.toMatchObject(refused)
    await expect(connector().move('dentro.txt', path)).rejects.toMatchObject(refused)
    await expect(connector().copy(path, 'otro.txt')).rejects.toMatchObject(refused)
    if (path !== '') await expect(connector().list(path)).rejects.toMatchObject(refused)
  })
}

export function listing({ connector, server }: Suite): void {
  it('lists what is directly in a folder', async () => {
    await connector().write('lista/uno.txt', bytesOf('1'))
    await connector().write('lista/dentro/dos.txt', bytesOf('22'))
    await connector().write('lista/dentro/mas/tres.txt', bytesOf('333'))
    await connector().write('lista-otra.txt', bytesOf('4'))
    const entries = (await pagesOf(connector(), 'lista')).flat().sort((a, b) => (a.path < b.path ? -1 : 1))
    expect(entries).toMatchObject([
      { path: 'lista/dentro', kind: 'folder', bytes: 0, etag: null },
      { path: 'lista/uno.txt', kind: 'file', bytes: 1 },
    ])
    expect(entries).toHaveLength(2)
    expect(entries[1]?.etag).toMatch(/^[^"]+$/)
    expect(new Date(entries[1]?.modified ?? '').toISOString()).toBe(entries[1]?.modified)
    expect(await pathsIn(connector(), '')).toEqual(expect.arrayContaining(['lista', 'lista-otra.txt']))
    expect(await connector().stat('lista/dentro')).toMatchObject({ path: 'lista/dentro', kind: 'folder' })
  })

  it('gives each of many files in exactly one page', async () => {
    const count = server().many ?? 1_010
    const paths = Array.from({ length: count }, (_, i) => `muchos/f${String(i).padStart(5, '0')}.txt`)
    await eachOf(paths, (path) => connector().write(path, bytesOf('x')))
    const pages = await pagesOf(connector(), 'muchos', server().pageOf)
    expect(pages.length).toBeGreaterThan(1)
    expect(Math.max(...pages.map((page) => page.length))).toBeLessThanOrEqual(connector().limits.pageEntries)
    const listed = pages.flat().map((entry) => entry.path)
    expect(listed.sort()).toEqual(paths)
    const small = await connector().list('muchos', { limit: 7 })
    expect(small.entries).toHaveLength(7)
    expect(small.cursor).not.toBeNull()
    // A thousand small writes, each to the disk.
  }, 180_000)
}
