import type { Connector } from '@engine/connectors'
import { planOf, type RunningRig, transferRigs } from '@engine/connectors/transfers.fixture'
import type { LoadRun } from '@engine/materialization/types'
import { AppError } from '@shared/errors/app-error'
import {
  type Fault,
  type FaultProxy,
  startFaultProxy,
  startHttpFaultProxy,
} from '@testkit/connectors/fault-proxy'
import { seeded } from '@testkit/generator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadFiles, providerShelves } from '..'
import { FilesBench, tableOf } from '../files-bench.fixture'
import { listAll, Objects } from './objects'
import { RemoteSight } from './remote-sight'

/** Few tries, so that some loads fail; the loader, as here, asks for the same execution again. */
const POLICY = { retry: { attempts: 3, baseMs: 2, maxMs: 20 }, idleMs: 20_000 }
const LOADS = 5
const MOST_TURNS = 40
const random = seeded(7)

/** One connection carries all: it is cut every few files. */
const oftenCut = (): Fault => ({
  cut: { way: random() < 0.5 ? 'up' : 'down', after: 30_000 + Math.floor(random() * 120_000) },
})

describe.each(transferRigs().map((rig) => [rig.kind, rig] as const))(
  'loads into %s over a wire that fails',
  (_, rig) => {
    if (rig.missing !== null) {
      it.skip(rig.missing, () => undefined)
      return
    }
    let running: RunningRig
    let proxy: FaultProxy
    let bench: FilesBench
    let connector: Connector
    beforeAll(async () => {
      running = await rig.start()
      const start = rig.http ? startHttpFaultProxy : startFaultProxy
      proxy = await start(running.address, rig.http ? planOf(random, true) : oftenCut)
      bench = await FilesBench.open()
      connector = await running.open(proxy.port, POLICY)
    }, 120_000)
    afterAll(async () => {
      await connector?.close()
      await bench?.close()
      await proxy?.stop()
      await running?.stop()
    })

    /** Until it is done, as the loader does with what may pass; how often it was begun again. */
    async function untilLoaded(
      tabla: ReturnType<typeof tableOf>,
      rows: string,
      run: LoadRun,
    ): Promise<number> {
      for (let turn = 0; turn < MOST_TURNS; turn++) {
        const source = await bench.source(tabla, rows)
        const again = { ...run, carga: bench.run().carga }
        try {
          await loadFiles(providerShelves(connector, 'lago', bench.root), [{ tabla, source }], again)
          return turn
        } catch (error) {
          if (!(error instanceof AppError && error.retryable)) throw error
        }
      }
      throw new Error(`Not loaded in ${MOST_TURNS} turns`)
    }

    it('leave every row once, and nothing half sent', async () => {
      const tables = {
        upsert: tableOf({ tabla: 'ventas', estrategia: { tipo: 'upsert', clave: ['id'] } }),
        append: tableOf({ tabla: 'suma' }),
        parts: tableOf({ tabla: 'partes', formato: { tipo: 'parquet', particiones: ['dia'] } }),
      }
      for (let i = 1; i <= LOADS; i++)
        for (const tabla of Object.values(tables))
          await untilLoaded(
            tabla,
            bench.rows(`(${i}, 'fila ${i}', ${i}, DATE '2026-01-0${1 + (i % 2)}')`),
            bench.run(),
          )
      expect(proxy.told.cuts + proxy.told.refused).toBeGreaterThan(0)
      proxy.heal()
      for (const tabla of Object.values(tables)) {
        const sight = new RemoteSight(new Objects(connector, bench.root), 'lago', tabla, {}, bench.root)
        await sight.refresh()
        const files = (await sight.files()).map((file) => `'${file}'`)
        const rows = await bench.duck.rows(
          `SELECT id::INTEGER AS id FROM read_parquet([${files.join(', ')}]) ORDER BY id`,
        )
        expect(rows.map(({ id }) => Number(id))).toEqual(Array.from({ length: LOADS }, (__, i) => i + 1))
        expect(await listAll(connector, sight.remote.kept, {})).toEqual([])
      }
    }, 300_000)
  },
)
