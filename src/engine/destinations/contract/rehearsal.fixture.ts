import { rehearseTables } from '@engine/materialization'
import type { Ensayo, TablaMaterializada } from '@shared/model/materializacion'
import { describe, expect, it } from 'vitest'
import type { Suite } from './index.fixture'
import { runOf, tableOf } from './support.fixture'

const ENTERO = { tipo: 'entero' } as const
const COLUMNS = { id: ENTERO, canal: { tipo: 'texto', largo: 40 } as const, monto: ENTERO }
const OLD = [
  [1, 'A', 10],
  [2, 'B', 20],
  [3, null, 30],
]
const NEW = [
  [2, 'B', 20],
  [3, null, 31],
  [4, 'baja', 40],
  [1, 'baja', 0],
]
const EACH = [
  tableOf(COLUMNS, { tipo: 'append' }),
  tableOf(COLUMNS, { tipo: 'upsert', clave: ['id'], borrarSi: { columna: 'canal', valor: 'baja' } }),
  tableOf(COLUMNS, { tipo: 'delete_insert', borrar: { por: 'clave', clave: ['id'] } }),
  tableOf(COLUMNS, { tipo: 'delete_insert', borrar: { por: 'particion', columnas: ['canal'] } }),
  tableOf(COLUMNS, {
    tipo: 'delete_insert',
    borrar: { por: 'condicion', condiciones: [{ columna: 'monto', operador: '>', valores: ['15'] }] },
  }),
  tableOf(COLUMNS, { tipo: 'truncate_insert' }),
  tableOf(COLUMNS, { tipo: 'full' }),
]

/** What a dry run says is what the load then does; and it does nothing. */
export function rehearsals(suite: Suite): void {
  const table = () => suite.bench().table('ventas', Object.keys(COLUMNS))
  const rehearse = async (tabla: TablaMaterializada, rows: (string | number | null)[][]): Promise<Ensayo> => {
    const session = await suite.bench().session()
    try {
      return await rehearseTables(session, [{ tabla, source: suite.bench().rows(tabla, rows) }], runOf())
    } finally {
      await session.close()
    }
  }

  describe('a dry run', () => {
    it.each(EACH.map((tabla) => [JSON.stringify(tabla.estrategia), tabla] as const))(
      'of %s',
      async (_, tabla) => {
        const first = tableOf(COLUMNS, { tipo: 'append' })
        await suite.bench().load([{ tabla: first, source: suite.bench().rows(first, OLD) }])
        const before = await table()
        const { tablas } = await rehearse(tabla, NEW)
        expect(await table()).toEqual(before)
        const done = await suite.bench().load([{ tabla, source: suite.bench().rows(tabla, NEW) }])
        const [told] = tablas
        expect(told).toMatchObject({ ...done.totales, existe: true, filasAntes: 3, ddl: [] })
        const count = (cambio: string) => told?.muestra.filter((one) => one.cambio === cambio).length
        expect({
          insertadas: count('insertada'),
          actualizadas: count('actualizada'),
          eliminadas: count('eliminada'),
        }).toEqual({
          insertadas: done.totales.insertadas,
          actualizadas: done.totales.actualizadas,
          eliminadas: done.totales.eliminadas,
        })
      },
    )

    it('shows what is there beside what would be', async () => {
      const tabla = tableOf(COLUMNS, { tipo: 'upsert', clave: ['id'] })
      await suite.bench().load([{ tabla, source: suite.bench().rows(tabla, OLD) }])
      const { tablas, problemas } = await rehearse(tabla, [
        [3, null, 31],
        [2, 'B', 20],
      ])
      expect(problemas).toEqual([])
      expect(tablas[0]).toMatchObject({ actualizadas: 1, sinCambio: 1, insertadas: 0 })
      expect(tablas[0]?.muestra).toEqual([
        { cambio: 'actualizada', antes: ['3', null, '30'], despues: ['3', null, '31'] },
      ])
    })

    it('of a table that is not there tells the DDL and makes nothing', async () => {
      const { tablas } = await rehearse(tableOf(COLUMNS, { tipo: 'upsert', clave: ['id'] }), OLD)
      expect(tablas[0]).toMatchObject({ existe: false, insertadas: 3, filasAntes: 0 })
      expect(tablas[0]?.ddl[0]).toContain('CREATE TABLE')
      expect(tablas[0]?.muestra).toHaveLength(3)
      const session = await suite.bench().session()
      expect(await session.inspect({ esquema: session.esquema, tabla: 'ventas' })).toBeNull()
      expect(await session.inspect({ esquema: session.esquema, tabla: '_sage_cargas' })).toBeNull()
    })

    it('tells as problems the rows that would be refused and the columns that would be added', async () => {
      const tabla = tableOf(COLUMNS, { tipo: 'upsert', clave: ['id'] })
      await suite.bench().load([{ tabla, source: suite.bench().rows(tabla, OLD) }])
      const repeated = await rehearse(tabla, [
        [7, 'x', 1],
        [7, 'y', 2],
      ])
      expect(repeated.problemas).toMatchObject([{ codigo: 'FILAS_RECHAZADAS', columna: 'id', tabla: 0 }])
      expect(repeated.problemas[0]?.mensaje).toContain('Registros: 1, 2')
      const wider = tableOf({ ...COLUMNS, nueva: ENTERO }, { tipo: 'append' }, { deriva: 'evolucionar' })
      const added = await rehearse(wider, [[7, 'x', 1, 5]])
      expect(added.problemas).toMatchObject([{ codigo: 'COLUMNA_NUEVA', severidad: 'aviso' }])
      expect(added.tablas[0]?.ddl).toHaveLength(1)
    })
  })
}
