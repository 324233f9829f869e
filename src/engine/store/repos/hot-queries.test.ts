import { openWorkbench } from '@engine/casillas/workbench.fixture'
import {
  cancelCargasOfRemoved,
  countArchivos,
  endMaterializados,
  listEmisores,
  listLanes,
  listLastEnvios,
  listMaterializaciones,
  listRecent,
  listUltimas,
  nextCarga,
  nextCargaDue,
  openCargasOf,
} from '@engine/store'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

const GONE = { code: 'X', kind: 'cancelled', message: 'x', retryable: false } as const
const NOW = new Date().toISOString()

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
      .all({ casillaId: 1, limit: 20, materializacionId: 1, executionId: 'x', now: NOW })
      .map((row) => String(Object.values(Object(row)).at(-1))),
  )
}

// Asked with every file that changes: neither reads all that was ever received.
it.each([
  ['files in quarantine', () => countArchivos(bench.store.db, 1), 'archivos_recibidos_cuarentena'],
  ['recent executions', () => listRecent(bench.store.db, 1, 20), 'ejecuciones_yaml_terminadas'],
  ['last submissions', () => listLastEnvios(bench.store.db, 1), 'ejecuciones_yaml_envios_emisor'],
  ['loads that may be taken', () => listLanes(bench.store.db, NOW), 'cargas_abiertas'],
  ['the next load of a materialization', () => nextCarga(bench.store.db, 1, NOW), 'cargas_abiertas'],
  ['when a load is tried again', () => nextCargaDue(bench.store.db, NOW), 'cargas_aplazadas'],
  ['loads that an execution is kept for', () => openCargasOf(bench.store.db, 'x'), 'cargas_ejecucion'],
  ['files whose loads ended', () => endMaterializados(bench.store.db, null, NOW), 'cargas_ejecucion'],
  [
    'the file of a load that ended',
    () => endMaterializados(bench.store.db, 'x', NOW),
    'archivos_recibidos_ejecucion',
  ],
  ['materializations with their counts', () => listMaterializaciones(bench.store.db, 1), 'cargas_abiertas'],
  ['the last load of each', () => listUltimas(bench.store.db, 1), 'cargas_materializacion'],
  ['loads of removed casillas', () => cancelCargasOfRemoved(bench.store.db, GONE, NOW), 'cargas_abiertas'],
  ['last submission of each sender', () => listEmisores(bench.store.db), 'ejecuciones_yaml_envios_de_emisor'],
] as const)('%s are found by their index', (_what, ask, index) => {
  const plan = plansOf(ask)
  expect(plan.some((line) => line.startsWith('SEARCH') && line.includes(`INDEX ${index} (`))).toBe(true)
  expect(
    plan.filter((line) =>
      /^SCAN (a|archivos_recibidos|e|ejecuciones_yaml|envios_sin_ejecucion|l|h|materializaciones_ejecuciones)\b(?!.*INDEX)/.test(
        line,
      ),
    ),
  ).toEqual([])
})
