import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Duck, openDuck } from '@engine/duckdb'
import { loadTables } from '@engine/materialization'
import { tablaMaterializadaSchema } from '@shared/model/materializacion'
import { startTds, type TdsAnswer, type TdsDouble, type TdsMessage } from '@testkit/tds'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { column, plain } from '../contract/session.fixture'
import { REGISTRO, type Session } from '../types'
import { sqlserver } from '.'
import { sqlserverDialect as dialect } from './dialect'
import { valueText } from './values'

const dbo = (tabla: string) => ({ esquema: 'dbo', tabla })
const stage = { esquema: null, tabla: '_sage_tmp_1_0' }

let dir: string
let duck: Duck
let double: TdsDouble
const opened: Session[] = []

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sage-sqlserver-'))
  duck = await openDuck({ dir, memoryLimit: 128 * 1024 * 1024 })
})
afterEach(async () => {
  for (const session of opened.splice(0)) await session.close()
  double?.stop()
})
afterAll(async () => {
  await duck.close()
  await rm(dir, { recursive: true, force: true })
})

/** A session with the double, which answers what is not asked of every session by `answer`. */
async function open(answer: (message: TdsMessage) => TdsAnswer, signal?: AbortSignal): Promise<Session> {
  double = await startTds((message) => {
    if (message.text.includes('ProductVersion')) return [['16.0.4135.4']]
    if (/^set ansi_nulls|^SELECT 1;$|^SET XACT_ABORT/i.test(message.text)) return 0
    return message.text.includes('sp_getapplock') ? [['0']] : answer(message)
  })
  const session = await sqlserver.open(
    {
      ...({ tipo: 'sqlserver', version: 1, servidor: '127.0.0.1', puerto: double.port } as const),
      ...({ base: 'b', usuario: 'u', tls: 'no', esquema: 'dbo' } as const),
    },
    { contrasena: 'secreta' },
    { dataDir: dir, signal },
  )
  opened.push(session)
  return session
}

test('names in brackets, types and stages as SQL Server writes them', () => {
  const columnas = [
    column('clave]; DROP TABLE t; --', { tipo: 'texto', largo: 40 }),
    column('texto', { tipo: 'texto' }),
    column('exacto', { tipo: 'decimal', precision: 38, escala: 10 }),
    column('si', { tipo: 'booleano' }),
    column('en', { tipo: 'fecha_hora', zona: true }),
    column('hora', { tipo: 'fecha_hora', zona: false }),
  ]
  const spec = {
    ...{ ref: dbo('ventas'), columnas, clave: ['clave]; DROP TABLE t; --'] },
    indices: [{ columnas: ['exacto'], unico: true }],
  }
  expect(dialect.createTable(spec).map(({ sql }) => sql)).toEqual([
    'CREATE TABLE [dbo].[ventas] ([clave]]; DROP TABLE t; --] nvarchar(40) NOT NULL, [texto] nvarchar(max), [exacto] decimal(38,10), [si] bit, [en] datetimeoffset(6), [hora] datetime2(6), PRIMARY KEY ([clave]]; DROP TABLE t; --]))',
    'CREATE UNIQUE INDEX [ventas_sage_1] ON [dbo].[ventas] ([exacto])',
  ])
  expect(dialect.createStage(stage, dbo('ventas'), ['texto'])[0]?.sql).toMatch(
    /^SELECT t\.\[texto\], CAST\(NULL AS bigint\) AS \[_sage_registro\] INTO \[#_sage_tmp_1_0\] FROM .* LEFT JOIN \[dbo\]\.\[ventas\] t ON 1 = 0/,
  )
  expect(dialect.addColumn(dbo('ventas'), column('n', { tipo: 'entero' })).sql).toBe(
    'ALTER TABLE [dbo].[ventas] ADD [n] bigint NULL',
  )
  expect(dialect.firstRows('SELECT a FROM t', 'a', 21)).toBe(
    'SELECT a FROM t ORDER BY a OFFSET 0 ROWS FETCH NEXT 21 ROWS ONLY',
  )
  expect(dialect.type({ tipo: 'texto', largo: 451 }, 'clave').ok).toBe(false)
  expect(dialect.type({ tipo: 'decimal', precision: 39, escala: 0 }, 'columna').ok).toBe(false)
  expect(() => dialect.ident('n'.repeat(129))).toThrow(/no puede ser un nombre/)
})

test('an upsert is an update and an insert that hold their rows, and sees a change of capitals', () => {
  const salvo = { columna: column('baja', { tipo: 'booleano' }), valor: 'true' }
  const [update, insert] = dialect.upsert({
    ...{ target: dbo('t'), stage, columnas: ['k', 'v', 'baja'], clave: ['k'], salvo },
  })
  const marked = ' AND NOT EXISTS (SELECT s.[baja] INTERSECT SELECT CAST(@p1 AS bit))'
  expect(update).toMatchObject({
    counts: 'actualizadas',
    statement: {
      sql: `UPDATE t SET [v] = s.[v], [baja] = s.[baja] FROM [dbo].[t] AS t WITH (UPDLOCK, HOLDLOCK) JOIN [#_sage_tmp_1_0] AS s ON t.[k] = s.[k] WHERE EXISTS (SELECT CAST(t.[v] AS varbinary(max)), CAST(t.[baja] AS varbinary(max)) EXCEPT SELECT CAST(s.[v] AS varbinary(max)), CAST(s.[baja] AS varbinary(max)))${marked}`,
      params: ['true'],
    },
  })
  expect(insert).toMatchObject({
    counts: 'insertadas',
    statement: {
      sql: `INSERT INTO [dbo].[t] ([k], [v], [baja]) SELECT s.[k], s.[v], s.[baja] FROM [#_sage_tmp_1_0] AS s WHERE NOT EXISTS (SELECT 1 FROM [dbo].[t] AS t WITH (UPDLOCK, HOLDLOCK) WHERE t.[k] = s.[k])${marked}`,
    },
  })
})

test('a whole load over the protocol: tables, texts in bulk with all their digits, checks, one transaction', async () => {
  const tabla = tablaMaterializadaSchema.parse({
    ...{ catalogo: 'c', tabla: 'ventas', estrategia: { tipo: 'upsert', clave: ['id'] } },
    columnas: [
      ['id', { tipo: 'entero' }],
      ['monto', { tipo: 'decimal', precision: 38, escala: 10 }],
      ['en', { tipo: 'fecha_hora', zona: true }],
      ['nota', { tipo: 'texto' }],
    ].map(([nombre, tipo]) => ({ nombre, tipo, fuente: { de: 'campo', campo: nombre } })),
  })
  const session = await open(({ text }) => {
    if (/FROM sys\.|WITH \(TABLOCK|FETCH NEXT|^SELECT \[carga\]/.test(text)) return []
    if (/^SELECT count\(\*\)/.test(text)) return [['2']]
    return text.startsWith('INSERT INTO [#_sage_tmp_') ? 2 : 1
  })
  const source = {
    ...{ columnas: tabla.columnas, filas: 2, duck, dir },
    sql: `SELECT 9223372036854775807 AS id, 1234567890123456789012345678.0123456789::DECIMAL(38,10) AS monto,
      TIMESTAMPTZ '2026-01-31 10:20:30.5+02' AS en, '''); DROP TABLE ñ😀' AS nota, 1 AS ${REGISTRO}
      UNION ALL SELECT 2, NULL, NULL, NULL, 2`,
  }
  const run = { carga: 'c', ejecucion: 'e', materializacion: '1', en: '2026-01-31T00:00:00.000Z' }
  const result = await loadTables(session, [{ tabla, source }], run)
  expect(result.totales).toEqual({ leidas: 2, insertadas: 1, actualizadas: 1, eliminadas: 0 })
  expect(double.received.find(({ kind }) => kind === 'bulk')?.rows).toEqual([
    [
      '9223372036854775807',
      '1234567890123456789012345678.0123456789',
      '2026-01-31 08:20:30.5+00',
      "'); DROP TABLE ñ😀",
      '1',
    ],
    ['2', null, null, null, '2'],
  ])
  const told = double.received.map(({ kind, text }) => (text === '' ? kind : text))
  const place = (pattern: RegExp, from = 0): number => {
    const at = told.findIndex((text, index) => index >= from && pattern.test(text))
    expect({ pattern, at }).not.toEqual({ pattern, at: -1 })
    return at
  }
  const stageMade = place(/^SELECT t\.\[id\].* INTO \[#_sage_tmp_c_0\]/)
  const filled = place(
    /^INSERT INTO \[#_sage_tmp_c_0\] .*SELECT c0, c1, c2 \+ ':00', c3, r FROM #_sage_tmp_/,
    stageMade,
  )
  const begun = place(/^begin$/, filled)
  const locked = place(/sp_getapplock.*@LockOwner = N'Transaction'/, begun)
  const held = place(/FROM \[dbo\]\.\[ventas\] WITH \(TABLOCK, HOLDLOCK\)/, locked)
  const updated = place(/^UPDATE t SET/, held)
  const inserted = place(/^INSERT INTO \[dbo\]\.\[ventas\]/, updated)
  const noted = place(/^INSERT INTO \[dbo\]\.\[_sage_cargas\]/, inserted)
  place(/^commit$/, noted)
})

test('a cancel reaches the server', async () => {
  const stop = new AbortController()
  const session = await open(() => 'silence', stop.signal)
  const long = session.run(plain('DELETE FROM t'))
  const failed = expect(long).rejects.toMatchObject({ code: 'CANCELLED' })
  await expect.poll(() => double.received.some(({ text }) => text === 'DELETE FROM t')).toBe(true)
  stop.abort()
  await failed
  expect(double.received.at(-1)?.kind).toBe('attention')
})

test('a connection lost in a transaction confirms nothing, and is never replaced by another', async () => {
  const session = await open(({ text }) => (text.startsWith('DELETE') ? 'cut' : 1))
  await session.begin()
  await expect(session.run(plain('DELETE FROM t'))).rejects.toMatchObject({ kind: 'transient' })
  await expect(session.run(plain('INSERT INTO t VALUES (1)'))).rejects.toThrow()
  await expect(session.commit()).rejects.toThrow()
  expect(double.received.some(({ text, kind }) => text.startsWith('INSERT') || kind === 'commit')).toBe(false)
})

test('a connection lost between two statements is told, though the pool makes another', async () => {
  const session = await open(({ text }) => (text.startsWith('DELETE') ? 'cut' : 1))
  await expect(session.run(plain('DELETE FROM [#etapa]'))).rejects.toMatchObject({ kind: 'transient' })
  await expect(session.run(plain('SELECT 2'))).rejects.toMatchObject({
    code: 'CONEXION_PERDIDA',
    retryable: true,
  })
})

test.each([
  [2627, { code: 'CLAVE_REPETIDA', kind: 'input', retryable: false }],
  [547, { code: 'RESTRICCION', kind: 'input' }],
  [2628, { code: 'VALOR_RECHAZADO', kind: 'input' }],
  [50_000, { code: 'RESTRICCION', kind: 'input', hint: expect.stringContaining('disparador') }],
  [1205, { code: 'TRANSACCION_ABORTADA', retryable: true }],
  [1222, { code: 'TABLA_OCUPADA', retryable: true }],
  [208, { code: 'NO_EXISTE', kind: 'not-found' }],
  [229, { code: 'SIN_PERMISO', kind: 'auth' }],
])('error %i of the server is told by what it means', async (error, expected) => {
  const session = await open(() => ({ error, message: 'El servidor lo dice.' }))
  const failed = session.run({ sql: 'INSERT INTO t VALUES (@p1)', params: ['x'] })
  await expect(failed).rejects.toMatchObject({
    ...expected,
    message: expect.stringContaining('El servidor lo dice.'),
  })
})

test('a server that is not there is told as such, and the password with nothing', async () => {
  const probar = (servidor: string) =>
    sqlserver.probar(
      {
        ...({ tipo: 'sqlserver', version: 1, servidor, puerto: 1, base: 'b' } as const),
        ...({ usuario: 'u', tls: 'no', esquema: 'dbo' } as const),
      },
      { contrasena: 'secreta' },
      { dataDir: dir },
    )
  const [unknown] = (await probar('no-existe.invalid')).pasos
  expect(unknown?.mensaje).toMatch(/Nadie conoce ese nombre de servidor/)
  expect(unknown?.sugerencia).toMatch(/nombre del servidor/)
  const result = await probar('127.0.0.1')
  expect(result.pasos.map(({ estado }) => estado)).toEqual(['mal', 'omitido'])
  expect(result.pasos[0]?.mensaje).toMatch(/No contesta en esa dirección y puerto/)
  expect(JSON.stringify(result)).not.toContain('secreta')
})

test('values read for a person keep microseconds and 64 bits', () => {
  const at = Object.assign(new Date('2026-01-31T10:20:30.123Z'), { nanosecondsDelta: 0.000456 })
  expect(valueText(at)).toBe('2026-01-31 10:20:30.123456')
  expect(valueText(new Date('2026-01-31T00:00:00Z'))).toBe('2026-01-31 00:00:00')
  expect(valueText('9223372036854775807')).toBe('9223372036854775807')
  expect([valueText(true), valueText(null)]).toEqual(['true', null])
})
