import { oneCatalog } from '@engine/execution/testing-bench'
import { rawZip } from '@testkit/hostile'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { valuesRefused } from '.'
import { RowsBench, RUN, tableOf, textOf, typesOf } from './rows.fixture'

let bench: RowsBench
beforeEach(async () => {
  bench = await RowsBench.open()
})
afterEach(() => bench.close())

const NUMBERS = [
  { name: 'id', type: 'entero' },
  { name: 'monto', type: 'decimal' },
]

describe('mapping', () => {
  it('gives the columns by their names, in their order and types, and the record of each row', async () => {
    await bench.execute(
      [
        { name: 't' },
        { name: 'e', type: 'entero' },
        { name: 'd', type: 'decimal' },
        { name: 'f', type: 'fecha' },
        { name: 'b', type: 'booleano' },
      ],
      't,e,d,f,b\nñandú,7,1.50,2025-01-31,sí\n,,,,\n',
    )
    const rows = await bench.rows(
      tableOf([
        { nombre: 'día', fuente: { de: 'campo', campo: 'f' }, tipo: { tipo: 'fecha' } },
        { nombre: 'momento', fuente: { de: 'campo', campo: 'f' }, tipo: { tipo: 'fecha_hora' } },
        { nombre: 'instante', fuente: { de: 'campo', campo: 'f' }, tipo: { tipo: 'fecha_hora', zona: true } },
        { nombre: 'd', tipo: { tipo: 'decimal', precision: 12, escala: 4 } },
        {
          nombre: 'ancho',
          fuente: { de: 'campo', campo: 'd' },
          tipo: { tipo: 'decimal', precision: 60, escala: 10 },
        },
        { nombre: 'e', tipo: { tipo: 'entero' } },
        { nombre: 'b', tipo: { tipo: 'booleano' } },
        { nombre: 'uno', fuente: { de: 'campo', campo: 'b' }, tipo: { tipo: 'entero' } },
        { nombre: 't', tipo: { tipo: 'texto', largo: 5 } },
        { nombre: 'doble', fuente: { de: 'campo', campo: 'd' }, tipo: { tipo: 'doble' } },
      ]),
    )
    expect(rows.problems).toEqual({ total: 0, items: [] })
    expect(rows.source.filas).toBe(2)
    expect(await typesOf(rows)).toEqual([
      'DATE',
      'TIMESTAMP',
      'TIMESTAMP WITH TIME ZONE',
      'DECIMAL(12,4)',
      'VARCHAR',
      'BIGINT',
      'BOOLEAN',
      'BIGINT',
      'VARCHAR',
      'DOUBLE',
      'BIGINT',
    ])
    expect(await textOf(rows)).toEqual([
      [
        '2025-01-31',
        '2025-01-31 00:00:00',
        '2025-01-31 00:00:00+00',
        '1.5000',
        '1.5',
        '7',
        'true',
        '1',
        'ñandú',
        '1.5',
        '1',
      ],
      [null, null, null, null, null, null, null, null, null, null, '2'],
    ])
  })

  it('anything can be told as text, as a person would write it', async () => {
    await bench.execute(
      [
        { name: 'd', type: 'decimal' },
        { name: 'f', type: 'fecha' },
        { name: 'b', type: 'booleano' },
      ],
      'd,f,b\n1.50,2025-01-31,1\n2e3,2025-01-31 08:30:00,no\n',
    )
    const texto = { tipo: 'texto' } as const
    const rows = await bench.rows(
      tableOf([
        { nombre: 'd', tipo: texto },
        { nombre: 'f', tipo: texto },
        { nombre: 'b', tipo: texto },
      ]),
    )
    expect(await textOf(rows)).toEqual([
      ['1.50', '2025-01-31', 'true', '1'],
      ['2e3', '2025-01-31 08:30:00', 'false', '2'],
    ])
  })

  it('adds constants and what the run knows: execution, load, time, record', async () => {
    await bench.execute(NUMBERS, 'id,monto\n1,1\nx,2\n3,3\n')
    const rows = await bench.rows(
      tableOf([
        { nombre: 'país', fuente: { de: 'constante', valor: "O'Higgins" }, tipo: { tipo: 'texto' } },
        {
          nombre: 'cero',
          fuente: { de: 'constante', valor: '-0.10' },
          tipo: { tipo: 'decimal', precision: 5, escala: 2 },
        },
        { nombre: 'nada', fuente: { de: 'constante', valor: null }, tipo: { tipo: 'fecha' } },
        {
          nombre: 'ejecucion',
          fuente: { de: 'control', control: 'ejecucion' },
          tipo: { tipo: 'texto', largo: 36 },
        },
        { nombre: 'carga', fuente: { de: 'control', control: 'carga' }, tipo: { tipo: 'texto' } },
        {
          nombre: 'registro',
          fuente: { de: 'control', control: 'registro' },
          tipo: { tipo: 'entero' },
          nulos: false,
        },
        { nombre: 'archivo', fuente: { de: 'control', control: 'archivo' }, tipo: { tipo: 'texto' } },
        {
          nombre: 'cuando',
          fuente: { de: 'control', control: 'cargado_en' },
          tipo: { tipo: 'fecha_hora', zona: true },
        },
      ]),
    )
    const common = ["O'Higgins", '-0.10', null, RUN.ejecucion, RUN.carga]
    expect(await textOf(rows)).toEqual([
      [...common, '1', 'datos.csv', '2025-03-04 05:06:07.089+00', '1'],
      [...common, '3', 'datos.csv', '2025-03-04 05:06:07.089+00', '3'],
    ])
  })

  it('names the file of each record when a catalog has several', async () => {
    const yaml = oneCatalog(NUMBERS)
      .replace('filename: datos.csv', 'filename: "datos_*.csv"')
      .replace('file_format: { type: CSV }, catalogs', 'file_format: { type: ZIP }, catalogs')
    const zip = rawZip([
      { name: "datos_'1.csv", data: Buffer.from('id,monto\n1,1\n2,2\n') },
      { name: 'datos_2.csv', data: Buffer.from('id,monto\n3,3\n') },
      { name: 'datos_3.csv', data: Buffer.from('id,monto\n4,4\n') },
    ])
    await bench.execute([], '', { yaml, name: 'uno.zip', bytes: zip })
    const rows = await bench.rows(
      tableOf([{ nombre: 'a', fuente: { de: 'control', control: 'archivo' }, tipo: { tipo: 'texto' } }]),
    )
    expect((await textOf(rows)).map(([file]) => file)).toEqual([
      "datos_'1.csv",
      "datos_'1.csv",
      'datos_2.csv',
      'datos_3.csv',
    ])
  })

  it('hostile names of fields and columns are only names', async () => {
    const hostile = `'; DROP TABLE x; --"`
    const fields = [{ name: hostile }, { name: 'select' }, { name: 'A' }, { name: 'a' }]
    await bench.execute([], '1,2,3,4\n', { yaml: oneCatalog(fields, { header: false }) })
    const texto = { tipo: 'texto' } as const
    const rows = await bench.rows(
      tableOf([
        { nombre: hostile, tipo: texto },
        { nombre: 'select', tipo: texto },
        { nombre: 'a', tipo: texto },
        { nombre: 'otra A', fuente: { de: 'campo', campo: 'A' }, tipo: texto },
      ]),
    )
    expect(await textOf(rows)).toEqual([['1', '2', '4', '3', '1']])
  })
})

describe('filter', () => {
  it('takes the records for which it is true: null is not', async () => {
    await bench.execute(NUMBERS, 'id,monto\n1,10\n2,\n3,30.5\n4,40\n')
    const rows = await bench.rows(
      tableOf([{ nombre: 'id', tipo: { tipo: 'entero' } }], {
        filtro: "(df['monto'] > 20) & (df['id'] < 4)",
      }),
    )
    expect(rows.source.filas).toBe(1)
    expect(await textOf(rows)).toEqual([['3', '3']])
  })

  it('a value that does not fit is told only where it would be loaded', async () => {
    await bench.execute(NUMBERS, 'id,monto\n1,1.239\n2,2.5\n')
    const tabla = tableOf([{ nombre: 'monto', tipo: { tipo: 'decimal', precision: 4, escala: 2 } }], {
      filtro: "df['id'] > 1",
    })
    expect((await bench.rows(tabla)).problems.total).toBe(0)
    expect((await bench.rows({ ...tabla, filtro: null })).problems.total).toBe(1)
  })

  it('one that does not read is refused with its reason', async () => {
    await bench.execute(NUMBERS, 'id,monto\n1,1\n')
    const tabla = tableOf([{ nombre: 'id', tipo: { tipo: 'entero' } }], { filtro: "df['nadie'] > 1" })
    await expect(bench.rows(tabla)).rejects.toMatchObject({
      code: 'FILTER_INVALID',
      details: { problems: [{ code: 'COLUMN' }] },
    })
  })
})

describe('values that do not fit', () => {
  it('are refused with catalog, record, column, value and reason; never rounded, never cut', async () => {
    await bench.execute(
      [
        { name: 'm', type: 'decimal' },
        { name: 't' },
        { name: 'f', type: 'fecha' },
        { name: 'e', type: 'entero' },
      ],
      'm,t,f,e\n12.34,corto,2025-01-01,1\n12.345,corto,2025-01-01,2\n1.23456e2,demasiado largo,2025-01-01 10:00:00,3\n12.3400,,,\n1e-9,á,2025-01-02,1234\n',
    )
    const rows = await bench.rows(
      tableOf([
        { nombre: 'm', tipo: { tipo: 'decimal', precision: 5, escala: 2 } },
        { nombre: 't', tipo: { tipo: 'texto', largo: 5 } },
        { nombre: 'f', tipo: { tipo: 'fecha' } },
        { nombre: 'e', tipo: { tipo: 'decimal', precision: 3, escala: 0 }, nulos: false },
      ]),
    )
    const told = rows.problems.items.map(
      ({ catalogo, registro, columna, valor, motivo }) =>
        `${catalogo} ${registro} ${columna} ${valor} ${motivo}`,
    )
    expect(told).toEqual([
      'datos 2 m 12.345 no cabe en decimal(5,2) con todas sus cifras',
      'datos 3 m 1.23456e2 no cabe en decimal(5,2) con todas sus cifras',
      'datos 3 t demasiado largo tiene más de 5 caracteres',
      'datos 3 f 2025-01-01 10:00:00 trae hora y la columna guarda solo el día',
      'datos 4 e null está vacía y la columna no admite nulos',
      'datos 5 m 1e-9 no cabe en decimal(5,2) con todas sus cifras',
      'datos 5 e 1234 no cabe en decimal(3,0)',
    ])
    expect(rows.problems.total).toBe(7)
    const error = valuesRefused(rows.problems)
    expect(error.message).toContain('«datos», registro 2, columna «m»: «12.345» no cabe en decimal(5,2)')
    expect(error.message).toContain('Y 4 más.')
    // Reading them all the same fails: nothing is rounded behind the check.
    await expect(rows.source.duck.rows(`SELECT "e" FROM (${rows.source.sql})`)).rejects.toThrow(/1234/)
  })

  it('a value that had to be looked at closely and fits is loaded, with those that did not', async () => {
    await bench.execute(
      [{ name: 'm', type: 'decimal' }, { name: 't' }],
      'm,t\n1.5,corto\n12.5000,ñandú\n1e-1,\n2.50,€€€€€\n',
    )
    const rows = await bench.rows(
      tableOf([
        { nombre: 'm', tipo: { tipo: 'decimal', precision: 5, escala: 2 } },
        { nombre: 't', tipo: { tipo: 'texto', largo: 5 } },
      ]),
    )
    expect(rows.problems).toEqual({ total: 0, items: [] })
    expect(await textOf(rows)).toEqual([
      ['1.50', 'corto', '1'],
      ['12.50', 'ñandú', '2'],
      ['0.10', null, '3'],
      ['2.50', '€€€€€', '4'],
    ])
  })

  it('are all counted and a thousand of them listed', async () => {
    const lines = Array.from({ length: 3000 }, (_, i) => `${i + 1},${i + 1}.255`)
    await bench.execute(NUMBERS, `id,monto\n${lines.join('\n')}\n`)
    const { problems } = await bench.rows(
      tableOf([{ nombre: 'monto', tipo: { tipo: 'decimal', precision: 8, escala: 2 } }]),
    )
    expect(problems.total).toBe(3000)
    expect(problems.items).toHaveLength(1000)
    expect(problems.items.at(-1)).toMatchObject({ registro: 1000, valor: '1000.255' })
  })
})

it('an execution of before records were numbered loads, and leaves their numbers empty', async () => {
  await bench.execute(NUMBERS, 'id,monto\n5,1\n6,2\n')
  const first = await bench.rows(tableOf([{ nombre: 'id', tipo: { tipo: 'entero' } }]))
  const path = `${bench.bench.dir}/aceptados/datos.parquet`
  await first.source.duck.run(`CREATE TABLE old AS SELECT * FROM '${path}'`)
  await first.source.duck.run(`COPY old TO '${path}' (FORMAT parquet)`)
  await bench.forget()
  const rows = await bench.rows(
    tableOf([
      { nombre: 'id', tipo: { tipo: 'entero' } },
      { nombre: 'r', fuente: { de: 'control', control: 'registro' }, tipo: { tipo: 'entero' } },
    ]),
  )
  expect(await textOf(rows)).toEqual([
    ['5', null, '1'],
    ['6', null, '2'],
  ])
})

it('a field that the execution did not have, or a type that cannot hold it, says which', async () => {
  await bench.execute([{ name: 't' }], 't\na\n')
  await expect(bench.rows(tableOf([{ nombre: 'otro', tipo: { tipo: 'texto' } }]))).rejects.toMatchObject({
    code: 'FIELD_MISSING',
    message: expect.stringContaining('«otro»'),
  })
  await expect(bench.rows(tableOf([{ nombre: 't', tipo: { tipo: 'entero' } }]))).rejects.toMatchObject({
    code: 'TYPE_CANT_HOLD',
    message: expect.stringContaining('«t» (entero)'),
  })
  await expect(
    bench.rows({ ...tableOf([{ nombre: 't', tipo: { tipo: 'texto' } }]), catalogo: 'nadie' }),
  ).rejects.toMatchObject({ code: 'CATALOG_NOT_STAGED' })
})
