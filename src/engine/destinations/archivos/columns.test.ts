import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readXlsx } from 'hucre/xlsx'
import { afterEach, describe, expect, it } from 'vitest'
import { COLUMNS, FilesBench, KINDS, tableOf } from './files-bench.fixture'

let bench: FilesBench
afterEach(() => bench.close())

const [ID, NOMBRE, MONTO] = COLUMNS
const NEW = { nombre: 'nueva', tipo: { tipo: 'entero' as const } }

describe.each(KINDS)('%s: a table to which rows are only added', (kind) => {
  it.each(['csv', 'jsonl'] as const)('in %s has the columns of all its loads', async (tipo) => {
    bench = await FilesBench.open(kind)
    const base = { formato: { tipo }, deriva: 'evolucionar' as const }
    await bench.load(tableOf({ ...base, columnas: [ID, NOMBRE] }), `SELECT 1::BIGINT, 'a'`)
    const grown = await bench.load(tableOf({ ...base, columnas: [ID, NEW] }), 'SELECT 2::BIGINT, 2::BIGINT')
    expect(grown.ddl).toEqual(['ventas: agregar la columna «nueva»'])
    // Frozen: what either had is no new column.
    const all = tableOf({ formato: { tipo }, columnas: [ID, NOMBRE, NEW], deriva: 'congelar' })
    for (let id = 3; id < 5; id++) await bench.load(all, `SELECT ${id}::BIGINT, 'c', 3::BIGINT`)
    const other = tableOf({ formato: { tipo }, columnas: [ID, MONTO], deriva: 'congelar' })
    await expect(bench.load(other, 'SELECT 9::BIGINT, 9::DECIMAL(30,4)')).rejects.toMatchObject({
      details: { problemas: [{ codigo: 'COLUMNA_NO_EXISTE', columna: 'monto' }] },
    })
  })
})

it('a column of Parquet out of the mapping is remembered with its type', async () => {
  bench = await FilesBench.open('proveedor')
  const formato = { tipo: 'parquet' as const, particiones: ['id'] }
  const wide = [ID, NOMBRE, NEW]
  await bench.load(tableOf({ formato, columnas: wide }), `SELECT 1::BIGINT, 'a', 7::BIGINT`)
  const upsert = { tipo: 'upsert' as const, clave: ['id'] }
  await bench.load(tableOf({ formato, columnas: [ID, NOMBRE], estrategia: upsert }), `SELECT 1::BIGINT, 'b'`)
  await bench.load(tableOf({ formato, columnas: wide }), `SELECT 2::BIGINT, 'c', 8::BIGINT`)
  const { archivos } = JSON.parse(await readFile(join(bench.carpeta, 'ventas', 'actual.json'), 'utf8'))
  const rows = await Promise.all(archivos.map((name: string) => bench.parquet(join('ventas', name))))
  expect(rows.flat().sort()).toEqual([
    ['1', 'b', '7'],
    ['2', 'c', '8'],
  ])
})

it('a workbook has the columns that are written, and not one that is discarded', async () => {
  bench = await FilesBench.open()
  const base = { formato: { tipo: 'excel' as const }, estrategia: { tipo: 'full' as const } }
  await bench.load(tableOf({ ...base, columnas: [ID, NOMBRE] }), `SELECT 1::BIGINT, 'a'`)
  const wide = tableOf({ ...base, columnas: [ID, NEW, NOMBRE], deriva: 'descartar' })
  expect((await bench.load(wide, `SELECT 2::BIGINT, 5::BIGINT, 'b'`)).descartadas).toEqual(['ventas.nueva'])
  const book = await readXlsx(await readFile(join(bench.carpeta, 'ventas.xlsx')))
  expect(book.sheets[0]?.rows).toEqual([
    ['id', 'nombre'],
    [2, 'b'],
  ])
})
