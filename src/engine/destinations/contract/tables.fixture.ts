import { describe, expect, it } from 'vitest'
import type { Suite } from './index.fixture'
import { failure, tableOf } from './support.fixture'

const ENTERO = { tipo: 'entero' } as const
const TEXTO = { tipo: 'texto', largo: 40 } as const
const BASE = { id: ENTERO, canal: TEXTO }

/** What is said of a table that is there already, and what of it must survive. */
export function tables(suite: Suite): void {
  const start = (tabla = tableOf(BASE, { tipo: 'append' })) =>
    suite.bench().load([{ tabla, source: suite.bench().rows(tabla, [[1, 'A']]) }])

  describe('a column that the table lacks', () => {
    const wider = (deriva: 'evolucionar' | 'congelar' | 'descartar') =>
      tableOf({ ...BASE, nueva: ENTERO }, { tipo: 'append' }, { deriva })
    const load = (deriva: Parameters<typeof wider>[0]) => {
      const tabla = wider(deriva)
      return suite.bench().load([{ tabla, source: suite.bench().rows(tabla, [[2, 'B', 5]]) }])
    }

    it('is added, by the DDL that is told', async () => {
      await start()
      const { ddl } = await load('evolucionar')
      expect(ddl).toHaveLength(1)
      expect(ddl[0]).toMatch(/ALTER TABLE .*nueva/)
      expect(await suite.bench().table('ventas', ['id', 'canal', 'nueva'])).toEqual([
        ['1', 'A', null],
        ['2', 'B', '5'],
      ])
    })

    it('is refused', async () => {
      await start()
      const error = await failure(load('congelar'))
      expect(error).toMatchObject({
        code: 'MATERIALIZACION_INVALIDA',
        details: { problemas: [{ codigo: 'COLUMNA_NO_EXISTE', columna: 'nueva' }] },
      })
      expect(await suite.bench().table('ventas', ['id'])).toEqual([['1']])
    })

    it('is left out, and told', async () => {
      await start()
      const { descartadas, ddl } = await load('descartar')
      expect({ descartadas, ddl }).toEqual({ descartadas: ['ventas.nueva'], ddl: [] })
      expect(await suite.bench().table('ventas', ['id', 'canal'])).toEqual([
        ['1', 'A'],
        ['2', 'B'],
      ])
    })

    it('is never left out when the strategy works by it', async () => {
      await start()
      const tabla = tableOf(
        { ...BASE, nueva: ENTERO },
        { tipo: 'upsert', clave: ['nueva'] },
        { deriva: 'descartar' },
      )
      const error = await failure(
        suite.bench().load([{ tabla, source: suite.bench().rows(tabla, [[2, 'B', 5]]) }]),
      )
      expect(error.message).toContain('nueva')
    })
  })

  it('a missing table is refused when it is not to be made', async () => {
    const error = await failure(start(tableOf(BASE, { tipo: 'append' }, { crear: false })))
    expect(error.details).toMatchObject({ problemas: [{ codigo: 'TABLA_NO_EXISTE' }] })
  })

  it('a type that can not hold the values is refused, and changes nothing', async () => {
    await start()
    const tabla = tableOf({ id: ENTERO, canal: TEXTO }, { tipo: 'append' })
    const other = tableOf({ id: { tipo: 'fecha' }, canal: TEXTO }, { tipo: 'append' })
    const error = await failure(
      suite.bench().load([{ tabla: other, source: suite.bench().rows(other, [['2026-01-01', 'B']]) }]),
    )
    expect(error.details).toMatchObject({ problemas: [{ codigo: 'TIPO_NO_CABE', columna: 'id' }] })
    expect(await suite.bench().table(tabla.tabla, ['id'])).toEqual([['1']])
  })

  it('a column that the table asks for and the mapping has not is refused', async () => {
    await start(tableOf(BASE, { tipo: 'append' }, { sinNulos: ['id'] }))
    const tabla = tableOf({ canal: TEXTO }, { tipo: 'append' })
    const error = await failure(suite.bench().load([{ tabla, source: suite.bench().rows(tabla, [['B']]) }]))
    expect(error.details).toMatchObject({ problemas: [{ codigo: 'COLUMNA_OBLIGATORIA', columna: 'id' }] })
  })

  it('nulls for a column that takes none are refused with their records', async () => {
    await start(tableOf(BASE, { tipo: 'append' }, { sinNulos: ['canal'] }))
    const tabla = tableOf(BASE, { tipo: 'append' })
    const rows = [
      [2, 'B'],
      [3, null],
    ]
    const error = await failure(suite.bench().load([{ tabla, source: suite.bench().rows(tabla, rows) }]))
    expect(error.message).toMatch(/«canal» sin valor.*Registros: 2/)
  })

  it('is made with its key and its indexes', async () => {
    const tabla = tableOf(
      BASE,
      { tipo: 'upsert', clave: ['id'] },
      { indices: [{ columnas: ['canal'], unico: true }] },
    )
    await start(tabla)
    const session = await suite.bench().session()
    const there = await session.inspect({ esquema: session.esquema, tabla: 'ventas' })
    expect(there?.unicas.map((columns) => columns.join()).sort()).toEqual(['canal', 'id'])
    expect(there?.columnas.find(({ nombre }) => nombre === 'id')?.nulos).toBe(false)
    expect((await session.list('VENT', 10)).map(({ tabla: name }) => name)).toEqual(['ventas'])
  })

  it('an index of the table that refuses a row undoes the whole load', async () => {
    await start(tableOf(BASE, { tipo: 'append' }, { indices: [{ columnas: ['id'], unico: true }] }))
    const tabla = tableOf(BASE, { tipo: 'append' })
    const rows = [
      [2, 'B'],
      [1, 'otra vez'],
    ]
    const error = await failure(suite.bench().load([{ tabla, source: suite.bench().rows(tabla, rows) }]))
    expect(error).toMatchObject({ code: 'CLAVE_REPETIDA', kind: 'input', retryable: false })
    expect(await suite.bench().table('ventas', ['id'])).toEqual([['1']])
  })

  it('views over the table and its indexes outlive every strategy', async () => {
    if (!suite.target().has.views) return
    await start(tableOf(BASE, { tipo: 'upsert', clave: ['id'] }))
    const session = await suite.bench().session()
    const { table } = session.dialect
    const [ventas, vista] = ['ventas', 'vista'].map((tabla) => table({ esquema: session.esquema, tabla }))
    await suite.target().sql(`CREATE VIEW ${vista} AS SELECT * FROM ${ventas}`)
    try {
      for (const tipo of ['append', 'truncate_insert', 'full'] as const) {
        const tabla = tableOf(BASE, { tipo })
        await suite.bench().load([{ tabla, source: suite.bench().rows(tabla, [[tipo.length, tipo]]) }])
      }
      expect(await suite.target().read(`SELECT canal FROM ${vista}`)).toEqual([['full']])
      const there = await session.inspect({ esquema: session.esquema, tabla: 'ventas' })
      expect(there?.unicas).toEqual([['id']])
      const over = tableOf(BASE, { tipo: 'append' }, { tabla: 'vista' })
      const error = await failure(
        suite.bench().load([{ tabla: over, source: suite.bench().rows(over, [[1, 'x']]) }]),
      )
      expect(error.details).toMatchObject({ problemas: [{ codigo: 'NO_ES_TABLA' }] })
    } finally {
      await suite.target().sql(`DROP VIEW ${vista}`)
    }
  })
}
