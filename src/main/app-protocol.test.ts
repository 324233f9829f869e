import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isInside, resolveAppFile, serveApp } from './app-protocol'
import { isAppUrl } from './app-url'

let base: string
let root: string

beforeAll(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'sage-app-')))
  root = join(base, 'renderer')
  await mkdir(join(root, 'assets'), { recursive: true })
  await mkdir(join(base, 'renderer-other'))
  await writeFile(join(root, 'index.html'), '<p>inicio</p>')
  await writeFile(join(root, 'assets', 'a.js'), 'export {}')
  await writeFile(join(root, 'notes.md'), 'x')
  await writeFile(join(base, 'secret.json'), '{}')
  await writeFile(join(base, 'renderer-other', 'b.js'), 'x')
  await symlink(join(base, 'secret.json'), join(root, 'linked.json'))
})

afterAll(() => rm(base, { recursive: true }))

describe('resolveAppFile', () => {
  it('finds the files of the console, and its start for a place without extension', async () => {
    expect(await resolveAppFile(root, 'app://sage/')).toBe(join(root, 'index.html'))
    expect(await resolveAppFile(root, 'app://sage/ejecuciones/12')).toBe(join(root, 'index.html'))
    expect(await resolveAppFile(root, 'app://sage/assets/a.js?v=1#x')).toBe(join(root, 'assets', 'a.js'))
  })

  it.each([
    'app://sage/..%2fsecret.json',
    'app://sage/assets/..%2f..%2fsecret.json',
    'app://sage/%252e%252e%252fsecret.json',
    'app://sage/..%5csecret.json',
    'app://sage/..%2frenderer-other%2fb.js',
    'app://sage/index.html%00.js',
    'app://sage/linked.json',
    'app://sage/notes.md',
    'app://sage/none.js',
    'app://sage/%E0%A4%A',
    'app://other/index.html',
    'app://sage:81/index.html',
    'not a url',
  ])('finds nothing for %s', async (url) => {
    expect(await resolveAppFile(root, url)).toBeNull()
  })

  it('answers with type and policy, and takes no other method', async () => {
    const serve = serveApp(root)
    const answer = await serve({ url: 'app://sage/assets/a.js', method: 'GET' })
    expect(await answer.text()).toBe('export {}')
    expect(answer.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(answer.headers.get('content-security-policy')).toContain("script-src 'self';")
    expect((await serve({ url: 'app://sage/', method: 'PUT' })).status).toBe(405)
    const missing = await serve({ url: 'app://sage/none.js', method: 'GET' })
    expect(missing.status).toBe(404)
    expect(missing.headers.get('content-security-policy')).toContain("default-src 'none'")
  })
})

it('isInside compares path parts, not letters', () => {
  expect(isInside('/a/b', '/a/b')).toBe(true)
  expect(isInside('/a/b', '/a/b/c')).toBe(true)
  expect(isInside('/a/b', '/a/bc')).toBe(false)
  expect(isInside('/a/b', '/a')).toBe(false)
  expect(isInside('/a/b', '/a/b/../c')).toBe(false)
})

it('isAppUrl compares the parsed origin', () => {
  expect(isAppUrl('app://sage/x')).toBe(true)
  for (const url of [
    'app://sage.evil/',
    'app://sage@evil/',
    'app://u:p@sage/',
    'app://sage:80/',
    'http://sage/',
    'x',
    'file:///',
  ]) {
    expect(isAppUrl(url), url).toBe(false)
  }
  expect(isAppUrl('http://localhost:5173/x', 'http://localhost:5173')).toBe(true)
  expect(isAppUrl('http://localhost:5174/x', 'http://localhost:5173')).toBe(false)
  expect(isAppUrl('http://localhost:5173/x')).toBe(false)
})
