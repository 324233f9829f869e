import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '@engine/logging'
import { vigilanciaSchema } from '@shared/model/recepcion'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { CasillaWatch } from './casilla-watch'
import { FolderSight } from './local/folder-sight'

let bench: string
let root: string
beforeEach(() => {
  bench = mkdtempSync(join(tmpdir(), 'sage-watch-'))
  root = join(bench, 'entrada')
  mkdirSync(root)
})
afterEach(() => rmSync(bench, { recursive: true, force: true }))

// Dozens of files fall within one tick of the disk's clock: only the system knows which came first.
it('hands over hundreds of files in the order they were written, whatever their names', async () => {
  const names = Array.from({ length: 300 }, (_, i) => `f${(i * 7919) % 100_003}.csv`)
  const taken: string[] = []
  let done = (): void => undefined
  const all = new Promise<void>((resolve) => {
    done = resolve
  })
  const log = createLog({ dir: join(bench, 'logs') })
  const watch = new CasillaWatch({
    casillaId: 1,
    sight: new FolderSight({
      ...{ casillaId: 1, root, log, vigilancia: vigilanciaSchema.parse({}) },
      times: { rescanMs: 60_000, reachMs: 1_000 },
    }),
    settleMs: 100,
    log,
    gatherMs: 50,
    knows: (file) => taken.includes(file.name),
    onWhole: async (files) => {
      taken.push(...files.map(({ name }) => name))
      if (taken.length >= names.length) done()
    },
    onState: () => undefined,
    onBack: async () => undefined,
  })
  await watch.start()
  for (const name of names) writeFileSync(join(root, name), 'a\n1\n')
  await all
  await watch.close()
  expect(taken).toEqual(names)
})
