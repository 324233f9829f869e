import { existsSync, realpathSync } from 'node:fs'
import { mkdir, readdir, readFile, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readXlsx } from 'hucre/xlsx'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describeTable, folderShelves, listTables, loadFiles, probarArchivos, trialFiles } from '.'
import { COLUMNS, FilesBench, tableOf } from './files-bench.fixture'

let bench: FilesBench
beforeEach(async () => {
  bench = await FilesBench.open()
})
afterEach(() => bench.close())

const UPSERT = { tipo: 'upsert' as const, clave: ['id'] }
const one = (id: number, nombre = 'x', dia = 'NULL') => `(${id}, '${nombre}', ${id}, ${dia})`

describe('partitions', () => {
  const formato = (...particiones: string[]) => ({ tipo: 'parquet' as const, particiones })
  const current = () => bench.parquet('ventas/actual/**/*.parquet')

  it('rows are added in a new version; the old one stays for whoever is reading it', async () => {
    const tabla = tableOf({ formato: formato('dia') })
    const [a, b, c] = [bench.run(), bench.run(), bench.run()]
    await bench.load(tabla, bench.rows(one(1, 'a', `DATE '2025-01-01'`), one(2)), a)
    await bench.load(tabla, bench.rows(one(3, 'c', `DATE '2025-01-01'`)), b)
    expect(await current()).toEqual([
      ['1', 'a', '1.0000', '2025-01-01'],
      ['2', 'x', '2.0000', null],
      ['3', 'c', '3.0000', '2025-01-01'],
    ])
    expect(await readdir(join(bench.carpeta, 'ventas'))).toEqual([a.carga, b.carga, 'actual'])
    expect(await readdir(join(bench.carpeta, 'ventas', b.carga))).toEqual([
      'dia=2025-01-01',
      'dia=__HIVE_DEFAULT_PARTITION__',
    ])
    await bench.load(tabla, bench.rows(one(4)), c)
    expect(await readdir(join(bench.carpeta, 'ventas'))).toEqual([b.carga, c.carga, 'actual'])
    expect(await current()).toHaveLength(4)
  })

  it('upsert and full over hostile values of the partition', async () => {
    const tabla = tableOf({ formato: formato('nombre'), estrategia: UPSERT })
    await bench.load(tabla, bench.rows(one(1, '../../x'), one(2, 'a=b/c'), one(3, 'ñ "%')))
    const { totales } = await bench.load(tabla, bench.rows(one(2, 'otra'), one(4, '')))
    expect(totales).toEqual({ leidas: 2, insertadas: 1, actualizadas: 1, eliminadas: 0 })
    expect((await current()).map(([id, nombre]) => [id, nombre])).toEqual([
      ['1', '../../x'],
      ['2', 'otra'],
      ['3', 'ñ "%'],
      ['4', ''],
    ])
    await bench.load({ ...tabla, estrategia: { tipo: 'full', conservar: 0 } }, bench.rows(one(9, 'z')))
    expect(await current()).toHaveLength(1)
    await bench.load(
      { ...tabla, estrategia: { tipo: 'truncate_insert' } },
      `${bench.rows(one(9))} WHERE false`,
    )
    expect(await current()).toEqual([])
    expect((await bench.files()).every((name) => name.startsWith('ventas/'))).toBe(true)
    await bench.load(tabla, bench.rows(one(5)))
    expect(await current()).toHaveLength(1)
  })
})

describe('a crash', () => {
  const OLD = [['1', 'viejo', '1.0000', null]]
  const NEW = [
    ['1', 'nuevo', '1.0000', null],
    ['2', 'x', '2.0000', null],
  ]
  const kinds = {
    archivo: { tabla: tableOf({ estrategia: UPSERT }), glob: 'ventas.parquet' },
    particiones: {
      tabla: tableOf({ estrategia: UPSERT, formato: { tipo: 'parquet', particiones: ['dia'] } }),
      glob: 'ventas/actual/**/*.parquet',
    },
  }
  const steps = [
    'bloquear la tabla',
    'escribir los archivos',
    'anunciar el cambio',
    'cambiar los archivos',
    'anotar la carga',
  ]
  const cases = Object.keys(kinds).flatMap((kind) => steps.map((step) => [kind, step] as const))

  it.each(cases)(
    'of %s at «%s» leaves the old or the new whole, and the same execution ends it',
    async (kind, step) => {
      const { tabla, glob } = kinds[kind as keyof typeof kinds]
      await bench.load(tabla, bench.rows(one(1, 'viejo')))
      const rows = bench.rows(one(1, 'nuevo'), one(2))
      const run = bench.run()
      await bench.become(await bench.killedAt(tabla, rows, run, step))
      const switched = step === 'anotar la carga'
      expect(await bench.parquet(glob)).toEqual(switched ? NEW : OLD)
      // The next try finds what was switched written down, and does what was not.
      const again = await bench.load(tabla, rows, { ...run, carga: bench.run().carga })
      expect(again.repetida).toBe(switched)
      expect(await bench.parquet(glob)).toEqual(NEW)
      expect(
        (await readdir(join(bench.carpeta, '_sage_cargas'))).filter((name) => name.endsWith('.tmp')),
      ).toEqual([])
    },
  )

  it.each(['cambiar los archivos', 'anotar la carga'])(
    'of an append at «%s» adds its rows once',
    async (step) => {
      const tabla = tableOf()
      const run = bench.run()
      const stop = (what: string) => {
        if (what === step) throw new Error('muere')
      }
      await expect(bench.load(tabla, bench.rows(one(1)), run, { onStep: stop })).rejects.toThrow('muere')
      await bench.load(tabla, bench.rows(one(1)), { ...run, carga: bench.run().carga })
      expect(await bench.parquet('ventas/*.parquet')).toHaveLength(1)
    },
  )
})

describe('two loads', () => {
  it('into one table: the second waits and loses nothing', async () => {
    const tabla = tableOf({ estrategia: UPSERT })
    const loads = Array.from({ length: 6 }, (_, i) => bench.load(tabla, bench.rows(one(i + 1))))
    await Promise.all(loads)
    expect(await bench.parquet('ventas.parquet')).toHaveLength(6)
  })

  it('or is refused, to be tried again, when the first takes too long', async () => {
    const tabla = tableOf({ estrategia: UPSERT })
    const second = async (what: string): Promise<void> => {
      if (what !== 'escribir los archivos') return
      await expect(
        bench.load(tabla, bench.rows(one(2)), bench.run(), { lockWaitMs: 0 }),
      ).rejects.toMatchObject({ code: 'TABLA_OCUPADA', retryable: true })
    }
    await bench.load(tabla, bench.rows(one(1)), bench.run(), { onStep: second })
    expect(await bench.parquet('ventas.parquet')).toHaveLength(1)
  })

  it('of several tables each: one that fails writes none', async () => {
    const good = tableOf({ estrategia: UPSERT, tabla: 'clientes' })
    const bad = tableOf({ estrategia: UPSERT })
    const jobs = [
      { tabla: good, source: await bench.source(good, bench.rows(one(1))) },
      { tabla: bad, source: await bench.source(bad, bench.rows(one(1), one(1))) },
    ]
    await expect(loadFiles(folderShelves(bench.carpeta), jobs, bench.run())).rejects.toMatchObject({
      code: 'FILAS_RECHAZADAS',
    })
    expect(await bench.files()).toEqual([])
  })
})

it('a folder that is away is not made again: the load fails, and goes on once it is back', async () => {
  const tabla = tableOf({ estrategia: UPSERT })
  await bench.load(tabla, bench.rows(one(1)))
  const away = join(bench.root, 'desmontada')
  await rename(bench.carpeta, away)
  const gone = { code: 'CARPETA_INACCESIBLE' }
  const source = await bench.source(tabla, bench.rows(one(2)))
  await expect(bench.load(tabla, bench.rows(one(2)))).rejects.toMatchObject(gone)
  await expect(trialFiles(folderShelves(bench.carpeta), [{ tabla, source }])).rejects.toMatchObject(gone)
  await expect(listTables(bench.carpeta)).rejects.toMatchObject(gone)
  expect(existsSync(bench.carpeta)).toBe(false)
  await rename(away, bench.carpeta)
  await bench.load(tabla, bench.rows(one(2)))
  expect(await bench.parquet('ventas.parquet')).toHaveLength(2)
})

it('FULL keeps the whole files of the loads it replaced, as many as it says', async () => {
  const tabla = tableOf({ estrategia: { tipo: 'full', conservar: 2 }, formato: { tipo: 'csv' } })
  const runs = [bench.run(), bench.run(), bench.run(), bench.run()]
  for (const [i, run] of runs.entries()) await bench.load(tabla, bench.rows(one(i + 1)), run)
  expect(await bench.files()).toEqual(
    [...[runs[1], runs[2]].map((run) => `ventas__cargas/${run?.carga}.csv`), 'ventas.csv'].sort(),
  )
  expect(await bench.text(`ventas__cargas/${runs[2]?.carga}.csv`)).toContain('3,x,3.0000,')
})

describe('drift', () => {
  const more = [...COLUMNS, { nombre: 'nueva', tipo: { tipo: 'texto' as const } }]
  const wide = `SELECT *, 'n'::VARCHAR FROM (${'$'})`
  const widened = (rows: string) => wide.replace('$', () => rows)

  it.each(['parquet', 'csv'] as const)(
    'in %s: frozen it is refused; evolving it adds the column; discarding it leaves it out',
    async (tipo) => {
      const base = { estrategia: UPSERT, formato: { tipo } }
      await bench.load(tableOf(base), bench.rows(one(1), one(2)))
      const frozen = bench.load(tableOf({ ...base, columnas: more }), widened(bench.rows(one(3))))
      await expect(frozen).rejects.toMatchObject({
        code: 'MATERIALIZACION_INVALIDA',
        details: { problemas: [{ codigo: 'COLUMNA_NO_EXISTE', columna: 'nueva' }] },
      })
      const left = await bench.load(
        tableOf({ ...base, columnas: more, deriva: 'descartar' }),
        widened(bench.rows(one(3))),
      )
      expect(left.descartadas).toEqual(['ventas.nueva'])
      const grown = await bench.load(
        tableOf({ ...base, columnas: more, deriva: 'evolucionar' }),
        widened(bench.rows(one(1, 'otro'), one(4))),
      )
      expect(grown).toMatchObject({
        totales: { insertadas: 1, actualizadas: 1 },
        ddl: ['ventas: agregar la columna «nueva»'],
      })
      // A mapping without the column keeps what the rows had in it.
      await bench.load(tableOf(base), bench.rows(one(4, 'cambia')))
      const rows =
        tipo === 'parquet'
          ? await bench.parquet('ventas.parquet')
          : (await bench.text('ventas.csv'))
              .trim()
              .split('\n')
              .slice(1)
              .sort()
              .map((line) => line.split(',').map((cell) => cell || null))
      expect(rows.map((row) => [row[0], row[1], row[4]])).toEqual([
        ['1', 'otro', 'n'],
        ['2', 'x', null],
        ['3', 'x', null],
        ['4', 'cambia', 'n'],
      ])
    },
  )

  it('a type that is not the one written, or another format, is refused', async () => {
    await bench.load(tableOf({ estrategia: UPSERT }), bench.rows(one(1)))
    const other = COLUMNS.map((columna) =>
      columna.nombre === 'monto'
        ? { ...columna, tipo: { tipo: 'decimal' as const, precision: 10, escala: 2 } }
        : columna,
    )
    await expect(
      bench.load(
        tableOf({ estrategia: UPSERT, columnas: other }),
        `SELECT 1::BIGINT, 'x', 1::DECIMAL(10,2), NULL::DATE`,
      ),
    ).rejects.toMatchObject({
      message: expect.stringContaining(
        '«monto» está escrita como DECIMAL(30,4) y la asignación pide decimal(10,2)',
      ),
    })
    await expect(
      bench.load(tableOf({ estrategia: UPSERT, formato: { tipo: 'csv' } }), bench.rows(one(1))),
    ).rejects.toMatchObject({ details: { problemas: [{ codigo: 'FORMATO_DISTINTO' }] } })
    await expect(
      bench.load(tableOf({ tabla: 'nadie', crear: false }), bench.rows(one(1))),
    ).rejects.toMatchObject({ details: { problemas: [{ codigo: 'TABLA_NO_EXISTE' }] } })
  })
})

describe('what is outside', () => {
  it.each(['../fuera', 'a/b', '..', 'con', '', 'ventas__cargas', 'v__CARGAS'])(
    'a table cannot be called «%s»',
    async (tabla) => {
      await expect(bench.load({ ...tableOf(), tabla }, bench.rows(one(1)))).rejects.toMatchObject({
        code: 'NOMBRE_INVALIDO',
      })
      expect(existsSync(join(bench.root, 'fuera'))).toBe(false)
    },
  )

  it('a link in the place of a table is not followed', async () => {
    const other = join(bench.root, 'otra')
    await mkdir(other)
    await symlink(other, join(bench.carpeta, 'ventas'))
    await expect(bench.load(tableOf(), bench.rows(one(1)))).rejects.toMatchObject({ code: 'RUTA_FUERA' })
    await expect(
      bench.load(tableOf({ esquema: 'ventas', tabla: 't' }), bench.rows(one(1))),
    ).rejects.toMatchObject({ code: 'RUTA_FUERA' })
    expect(await readdir(other)).toEqual([])
  })

  it('a link of a version that leads elsewhere is not read', async () => {
    const tabla = tableOf({ formato: { tipo: 'parquet', particiones: ['dia'] } })
    await mkdir(join(bench.carpeta, 'ventas'), { recursive: true })
    await symlink('/etc', join(bench.carpeta, 'ventas', 'actual'))
    await bench.load(tabla, bench.rows(one(1)))
    expect(await readlink(join(bench.carpeta, 'ventas', 'actual'))).not.toBe('/etc')
    expect(realpathSync(join(bench.carpeta, 'ventas', 'actual')).startsWith(bench.carpeta)).toBe(true)
  })

  it('a place that is no folder says so', async () => {
    await rm(bench.carpeta, { recursive: true })
    await writeFile(bench.carpeta, 'no soy una carpeta')
    await expect(bench.load(tableOf(), bench.rows(one(1)))).rejects.toMatchObject({
      code: 'CARPETA_INACCESIBLE',
      kind: 'config',
    })
  })
})

describe('Excel', () => {
  it('has the values with their types; what a cell cannot hold exactly is text', async () => {
    const tabla = tableOf({ estrategia: { tipo: 'full' }, formato: { tipo: 'excel', hoja: 'Ventas ñ' } })
    await bench.load(
      tabla,
      bench.rows(
        `(1, '=1+1', 12345678901234567890.1234, DATE '2025-01-31')`,
        `(9007199254740993, NULL, 1.5, DATE '1850-01-01')`,
      ),
    )
    const book = await readXlsx(new Uint8Array(await readFile(join(bench.carpeta, 'ventas.xlsx'))))
    const [sheet] = book.sheets
    expect(sheet?.name).toBe('Ventas ñ')
    expect(sheet?.rows).toEqual([
      ['id', 'nombre', 'monto', 'dia'],
      [1, '=1+1', '12345678901234567890.1234', new Date('2025-01-31T00:00:00Z')],
      ['9007199254740993', null, 1.5, '1850-01-01'],
    ])
  })

  it('refuses more rows than a sheet has, and a text longer than a cell', async () => {
    const tabla = tableOf({ estrategia: { tipo: 'full' }, formato: { tipo: 'excel' } })
    await expect(
      bench.load(tabla, `SELECT range, 'x', 1::DECIMAL(30,4), NULL::DATE FROM range(1048576)`),
    ).rejects.toMatchObject({ code: 'EXCEL_DEMASIADAS_FILAS' })
    await expect(
      bench.load(tabla, `SELECT 1::BIGINT, repeat('x', 32768), 1::DECIMAL(30,4), NULL::DATE`),
    ).rejects.toMatchObject({ code: 'EXCEL_TEXTO_LARGO', message: expect.stringContaining('«nombre»') })
    expect(await bench.files()).toEqual([])
  })
})

it('a text of many megabytes is written, read back and written again', async () => {
  for (const tipo of ['csv', 'jsonl'] as const) {
    const tabla = tableOf({ tabla: tipo, estrategia: UPSERT, formato: { tipo } })
    const long = `SELECT 1::BIGINT, repeat('ñ"', 1000000), 1::DECIMAL(30,4), NULL::DATE`
    await bench.load(tabla, long)
    const again = await bench.load(tabla, `${long} UNION ALL ${bench.rows(one(2))}`)
    expect([tipo, again.totales]).toEqual([
      tipo,
      { leidas: 2, insertadas: 1, actualizadas: 0, eliminadas: 0 },
    ])
  }
})

it('cancelling leaves the old whole', async () => {
  const tabla = tableOf({ estrategia: { tipo: 'full' } })
  await bench.load(tabla, bench.rows(one(1)))
  const stop = new AbortController()
  stop.abort()
  await expect(
    bench.load(tabla, bench.rows(one(2)), bench.run(), { signal: stop.signal }),
  ).rejects.toMatchObject({ code: 'CANCELLED' })
  expect(await bench.parquet('ventas.parquet')).toHaveLength(1)
})

it('tells its tables, the columns of one, and whether the folder can be used', async () => {
  await bench.load(tableOf(), bench.rows(one(1)))
  await bench.load(
    tableOf({ tabla: 'clientes', estrategia: UPSERT, formato: { tipo: 'csv' } }),
    bench.rows(one(1)),
  )
  await bench.load(
    tableOf({ esquema: 'norte', tabla: 'partes', formato: { tipo: 'parquet', particiones: ['dia'] } }),
    bench.rows(one(1)),
  )
  expect(await listTables(bench.carpeta)).toEqual([
    { esquema: null, tabla: 'clientes' },
    { esquema: null, tabla: 'ventas' },
    { esquema: 'norte', tabla: 'partes' },
  ])
  expect(await describeTable(bench.duck, bench.carpeta, { esquema: null, tabla: 'ventas' })).toMatchObject({
    existe: true,
    columnas: COLUMNS.map(({ nombre, tipo }) => ({ nombre, equivale: tipo })),
  })
  expect(await describeTable(bench.duck, bench.carpeta, { esquema: null, tabla: 'nadie' })).toMatchObject({
    existe: false,
  })
  expect(await probarArchivos(bench.carpeta)).toMatchObject({
    ok: true,
    pasos: [{ estado: 'bien' }, { estado: 'bien' }, { estado: 'bien' }],
  })
  await writeFile(join(bench.root, 'archivo'), '')
  expect(await probarArchivos(join(bench.root, 'archivo'))).toMatchObject({
    ok: false,
    pasos: [{ estado: 'mal' }, { estado: 'omitido' }, { estado: 'omitido' }],
  })
  expect((await readdir(bench.carpeta)).filter((name) => name.startsWith('.'))).toEqual([])
})
