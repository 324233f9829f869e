import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { folderShelves, trialFiles } from '.'
import { COLUMNS, FilesBench, tableOf } from './files-bench.fixture'

let bench: FilesBench
beforeEach(async () => {
  bench = await FilesBench.open()
})
afterEach(() => bench.close())

const UPSERT = { tipo: 'upsert' as const, clave: ['id'] }
const one = (id: number, nombre = 'x', dia = 'NULL') => `(${id}, '${nombre}', ${id}, ${dia})`

describe('a trial', () => {
  it('tells what would change, and changes nothing', async () => {
    for (const tipo of ['parquet', 'csv', 'jsonl'] as const) {
      const tabla = tableOf({
        tabla: tipo,
        estrategia: { ...UPSERT, borrarSi: { columna: 'nombre', valor: 'BAJA' } },
        formato: { tipo },
      })
      await bench.load(tabla, bench.rows(one(1), one(2), one(3)))
      const before = await bench.files()
      const source = await bench.source(tabla, bench.rows(one(1), one(2, 'dos'), one(3, 'BAJA'), one(4)))
      const { problemas, tablas } = await trialFiles(folderShelves(bench.carpeta), [{ tabla, source }])
      expect(problemas).toEqual([])
      expect(tablas).toMatchObject([
        {
          existe: true,
          filasAntes: 3,
          leidas: 4,
          insertadas: 1,
          actualizadas: 1,
          eliminadas: 1,
          sinCambio: 1,
        },
      ])
      expect(tablas[0]?.muestra.toSorted((a, b) => (a.cambio < b.cambio ? -1 : 1))).toEqual([
        { cambio: 'actualizada', antes: ['2', 'x', '2.0000', null], despues: ['2', 'dos', '2.0000', null] },
        { cambio: 'eliminada', antes: ['3', 'x', '3.0000', null], despues: null },
        { cambio: 'insertada', antes: null, despues: ['4', 'x', '4.0000', null] },
      ])
      expect(await bench.files()).toEqual(before)
    }
  })

  it('of a full replacement tells what leaves and what comes; of a new table, that it is not there', async () => {
    const tabla = tableOf({ estrategia: { tipo: 'full' } })
    const trial = async () =>
      trialFiles(folderShelves(bench.carpeta), [
        { tabla, source: await bench.source(tabla, bench.rows(one(5))) },
      ])
    expect((await trial()).tablas).toMatchObject([
      { existe: false, filasAntes: 0, insertadas: 1, eliminadas: 0 },
    ])
    await bench.load(tabla, bench.rows(one(1), one(2)))
    const [after] = (await trial()).tablas
    expect(after).toMatchObject({ existe: true, filasAntes: 2, insertadas: 1, eliminadas: 2 })
    expect(after?.muestra[0]).toEqual({
      cambio: 'eliminada',
      antes: ['1', 'x', '1.0000', null],
      despues: null,
    })
  })

  it('tells the problems that would refuse the load', async () => {
    await bench.load(tableOf({ estrategia: UPSERT }), bench.rows(one(1)))
    const tabla = tableOf({
      estrategia: UPSERT,
      columnas: [...COLUMNS, { nombre: 'nueva', tipo: { tipo: 'texto' } }],
    })
    const source = await bench.source(tabla, `SELECT *, 'n'::VARCHAR FROM (${bench.rows(one(1))})`)
    expect((await trialFiles(folderShelves(bench.carpeta), [{ tabla, source }])).problemas).toMatchObject([
      { codigo: 'COLUMNA_NO_EXISTE', tabla: 0 },
    ])
  })
})
