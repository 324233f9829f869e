import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fuzzOne, WHOLE } from '@testkit/fuzz'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runExecution } from './run'
import { Bench } from './testing-bench'

/** `npm run soak -- fuzz` is the long one: 10,000, in processes that are watched. */
const RUNS = 154
const STATES = ['Éxito', 'Parcial', 'Fallido']

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sage-fuzz-run-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

it('reads every seed of the fuzzer when it is whole', async () => {
  const bench = await Bench.open()
  try {
    for (const { name, yaml, bytes } of WHOLE) {
      const verdict = await bench.run(name, bytes, yaml)
      expect(verdict.fileErrors, name).toEqual([])
      expect(verdict.totals.records, name).toBeGreaterThan(3)
    }
  } finally {
    await bench.close()
  }
})

// Failed once: a verdict in the order of arrival, a ZIP whose files went away under a scan, rows of a sheet without a number.
it.each([40, 93, 2286, 2550, 2781, 5000])('ends damaged file %i as it should', async (run) => {
  expect(await fuzzOne(run, root, runExecution)).not.toBe('')
})

it(`ends ${RUNS} damaged files in a verdict or an error of ours, with nothing left`, async () => {
  const told = new Map<string, number>()
  for (let run = 0; run < RUNS; run++) {
    const end = await fuzzOne(run, root, runExecution)
    told.set(end, (told.get(end) ?? 0) + 1)
  }
  expect(await readdir(root)).toEqual([])
  // Damage of many kinds got through, and some was refused at the door: the fuzzer is not stuck at one of them.
  expect([...told.keys()].filter((end) => STATES.includes(end)).length).toBeGreaterThan(1)
  expect(told.size).toBeGreaterThan(10)
}, 300_000)
