import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectorSpec, openConnector } from '..'
import { contract } from '../contract/index.fixture'

let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'sage-local-'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const open = (folder: string) => openConnector({ kind: 'local', config: { folder: join(root, folder) } })

contract('local', () => ({
  open,
  prepare: async (base) => void mkdirSync(join(root, base)),
  openRefused: null,
  openNowhere: () => open('no-existe'),
  nowhereFailsAt: 'list',
}))

describe('local', () => {
  it('shows nothing that a link leads to outside, and follows one inside', async () => {
    const base = join(root, 'enlaces')
    mkdirSync(join(base, 'dentro'), { recursive: true })
    mkdirSync(join(root, 'fuera'))
    writeFileSync(join(root, 'fuera/secreto.txt'), 'no')
    writeFileSync(join(base, 'dentro/a.txt'), 'sí')
    symlinkSync(join(root, 'fuera'), join(base, 'salida'))
    symlinkSync(join(root, 'fuera/secreto.txt'), join(base, 'secreto.txt'))
    symlinkSync(join(base, 'dentro'), join(base, 'atajo'))
    const connector = await open('enlaces')
    const { entries } = await connector.list('')
    expect(entries.map((entry) => entry.path).sort()).toEqual(['atajo', 'dentro'])
    expect((await connector.list('atajo')).entries.map((entry) => entry.path)).toEqual(['atajo/a.txt'])
    const gone = { code: 'REMOTE_NOT_FOUND' }
    await expect(connector.read('secreto.txt')).rejects.toMatchObject(gone)
    await expect(connector.read('salida/secreto.txt')).rejects.toMatchObject(gone)
    const source = join(base, 'dentro/a.txt')
    await expect(connector.write('salida/nuevo.txt', { file: source })).rejects.toMatchObject(gone)
    await connector.remove('salida/secreto.txt')
    expect(readdirSync(join(root, 'fuera'))).toEqual(['secreto.txt'])
  })

  it('sweeps what a write that was killed left two days ago, and lists none of it', async () => {
    const base = join(root, 'restos')
    mkdirSync(base)
    for (const name of ['.sage-viejo', '.sage-nuevo', 'a.txt']) writeFileSync(join(base, name), 'x')
    for (const name of ['.sage-viejo', 'a.txt']) utimesSync(join(base, name), 1_000_000_000, 1_000_000_000)
    const { entries } = await (await open('restos')).list('')
    expect(entries.map((entry) => entry.path)).toEqual(['a.txt'])
    expect(readdirSync(base).sort()).toEqual(['.sage-nuevo', 'a.txt'])
  })

  it('does not make a base that is away', async () => {
    const connector = await open('desconectada')
    const away = { code: 'REMOTE_NO_CONTAINER' }
    writeFileSync(join(root, 'x.txt'), 'x')
    await expect(connector.write('a.txt', { file: join(root, 'x.txt') })).rejects.toMatchObject(away)
    await expect(connector.list('')).rejects.toMatchObject(away)
    expect(readdirSync(root)).not.toContain('desconectada')
  })

  it('takes an absolute folder only, and no key that it does not know', () => {
    const spec = connectorSpec('local')
    const invalid = { code: 'PROVIDER_CONFIG_INVALID' }
    expect(() => spec.parse({ folder: 'relativa' })).toThrow(expect.objectContaining(invalid))
    expect(() => spec.parse({ folder: '/a', otra: 1 })).toThrow(expect.objectContaining(invalid))
    expect(spec.parse({ folder: '/a' })).toEqual({ version: 1, folder: '/a' })
  })
})
