import { openWorkbench } from '@engine/casillas/workbench.fixture'
import { countArchivos, listEmisores, listLastEnvios, listRecent } from '@engine/store'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

let bench: ReturnType<typeof openWorkbench>
beforeEach(() => {
  bench = openWorkbench()
})
afterEach(async () => {
  await bench.close()
  bench.remove()
})

/** How SQLite goes about each query that `ask` makes. */
function plansOf(ask: () => unknown): string[] {
  const { db } = bench.store
  const prepare = vi.spyOn(db, 'prepare')
  ask()
  const asked = prepare.mock.calls.map(([text]) => text)
  prepare.mockRestore()
  return asked.flatMap((text) =>
    db
      .prepare(`EXPLAIN QUERY PLAN ${text}`)
      .all({ casillaId: 1, limit: 20 })
      .map((row) => String(Object.values(Object(row)).at(-1))),
  )
}

// Asked with every file that changes: neither reads all that was ever received.
it.each([
  ['files in quarantine', () => countArchivos(bench.store.db, 1), 'archivos_recibidos_cuarentena'],
  ['recent executions', () => listRecent(bench.store.db, 1, 20), 'ejecuciones_yaml_terminadas'],
  ['last submissions', () => listLastEnvios(bench.store.db, 1), 'ejecuciones_yaml_envios_emisor'],
  ['last submission of each sender', () => listEmisores(bench.store.db), 'ejecuciones_yaml_envios_de_emisor'],
] as const)('%s are found by their index', (_what, ask, index) => {
  const plan = plansOf(ask)
  expect(plan.some((line) => line.startsWith('SEARCH') && line.includes(`INDEX ${index} (`))).toBe(true)
  expect(
    plan.filter((line) =>
      /^SCAN (a|archivos_recibidos|e|ejecuciones_yaml|envios_sin_ejecucion)\b(?!.*INDEX)/.test(line),
    ),
  ).toEqual([])
})
