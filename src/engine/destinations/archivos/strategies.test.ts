import type { FormatoArchivo } from '@shared/model/materializacion'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { COLUMNS, FilesBench, KINDS, tableOf } from './files-bench.fixture'

let bench: FilesBench
afterEach(() => bench.close())
const openIn = (kind: (typeof KINDS)[number]) =>
  beforeEach(async () => {
    bench = await FilesBench.open(kind)
  })

type Formato = { tipo: FormatoArchivo['tipo'] }
const FORMATS = ['parquet', 'csv', 'jsonl'] as const
const file = { parquet: 'ventas.parquet', csv: 'ventas.csv', jsonl: 'ventas.jsonl' }

/** What stands in the file, as rows of text: null, empty text and digits told apart. */
async function there(formato: (typeof FORMATS)[number], name = file[formato]): Promise<string[]> {
  if (formato === 'parquet')
    return (await bench.parquet(name)).map((row) => row.map((cell) => cell ?? '∅').join('|'))
  const lines = (await bench.text(name)).split('\n').filter(Boolean)
  if (formato === 'csv')
    return lines
      .slice(1)
      .map((line) =>
        line
          .split(',')
          .map((cell) => (cell === '' ? '∅' : cell === '""' ? '' : cell))
          .join('|'),
      )
      .sort()
  return lines
    .map((line) =>
      [...line.matchAll(/:("[^"]*"|[^,}]*)/g)]
        .map(([, cell = '']) => (cell === 'null' ? '∅' : cell.replaceAll('"', '')))
        .join('|'),
    )
    .sort()
}

const OLD = [
  `(1, 'uno', 1.50, DATE '2025-01-01')`,
  `(2, '', NULL, DATE '2025-01-02')`,
  `(3, NULL, 12345678901234567890.1234, DATE '2025-02-01')`,
]
const KEPT_3 = '3|∅|12345678901234567890.1234|2025-02-01'

const cases = KINDS.flatMap((kind) => FORMATS.map((tipo) => [kind, tipo] as const))
describe.each(cases)('%s, %s', (kind, tipo) => {
  openIn(kind)
  const formato: Formato = { tipo }

  it('append: a file for each load, named by it', async () => {
    const tabla = tableOf({ formato })
    const [a, b] = [bench.run(), bench.run()]
    expect((await bench.load(tabla, bench.rows(...OLD), a)).totales).toEqual({
      leidas: 3,
      insertadas: 3,
      actualizadas: 0,
      eliminadas: 0,
    })
    await bench.load(tabla, bench.rows(`(4, 'ñ', 1, NULL)`), b)
    expect(await bench.files()).toEqual([a, b].map(({ carga }) => `ventas/${carga}.${tipo}`))
    expect(await there(tipo, `ventas/${a.carga}.${tipo}`)).toEqual([
      '1|uno|1.5000|2025-01-01',
      '2||∅|2025-01-02',
      KEPT_3,
    ])
  })

  it.each(['truncate_insert', 'full'] as const)('%s: the whole is replaced', async (estrategia) => {
    const tabla = tableOf({ formato, estrategia: { tipo: estrategia } })
    await bench.load(tabla, bench.rows(...OLD))
    const { totales } = await bench.load(tabla, bench.rows(`(9, 'nueve', 9, NULL)`))
    expect(totales).toEqual({ leidas: 1, insertadas: 1, actualizadas: 0, eliminadas: 3 })
    expect(await there(tipo)).toEqual(['9|nueve|9.0000|∅'])
  })

  it('upsert: inserts, updates what differs, deletes by a mark, and copies the rest as it was', async () => {
    const tabla = tableOf({
      formato,
      estrategia: { tipo: 'upsert', clave: ['id'], borrarSi: { columna: 'nombre', valor: 'BAJA' } },
    })
    await bench.load(tabla, bench.rows(...OLD, `(4, 'cuatro', 4, NULL)`))
    const { totales } = await bench.load(
      tabla,
      bench.rows(
        `(1, 'uno', 1.50, DATE '2025-01-01')`,
        `(2, 'dos', 2, NULL)`,
        `(4, 'BAJA', 0, NULL)`,
        `(5, 'cinco', 5, NULL)`,
        `(6, 'BAJA', 0, NULL)`,
      ),
    )
    expect(totales).toEqual({ leidas: 5, insertadas: 1, actualizadas: 1, eliminadas: 1 })
    expect(await there(tipo)).toEqual([
      '1|uno|1.5000|2025-01-01',
      '2|dos|2.0000|∅',
      KEPT_3,
      '5|cinco|5.0000|∅',
    ])
  })

  it('upsert by several columns: a row without one of them is no other row; a key that is there twice becomes one', async () => {
    const whole = tableOf({ formato, estrategia: { tipo: 'truncate_insert' } })
    const tabla = {
      ...whole,
      estrategia: { tipo: 'upsert' as const, clave: ['id', 'nombre'] },
    }
    await bench.load(
      whole,
      bench.rows(
        `(1, 'a', 1, NULL)`,
        `(1, 'a', 2, NULL)`,
        `(1, 'b', 3, NULL)`,
        `(1, NULL, 4, NULL)`,
        `(2, 'z', 5, NULL)`,
        `(2, 'z', 6, NULL)`,
      ),
    )
    const { totales } = await bench.load(
      tabla,
      bench.rows(`(1, 'a', 7, NULL)`, `(1, 'b', 3, NULL)`, `(1, 'c', 8, NULL)`),
    )
    expect(totales).toEqual({ leidas: 3, insertadas: 1, actualizadas: 1, eliminadas: 0 })
    expect((await there(tipo)).toSorted()).toEqual([
      '1|a|7.0000|∅',
      '1|b|3.0000|∅',
      '1|c|8.0000|∅',
      '1|∅|4.0000|∅',
      '2|z|5.0000|∅',
      '2|z|6.0000|∅',
    ])
  })

  it('a row that is updated keeps what the mapping does not have, and is one though its key was there twice', async () => {
    await bench.load(
      tableOf({ formato, estrategia: { tipo: 'truncate_insert' } }),
      bench.rows(`(1, 'uno', 1, NULL)`, `(1, 'uno', 1, NULL)`, `(2, 'dos', 2, NULL)`),
    )
    const tabla = tableOf({
      formato,
      columnas: [COLUMNS[0], COLUMNS[2]],
      estrategia: { tipo: 'upsert', clave: ['id'] },
    })
    const { totales } = await bench.load(tabla, 'SELECT 1::BIGINT, 9::DECIMAL(30,4)')
    expect(totales).toEqual({ leidas: 1, insertadas: 0, actualizadas: 1, eliminadas: 0 })
    // What a line of JSON is written anew with comes first.
    const updated = tipo === 'jsonl' ? '1|9.0000|uno|∅' : '1|uno|9.0000|∅'
    expect((await there(tipo)).toSorted()).toEqual([updated, '2|dos|2.0000|∅'])
  })

  it('delete_insert by key, by partition (null is one) and by condition', async () => {
    const by = (borrar: object) =>
      tableOf({ formato, estrategia: { tipo: 'delete_insert', borrar } as never })
    await bench.load(by({ por: 'clave', clave: ['id'] }), bench.rows(...OLD))
    const byKey = await bench.load(by({ por: 'clave', clave: ['id'] }), bench.rows(`(1, 'otro', 7, NULL)`))
    expect(byKey.totales).toMatchObject({ insertadas: 1, eliminadas: 1 })
    const byPart = await bench.load(
      by({ por: 'particion', columnas: ['dia'] }),
      bench.rows(`(8, 'ocho', 8, NULL)`, `(2, 'dos', 2, DATE '2025-01-02')`),
    )
    expect(byPart.totales).toMatchObject({ insertadas: 2, eliminadas: 2 })
    expect(await there(tipo)).toEqual(['2|dos|2.0000|2025-01-02', KEPT_3, '8|ocho|8.0000|∅'])
    const byCondition = await bench.load(
      by({
        por: 'condicion',
        condiciones: [
          { columna: 'monto', operador: '>', valores: ['2'] },
          { columna: 'dia', operador: 'no_es_nulo' },
        ],
      }),
      bench.rows(`(9, 'nueve', 9, NULL)`),
    )
    expect(byCondition.totales).toMatchObject({ insertadas: 1, eliminadas: 1 })
    expect(await there(tipo)).toEqual(['2|dos|2.0000|2025-01-02', '8|ocho|8.0000|∅', '9|nueve|9.0000|∅'])
  })

  it('the same execution again changes nothing and says so', async () => {
    const tabla = tableOf({ formato, estrategia: { tipo: 'upsert', clave: ['id'] } })
    const run = bench.run()
    await bench.load(tabla, bench.rows(...OLD), run)
    const again = await bench.load(tabla, bench.rows(`(1, 'distinto', 0, NULL)`), {
      ...run,
      carga: bench.run().carga,
    })
    expect(again).toMatchObject({ repetida: true, totales: { leidas: 0 }, tablas: [{ repetida: true }] })
    expect(await there(tipo)).toContain('1|uno|1.5000|2025-01-01')
    // Unless a person asks for it.
    await bench.load(tabla, bench.rows(`(1, 'distinto', 0, NULL)`), {
      ...run,
      carga: bench.run().carga,
      rehacer: true,
    })
    expect(await there(tipo)).toContain('1|distinto|0.0000|∅')
    const append = tableOf({ formato, tabla: 'otra' })
    await bench.load(append, bench.rows(...OLD), run)
    const retried = await bench.load(append, bench.rows(...OLD), { ...run, rehacer: true })
    expect(retried).toMatchObject({ repetida: true })
    await expect(
      bench.load(append, bench.rows(...OLD), { ...run, carga: bench.run().carga, rehacer: true }),
    ).rejects.toMatchObject({ code: 'CARGA_REPETIDA' })
  })

  it('an empty load empties what it replaces and touches nothing else', async () => {
    const upsert = tableOf({ formato, estrategia: { tipo: 'upsert', clave: ['id'] } })
    await bench.load(upsert, bench.rows(...OLD))
    await bench.load(upsert, `${bench.rows(...OLD)} WHERE false`)
    expect(await there(tipo)).toHaveLength(3)
    await bench.load(
      { ...upsert, estrategia: { tipo: 'truncate_insert' } },
      `${bench.rows(...OLD)} WHERE false`,
    )
    expect(await there(tipo)).toEqual([])
    await bench.load(upsert, bench.rows(...OLD))
    expect(await there(tipo)).toHaveLength(3)
  })

  it('null and repeated keys are refused with their records, and nothing is written', async () => {
    const tabla = tableOf({ formato, estrategia: { tipo: 'upsert', clave: ['id'] } })
    const twice = bench.load(tabla, bench.rows(`(1, 'a', 1, NULL)`, `(2, 'b', 1, NULL)`, `(1, 'c', 1, NULL)`))
    await expect(twice).rejects.toMatchObject({
      code: 'FILAS_RECHAZADAS',
      message: expect.stringContaining('Registros: 1, 3'),
      details: { total: 2 },
    })
    await expect(bench.load(tabla, bench.rows(`(NULL, 'a', 1, NULL)`))).rejects.toMatchObject({
      code: 'FILAS_RECHAZADAS',
    })
    expect(await bench.files()).toEqual([])
  })
})

describe.each(KINDS)('%s', (kind) => {
  openIn(kind)
  it('hostile names of tables and columns are only names', async () => {
    const hostile = [`'; DROP TABLE x; --"`, 'a/b~c', 'order', 'line', 'n']
    for (const tipo of FORMATS) {
      const columnas = [
        { nombre: 'id', tipo: { tipo: 'entero' as const }, nulos: false },
        ...hostile.map((nombre) => ({ nombre, tipo: { tipo: 'texto' as const } })),
      ]
      const tabla = tableOf({
        tabla: `it's ñ {${tipo}}`,
        columnas,
        formato: { tipo },
        estrategia: { tipo: 'upsert', clave: ['id'] },
      })
      await bench.load(tabla, `SELECT 1::BIGINT, 'a"b', 'c' || chr(10) || 'd', 'e,f', '{g}', 'h'`)
      const { totales } = await bench.load(
        tabla,
        `SELECT * FROM (VALUES (1::BIGINT, 'a"b', 'c' || chr(10) || 'd', 'e,f', '{g}', 'h'), (2::BIGINT, '', NULL, '''', '\\', '💥'))`,
      )
      // Read back the same: the first is not told as changed.
      expect([tipo, totales]).toEqual([tipo, { leidas: 2, insertadas: 1, actualizadas: 0, eliminadas: 0 }])
    }
  })
})
