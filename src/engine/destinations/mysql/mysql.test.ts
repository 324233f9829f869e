import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Duck, openDuck } from '@engine/duckdb'
import { AppError } from '@shared/errors/app-error'
import type { DestinoConfigOf } from '@shared/model/destino'
import type { TipoColumna } from '@shared/model/materializacion'
import { type MariaDb, mariaDbMissing, startMariaDb } from '@testkit/mariadb'
import type { Connection } from 'mysql2/promise'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { column, plain } from '../contract/session.fixture'
import { type ColumnSpec, REGISTRO, type RowSource, type Session } from '../types'
import { mysql } from '.'
import { hostileServer } from './hostile-server.fixture'

const table = { esquema: null, tabla: 't' }
const TEXTO = { tipo: 'texto' } as const
const ENTERO = { tipo: 'entero' } as const

describe.skipIf(mariaDbMissing !== null)(`MariaDB${mariaDbMissing ? `: ${mariaDbMissing}` : ''}`, () => {
  let server: MariaDb
  let base: string
  let admin: Connection
  let dir: string
  let duck: Duck
  const opened: Session[] = []

  beforeAll(async () => {
    server = await startMariaDb({ tls: 'localhost' })
    base = await server.createDatabase()
    admin = await server.connect(base)
    dir = await mkdtemp(join(tmpdir(), 'sage-mysql-'))
    duck = await openDuck({ dir, memoryLimit: 256 * 1024 * 1024 })
  })
  afterAll(async () => {
    for (const session of opened) await session.close()
    await duck?.close()
    await admin?.end()
    await server?.stop()
    await rm(dir, { recursive: true, force: true })
  })

  const configOf = (more: Partial<DestinoConfigOf<'mysql'>> = {}): DestinoConfigOf<'mysql'> => ({
    ...({ tipo: 'mysql', version: 1, servidor: 'localhost', puerto: server.port, base } as const),
    ...({ usuario: server.user, tls: 'verificar', ca: server.ca ?? '' } as const),
    ...more,
  })
  async function open(more: Partial<DestinoConfigOf<'mysql'>> = {}, signal?: AbortSignal): Promise<Session> {
    const session = await mysql.open(
      configOf(more),
      { contrasena: server.password },
      { dataDir: dir, signal },
    )
    opened.push(session)
    return session
  }
  /** Why it does not open. */
  const refusal = (more: Partial<DestinoConfigOf<'mysql'>>): Promise<unknown> =>
    open(more).then(
      () => 'opened',
      (error: unknown) => (error instanceof AppError ? error.code : error),
    )
  const rowsOf = (columnas: readonly ColumnSpec[], select: string, filas: number): RowSource => ({
    ...{ columnas, filas, duck, dir },
    sql: `SELECT *, row_number() OVER () AS ${REGISTRO} FROM (${select})`,
  })
  const into = (session: Session, rows: RowSource) =>
    session.load(rows, { into: table, numbered: false, signal: undefined, onSent: () => undefined })
  const remake = async (ddl: string): Promise<void> => {
    await admin.query('DROP TABLE IF EXISTS t')
    await admin.query(ddl)
  }

  test('its certificate is checked: the authority and the name', async () => {
    const [[, version] = []] = await (await open()).rows(plain("SHOW STATUS LIKE 'Ssl_version'"))
    expect(version).toMatch(/^TLSv1\.[23]$/)
    await expect(refusal({ servidor: '127.0.0.1' })).resolves.toBe('CERTIFICADO')
    await expect(refusal({ ca: undefined })).resolves.toBe('CERTIFICADO')
    const other = await startMariaDb({ tls: 'otro.ejemplo' })
    const { port: puerto, ca } = other
    await expect(refusal({ puerto, ca: ca ?? '' })).resolves.toBe('CERTIFICADO')
    await other.stop()
  })

  test('"Probar conexión" says what is wrong, and where', async () => {
    const probar = (more: Partial<DestinoConfigOf<'mysql'>>, contrasena = server.password) =>
      mysql.probar(configOf(more), { contrasena }, { dataDir: dir })
    expect(await probar({})).toMatchObject({ ok: true, servidor: expect.stringMatching(/^MariaDB 10\./) })
    const wrong = await probar({}, 'otra-contraseña')
    expect(wrong.pasos.map(({ estado }) => estado)).toEqual(['mal', 'omitido'])
    expect(wrong.pasos[0]?.mensaje).toMatch(/usuario o la contraseña/)
    expect(JSON.stringify(wrong)).not.toContain('otra-contraseña')
    expect((await probar({ base: 'no_hay' })).pasos[0]?.mensaje).toMatch(/No está lo que se pide/)
    expect((await probar({ puerto: 1 })).pasos[0]?.mensaje).toMatch(/No contesta/)
    const [nobody] = (await probar({ servidor: 'no-existe.invalid' })).pasos
    expect(nobody?.mensaje).toMatch(/Nadie conoce ese nombre de servidor/)
    expect(nobody?.sugerencia).toMatch(/nombre del servidor/)
  })

  test.each([
    ['a text that is cut', 'CREATE TABLE t (v VARCHAR(3))', TEXTO, "'abcd'"],
    ['a number out of range', 'CREATE TABLE t (v TINYINT)', ENTERO, '1000'],
    ['a letter that its charset lacks', 'CREATE TABLE t (v TEXT CHARACTER SET latin1)', TEXTO, "'😀'"],
  ] as const)('LOAD DATA puts up with %s: the load does not', async (_, ddl, tipo, value) => {
    await remake(`${ddl} ENGINE=InnoDB`)
    const session = await open()
    await session.begin()
    const load = into(session, rowsOf([column('v', tipo)], `SELECT ${value} AS v`, 1))
    await expect(load).rejects.toMatchObject({ code: 'VALOR_RECHAZADO', kind: 'input' })
    await session.rollback()
    expect(await session.rows(plain('SELECT count(*) FROM t'))).toEqual([['0']])
  })

  test('a server that takes no LOCAL INFILE gets the same rows by inserts, and refuses the same', async () => {
    await admin.query('SET GLOBAL local_infile = 0')
    try {
      await remake('CREATE TABLE t (n BIGINT, v VARCHAR(5), si BOOLEAN, en DATETIME(6)) ENGINE=InnoDB')
      const columnas = [
        column('n', ENTERO),
        column('v', TEXTO),
        column('si', { tipo: 'booleano' }),
        column('en', { tipo: 'fecha_hora', zona: true }),
      ]
      const select = `SELECT i AS n, CASE WHEN i = 3 THEN NULL ELSE 'ñ' || i END AS v, i % 2 = 0 AS si,
        TIMESTAMPTZ '2026-01-31 10:20:30.5+02' AS en FROM range(2500) x(i)`
      const session = await open()
      expect(await into(session, rowsOf(columnas, select, 2500))).toBe(2500)
      expect(await session.rows(plain('SELECT n, v, si, en FROM t WHERE n IN (3, 2499) ORDER BY n'))).toEqual(
        [
          ['3', null, '0', '2026-01-31 08:20:30.500000'],
          ['2499', 'ñ2499', '0', '2026-01-31 08:20:30.500000'],
        ],
      )
      const long = into(session, rowsOf([column('v', TEXTO)], "SELECT 'abcdef' AS v", 1))
      await expect(long).rejects.toMatchObject({ code: 'VALOR_RECHAZADO' })
    } finally {
      await admin.query('SET GLOBAL local_infile = 1')
    }
  })

  test.each([1, 0])('the record that the server refuses is told with local_infile = %i', async (local) => {
    await admin.query(`SET GLOBAL local_infile = ${local}`)
    try {
      await remake("CREATE TABLE t (n BIGINT CHECK (n <> 1500), v ENUM('web', 'tienda')) ENGINE=InnoDB")
      await admin.query(
        "CREATE TRIGGER antes BEFORE INSERT ON t FOR EACH ROW IF NEW.n = 2000 THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'ese no'; END IF",
      )
      const session = await open()
      const load = (from: number, bad: number) =>
        into(
          session,
          rowsOf(
            [column('n', ENTERO), column('v', TEXTO)],
            `SELECT i AS n, CASE WHEN i = ${bad} THEN 'radio' ELSE 'web' END AS v FROM range(${from}, ${from + 1200}) x(i)`,
            1200,
          ),
        )
      await expect(load(0, 1100)).rejects.toMatchObject({
        code: 'VALOR_RECHAZADO',
        details: { rechazo: { registros: [1101], columnas: ['v'], valores: ['radio'] } },
      })
      await expect(load(500, 0)).rejects.toMatchObject({
        code: 'RESTRICCION',
        details: { rechazo: { registros: [1001], columnas: [] } },
      })
      // Of what a trigger says, only its words are known.
      const silent = await load(1900, 0).catch((error: unknown) => AppError.from(error))
      expect(silent).toMatchObject({ code: 'RESTRICCION', kind: 'input' })
      expect(silent).toMatchObject({ message: expect.stringMatching(/disparador.*ese no/) })
      expect(silent).not.toMatchObject({ details: { rechazo: expect.anything() } })
    } finally {
      await admin.query('SET GLOBAL local_infile = 1')
    }
  })

  test('an update that changes only a capital is one, by a collation that does not see it', async () => {
    await remake('CREATE TABLE t (k VARCHAR(10) PRIMARY KEY, v VARCHAR(10)) ENGINE=InnoDB')
    await admin.query("INSERT INTO t VALUES ('a', 'uno'), ('b', 'dos')")
    const session = await open()
    const stage = { esquema: null, tabla: '_sage_tmp_1_0' }
    for (const statement of session.dialect.createStage(stage, table, ['k', 'v']))
      await session.run(statement)
    await session.run(
      plain(`INSERT INTO ${stage.tabla} (k, v) VALUES ('A', 'Uno'), ('b', 'dos'), ('c', NULL)`),
    )
    const counts: Record<string, number> = {}
    const upsert = { target: table, stage, columnas: ['k', 'v'], clave: ['k'], salvo: null }
    for (const { counts: counter, statement } of session.dialect.upsert(upsert))
      counts[counter ?? ''] = await session.run(statement)
    expect(counts).toEqual({ actualizadas: 1, insertadas: 1 })
    expect(await session.rows(plain('SELECT k, v FROM t ORDER BY k'))).toEqual([
      ['a', 'Uno'],
      ['b', 'dos'],
      ['c', null],
    ])
  })

  test('bound values are read as their column, an instant in whatever zone and year', async () => {
    const session = await open()
    const ask = async (tipo: TipoColumna, texts: string[]) => {
      const marks = texts.map((_, at) => `${session.dialect.param(at + 1, tipo)} AS c${at}`).join(', ')
      return (await session.rows({ sql: `SELECT ${marks}`, params: texts }))[0]
    }
    const zoned = [
      '2026-01-31T10:20:30.25Z',
      '2050-01-31 23:30:00-0200',
      '1950-01-01 04:00+05:30',
      '2026-01-31',
    ]
    expect(await ask({ tipo: 'fecha_hora', zona: true }, zoned)).toEqual([
      '2026-01-31 10:20:30.250000',
      '2050-02-01 01:30:00',
      '1949-12-31 22:30:00',
      '2026-01-31 00:00:00',
    ])
    expect(await ask({ tipo: 'booleano' }, ['true', 'false'])).toEqual(['1', '0'])
    expect(
      await ask({ tipo: 'decimal', precision: 38, escala: 10 }, ['12345678901234567890.1234567891']),
    ).toEqual(['12345678901234567890.1234567891'])
  })

  test('a table whose engine undoes nothing is refused; one of ours has the engine and the letters it needs', async () => {
    await remake('CREATE TABLE t (n INT) ENGINE=MyISAM')
    const session = await open()
    await expect(session.inspect(table)).rejects.toMatchObject({
      code: 'TABLA_SIN_TRANSACCIONES',
      message: expect.stringContaining('MyISAM'),
    })
    await admin.query(`ALTER DATABASE ${base} CHARACTER SET latin1`)
    await admin.query('DROP TABLE t')
    const spec = { ref: table, columnas: [column('v', TEXTO)], clave: null, indices: [] }
    for (const statement of session.dialect.createTable(spec)) await session.run(statement)
    await admin.query(`ALTER DATABASE ${base} CHARACTER SET utf8mb4`)
    expect(await into(session, rowsOf(spec.columnas, "SELECT '日本 😀' AS v", 1))).toBe(1)
    expect(await session.rows(plain('SELECT v FROM t'))).toEqual([['日本 😀']])
  })

  test('cancelling ends the statement on the server too', async () => {
    const stop = new AbortController()
    const session = await open({}, stop.signal)
    const running = async () => {
      const [rows] = await admin.query(
        "SELECT id FROM information_schema.processlist WHERE info LIKE 'DO SLEEP(600)%'",
      )
      return Array.isArray(rows) ? rows.length : -1
    }
    const long = session.run(plain('DO SLEEP(600)'))
    const failed = expect(long).rejects.toMatchObject({ code: 'CANCELLED' })
    await expect.poll(running, { timeout: 30_000 }).toBe(1)
    stop.abort()
    await failed
    await expect.poll(running, { timeout: 30_000 }).toBe(0)
  })
})

test('a server that asks for a file of this machine gets none', async () => {
  const server = hostileServer('/etc/passwd')
  await once(server.listener, 'listening')
  const { port } = server.listener.address() as AddressInfo
  const dir = await mkdtemp(join(tmpdir(), 'sage-mysql-'))
  const duck = await openDuck({ dir, memoryLimit: 128 * 1024 * 1024 })
  try {
    const session = await mysql.open(
      {
        ...({ tipo: 'mysql', version: 1, servidor: '127.0.0.1', puerto: port, base: 'b' } as const),
        ...({ usuario: 'u', tls: 'no' } as const),
      },
      { contrasena: 'x' },
      { dataDir: dir },
    )
    const rows = {
      ...{ columnas: [column('v', TEXTO)], filas: 1, duck, dir },
      sql: `SELECT 'mío' AS v, 1 AS ${REGISTRO}`,
    }
    const load = session.load(rows, {
      ...{ into: table, numbered: false, signal: undefined, onSent: () => undefined },
    })
    await expect(load).rejects.toMatchObject({
      code: 'SERVIDOR_SOSPECHOSO',
      message: expect.stringContaining('/etc/passwd'),
    })
    // Nor when it asks in answer to something else.
    await expect(session.run(plain('DELETE FROM t'))).rejects.toThrow()
    await session.close()
    expect(server.received()).not.toContain('root')
  } finally {
    server.stop()
    await duck.close()
    await rm(dir, { recursive: true, force: true })
  }
})
