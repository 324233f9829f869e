import { randomUUID } from 'node:crypto'
import { loadTables } from '@engine/materialization'
import type { TablaMaterializada } from '@shared/model/materializacion'
import { describe, expect, it } from 'vitest'
import type { Suite } from './index.fixture'
import { failure, runOf, tableOf } from './support.fixture'

const ENTERO = { tipo: 'entero' } as const
const TEXTO = { tipo: 'texto', largo: 40 } as const
const COLUMNS = { id: ENTERO, canal: TEXTO }
const EACH: [string, TablaMaterializada][] = [
  ['append', tableOf(COLUMNS, { tipo: 'append' })],
  [
    'upsert',
    tableOf(COLUMNS, { tipo: 'upsert', clave: ['id'], borrarSi: { columna: 'canal', valor: 'baja' } }),
  ],
  [
    'delete_insert',
    tableOf(COLUMNS, { tipo: 'delete_insert', borrar: { por: 'particion', columnas: ['canal'] } }),
  ],
  ['truncate_insert', tableOf(COLUMNS, { tipo: 'truncate_insert' })],
  ['full', tableOf(COLUMNS, { tipo: 'full', conservar: 1 })],
]
const OLD = [
  [1, 'A'],
  [2, 'B'],
]
const NEW = [
  [2, 'A'],
  [3, 'C'],
]

/** Reruns, crashes, cuts, cancellations and crowds: the old data or the new, never anything between. */
export function faults(suite: Suite): void {
  const bench = () => suite.bench()
  const job = (tabla: TablaMaterializada, rows: (string | number)[][]) => [
    { tabla, source: bench().rows(tabla, rows) },
  ]
  const table = () => bench().table('ventas', ['id', 'canal'])

  describe.each(EACH)('%s', (_, tabla) => {
    it('of an execution that was loaded changes nothing and says so', async () => {
      await bench().load(job(tabla, OLD))
      const ejecucion = randomUUID()
      await bench().load(job(tabla, NEW), { ejecucion })
      const after = await table()
      await bench().load(job(tabla, [[9, 'Z']]))
      const later = await table()
      const again = await bench().load(job(tabla, NEW), { ejecucion })
      expect(again).toMatchObject({
        repetida: true,
        totales: { leidas: 0, insertadas: 0, actualizadas: 0, eliminadas: 0 },
      })
      expect(await table()).toEqual(later)
      expect(later).not.toEqual(after)
    })

    it('cut at any step leaves the old data, and the next try does it whole', async () => {
      await bench().load(job(tabla, OLD))
      const before = await table()
      const steps: string[] = []
      await bench().load(job(tabla, NEW), {}, { onStep: (what) => void steps.push(what) })
      const wanted = await table()
      expect(steps.length).toBeGreaterThan(3)
      for (let at = 0; at < steps.length; at++) {
        await bench().drop('ventas', 'ventas__cargas', '_sage_cargas')
        await bench().load(job(tabla, OLD))
        const run = runOf()
        await failure(crashAt(suite, job(tabla, NEW), run, at))
        expect({ step: steps[at], rows: await table() }).toEqual({ step: steps[at], rows: before })
        const { repetida } = await bench().load(job(tabla, NEW), run)
        expect({ step: steps[at], repetida, rows: await table() }).toEqual({
          step: steps[at],
          repetida: false,
          rows: wanted,
        })
      }
      const session = await bench().session()
      await session.sweep()
      expect(await session.sweep()).toEqual([])
    })
  })

  it('is loaded again on request where that repeats nothing, and refused where it would', async () => {
    const run = { ejecucion: randomUUID(), rehacer: true }
    const [append, upsert] = [EACH[0]?.[1], EACH[1]?.[1]]
    if (!append || !upsert) throw new Error('strategies')
    await bench().load(job(upsert, NEW), run)
    const again = await bench().load(job(upsert, [[2, 'Q']]), run)
    expect(again).toMatchObject({ repetida: false, totales: { actualizadas: 1 } })
    const other = { ...run, materializacion: '8' }
    await bench().load(job(append, [[7, 'G']]), other)
    const error = await failure(bench().load(job(append, [[7, 'G']]), other))
    expect(error).toMatchObject({ code: 'CARGA_REPETIDA', kind: 'conflict', retryable: false })
  })

  it('a connection lost in the middle of the rows leaves nothing, and may be tried again', async () => {
    if (!suite.target().has.connection) return
    const tabla = EACH[0]?.[1] as TablaMaterializada
    await bench().load(job(tabla, OLD))
    const many = (rows: number) => [{ tabla, source: bench().series(tabla, ['i', "'x' || i"], rows) }]
    let cutting: Promise<void> | null = null
    const run = runOf()
    const session = await bench().session()
    const error = await failure(
      // So many that the cut, asked for once the first ones have left, comes long before the last.
      loadTables(session, many(3_000_000), run, {
        onProgress: ({ bytes }) => {
          if (bytes > 100_000) cutting ??= suite.target().cut(session)
        },
      }),
    )
    await cutting
    expect(cutting).not.toBeNull()
    expect(error).toMatchObject({ kind: 'transient', retryable: true })
    expect(await table()).toHaveLength(2)
    expect((await bench().load(many(100_000), run)).totales.insertadas).toBe(100_000)
  })

  it('a cancelled load stops and leaves the old data', async () => {
    const tabla = EACH[3]?.[1] as TablaMaterializada
    await bench().load(job(tabla, OLD))
    const stop = new AbortController()
    const source = bench().series(tabla, ['i', "'x' || i"], 300_000)
    const error = await failure(
      bench().load(
        [{ tabla, source }],
        {},
        {
          signal: stop.signal,
          onProgress: ({ bytes }) => {
            if (bytes > 100_000) stop.abort()
          },
        },
      ),
    )
    expect(error.kind).toBe('cancelled')
    expect(await table()).toHaveLength(2)
  })

  describe('two loads of one table', () => {
    it.each(['upsert', 'full'])('%s: each waits for the other, and both are whole', async (name) => {
      const tabla = EACH.find(([one]) => one === name)?.[1] as TablaMaterializada
      const count = 2_000
      const one = (canal: string) =>
        bench().ownDuck((duck) =>
          bench().load([{ tabla, source: bench().series(tabla, ['i', `'${canal}'`], count, duck) }]),
        )
      await bench().load(job(tabla, OLD))
      await Promise.all([one('P'), one('Q'), one('R')])
      const canales = new Set((await table()).map(([, canal]) => canal))
      expect(canales.size).toBe(1)
      expect(await table()).toHaveLength(count)
    })

    it('are refused as transient when the wait is over', async () => {
      const tabla = EACH[1]?.[1] as TablaMaterializada
      await bench().load(job(tabla, OLD))
      const holder = await bench().session()
      await holder.begin()
      await holder.lock([{ ref: { esquema: holder.esquema, tabla: 'ventas' }, exclusive: true }], 1_000)
      const error = await failure(bench().load(job(tabla, NEW), {}, { lockWaitMs: 100 }))
      await holder.rollback()
      expect(error).toMatchObject({ code: 'TABLA_OCUPADA', retryable: true })
      expect(await table()).toEqual([
        ['1', 'A'],
        ['2', 'B'],
      ])
    })
  })

  it('readers see the old whole until the commit, with FULL', async () => {
    if (!suite.target().has.readsWhileWriting) return
    const tabla = EACH[4]?.[1] as TablaMaterializada
    await bench().load(job(tabla, OLD))
    const seen: number[] = []
    await bench().load(
      job(tabla, [[9, 'Z']]),
      {},
      { onStep: async () => void seen.push((await table()).length) },
    )
    expect(new Set(seen)).toEqual(new Set([2]))
    expect(await table()).toEqual([['9', 'Z']])
  })
}

/** A load whose connection goes just before one of its steps. */
async function crashAt(
  suite: Suite,
  jobs: Parameters<typeof loadTables>[1],
  run: ReturnType<typeof runOf>,
  at: number,
): Promise<unknown> {
  const session = await suite.bench().session()
  let step = 0
  try {
    return await loadTables(session, jobs, run, {
      onStep: async () => {
        if (step++ === at) await suite.target().cut(session)
      },
    })
  } finally {
    await session.close()
  }
}
