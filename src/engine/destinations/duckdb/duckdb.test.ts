import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSharedFile } from '@engine/duckdb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { column, plain, withRows } from '../contract/session.fixture'
import { REGISTRO, type Session } from '../types'
import { duckdb } from '.'

let dir: string
let path: string
const opened: Session[] = []

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sage-duckdb-'))
  path = join(dir, 'datos.duckdb')
})
afterEach(async () => {
  for (const session of opened.splice(0)) await session.close()
  await rm(dir, { recursive: true, force: true })
})

async function open(signal?: AbortSignal): Promise<Session> {
  const session = await duckdb.open(
    { tipo: 'duckdb', version: 1, ruta: path },
    { contrasena: null },
    { dataDir: dir, signal },
  )
  opened.push(session)
  return session
}

const stage = { esquema: null, tabla: '_sage_tmp_1_0' }
const quiet = { numbered: true, signal: undefined, onSent: () => undefined }

test('a table being loaded is read by others of this process, who see the old rows until the commit', async () => {
  const [writer, reader] = [await open(), await open()]
  await writer.run(plain("CREATE TABLE t AS SELECT 'vieja' AS v"))
  await writer.begin()
  await writer.lock([{ ref: { esquema: null, tabla: 't' }, exclusive: true }], 1_000)
  await writer.run(plain("UPDATE t SET v = 'nueva'"))
  expect(await reader.rows(plain('SELECT v FROM t'))).toEqual([['vieja']])
  await writer.commit()
  expect(await reader.rows(plain('SELECT v FROM t'))).toEqual([['nueva']])
})

test('who waits for a lock reads what the one before committed', async () => {
  const [first, second] = [await open(), await open()]
  await first.run(plain('CREATE TABLE t (n BIGINT)'))
  const table = [{ ref: { esquema: 'main', tabla: 'T' }, exclusive: true }]
  await first.begin()
  await first.lock(table, 1_000)
  await second.begin()
  const granted = second.lock([{ ref: { esquema: null, tabla: 't' }, exclusive: true }], 30_000)
  await first.run(plain('INSERT INTO t VALUES (1)'))
  await first.commit()
  await granted
  await second.run(plain('INSERT INTO t SELECT n + 1 FROM t'))
  await second.commit()
  expect(await first.rows(plain('SELECT n FROM t ORDER BY n'))).toEqual([['1'], ['2']])
})

test('a table that another load holds is told as busy, and can be had afterwards', async () => {
  const [first, second] = [await open(), await open()]
  const table = [{ ref: { esquema: null, tabla: 't' }, exclusive: true }]
  await first.begin()
  await first.lock(table, 1_000)
  await second.begin()
  await expect(second.lock(table, 1)).rejects.toMatchObject({ code: 'TABLA_OCUPADA', retryable: true })
  await first.rollback()
  await second.lock(table, 1_000)
})

test('rows arrive as they are, whatever the zone of this machine', async () => {
  const columnas = [
    column('texto', { tipo: 'texto' }),
    column('entero', { tipo: 'entero' }),
    column('decimal', { tipo: 'decimal', precision: 38, escala: 10 }),
    column('doble', { tipo: 'doble' }),
    column('sí', { tipo: 'booleano' }),
    column('día', { tipo: 'fecha' }),
    column('hora', { tipo: 'fecha_hora', zona: false }),
    column('"; DROP TABLE t; --', { tipo: 'fecha_hora', zona: true }),
  ]
  const select = `SELECT 'ñ ''"' AS texto, 9223372036854775807 AS entero, 1234567890123456789012345678.0123456789::DECIMAL(38,10) AS decimal,
    0.1::DOUBLE AS doble, true AS "sí", DATE '2026-02-28' AS "día", TIMESTAMP '2026-01-31 10:20:30.5' AS hora, TIMESTAMPTZ '2026-01-31 10:20:30.5+02' AS """; DROP TABLE t; --"
    UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL`
  const session = await open()
  const names = columnas.map(({ nombre }) => nombre)
  const spec = { ref: { esquema: 'main', tabla: 't' }, columnas, clave: null, indices: [] }
  for (const statement of session.dialect.createTable(spec)) await session.run(statement)
  for (const statement of session.dialect.createStage(stage, spec.ref, names)) await session.run(statement)
  const sent: [number, number][] = []
  const loaded = await withRows(dir, columnas, select, (rows) =>
    session.load(rows, { ...quiet, into: stage, onSent: (...told) => sent.push(told) }),
  )
  expect(loaded).toBe(2)
  expect(sent.at(-1)).toEqual([2, 2 * 8 * 7 + 5])
  expect(await session.rows(plain(`SELECT * FROM ${stage.tabla} ORDER BY ${REGISTRO}`))).toEqual([
    [
      'ñ \'"',
      '9223372036854775807',
      '1234567890123456789012345678.0123456789',
      '0.1',
      'true',
      '2026-02-28',
      '2026-01-31 10:20:30.5',
      '2026-01-31 08:20:30.5+00',
      '1',
    ],
    [null, null, null, null, null, null, null, null, '2'],
  ])
})

test('a table is told as it is: types, generated columns, defaults, unique columns', async () => {
  const session = await open()
  await session.run(
    plain(
      'CREATE TABLE "Ventas" (id BIGINT, "a,""]b" VARCHAR NOT NULL, n INTEGER DEFAULT 3, g INTEGER GENERATED ALWAYS AS (n + 1), PRIMARY KEY (id, "a,""]b"))',
    ),
  )
  await session.run(plain('CREATE UNIQUE INDEX u ON "Ventas" (n, "a,""]b")'))
  await session.run(plain('CREATE UNIQUE INDEX por_expresion ON "Ventas" ((n + 1))'))
  await session.run(plain('CREATE VIEW vista AS SELECT id FROM "Ventas"'))
  const table = await session.inspect({ esquema: null, tabla: 'ventas' })
  expect(table).toEqual({
    clase: 'tabla',
    columnas: [
      { nombre: 'id', tipo: 'BIGINT', nulos: false, tieneDefecto: false, generada: false },
      { nombre: 'a,"]b', tipo: 'VARCHAR', nulos: false, tieneDefecto: false, generada: false },
      { nombre: 'n', tipo: 'INTEGER', nulos: true, tieneDefecto: true, generada: false },
      { nombre: 'g', tipo: 'INTEGER', nulos: true, tieneDefecto: true, generada: true },
    ],
    unicas: [
      ['id', 'a,"]b'],
      ['n', 'a,"]b'],
    ],
  })
  expect((await session.inspect({ esquema: 'main', tabla: 'vista' }))?.clase).toBe('vista')
  expect(await session.inspect({ esquema: null, tabla: 'nada' })).toBeNull()
})

test('a table that is made brings its schema with it', async () => {
  const session = await open()
  const ref = { esquema: 'El "norte"', tabla: 't' }
  const columnas = [column('n', { tipo: 'entero' })]
  for (const tabla of ['t', 'u'])
    for (const statement of session.dialect.createTable({
      ref: { ...ref, tabla },
      columnas,
      clave: null,
      indices: [],
    }))
      await session.run(statement)
  expect((await session.inspect(ref))?.columnas.map(({ nombre }) => nombre)).toEqual(['n'])
})

test('cancelling stops a statement that runs, and nothing of it stays', async () => {
  const stop = new AbortController()
  const session = await open(stop.signal)
  await session.run(plain('CREATE TABLE t (n BIGINT)'))
  await session.begin()
  await session.run(plain('INSERT INTO t VALUES (1)'))
  const long = session.run(
    plain('INSERT INTO t SELECT sum(a.range * b.range) FROM range(100000000) a, range(100000000) b'),
  )
  setImmediate(() => stop.abort())
  await expect(long).rejects.toMatchObject({ code: 'CANCELLED' })
  await session.close()
  expect(await (await open()).rows(plain('SELECT count(*) FROM t'))).toEqual([['0']])
})

test('a file that another program has open says so and may be tried again', async () => {
  const require = createRequire(__filename)
  const script = `const { DuckDBInstance } = require(${JSON.stringify(require.resolve('@duckdb/node-api'))})
    DuckDBInstance.create(${JSON.stringify(path)}).then((it) => { process.stdout.write('open'); process.stdin.on('data', () => { it.closeSync(); process.exit() }) })`
  const other = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] })
  const gone = once(other, 'exit')
  await once(other.stdout, 'data')
  await expect(open()).rejects.toMatchObject({
    code: 'ARCHIVO_OCUPADO',
    retryable: true,
    message: expect.stringContaining(`(PID ${other.pid})`),
  })
  other.stdin.write('\n')
  await gone
  expect((await open()).servidor).toMatch(/^DuckDB v1\./)
})

test('the last one who lets go of a file closes it and leaves nothing beside it', async () => {
  const [a, b] = await Promise.all([open(), open()])
  await a.run(plain('CREATE TABLE t AS SELECT 1 AS n'))
  await a.close()
  expect(await b.rows(plain('SELECT n FROM t'))).toEqual([['1']])
  await b.close()
  expect(await readdir(dir)).toEqual(['datos.duckdb', 'tmp'])
  expect(await readdir(join(dir, 'tmp'))).toEqual([])
})

test('SQL in the file reaches nothing outside it', async () => {
  const file = await openSharedFile(path, { tempDir: join(dir, 'tmp') })
  const connection = await file.connect()
  for (const sql of [
    "SELECT * FROM read_csv('/etc/passwd')",
    `COPY (SELECT 1) TO '${join(dir, 'fuera.csv')}'`,
    `ATTACH '${join(dir, 'otro.duckdb')}'`,
    "SET memory_limit = '1TB'",
    'INSTALL httpfs',
  ])
    await expect(connection.run(sql)).rejects.toThrow(/disabled|Cannot change|Cannot access/)
  connection.closeSync()
  await file.release()
})

test('"Probar conexión" says what is wrong with the file, and leaves nothing in it when all is well', async () => {
  const config = { tipo: 'duckdb', version: 1, ruta: path } as const
  const probar = () => duckdb.probar(config, { contrasena: null }, { dataDir: dir })
  expect(await probar()).toMatchObject({ ok: true, servidor: expect.stringMatching(/^DuckDB/) })
  expect(await (await open()).rows(plain('SELECT count(*) FROM duckdb_tables()'))).toEqual([['0']])
  await opened.pop()?.close()
  await writeFile(path, 'esto no es una base')
  expect(await probar()).toMatchObject({
    ok: false,
    pasos: [
      { estado: 'mal', mensaje: expect.stringContaining(path) },
      { estado: 'omitido', mensaje: null },
    ],
  })
})
