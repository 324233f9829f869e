import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { LogFile } from './log-file'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sage-log-'))
})

afterEach(() => rm(folder, { recursive: true }))

it('makes its folder, appends in order, and goes on where it was', async () => {
  const path = join(folder, 'logs', 'engine.log')
  const first = new LogFile(path)
  first.write('a\n')
  first.write('b\n')
  await first.close()
  const second = new LogFile(path)
  second.write('c\n')
  await second.close()
  expect(await readFile(path, 'utf8')).toBe('a\nb\nc\n')
})

it('rotates past its size and loses no line', async () => {
  const path = join(folder, 'engine.log')
  const log = new LogFile(path, 10)
  for (const line of ['11111111\n', '22222222\n', '3\n']) log.write(line)
  await log.close()
  expect(await readFile(`${path}.1`, 'utf8')).toBe('11111111\n22222222\n')
  expect(await readFile(path, 'utf8')).toBe('3\n')
})

it.each([
  ['lies below a file', 'file/engine.log'],
  ['is a folder', 'folder'],
])('does not take its program down when its path %s', async (_name, path) => {
  await writeFile(join(folder, 'file'), '')
  await mkdir(join(folder, 'folder'))
  const log = new LogFile(join(folder, path))
  log.write('x')
  await expect(log.close()).resolves.toBeUndefined()
})
