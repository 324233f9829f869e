import { describe, expect, it } from 'vitest'
import type { Suite } from './index.fixture'
import { failure, tableOf } from './support.fixture'

const ENTERO = { tipo: 'entero' } as const
const TEXTO = { tipo: 'texto', largo: 40 } as const
const COLUMNS = { id: ENTERO, canal: TEXTO, monto: ENTERO }
const NAMES = Object.keys(COLUMNS)
const upsert = tableOf(COLUMNS, { tipo: 'upsert', clave: ['id'] })
const OLD = [
  [1, 'A', 10],
  [2, 'B', 20],
  [3, null, 30],
]

/** What each strategy leaves in the table, and what it says that it did. */
export function strategies(suite: Suite): void {
  const start = async (tabla = tableOf(COLUMNS, { tipo: 'append' })): Promise<void> => {
    await suite.bench().load([{ tabla, source: suite.bench().rows(tabla, OLD) }])
  }
  const table = () => suite.bench().table('ventas', NAMES)

  describe('append', () => {
    it('makes the table and adds the rows to those that are there', async () => {
      const tabla = tableOf(COLUMNS, { tipo: 'append' })
      await start()
      const result = await suite.bench().load([{ tabla, source: suite.bench().rows(tabla, [[1, 'A', 10]]) }])
      expect(result.totales).toEqual({ leidas: 1, insertadas: 1, actualizadas: 0, eliminadas: 0 })
      expect(await table()).toEqual([
        ['1', 'A', '10'],
        ['1', 'A', '10'],
        ['2', 'B', '20'],
        ['3', null, '30'],
      ])
    })

    it('with no rows makes the table and says that there were none', async () => {
      const tabla = tableOf(COLUMNS, { tipo: 'append' })
      const result = await suite.bench().load([{ tabla, source: suite.bench().rows(tabla, []) }])
      expect(result.totales).toEqual({ leidas: 0, insertadas: 0, actualizadas: 0, eliminadas: 0 })
      expect(await table()).toEqual([])
    })
  })

  describe('upsert', () => {
    it('inserts what is missing, updates what differs, leaves what is the same and what is not named', async () => {
      await start(upsert)
      const rows = [
        [4, 'D', 40],
        [2, 'B', 21],
        [3, null, 30],
      ]
      const result = await suite.bench().load([{ tabla: upsert, source: suite.bench().rows(upsert, rows) }])
      expect(result.totales).toEqual({ leidas: 3, insertadas: 1, actualizadas: 1, eliminadas: 0 })
      expect(await table()).toEqual([
        ['1', 'A', '10'],
        ['2', 'B', '21'],
        ['3', null, '30'],
        ['4', 'D', '40'],
      ])
    })

    it('deletes by its mark, and a marked row that is not there is nothing', async () => {
      await start(upsert)
      const tabla = tableOf(COLUMNS, {
        ...{ tipo: 'upsert', clave: ['id'] },
        borrarSi: { columna: 'canal', valor: 'baja' },
      })
      const rows = [
        [1, 'baja', 0],
        [9, 'baja', 0],
        [2, null, 22],
      ]
      const result = await suite.bench().load([{ tabla, source: suite.bench().rows(tabla, rows) }])
      expect(result.totales).toEqual({ leidas: 3, insertadas: 0, actualizadas: 1, eliminadas: 1 })
      expect(await table()).toEqual([
        ['2', null, '22'],
        ['3', null, '30'],
      ])
    })

    it('by several columns, none of which are updated', async () => {
      const tabla = tableOf(COLUMNS, { tipo: 'upsert', clave: ['monto', 'id', 'canal'] })
      const rows = [[1, 'A', 10]]
      await suite.bench().load([{ tabla, source: suite.bench().rows(tabla, rows) }])
      const again = [...rows, [1, 'B', 10]]
      const result = await suite.bench().load([{ tabla, source: suite.bench().rows(tabla, again) }])
      expect(result.totales).toMatchObject({ insertadas: 1, actualizadas: 0 })
    })

    it('refuses null and repeated keys with their records, and changes nothing', async () => {
      await start(upsert)
      const nulls = suite.bench().rows(upsert, [
        [7, 'x', 1],
        [null, 'y', 2],
      ])
      const withNull = await failure(suite.bench().load([{ tabla: upsert, source: nulls }]))
      expect(withNull).toMatchObject({ code: 'FILAS_RECHAZADAS', kind: 'input', details: { total: 1 } })
      expect(withNull.message).toContain('Registros: 2')
      const repeats = suite.bench().rows(upsert, [
        [7, 'x', 1],
        [8, 'y', 2],
        [7, 'z', 3],
      ])
      const repeated = await failure(suite.bench().load([{ tabla: upsert, source: repeats }]))
      expect(repeated).toMatchObject({ code: 'FILAS_RECHAZADAS', details: { columnas: ['id'] } })
      expect(repeated.message).toContain('Registros: 1, 3')
      expect(await table()).toHaveLength(3)
    })

    it('takes for repeated what the server takes for equal', async () => {
      const tabla = tableOf({ codigo: TEXTO, n: ENTERO }, { tipo: 'upsert', clave: ['codigo'] })
      const rows = [
        ['a', 1],
        ['A', 2],
      ]
      const load = suite.bench().load([{ tabla, source: suite.bench().rows(tabla, rows) }])
      if (suite.target().has.foldsCase) expect((await failure(load)).code).toBe('FILAS_RECHAZADAS')
      else expect((await load).totales.insertadas).toBe(2)
    })
  })

  describe('delete and insert', () => {
    it('by key', async () => {
      await start()
      const tabla = tableOf(COLUMNS, { tipo: 'delete_insert', borrar: { por: 'clave', clave: ['id'] } })
      const rows = [
        [2, 'B', 99],
        [5, 'E', 50],
      ]
      const result = await suite.bench().load([{ tabla, source: suite.bench().rows(tabla, rows) }])
      expect(result.totales).toEqual({ leidas: 2, insertadas: 2, actualizadas: 0, eliminadas: 1 })
      expect(await table()).toEqual([
        ['1', 'A', '10'],
        ['2', 'B', '99'],
        ['3', null, '30'],
        ['5', 'E', '50'],
      ])
    })

    it('by the partitions of the load, the one without a value too', async () => {
      await start()
      const tabla = tableOf(COLUMNS, {
        ...{ tipo: 'delete_insert', borrar: { por: 'particion', columnas: ['canal'] } },
      })
      const rows = [
        [8, null, 80],
        [9, 'B', 90],
        [10, 'B', 91],
      ]
      const result = await suite.bench().load([{ tabla, source: suite.bench().rows(tabla, rows) }])
      expect(result.totales).toEqual({ leidas: 3, insertadas: 3, actualizadas: 0, eliminadas: 2 })
      expect((await table()).map(([id]) => id)).toEqual(['1', '8', '9', '10'])
    })

    it('by a condition, its values bound: what looks like SQL is a value', async () => {
      await start()
      const borrarCon = (valores: string[]) =>
        tableOf(COLUMNS, {
          tipo: 'delete_insert',
          borrar: {
            por: 'condicion',
            condiciones: [
              { columna: 'canal', operador: 'en', valores },
              { columna: 'monto', operador: '>=', valores: ['10'] },
            ],
          },
        })
      const hostile = borrarCon(["A') OR 1=1 --"])
      const none = await suite.bench().load([{ tabla: hostile, source: suite.bench().rows(hostile, []) }])
      expect(none.totales.eliminadas).toBe(0)
      const tabla = borrarCon(['A', 'B'])
      const result = await suite.bench().load([{ tabla, source: suite.bench().rows(tabla, [[7, 'G', 70]]) }])
      expect(result.totales).toEqual({ leidas: 1, insertadas: 1, actualizadas: 0, eliminadas: 2 })
      expect((await table()).map(([id]) => id)).toEqual(['3', '7'])
    })
  })

  it.each(['truncate_insert', 'full'] as const)(
    '%s replaces all; an empty load leaves it empty',
    async (tipo) => {
      await start()
      const tabla = tableOf(COLUMNS, { tipo })
      const result = await suite.bench().load([{ tabla, source: suite.bench().rows(tabla, [[7, 'G', 70]]) }])
      expect(result.totales).toEqual({ leidas: 1, insertadas: 1, actualizadas: 0, eliminadas: 3 })
      expect(await table()).toEqual([['7', 'G', '70']])
      const empty = await suite.bench().load([{ tabla, source: suite.bench().rows(tabla, []) }])
      expect(empty.totales).toMatchObject({ insertadas: 0, eliminadas: 1 })
      expect(await table()).toEqual([])
    },
  )

  it('full keeps as many of the replaced loads as it is told, each under its control UUID', async () => {
    const tabla = tableOf(COLUMNS, { tipo: 'full', conservar: 2 })
    const cargas = ['1', '2', '3', '4'].map((n) => `00000000-0000-4000-8000-00000000000${n}`)
    for (const [at, carga] of cargas.entries()) {
      const en = `2026-01-0${at + 1}T00:00:00.000Z`
      await suite.bench().load([{ tabla, source: suite.bench().rows(tabla, [[at, 'A', at]]) }], { carga, en })
    }
    expect(await table()).toEqual([['3', 'A', '3']])
    expect(await suite.bench().table('ventas__cargas', ['_sage_carga', 'id'])).toEqual([
      [cargas[1], '1'],
      [cargas[2], '2'],
    ])
  })

  it('loads several tables in one piece, and none of them when one is refused', async () => {
    const clientes = tableOf(
      { id: ENTERO, nombre: TEXTO },
      { tipo: 'upsert', clave: ['id'] },
      { tabla: 'clientes' },
    )
    const jobs = (key: number | null) => [
      { tabla: clientes, source: suite.bench().rows(clientes, [[1, 'Ana']]) },
      { tabla: upsert, source: suite.bench().rows(upsert, [[key, 'A', 10]]) },
    ]
    const refusal = await failure(suite.bench().load(jobs(null)))
    expect(refusal.message).toContain('«ventas»')
    expect(await suite.bench().table('clientes', ['id'])).toEqual([])
    const result = await suite.bench().load(jobs(5))
    expect(result.tablas.map(({ tabla, insertadas }) => [tabla, insertadas])).toEqual([
      ['clientes', 1],
      ['ventas', 1],
    ])
  })
}
