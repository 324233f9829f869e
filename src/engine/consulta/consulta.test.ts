import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { openDuck, openSharedFile, quoteLiteral, type SharedFile } from '@engine/duckdb'
import { readXlsx } from 'hucre/xlsx'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { consultar, exportar, listTables } from '.'
import { sqlWords } from './sql-text'

let dir: string
let path: string
let file: SharedFile
/** A load's connection: it writes while others read. */
let writer: DuckDBConnection
const options = () => ({ path, tempDir: join(dir, 'tmp') })
const ask = (sql: string, page: { limit?: number; offset?: number } = {}) =>
  consultar({ sql, limit: 100, offset: 0, ...page }, options())

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sage-consulta-'))
  path = join(dir, 'datos', 'consola.duckdb')
  // Made by the first who asks.
  await ask('SELECT 1')
  file = await openSharedFile(path, { tempDir: join(dir, 'tmp') })
  writer = await file.connect()
  await writer.run(
    'CREATE TABLE ventas AS SELECT range AS id, (range * 1.5)::DECIMAL(18,2) AS monto FROM range(12000)',
  )
})
afterEach(async () => {
  writer.closeSync()
  await file.release()
  await rm(dir, { recursive: true, force: true })
})

describe('a page', () => {
  it('has the rows asked for, as text, with their types, and says whether there are more', async () => {
    const first = await ask('SELECT id, monto FROM ventas ORDER BY id', { limit: 5000 })
    expect(first.columnas).toEqual([
      { nombre: 'id', tipo: 'BIGINT' },
      { nombre: 'monto', tipo: 'DECIMAL(18,2)' },
    ])
    expect(first).toMatchObject({ hayMas: true })
    expect(first.filas).toHaveLength(5000)
    const last = await ask('SELECT id, monto FROM ventas ORDER BY id', { limit: 5000, offset: 10_000 })
    expect(last.filas).toHaveLength(2000)
    expect(last.filas[0]).toEqual(['10000', '15000.00'])
    expect(last.hayMas).toBe(false)
    expect(await ask('SELECT id FROM ventas', { limit: 12_000 })).toMatchObject({ hayMas: false })
    expect((await ask('FROM ventas', { offset: 50_000 })).filas).toEqual([])
  })

  it('never passes a megabyte, and always has a row', async () => {
    const wide = await ask("SELECT repeat('ñ', 9000) AS t FROM range(200)", { limit: 200 })
    expect(wide.hayMas).toBe(true)
    expect(Buffer.byteLength(JSON.stringify(wide.filas))).toBeLessThan(1.1 * 1024 * 1024)
    const huge = await ask("SELECT repeat('x', 5000000) AS t")
    expect(huge.filas[0]?.[0]).toMatch(/^x{20000}…$/)
  })

  it('writes every value as it is, whatever the zone of this machine', async () => {
    const { filas } = await ask(
      "SELECT 12345678901234567890.10::DECIMAL(30,2), 0.1::DOUBLE, true, DATE '2025-01-31', TIMESTAMP '2025-01-31 08:30:00', TIMESTAMPTZ '2025-01-31 10:00:00+02', NULL, '', [TIMESTAMPTZ '2025-01-31 10:00:00+02'], {'a': 1}",
    )
    expect(filas).toEqual([
      [
        '12345678901234567890.10',
        '0.1',
        'true',
        '2025-01-31',
        '2025-01-31 08:30:00',
        '2025-01-31 08:00:00+00',
        null,
        '',
        '[2025-01-31 08:00:00+00]',
        "{'a': 1}",
      ],
    ])
  })

  it('takes what reads: comments, a semicolon, two columns of one name, CTEs, DESCRIBE, SUMMARIZE, EXPLAIN', async () => {
    expect((await ask('-- hola; DROP\nSELECT 1 AS a, 2 AS a; -- fin')).filas).toEqual([['1', '2']])
    expect((await ask('WITH x AS (SELECT 7 AS n) FROM x')).filas).toEqual([['7']])
    expect((await ask('DESCRIBE ventas')).filas.map(([name]) => name)).toEqual(['id', 'monto'])
    expect((await ask('SUMMARIZE ventas')).filas).toHaveLength(2)
    expect((await ask('EXPLAIN SELECT * FROM ventas')).filas).toHaveLength(1)
  })
})

describe('only reads', () => {
  it.each([
    ['INSERT INTO ventas VALUES (1, 1)', 'SQL_SOLO_LECTURA'],
    ['DROP TABLE ventas', 'SQL_SOLO_LECTURA'],
    ['UPDATE ventas SET id = 0', 'SQL_SOLO_LECTURA'],
    ["SET memory_limit = '1TB'", 'SQL_SOLO_LECTURA'],
    ['CALL pragma_version()', 'SQL_SOLO_LECTURA'],
    ['EXPLAIN ANALYZE DELETE FROM ventas', 'SQL_SOLO_LECTURA'],
    ['SELECT 1; DROP TABLE ventas', 'SQL_VARIAS'],
    ['SELECT 1; SELECT 2', 'SQL_VARIAS'],
    ['', 'SQL_VACIO'],
    ['-- nada', 'SQL_VACIO'],
    ['SELEC 1', 'SQL_INVALIDO'],
    ['SELECT * FROM nadie', 'SQL_INVALIDO'],
    ["SELECT * FROM read_csv('/etc/passwd')", 'SQL_FUNCION'],
    ['SELECT * FROM "read_BLOB" /* x */ (\'/etc/passwd\')', 'SQL_FUNCION'],
    ["FROM query('SELECT 1')", 'SQL_FUNCION'],
    ["SELECT * FROM glob('*')", 'SQL_FUNCION'],
    ["FROM '/etc/passwd.csv'", 'SQL_FUNCION'],
    ["COPY ventas TO 'fuera.csv'", 'SQL_FUNCION'],
    ["ATTACH 'otra.duckdb'", 'SQL_FUNCION'],
  ])('«%s» is refused', async (sql, code) => {
    const failure = await ask(sql).then(
      () => null,
      (error: unknown) => error,
    )
    expect(failure).toMatchObject({ kind: 'input' })
    expect([sql, (failure as { code: string }).code]).toEqual([
      sql,
      ['SQL_SOLO_LECTURA', 'SQL_FUNCION'].includes(code)
        ? expect.stringMatching(/^SQL_(SOLO_LECTURA|FUNCION)$/)
        : code,
    ])
    expect((await ask('SELECT count(*) FROM ventas')).filas).toEqual([['12000']])
  })

  it('a sequence is not moved, nor the file opened by its name', async () => {
    await writer.run('CREATE SEQUENCE pasos')
    await expect(ask("SELECT nextval('pasos')")).rejects.toMatchObject({ code: 'SQL_SOLO_LECTURA' })
    await expect(ask(`SELECT * FROM read_text(${quoteLiteral(path)})`)).rejects.toMatchObject({
      code: 'SQL_FUNCION',
    })
  })

  it('a column called as a function, or its name in a text, is no call', async () => {
    expect(
      (await ask(`SELECT 'read_csv(' AS glob, 1 AS "query" /* query( */ FROM ventas LIMIT 1`)).filas,
    ).toEqual([['read_csv(', '1']])
    expect(
      sqlWords(`a.read_csv ('x') "q""(" $$ glob( $$ E'\\' glob('`).filter(({ called }) => called),
    ).toEqual([{ word: 'read_csv', called: true }])
  })
})

describe('beside a load', () => {
  it('reads what was there, waits for nobody, and lets the load end', async () => {
    await writer.run('BEGIN')
    await writer.run('DELETE FROM ventas WHERE id >= 10')
    expect((await ask('SELECT count(*) FROM ventas')).filas).toEqual([['12000']])
    await writer.run('COMMIT')
    expect((await ask('SELECT count(*) FROM ventas')).filas).toEqual([['10']])
  })
})

describe('what takes too long', () => {
  const endless = 'SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b'

  it('is stopped, and told', async () => {
    const slow = consultar({ sql: endless, limit: 1, offset: 0 }, { ...options(), timeoutMs: 50 })
    await expect(slow).rejects.toMatchObject({ code: 'SQL_TIEMPO', kind: 'input' })
    expect((await ask('SELECT 1')).filas).toEqual([['1']])
  })

  it('is cancelled', async () => {
    const stop = new AbortController()
    const running = consultar({ sql: endless, limit: 1, offset: 0 }, { ...options(), signal: stop.signal })
    setImmediate(() => stop.abort())
    await expect(running).rejects.toMatchObject({ code: 'CANCELLED' })
  })
})

it('tells the tables as a statement names them, not those of the engine', async () => {
  await writer.run(
    'CREATE SCHEMA norte; CREATE TABLE norte."Año ""x""" (a INTEGER); CREATE TABLE "order" (b DATE); CREATE TABLE _sage_cargas (c INTEGER)',
  )
  const { tablas } = await listTables(options())
  expect(tablas.map(({ nombre, filas }) => [nombre, filas])).toEqual([
    ['"order"', 0],
    ['ventas', 12_000],
    ['norte."Año ""x"""', 0],
  ])
  for (const { nombre } of tablas) await ask(`FROM ${nombre} LIMIT 1`)
  expect(await listTables({ ...options(), path: join(dir, 'nadie.duckdb') })).toEqual({ tablas: [] })
  expect(existsSync(join(dir, 'nadie.duckdb'))).toBe(false)
})

describe('an export', () => {
  const sql = `SELECT id, monto, 'a"b' || chr(10) AS t, CASE WHEN id > 0 THEN DATE '2025-01-31' END AS dia FROM ventas ORDER BY id`
  const write = (formato: 'csv' | 'parquet' | 'jsonl' | 'excel', statement = sql) =>
    exportar({ sql: statement, formato }, { ...options(), dir: join(dir, 'exportaciones') })

  it('has every row, in the format asked, and leaves nothing else', async () => {
    const csv = await write('csv')
    expect(csv.filas).toBe(12_000)
    expect((await readFile(csv.archivo, 'utf8')).slice(0, 51)).toBe(
      'id,monto,t,dia\n0,0.00,"a""b\n",\n1,1.50,"a""b\n",2025-',
    )
    const parquet = await write('parquet')
    const duck = await openDuck({ dir })
    const [row] = await duck.rows(
      `SELECT count(*)::INTEGER AS n, sum(monto)::VARCHAR AS s FROM ${quoteLiteral(parquet.archivo)}`,
    )
    await duck.close()
    expect(row).toEqual({ n: 12_000, s: '107991000.00' })
    const jsonl = await write('jsonl')
    expect((await readFile(jsonl.archivo, 'utf8')).split('\n')[1]).toBe(
      '{"id":1,"monto":1.50,"t":"a\\"b\\n","dia":"2025-01-31"}',
    )
    expect(
      (await readdir(join(dir, 'exportaciones'))).every((name) =>
        /^consulta-.*\.(csv|parquet|jsonl)$/.test(name),
      ),
    ).toBe(true)
  })

  it('to Excel has its types, and refuses what a sheet cannot hold', async () => {
    const { archivo } = await write(
      'excel',
      'SELECT id, monto, id AS "Id" FROM ventas WHERE id < 2 ORDER BY id',
    )
    const [sheet] = (await readXlsx(new Uint8Array(await readFile(archivo)))).sheets
    expect(sheet?.rows).toEqual([
      ['id', 'monto', 'Id_2'],
      [0, 0, 0],
      [1, 1.5, 1],
    ])
    await expect(write('excel', 'SELECT range FROM range(1100000)')).rejects.toMatchObject({
      code: 'EXCEL_DEMASIADAS_FILAS',
    })
    expect(await readdir(join(dir, 'exportaciones'))).toHaveLength(1)
  })

  it('that is refused or fails halfway leaves no file', async () => {
    await expect(write('csv', 'DELETE FROM ventas')).rejects.toMatchObject({ code: 'SQL_SOLO_LECTURA' })
    await expect(
      write('csv', "SELECT CAST(CASE WHEN id > 9000 THEN 'x' ELSE '1' END AS INTEGER) FROM ventas"),
    ).rejects.toMatchObject({ code: 'SQL_INVALIDO' })
    expect(await readdir(join(dir, 'exportaciones'))).toEqual([])
  })
})
