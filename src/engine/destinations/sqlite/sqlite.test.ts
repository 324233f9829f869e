import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { column, plain, withRows } from '../contract/session.fixture'
import { type ColumnSpec, REGISTRO, type Session } from '../types'
import { sqlite } from '.'

let dir: string
let path: string
const opened: Session[] = []

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sage-sqlite-'))
  path = join(dir, 'datos.sqlite')
})
afterEach(async () => {
  for (const session of opened.splice(0)) await session.close()
  await rm(dir, { recursive: true, force: true })
})

async function open(signal?: AbortSignal): Promise<Session> {
  const config = { tipo: 'sqlite', version: 1, ruta: path } as const
  const session = await sqlite.open(config, { contrasena: null }, { dataDir: dir, signal })
  opened.push(session)
  return session
}

const table = { esquema: null, tabla: 't' }
const stage = { esquema: null, tabla: '_sage_tmp_1_0' }

const loadRows = (
  session: Session,
  columnas: readonly ColumnSpec[],
  select: string,
  into = stage,
): Promise<number> =>
  withRows(dir, columnas, select, (rows) =>
    session.load(rows, { into, numbered: into === stage, signal: undefined, onSent: () => undefined }),
  )

async function make(session: Session, columnas: readonly ColumnSpec[], clave: string[] | null = null) {
  for (const statement of session.dialect.createTable({ ref: table, columnas, clave, indices: [] }))
    await session.run(statement)
  const names = columnas.map(({ nombre }) => nombre)
  for (const statement of session.dialect.createStage(stage, table, names)) await session.run(statement)
}

test('the engine goes on while a statement runs, and a cancel leaves nothing of it', async () => {
  const stop = new AbortController()
  const session = await open(stop.signal)
  await session.run(plain('CREATE TABLE t (n BIGINT)'))
  await session.begin()
  await session.run(plain('INSERT INTO t VALUES (1)'))
  const long = session.run(
    plain(
      'INSERT INTO t WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 3000000) SELECT n FROM c',
    ),
  )
  const turns: string[] = []
  const first = await Promise.race([
    long.then(() => 'statement'),
    new Promise<string>((done) => setImmediate(() => done('event loop'))),
  ])
  turns.push(first)
  stop.abort()
  await expect(long).rejects.toMatchObject({ code: 'CANCELLED' })
  await session.close()
  expect(turns).toEqual(['event loop'])
  const db = new Database(path)
  expect(db.prepare('SELECT count(*) FROM t').pluck().get()).toBe(0)
  db.exec('INSERT INTO t VALUES (2)')
  db.close()
})

test('values are what they were: digits, instants, booleans, odd names', async () => {
  const columnas = [
    column('texto', { tipo: 'texto' }),
    column('entero', { tipo: 'entero' }),
    column('decimal', { tipo: 'decimal', precision: 15, escala: 4 }),
    column('largo', { tipo: 'decimal', precision: 18, escala: 0 }),
    column('exacto', { tipo: 'decimal', precision: 38, escala: 10 }),
    column('doble', { tipo: 'doble' }),
    column('sí', { tipo: 'booleano' }),
    column('día', { tipo: 'fecha' }),
    column('hora', { tipo: 'fecha_hora', zona: false }),
    column(`"; DROP TABLE t; --`, { tipo: 'fecha_hora', zona: true }),
  ]
  const select = `SELECT '007' AS texto, -9223372036854775808 AS entero, 12345678901.2345::DECIMAL(15,4) AS decimal, 999999999999999999::DECIMAL(18,0) AS largo,
    1234567890123456789012345678.0123456789::DECIMAL(38,10) AS exacto,
    0.1::DOUBLE + 0.2::DOUBLE AS doble, true AS "sí", DATE '2026-02-28' AS "día", TIMESTAMP '2026-01-31 10:20:30.123456' AS hora, TIMESTAMPTZ '2026-01-31 10:20:30.5+02' AS """; DROP TABLE t; --"
    UNION ALL SELECT 'a'||chr(0)||'b', NULL, NULL, NULL, NULL, NULL, false, NULL, NULL, NULL`
  const session = await open()
  await make(session, columnas)
  expect(await loadRows(session, columnas, select)).toBe(2)
  const names = columnas.map(({ nombre }) => nombre)
  expect(await session.run(session.dialect.insertSelect(table, names, stage))).toBe(2)
  expect(await session.rows(plain('SELECT * FROM t'))).toEqual([
    [
      '007',
      '-9223372036854775808',
      '12345678901.2345',
      '999999999999999999',
      '1234567890123456789012345678.0123456789',
      '0.30000000000000004',
      '1',
      '2026-02-28',
      '2026-01-31 10:20:30.123456',
      '2026-01-31 08:20:30.5+00:00',
    ],
    ['a\0b', null, null, null, null, null, '0', null, null, null],
  ])
})

test('rows sent in pieces, cut anywhere, are put together again', async () => {
  const columnas = [
    column('n', { tipo: 'entero' }),
    column('v', { tipo: 'texto' }),
    column('w', { tipo: 'texto' }),
  ]
  const session = await open()
  await make(session, columnas)
  const many = 40_000
  const select = `SELECT i AS n, CASE WHEN i % 5 = 0 THEN NULL WHEN i % 5 = 1 THEN '' ELSE repeat('"ñ😀,' || chr(10), CAST(1 + i % 7 AS INTEGER)) || i END AS v, '"' AS w FROM range(${many}) x(i)`
  expect(await loadRows(session, columnas, select)).toBe(many)
  const there = await session.rows(plain(`SELECT n, v, w, ${REGISTRO} FROM ${stage.tabla} ORDER BY n`))
  const text = (n: number): string | null =>
    n % 5 === 0 ? null : n % 5 === 1 ? '' : `${'"ñ😀,\n'.repeat(1 + (n % 7))}${n}`
  const wrong = there.findIndex(([n, v, w, registro], at) => {
    return n !== String(at) || v !== text(at) || w !== '"' || registro !== String(at + 1)
  })
  expect({ rows: there.length, wrong: there[wrong] }).toEqual({ rows: many, wrong: undefined })
})

test('bound values are read as their column, an instant in whatever zone it is written', async () => {
  const session = await open()
  const ask = async (tipo: ColumnSpec['tipo'], texts: string[]) => {
    const { dialect } = session
    const params = texts.map((_, at) => dialect.param(at + 1, tipo)).join(', ')
    return (await session.rows({ sql: `SELECT ${params}`, params: texts }))[0]
  }
  const instant = { tipo: 'fecha_hora', zona: true } as const
  expect(
    await ask(instant, [
      '2026-01-31',
      '2026-01-31T10:20Z',
      '2026-01-31 23:30:00.120-0200',
      '2026-01-31 10:20:30.123456+05:30',
      '2026-01-31 10:20:30+02',
      'ayer',
    ]),
  ).toEqual([
    '2026-01-31 00:00:00+00:00',
    '2026-01-31 10:20:00+00:00',
    '2026-02-01 01:30:00.12+00:00',
    '2026-01-31 04:50:30.123456+00:00',
    '2026-01-31 08:20:30+00:00',
    null,
  ])
  const local = { tipo: 'fecha_hora', zona: false } as const
  expect(await ask(local, ['2026-01-31T10:20', '2026-01-31'])).toEqual([
    '2026-01-31 10:20:00',
    '2026-01-31 00:00:00',
  ])
  expect(await ask({ tipo: 'booleano' }, ['true', 'false'])).toEqual(['1', '0'])
  expect(await ask({ tipo: 'decimal', precision: 10, escala: 2 }, ['1.50'])).toEqual(['1.5'])
})

test('an upsert counts what it inserts and what it changes, letter by letter, and leaves the marked', async () => {
  const session = await open()
  await session.run(
    plain('CREATE TABLE t (k TEXT COLLATE NOCASE PRIMARY KEY, v TEXT COLLATE NOCASE, borrar BOOLEAN)'),
  )
  await session.run(plain("INSERT INTO t VALUES ('a', 'uno', 0), ('b', 'dos', 0), ('c', NULL, 0)"))
  const columnas = [
    column('k', { tipo: 'texto' }),
    column('v', { tipo: 'texto' }),
    column('borrar', { tipo: 'booleano' }),
  ]
  const names = columnas.map(({ nombre }) => nombre)
  for (const statement of session.dialect.createStage(stage, table, names)) await session.run(statement)
  await loadRows(
    session,
    columnas,
    `SELECT * FROM (VALUES ('a', 'UNO', false), ('b', 'dos', false), ('c', 'tres', true), ('d', NULL, NULL)) x(k, v, borrar)`,
  )
  const mark = { columna: columnas[2] ?? column('borrar', { tipo: 'booleano' }), valor: 'true' }
  const upsert = session.dialect.upsert({
    target: table,
    stage,
    columnas: names,
    clave: ['k'],
    salvo: mark,
  })
  const counts: Record<string, number> = {}
  for (const { counts: counter, statement } of upsert) counts[counter ?? ''] = await session.run(statement)
  expect(counts).toEqual({ actualizadas: 1, insertadas: 1 })
  const where = { sql: `s."borrar" = ${session.dialect.param(1, { tipo: 'booleano' })}`, params: ['true'] }
  expect(await session.run(session.dialect.deleteMatching(table, stage, ['k'], where))).toBe(1)
  expect(await session.rows(plain('SELECT * FROM t ORDER BY k'))).toEqual([
    ['a', 'UNO', '0'],
    ['b', 'dos', '0'],
    ['d', null, null],
  ])
})

test('one load at a time has the file: another waits, is told that it is busy, and can write afterwards', async () => {
  const [first, second] = [await open(), await open()]
  await first.run(plain('CREATE TABLE t (n BIGINT)'))
  await first.begin()
  await first.lock([], 1_000)
  await second.begin()
  await expect(second.lock([], 1)).rejects.toMatchObject({ code: 'TABLA_OCUPADA', retryable: true })
  const granted = second.lock([], 30_000)
  await first.run(plain('INSERT INTO t VALUES (1)'))
  expect(await (await open()).rows(plain('SELECT count(*) FROM t'))).toEqual([['0']])
  await first.commit()
  await granted
  await second.run(plain('INSERT INTO t SELECT n + 1 FROM t'))
  await second.commit()
  expect(await first.rows(plain('SELECT n FROM t ORDER BY n'))).toEqual([['1'], ['2']])
})

test('a stage is loaded while another load has the file', async () => {
  const [first, second] = [await open(), await open()]
  const columnas = [column('n', { tipo: 'entero' })]
  await make(first, columnas)
  for (const statement of second.dialect.createStage(stage, table, ['n'])) await second.run(statement)
  await first.begin()
  await first.lock([], 1_000)
  await first.run(plain('INSERT INTO t VALUES (7)'))
  expect(await loadRows(second, columnas, 'SELECT range AS n FROM range(5000)')).toBe(5000)
  await first.commit()
  expect(await second.run(second.dialect.insertSelect(table, ['n'], stage))).toBe(5000)
})

test('a table is told as it is: types, generated columns, defaults, unique columns', async () => {
  const session = await open()
  await session.run(
    plain(
      'CREATE TABLE "Ventas" (id INTEGER PRIMARY KEY, "a""]" VARCHAR(10) NOT NULL, n INT DEFAULT 3, g INT GENERATED ALWAYS AS (n + 1) STORED, libre)',
    ),
  )
  await session.run(plain('CREATE UNIQUE INDEX u ON "Ventas" (n, "a""]")'))
  await session.run(plain('CREATE UNIQUE INDEX parcial ON "Ventas" (n) WHERE n > 0'))
  await session.run(plain('CREATE UNIQUE INDEX expresion ON "Ventas" (n + 1)'))
  await session.run(plain('CREATE VIEW vista AS SELECT id FROM "Ventas"'))
  expect(await session.inspect({ esquema: null, tabla: 'VENTAS' })).toEqual({
    clase: 'tabla',
    columnas: [
      { nombre: 'id', tipo: 'INTEGER', nulos: false, tieneDefecto: true, generada: false },
      { nombre: 'a"]', tipo: 'VARCHAR(10)', nulos: false, tieneDefecto: false, generada: false },
      { nombre: 'n', tipo: 'INT', nulos: true, tieneDefecto: true, generada: false },
      { nombre: 'g', tipo: 'INT', nulos: true, tieneDefecto: false, generada: true },
      { nombre: 'libre', tipo: '', nulos: true, tieneDefecto: false, generada: false },
    ],
    unicas: [['id'], ['n', 'a"]']],
  })
  expect((await session.inspect({ esquema: null, tabla: 'vista' }))?.clase).toBe('vista')
  expect(await session.inspect({ esquema: null, tabla: 'nada' })).toBeNull()
})

test('a column that would change the values is refused with the reason', async () => {
  const { dialect } = await open()
  const held = (tipo: string, wanted: ColumnSpec['tipo']) =>
    dialect.fit({ nombre: 'c', tipo, nulos: true, tieneDefecto: false, generada: false }, wanted)
  // SQLite reads STRING as a number, which is a well-known trap.
  expect(held('STRING', { tipo: 'texto' })).toMatchObject({
    ok: false,
    razon: expect.stringContaining('«007»'),
  })
  expect(held('VARCHAR(3)', { tipo: 'texto' })).toEqual({ ok: true })
  expect(held('REAL', { tipo: 'decimal', precision: 20, escala: 2 }).ok).toBe(false)
  expect(held('REAL', { tipo: 'entero' })).toMatchObject({ ok: true, limite: { de: 'entero' } })
  expect(held('TEXT', { tipo: 'doble' }).ok).toBe(false)
  expect(held('INTEGER', { tipo: 'fecha' }).ok).toBe(false)
  const wide = { tipo: 'decimal', precision: 16, escala: 2 } as const
  expect(held('DECIMAL(16,2)', wide).ok).toBe(false)
  expect(held('TEXT', wide)).toEqual({ ok: true })
  expect(dialect.type(wide, 'columna')).toEqual({ ok: true, sql: 'TEXT' })
  expect(() => dialect.param(1, wide)).toThrow(/no compara con exactitud/)
})

test('what SQLite refuses is told by what it means', async () => {
  const session = await open()
  await session.run(plain('CREATE TABLE t (n BIGINT PRIMARY KEY CHECK (n > 0))'))
  await session.run(plain('INSERT INTO t VALUES (1)'))
  await expect(session.run(plain('INSERT INTO t VALUES (1)'))).rejects.toMatchObject({
    code: 'CLAVE_REPETIDA',
    message: expect.stringContaining('t.n'),
  })
  await expect(session.run(plain('INSERT INTO t VALUES (0)'))).rejects.toMatchObject({ code: 'RESTRICCION' })
  await expect(session.run(plain('INSERT INTO nada VALUES (0)'))).rejects.toMatchObject({ code: 'NO_EXISTE' })
})

test('the rules of a table are read out of the SQL that made it, whatever stands around them', async () => {
  const session = await open()
  await session.run(plain('CREATE TABLE otra (a INT, b INT, PRIMARY KEY (a, b))'))
  await session.run(
    plain(`CREATE TABLE t (n INT CHECK(n > 0), "check (" TEXT DEFAULT ') check (0)', -- check (1)
      v TEXT, w INT, checked INT, CONSTRAINT corto CHECK /* ( */ (length(v) < 5 AND v <> ')'), FOREIGN KEY (n, w) REFERENCES otra)`),
  )
  const found = (await session.rules?.({ esquema: null, tabla: 'T' })) ?? []
  expect(found.map(({ sql }) => sql)).toEqual([
    'n > 0',
    "length(v) < 5 AND v <> ')'",
    's."n" IS NULL OR s."w" IS NULL OR EXISTS (SELECT 1 FROM "otra" "_sage_r" WHERE "_sage_r"."a" = s."n" AND "_sage_r"."b" = s."w")',
  ])
  await session.run(plain('INSERT INTO otra VALUES (1, 2); '))
  const broken = (sql: string) =>
    session.rows(plain(`SELECT n FROM (SELECT 1 AS n, 3 AS w, 'larga' AS v) s WHERE NOT (${sql})`))
  expect(await Promise.all(found.map(({ sql }) => broken(sql)))).toEqual([[], [['1']], [['1']]])
})

test('"Probar conexión" says what is wrong with the file, and leaves nothing in it when all is well', async () => {
  const probar = (ruta: string) =>
    sqlite.probar({ tipo: 'sqlite', version: 1, ruta }, { contrasena: null }, { dataDir: dir })
  expect(await probar(path)).toMatchObject({ ok: true, servidor: expect.stringMatching(/^SQLite 3\./) })
  expect(await (await open()).rows(plain('SELECT count(*) FROM sqlite_master'))).toEqual([['0']])
  await opened.pop()?.close()
  expect(await readdir(dir)).toEqual(['datos.sqlite'])
  await writeFile(path, 'esto no es una base de datos'.repeat(100))
  expect(await probar(path)).toMatchObject({
    ok: false,
    pasos: [{ estado: 'mal', mensaje: expect.stringContaining(path) }, { estado: 'omitido' }],
  })
  expect(await probar(join(dir, 'nada', 'x.sqlite'))).toMatchObject({ ok: false })
})
