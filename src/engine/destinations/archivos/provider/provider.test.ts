import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { LoadRun } from '@engine/materialization/types'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadFiles, trialFiles } from '..'
import { FilesBench, tableOf } from '../files-bench.fixture'

const copy = promisify(execFile)
let bench: FilesBench
beforeEach(async () => {
  bench = await FilesBench.open('proveedor')
})
afterEach(() => bench.close())

const UPSERT = { tipo: 'upsert' as const, clave: ['id'] }
const BY_DAY = { tipo: 'parquet' as const, particiones: ['dia'] }
const one = (id: number, nombre = 'x', dia = 'NULL') => `(${id}, '${nombre}', ${id}, ${dia})`
const at = (...parts: string[]) => join(bench.carpeta, ...parts)
const json = async (...parts: string[]) => JSON.parse(await readFile(at(...parts), 'utf8'))
const again = (run: LoadRun): LoadRun => ({ ...run, carga: bench.run().carga })

/** Ids and names of a table of partitions, as whoever reads `actual.json` sees it. */
async function current(): Promise<string[]> {
  const { archivos } = await json('ventas', 'actual.json')
  const files = archivos.map((name: string) => `'${at('ventas', name)}'`)
  const rows = await bench.duck.rows(
    `SELECT id || ' ' || nombre AS r FROM read_parquet([${files.join(', ')}], hive_partitioning = false) ORDER BY id`,
  )
  return rows.map(({ r }) => String(r))
}
const whole = async (): Promise<string[]> =>
  (await bench.parquet('ventas.parquet')).map(([id, nombre]) => `${id} ${nombre}`)
const own = (folder = ''): Promise<string[]> => readdir(at('_sage_cargas', 'ventas', folder)).catch(() => [])

describe('a cut', () => {
  const OLD = ['1 viejo']
  const NEW = ['1 nuevo', '2 x']
  const kinds = {
    archivo: { tabla: tableOf({ estrategia: UPSERT }), read: whole },
    particiones: { tabla: tableOf({ estrategia: UPSERT, formato: BY_DAY }), read: current },
  }
  const steps = [
    'bloquear la tabla',
    'escribir los archivos',
    'enviar los archivos',
    'anunciar el cambio',
    'cambiar los archivos',
    'anotar la carga',
  ]
  const cases = (['archivo', 'particiones'] as const).flatMap((kind) =>
    steps.map((step) => [kind, step] as const),
  )

  it.each(cases)(
    'of %s at «%s» leaves the old or the new whole; the same execution ends it, or another that takes the table',
    async (kind, step) => {
      const { tabla, read } = kinds[kind]
      await bench.load(tabla, bench.rows(one(1, 'viejo')))
      const rows = bench.rows(one(1, 'nuevo'), one(2))
      const run = bench.run()
      const left = await bench.killedAt(tabla, rows, run, step)
      const other = join(bench.root, 'otra')
      await copy('cp', ['-a', left, other])
      const written = step === 'cambiar los archivos' || step === 'anotar la carga'
      for (const from of [left, other]) {
        await bench.become(from)
        expect(await read()).toEqual(step === 'anotar la carga' ? NEW : OLD)
        if (from === left) {
          expect((await bench.load(tabla, rows, again(run))).repetida).toBe(written)
          expect(await read()).toEqual(NEW)
        } else {
          await bench.load(tabla, bench.rows(one(3)), bench.run(), { lockWaitMs: 0 })
          expect(await read()).toEqual([...(written ? NEW : OLD), '3 x'])
          // What was done is known for good.
          expect((await bench.load(tabla, rows, again(run))).repetida).toBe(written)
          expect(await read()).toEqual([...NEW, '3 x'])
        }
      }
    },
  )

  it.each(['enviar los archivos', 'cambiar los archivos', 'anotar la carga'])(
    'of an append at «%s» adds its rows once',
    async (step) => {
      for (const tabla of [tableOf(), tableOf({ tabla: 'partes', formato: BY_DAY })]) {
        const run = bench.run()
        const stop = (what: string) => {
          if (what === step) throw new Error('muere')
        }
        await expect(bench.load(tabla, bench.rows(one(1)), run, { onStep: stop })).rejects.toThrow('muere')
        await bench.load(tabla, bench.rows(one(2)))
        await bench.load(tabla, bench.rows(one(1)), again(run))
        await bench.load(tabla, bench.rows(one(1)), again(run))
      }
      expect((await bench.parquet('ventas/*.parquet')).map(([id]) => id)).toEqual(['1', '2'])
      expect((await bench.parquet('partes/*/*/*.parquet')).map(([id]) => id)).toEqual(['1', '2'])
    },
  )

  it('of another engine is given time to end by itself, and ended when it does not', async () => {
    const tabla = tableOf({ estrategia: UPSERT })
    const stop = (what: string) => {
      if (what === 'cambiar los archivos') throw new Error('muere')
    }
    await expect(bench.load(tabla, bench.rows(one(1)), bench.run(), { onStep: stop })).rejects.toThrow()
    const file = at('_sage_cargas', 'ventas', '000000000001.json')
    const commit = JSON.parse(await readFile(file, 'utf8'))
    await writeFile(file, JSON.stringify({ ...commit, motor: 'otro' }))
    // Whoever waits can be told to stop.
    const signal = AbortSignal.timeout(700)
    await expect(bench.load(tabla, bench.rows(one(2)), bench.run(), { signal })).rejects.toMatchObject({
      code: 'CANCELLED',
    })
    // The other engine moves its file while we wait.
    const waiting = bench.load(tabla, bench.rows(one(2)), bench.run(), { lockWaitMs: 60_000 })
    await rename(at(commit.desde), at(commit.hasta))
    await waiting
    expect(await whole()).toEqual(['1 x', '2 x'])
  })
})

describe('two engines', () => {
  /** Another process, as the files of the provider show it: it is not held by the locks of this one. */
  const meanwhile = async (tabla: ReturnType<typeof tableOf>, rows: string): Promise<void> => {
    const other = await FilesBench.open('proveedor')
    const theirs = { ...other.run(), carga: '99999999-0000-4000-8000-000000000001', ejecucion: 'ajena' }
    try {
      await rm(other.carpeta, { recursive: true })
      await copy('cp', ['-a', bench.carpeta, other.carpeta])
      await other.load(tabla, rows, theirs)
      await copy('cp', ['-a', `${other.carpeta}/.`, bench.carpeta])
    } finally {
      await other.close()
    }
  }
  const during = (step: string, work: () => Promise<void>) => ({
    onStep: async (what: string) => {
      if (what === step) await work()
    },
  })

  it.each([tableOf({ estrategia: UPSERT }), tableOf({ estrategia: UPSERT, formato: BY_DAY })])(
    'that began from the same table: the second is refused, to be tried again, and nothing of the first is lost',
    async (tabla) => {
      await bench.load(tabla, bench.rows(one(1)))
      const run = bench.run()
      const beaten = bench.load(
        tabla,
        bench.rows(one(3)),
        run,
        during('anunciar el cambio', () => meanwhile(tabla, bench.rows(one(2)))),
      )
      await expect(beaten).rejects.toMatchObject({ code: 'TABLA_OCUPADA', retryable: true })
      const read = tabla.formato?.tipo === 'parquet' && tabla.formato.particiones.length > 0 ? current : whole
      expect(await read()).toEqual(['1 x', '2 x'])
      expect(await own('tmp')).toEqual([])
      await bench.load(tabla, bench.rows(one(3)), again(run))
      expect(await read()).toEqual(['1 x', '2 x', '3 x'])
    },
  )

  it('that only add rows both add them', async () => {
    for (const tabla of [tableOf(), tableOf({ tabla: 'partes', formato: BY_DAY })]) {
      await bench.load(tabla, bench.rows(one(1)))
      await bench.load(
        tabla,
        bench.rows(one(3)),
        bench.run(),
        during('anunciar el cambio', () => meanwhile(tabla, bench.rows(one(2)))),
      )
    }
    expect(await bench.parquet('ventas/*.parquet')).toHaveLength(3)
    const { archivos } = await json('partes', 'actual.json')
    expect(archivos).toHaveLength(3)
  })

  it('two loads of this one wait for each other', async () => {
    const tabla = tableOf({ estrategia: UPSERT })
    await Promise.all(Array.from({ length: 4 }, (_, i) => bench.load(tabla, bench.rows(one(i + 1)))))
    expect(await whole()).toHaveLength(4)
  })
})

describe('what stays', () => {
  it('FULL keeps the whole files of the loads it replaced, as many as it says', async () => {
    const tabla = tableOf({ estrategia: { tipo: 'full', conservar: 2 }, formato: { tipo: 'csv' } })
    const runs = [bench.run(), bench.run(), bench.run(), bench.run()]
    for (const [i, run] of runs.entries()) await bench.load(tabla, bench.rows(one(i + 1)), run)
    const kept = await readdir(at('ventas__cargas'))
    expect(kept.sort()).toEqual([`000000000002-${runs[1]?.carga}.csv`, `000000000003-${runs[2]?.carga}.csv`])
    expect(await readFile(at('ventas__cargas', kept[1] ?? ''), 'utf8')).toContain('3,x,3.0000,')
  })

  it('a load that is done answers so, though it is cancelled then or what is old can not be removed', async () => {
    const tabla = tableOf({ estrategia: { tipo: 'full', conservar: 1 }, formato: { tipo: 'csv' } })
    for (const id of [1, 2, 3]) await bench.load(tabla, bench.rows(one(id)))
    const [kept = ''] = await readdir(at('ventas__cargas'))
    // A folder that holds something is not removed as a file.
    await rm(at('ventas__cargas', kept))
    await mkdir(at('ventas__cargas', kept, 'algo'), { recursive: true })
    const cancel = new AbortController()
    const done = await bench.load(tabla, bench.rows(one(4)), bench.run(), {
      signal: cancel.signal,
      onStep: (what) => {
        if (what === 'anotar la carga') cancel.abort()
      },
    })
    expect(done.totales).toMatchObject({ insertadas: 1 })
    expect(await readFile(at('ventas.csv'), 'utf8')).toContain('4,x')
  })

  it('of partitions, the version before; files that a newer one goes on with are never taken away', async () => {
    const add = tableOf({ formato: BY_DAY })
    const runs = Array.from({ length: 4 }, () => bench.run())
    for (const [i, run] of runs.entries())
      await bench.load(add, bench.rows(one(i + 1, 'x', `DATE '2026-01-0${i + 1}'`)), run)
    expect(await current()).toEqual(['1 x', '2 x', '3 x', '4 x'])
    const replaced = bench.run()
    await bench.load({ ...add, estrategia: { tipo: 'truncate_insert' } }, bench.rows(one(9)), replaced)
    const before = await bench.parquet('ventas/*/*/*.parquet')
    expect(before).toHaveLength(5)
    await bench.load({ ...add, estrategia: { tipo: 'truncate_insert' } }, bench.rows(one(8)))
    expect(await current()).toEqual(['8 x'])
    // The folders of the first four went with their files.
    const folders = (await readdir(at('ventas'))).filter((name) => name !== 'actual.json')
    expect(folders).toHaveLength(2)
    expect(folders).toContain(replaced.carga)
  })

  it('what a dead load sent goes after a day, and not before', async () => {
    const tabla = tableOf({ estrategia: UPSERT, formato: BY_DAY })
    await bench.load(tabla, bench.rows(one(1)))
    const lost = ['ventas/muerta/dia=2026-01-01/a.parquet', '_sage_cargas/ventas/tmp/muerta.json']
    for (const name of lost) await mkdir(dirname(at(name)), { recursive: true })
    await writeFile(at(lost[0] ?? ''), 'a medias')
    await writeFile(at(lost[1] ?? ''), JSON.stringify({ archivos: [lost[0], '../fuera'] }))
    await bench.load(tabla, bench.rows(one(2)))
    expect(lost.map((name) => existsSync(at(name)))).toEqual([true, true])
    const days = new Date(Date.now() - 2 * 24 * 3_600_000)
    await utimes(at(lost[1] ?? ''), days, days)
    await bench.load(tabla, bench.rows(one(3)))
    expect(lost.map((name) => existsSync(at(name)))).toEqual([false, false])
    expect(existsSync(at('ventas', 'muerta'))).toBe(false)
    expect(await current()).toHaveLength(3)
  })

  it('the numbered loads are few, and an execution of long ago is still known', async () => {
    const tabla = tableOf({ estrategia: { tipo: 'full' }, formato: { tipo: 'csv' } })
    const first = bench.run()
    await bench.load(tabla, bench.rows(one(1)), first)
    for (let i = 0; i < 22; i++) await bench.load(tabla, bench.rows(one(2)))
    expect((await own()).filter((name) => name.endsWith('.json'))).toHaveLength(20)
    expect((await bench.load(tabla, bench.rows(one(1)), again(first))).repetida).toBe(true)
  })
})

describe('what is brought', () => {
  it('nothing, where the last load says enough; a file that somebody replaced is read', async () => {
    const tabla = tableOf({ estrategia: { tipo: 'full' } })
    await bench.load(tabla, bench.rows(one(1), one(2)))
    const { totales } = await bench.load(tabla, bench.rows(one(1), one(2), one(3)))
    expect(totales).toMatchObject({ insertadas: 3, eliminadas: 2 })
    expect(await readdir(bench.root)).not.toContain('ventas.parquet')
    await bench.duck.rows(
      `COPY (SELECT id::BIGINT AS id, 'ajena' AS nombre, 1::DECIMAL(30,4) AS monto, NULL::DATE AS dia FROM range(7) t(id)) TO '${at('ventas.parquet')}' (FORMAT parquet)`,
    )
    expect((await bench.load(tabla, bench.rows(one(1)))).totales).toMatchObject({ eliminadas: 7 })
  })

  it('a table that was there before SAGE goes on', async () => {
    await writeFile(at('ventas.csv'), 'id,nombre,monto,dia,otra\n1,uno,1.5,,a\n2,dos,2,,b\n')
    const tabla = tableOf({ estrategia: UPSERT, formato: { tipo: 'csv' } })
    const { totales } = await bench.load(tabla, bench.rows(one(2, 'cambia'), one(3)))
    expect(totales).toMatchObject({ insertadas: 1, actualizadas: 1 })
    expect((await bench.text('ventas.csv')).trim().split('\n').sort()).toEqual([
      '1,uno,1.5,,a',
      '2,cambia,2.0000,,b',
      '3,x,3.0000,,',
      'id,nombre,monto,dia,otra',
    ])
  })

  it('a trial tells what would change and changes nothing', async () => {
    const tabla = tableOf({ estrategia: UPSERT })
    const add = tableOf({ tabla: 'suma' })
    await bench.load(tabla, bench.rows(one(1), one(2)))
    await bench.load(add, bench.rows(one(1), one(2)))
    const before = await bench.files()
    const jobs = [
      { tabla, source: await bench.source(tabla, bench.rows(one(2, 'dos'), one(3))) },
      { tabla: add, source: await bench.source(add, bench.rows(one(5))) },
    ]
    const { problemas, tablas } = await trialFiles(bench.shelves, jobs)
    expect(problemas).toEqual([])
    expect(tablas).toMatchObject([
      { existe: true, filasAntes: 2, insertadas: 1, actualizadas: 1, sinCambio: 0 },
      { existe: true, filasAntes: 2, insertadas: 1, eliminadas: 0 },
    ])
    expect(tablas[0]?.muestra).toContainEqual({
      cambio: 'actualizada',
      antes: ['2', 'x', '2.0000', null],
      despues: ['2', 'dos', '2.0000', null],
    })
    expect(await bench.files()).toEqual(before)
  })
})

it('cancelling leaves the old whole, and nothing that was sent', async () => {
  const tabla = tableOf({ estrategia: UPSERT })
  await bench.load(tabla, bench.rows(one(1)))
  const stop = new AbortController()
  const onStep = (what: string) => {
    if (what === 'enviar los archivos') stop.abort()
  }
  await expect(
    bench.load(tabla, bench.rows(one(2)), bench.run(), { signal: stop.signal, onStep }),
  ).rejects.toMatchObject({ code: 'CANCELLED' })
  expect(await whole()).toEqual(['1 x'])
  expect(await own('tmp')).toEqual([])
})

it('a register that cannot be read says which and what to do, and nothing is written', async () => {
  const tabla = tableOf({ estrategia: UPSERT })
  await bench.load(tabla, bench.rows(one(1)))
  await writeFile(at('_sage_cargas', 'ventas', '000000000001.json'), '{"roto')
  await expect(bench.load(tabla, bench.rows(one(2)))).rejects.toMatchObject({
    code: 'REGISTRO_ILEGIBLE',
    message: expect.stringContaining('_sage_cargas/ventas/000000000001.json'),
  })
  expect(await whole()).toEqual(['1 x'])
})

it('of several tables each: one that fails writes none', async () => {
  const good = tableOf({ estrategia: UPSERT, tabla: 'clientes' })
  const bad = tableOf({ estrategia: UPSERT })
  const jobs = [
    { tabla: good, source: await bench.source(good, bench.rows(one(1))) },
    { tabla: bad, source: await bench.source(bad, bench.rows(one(1), one(1))) },
  ]
  await expect(loadFiles(bench.shelves, jobs, bench.run())).rejects.toMatchObject({
    code: 'FILAS_RECHAZADAS',
  })
  expect(await bench.files()).toEqual([])
})
