import { mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Grants } from './grants'

let folder: string

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'sage-grants-')))
  await writeFile(join(folder, 'año.csv'), 'a,b')
  await symlink(join(folder, 'año.csv'), join(folder, 'link.csv'))
})

afterAll(() => rm(folder, { recursive: true }))

it('keeps the path and gives name, size and a token', async () => {
  const grants = new Grants()
  const grant = await grants.add(join(folder, 'año.csv'))
  expect(grant).toEqual({ token: expect.any(String), name: 'año.csv', bytes: 3 })
  expect(grants.pathOf(grant.token)).toBe(join(folder, 'año.csv'))
  const linked = await grants.add(join(folder, 'link.csv'))
  expect(linked.name).toBe('link.csv')
  expect(grants.pathOf(linked.token)).toBe(join(folder, 'año.csv'))
})

it.each([
  ['a folder', () => folder, 'FILE_UNREADABLE'],
  ['a device', () => '/dev/zero', 'FILE_UNREADABLE'],
  ['a relative path', () => 'package.json', 'FILE_UNREADABLE'],
  ['a NUL', () => '/tmp/a\0b', 'FILE_UNREADABLE'],
  ['nothing', () => join(folder, 'none'), 'FILE_NOT_FOUND'],
])('refuses %s', async (_name, path, code) => {
  await expect(new Grants().add(path())).rejects.toMatchObject({ code })
})

it('keeps a chosen folder by its real path, and takes no file for one', async () => {
  const grants = new Grants()
  const { token, path } = await grants.addFolder(folder)
  expect(path).toBe(folder)
  expect(grants.pathOf(token)).toBe(folder)
  await expect(grants.addFolder(join(folder, 'año.csv'))).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
})

it('knows only its own tokens, and forgets the oldest of too many', async () => {
  const grants = new Grants()
  expect(() => grants.pathOf('x')).toThrow(expect.objectContaining({ code: 'GRANT_UNKNOWN' }))
  const first = await grants.add(join(folder, 'año.csv'))
  for (let i = 0; i < 500; i++) await grants.add(join(folder, 'año.csv'))
  expect(() => grants.pathOf(first.token)).toThrow(expect.objectContaining({ code: 'GRANT_UNKNOWN' }))
})
