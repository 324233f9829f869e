import { existsSync } from 'node:fs'
import { mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TablaMaterializada } from '@shared/model/materializacion'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FilesBench, tableOf } from './files-bench.fixture'
import { Ledger } from './ledger'

let bench: FilesBench
beforeEach(async () => {
  bench = await FilesBench.open()
})
afterEach(() => bench.close())

const one = (id: number) => `(${id}, 'x', ${id}, DATE '2025-01-0${id}')`
const full = (conservar: number): TablaMaterializada =>
  tableOf({ estrategia: { tipo: 'full', conservar }, formato: { tipo: 'csv' } })
const partitioned = (conservar = 0): TablaMaterializada =>
  tableOf({
    estrategia: { tipo: 'full', conservar },
    formato: { tipo: 'parquet', particiones: ['dia'] },
  })
const OTHER = '99999999-9999-4999-8999-999999999999'
const at = (...names: string[]) => join(bench.carpeta, ...names)
const inVersion = async () => (await readdir(at('ventas'))).filter((name) => name !== 'actual').sort()

describe('what FULL keeps', () => {
  it('is never a file of somebody else, and stays as it was where the load fails', async () => {
    const runs = [bench.run(), bench.run(), bench.run()]
    for (const [i, run] of runs.entries()) await bench.load(full(1), bench.rows(one(i + 1)), run)
    const [, second] = runs
    await writeFile(at('ventas__cargas', `${OTHER}.csv`), 'mío')
    await writeFile(at('ventas__cargas', 'informe.csv'), 'mío')
    const theirs = [`${OTHER}.csv`, 'informe.csv']
    const onStep = (what: string) => {
      if (what === 'cambiar los archivos') throw new Error('no')
    }
    await expect(bench.load(full(0), bench.rows(one(4)), bench.run(), { onStep })).rejects.toThrow()
    expect((await readdir(at('ventas__cargas'))).sort()).toEqual([`${second?.carga}.csv`, ...theirs].sort())
    await bench.load(full(0), bench.rows(one(4)))
    expect((await readdir(at('ventas__cargas'))).sort()).toEqual(theirs.toSorted())
  })

  it('goes by the order of the loads, not by the clock of the disk', async () => {
    const runs = [bench.run(), bench.run(), bench.run(), bench.run()]
    const [first, second, third, fourth] = runs.map(({ carga }) => carga)
    for (const [i, run] of runs.slice(0, 3).entries())
      await bench.load(partitioned(2), bench.rows(one(i + 1)), run)
    // As after a copy that was brought back, the oldest is the newest of the disk.
    await utimes(at('ventas', first ?? ''), new Date(), new Date(Date.now() + 60_000))
    await mkdir(at('ventas', OTHER))
    await bench.load(partitioned(2), bench.rows(one(4)), runs[3])
    expect(await inVersion()).toEqual([second, third, fourth, OTHER].sort())
  })
})

describe('what a load wrote and did not end', () => {
  it.each([
    ['is cancelled', 'anunciar el cambio'],
    ['fails between the announce and the switch', 'cambiar los archivos'],
  ])('is taken away when it %s', async (_how, step) => {
    await bench.load(partitioned(), bench.rows(one(1)))
    const before = await inVersion()
    const onStep = (what: string) => {
      if (what === step) throw new Error('no')
    }
    for (const tabla of [partitioned(), full(0)])
      await expect(bench.load(tabla, bench.rows(one(2)), bench.run(), { onStep })).rejects.toThrow()
    // An announced one is forgotten by whoever takes the table next.
    await bench.load(partitioned(), bench.rows(one(3)))
    expect((await inVersion()).length).toBe(before.length + 1)
    expect((await readdir(at('_sage_cargas'))).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  it('is taken away by the next load when its engine was killed', async () => {
    await bench.load(partitioned(), bench.rows(one(1)))
    const run = bench.run()
    await bench.become(await bench.killedAt(partitioned(), bench.rows(one(2)), run, 'anunciar el cambio'))
    expect(await inVersion()).toContain(run.carga)
    const tabla = tableOf({ ...partitioned(), estrategia: { tipo: 'append' } })
    const rejected = bench.load(tabla, bench.rows(one(2)), bench.run(), {
      onStep: () => {
        throw new Error('no')
      },
    })
    await expect(rejected).rejects.toThrow()
    await bench.load(tabla, bench.rows(one(3)))
    expect(await inVersion()).not.toContain(run.carga)
    expect(await bench.parquet('ventas/actual/**/*.parquet')).toHaveLength(2)
  })
})

it('a load that is done answers so though what is old can not be removed', async () => {
  const tabla = full(1)
  for (const id of [1, 2, 3]) await bench.load(tabla, bench.rows(one(id)))
  const [kept = ''] = await readdir(at('ventas__cargas'))
  // Not a file any more: what would remove it fails.
  await rm(at('ventas__cargas', kept))
  await mkdir(at('ventas__cargas', kept))
  expect((await bench.load(tabla, bench.rows(one(4)))).totales).toMatchObject({ insertadas: 1 })
  expect(await bench.text('ventas.csv')).toContain('4,x')
})

it('tables whose names differ by a dot or a capital have a ledger each', async () => {
  const names = [
    { esquema: 'a', tabla: 'b.c' },
    { esquema: 'a.b', tabla: 'c' },
    ...(process.platform === 'linux'
      ? [
          { esquema: null, tabla: 'Ventas' },
          { esquema: null, tabla: 'ventas' },
        ]
      : []),
  ]
  const run = bench.run()
  for (const name of names) {
    const { repetida } = await bench.load(tableOf(name), bench.rows(one(1)), run)
    expect({ ...name, repetida }).toEqual({ ...name, repetida: false })
  }
})

it('a ledger that can not be read is let go: the table is not busy for ever', async () => {
  const path = at('roto.sqlite')
  const ledger = await Ledger.open(path, 'roto', 0)
  ledger.close()
  const { default: Database } = await import('better-sqlite3')
  const db = new Database(path)
  db.exec(`INSERT INTO pendiente (n, cambio) VALUES (1, '{')`)
  db.close()
  await expect(Ledger.open(path, 'roto', 0)).rejects.toThrow(SyntaxError)
  await expect(Ledger.open(path, 'roto', 0)).rejects.toThrow(SyntaxError)
  expect(existsSync(path)).toBe(true)
})
