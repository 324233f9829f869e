import { basename, join } from 'node:path'
import { AppError } from '@shared/errors/app-error'
import { hostileInputs } from '@testkit/hostile'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { inferSample } from '.'
import { accepted, SampleBench } from './sample-bench'

let bench: SampleBench
beforeEach(async () => {
  bench = await SampleBench.open()
})
afterEach(() => bench.close())

it('reads or refuses in words every hostile file, and leaves nothing behind', async () => {
  const told: string[] = []
  for (const { name, file } of hostileInputs(join(bench.root, 'hostil'))) {
    try {
      const muestra = await inferSample({ path: file, name: basename(file), workRoot: bench.workRoot })
      expect(accepted(muestra).catalogos.length, name).toBeGreaterThan(0)
      told.push('leída')
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      expect(error.kind, `${name}: ${error.message}`).not.toBe('bug')
      expect(error.message.trim(), name).not.toBe('')
      told.push(error.code)
    }
    expect(await bench.list('trabajo'), name).toEqual([])
  }
  expect(told).toContain('leída')
  expect(new Set(told).size).toBeGreaterThan(5)
})
