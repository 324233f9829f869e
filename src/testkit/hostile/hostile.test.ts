import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { GOOD_CSV, hostileInputs } from '.'

const dir = mkdtempSync(join(tmpdir(), 'sage-hostil-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

it('builds at least 30 hostile inputs, each with a name of its own, a file and a YAML', () => {
  const inputs = hostileInputs(dir)
  expect(inputs.length).toBeGreaterThanOrEqual(30)
  expect(new Set(inputs.map((input) => input.name)).size).toBe(inputs.length)
  for (const input of inputs) {
    expect(statSync(input.file).isFile()).toBe(true)
    expect(statSync(input.yaml).isFile()).toBe(true)
  }
  const small = inputs.filter((input) => input.name.startsWith('YAML'))
  expect(small.every((input) => statSync(input.file).size === Buffer.byteLength(GOOD_CSV))).toBe(true)
})
