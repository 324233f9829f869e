import { randomUUID } from 'node:crypto'
import { rehearseTables } from '@engine/materialization'
import type { DestinoConfigOf } from '@shared/model/destino'
import { type Postgres, startPostgres } from '@testkit/postgres'
import type { Client } from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ContractBench, failure, runOf, tableOf } from '../contract/support.fixture'
import { postgres } from '.'
import { postgresTarget } from './target.fixture'

let server: Postgres
let base: string
let admin: Client
let bench: ContractBench
let config: DestinoConfigOf<'postgres'>

beforeAll(async () => {
  server = await startPostgres({ tls: true })
  base = await server.createDatabase()
  admin = await server.connect(base)
  bench = await ContractBench.open(postgresTarget(server, base, admin))
  config = {
    ...{ tipo: 'postgres', version: 1, servidor: 'localhost', puerto: server.port, base, tls: 'verificar' },
    ...{ usuario: server.user, esquema: 'public', ca: server.ca ?? '' },
  }
})
afterEach(() => bench.drop('ventas', '_sage_cargas'))
afterAll(async () => {
  await bench?.close()
  await server?.stop()
})

const ENTERO = { tipo: 'entero' } as const
const TEXTO = { tipo: 'texto' } as const
const rows = async (sql: string): Promise<unknown[][]> =>
  (await admin.query({ text: sql, rowMode: 'array' })).rows
const upsert = tableOf({ id: ENTERO, nota: TEXTO }, { tipo: 'upsert', clave: ['id'] })

describe('a table that a person made', () => {
  const load = (tabla: typeof upsert, cells: Parameters<ContractBench['rows']>[1]) =>
    bench.load([{ tabla, source: bench.rows(tabla, cells) }])

  it('without a unique index is updated all the same, its repeated keys refused', async () => {
    await admin.query(
      "CREATE TABLE ventas (id integer, nota text); INSERT INTO ventas VALUES (1, 'a'), (2, 'b')",
    )
    const done = await load(upsert, [
      [2, 'B'],
      [3, 'C'],
    ])
    expect(done.totales).toMatchObject({ insertadas: 1, actualizadas: 1 })
    expect(await rows('SELECT id, nota FROM ventas ORDER BY 1')).toEqual([
      [1, 'a'],
      [2, 'B'],
      [3, 'C'],
    ])
    const repeated = [
      [9, 'x'],
      [9, 'y'],
    ]
    expect((await failure(load(upsert, repeated))).message).toContain('Registros: 1, 2')
  })

  it('in partitions is updated all the same', async () => {
    await admin.query(`CREATE TABLE ventas (id bigint PRIMARY KEY, nota text) PARTITION BY RANGE (id);
      CREATE TABLE ventas_a PARTITION OF ventas FOR VALUES FROM (0) TO (10);
      CREATE TABLE ventas_b PARTITION OF ventas FOR VALUES FROM (10) TO (20)`)
    await load(upsert, [
      [1, 'a'],
      [11, 'b'],
    ])
    expect(
      (
        await load(upsert, [
          [11, 'B'],
          [12, 'c'],
        ])
      ).totales,
    ).toMatchObject({ insertadas: 1, actualizadas: 1 })
    expect(await rows('SELECT nota FROM ventas ORDER BY id')).toEqual([['a'], ['B'], ['c']])
  })

  it('keeps its defaults, its sequence, its grants, its indexes and its foreign keys', async () => {
    await admin.query(`CREATE ROLE lector_${base};
      CREATE TABLE ventas (clave serial PRIMARY KEY, id bigint, nota text, origen text DEFAULT 'mano', doble bigint GENERATED ALWAYS AS (id * 2) STORED);
      GRANT SELECT ON ventas TO lector_${base}; CREATE INDEX por_nota ON ventas (lower(nota)); INSERT INTO ventas (id) VALUES (5)`)
    for (const tipo of ['full', 'truncate_insert'] as const) {
      const tabla = tableOf({ id: ENTERO, nota: TEXTO }, { tipo })
      await load(tabla, [[7, tipo]])
    }
    // The sequence goes on: nothing that was given is given again.
    expect(await rows('SELECT clave, id, nota, origen, doble FROM ventas')).toEqual([
      [3, '7', 'truncate_insert', 'mano', '14'],
    ])
    expect(await rows(`SELECT has_table_privilege('lector_${base}', 'ventas', 'SELECT')`)).toEqual([[true]])
    expect(await rows("SELECT count(*)::int FROM pg_indexes WHERE tablename = 'ventas'")).toEqual([[2]])
    const generated = tableOf({ id: ENTERO, doble: ENTERO }, { tipo: 'append' })
    expect((await failure(load(generated, [[1, 2]]))).details).toMatchObject({
      problemas: [{ codigo: 'COLUMNA_GENERADA', columna: 'doble' }],
    })
    await admin.query(`DROP OWNED BY lector_${base}; DROP ROLE lector_${base}`)
  })

  it('takes values in its own types, and names the records of those that it can not hold', async () => {
    await admin.query("CREATE TYPE canal AS ENUM ('web', 'tienda')")
    await admin.query(
      'CREATE TABLE ventas (id smallint, monto numeric(6,2), uid uuid, canal canal, nota varchar(3), zona timestamptz)',
    )
    const types = {
      id: ENTERO,
      monto: { tipo: 'decimal', precision: 18, escala: 4 } as const,
      uid: TEXTO,
      canal: TEXTO,
      nota: TEXTO,
      zona: { tipo: 'fecha_hora', zona: true } as const,
    }
    const tabla = tableOf(types, { tipo: 'append' })
    const uid = randomUUID()
    const good = [1, '1234.5000', uid, 'web', 'ñañ', '2026-01-01 00:00:00-05']
    await load(tabla, [good])
    expect(await rows('SELECT id, monto, uid, canal, nota, zona::text FROM ventas')).toMatchObject([
      [1, '1234.50', uid, 'web', 'ñañ', expect.stringContaining('2026-01-01')],
    ])
    const with_ = (at: number, value: string | number) =>
      good.map((cell, place) => (place === at ? value : cell))
    const refusals = await Promise.all(
      [with_(0, 40_000), with_(1, '1.2345'), with_(1, '12345.0'), with_(4, 'larga')].map(
        async (bad) => (await failure(load(tabla, [good, bad]))).message,
      ),
    )
    for (const message of refusals) expect(message).toMatch(/Una fila con «\w+» .*Registros: 2$/)
    const rejected = await failure(load(tabla, [good, with_(3, 'radio')]))
    expect(rejected).toMatchObject({ code: 'VALOR_RECHAZADO', kind: 'input', retryable: false })
    expect(rejected.message).toMatch(/^«ventas», registro 2, «canal»: «radio»\. PostgreSQL: /)
    expect(await rows('SELECT count(*)::int FROM ventas')).toEqual([[1]])
    await admin.query('DROP TABLE ventas; DROP TYPE canal')
  })

  it('of types that have no equality is updated where they differ, as the dry run says', async () => {
    await admin.query(`CREATE TABLE ventas (id bigint PRIMARY KEY, dato json, hoja xml);
      INSERT INTO ventas VALUES (1, '{"a": 1}', '<a/>'), (2, NULL, NULL), (3, '{}', NULL)`)
    const tabla = tableOf({ id: ENTERO, dato: TEXTO, hoja: TEXTO }, { tipo: 'upsert', clave: ['id'] })
    const cells = [
      [1, '{"a": 1}', '<a/>'],
      [2, null, null],
      [3, '{}', '<b/>'],
      [4, '[]', null],
    ]
    const session = await bench.session()
    const { tablas } = await rehearseTables(session, [{ tabla, source: bench.rows(tabla, cells) }], runOf())
    expect(tablas).toMatchObject([{ insertadas: 1, actualizadas: 1, sinCambio: 2 }])
    expect((await load(tabla, cells)).totales).toMatchObject({ insertadas: 1, actualizadas: 1 })
    // Without a unique index of the key, by the two statements of any database.
    await admin.query('ALTER TABLE ventas DROP CONSTRAINT ventas_pkey')
    cells[0] = [1, '{"a":1}', '<a/>']
    expect((await load(tabla, cells)).totales).toMatchObject({ insertadas: 0, actualizadas: 1 })
  })

  describe('names the record of what only the server refuses', () => {
    const types = { id: ENTERO, nota: TEXTO, valor: TEXTO, dato: ENTERO }
    const EACH = [
      ['append', tableOf(types, { tipo: 'append' })],
      ['upsert', tableOf(types, { tipo: 'upsert', clave: ['id'] })],
    ] as const
    // Lines of the CSV are not records: a text has several, and of the first row PostgreSQL counts them its own way.
    const good = [
      [1, 'uno\ndos\ntres\n', '{}', 1],
      [2, 'cr\rlf\r\n"', '{}', 1],
    ]
    const DDL = `CREATE DOMAIN positivo AS bigint CHECK (value > 0);
      CREATE TABLE ventas (id bigint PRIMARY KEY, nota text, valor jsonb, dato positivo, triple integer GENERATED ALWAYS AS (dato * 3) STORED);
      CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.nota = 'prohibida' THEN RAISE EXCEPTION 'nota prohibida'; END IF; RETURN NEW; END $$;`
    const BAD: [string, string, string, number, RegExp][] = [
      ['a value of no JSON', 'x', '{"a', 1, /registro 3, «valor»: «\{"a»\. PostgreSQL: No acepta un valor/],
      ['a value out of its domain', 'x', '{}', -4, /registro 3, «dato»: «-4»\. PostgreSQL: Una restricción/],
    ]
    afterEach(() => admin.query('DROP TABLE ventas; DROP FUNCTION no; DROP DOMAIN positivo'))

    it.each(EACH.flatMap(([name, tabla]) => BAD.map((bad) => [name, ...bad, tabla] as const)))(
      '%s: %s',
      async (_strategy, _what, nota, valor, dato, says, tabla) => {
        await admin.query(DDL)
        const error = await failure(load(tabla, [...good, [3, nota, valor, dato], [4, 'x', '{}', 1]]))
        expect(error.message).toMatch(says)
        expect(error).toMatchObject({ kind: 'input', details: { filas: [{ registro: 3 }] } })
        expect(await rows('SELECT count(*)::int FROM ventas')).toEqual([[0]])
      },
    )

    it('as far as it tells: a trigger and a computed column say the line of COPY, and nothing of an INSERT', async () => {
      await admin.query(DDL)
      const wide = [3, 'x', '{}', 2_000_000_000]
      const [append, upserted] = [EACH[0][1], EACH[1][1]]
      expect((await failure(load(append, [...good, wide]))).message).toMatch(
        /registro 3\. PostgreSQL: .*integer out of/,
      )
      expect((await failure(load(upserted, [...good, wide]))).message).toMatch(
        /^PostgreSQL: .*integer out of/,
      )
      await admin.query('CREATE TRIGGER no BEFORE INSERT ON ventas FOR EACH ROW EXECUTE FUNCTION no()')
      const forbidden = [3, 'prohibida', '{}', 1]
      const told = await failure(load(append, [...good, forbidden]))
      expect(told).toMatchObject({ code: 'RESTRICCION', kind: 'input' })
      expect(told.message).toMatch(/registro 3\. PostgreSQL: Un disparador .*nota prohibida/)
      const silent = await failure(load(upserted, [...good, forbidden]))
      expect(silent.message).toMatch(/^PostgreSQL: Un disparador .*nota prohibida\.$/)
    })

    it('by its key, when the commit refuses it', async () => {
      await admin.query(DDL)
      await admin.query(`CREATE TABLE notas (nota text PRIMARY KEY); INSERT INTO notas VALUES ('x');
        ALTER TABLE ventas ADD FOREIGN KEY (nota) REFERENCES notas DEFERRABLE INITIALLY DEFERRED`)
      const cells = [1, 2, 3].map((id) => [id, id === 2 ? 'a, (b)=(c)' : 'x', '{}', 1])
      for (const [, tabla] of EACH)
        expect((await failure(load(tabla, cells))).message).toMatch(
          /^«ventas», registro 2, «nota»: «a, \(b\)=\(c\)»/,
        )
      await admin.query('ALTER TABLE ventas DROP CONSTRAINT ventas_nota_fkey; DROP TABLE notas')
    })
  })

  it('a transaction that the server aborts leaves nothing', async () => {
    await admin.query(`CREATE TABLE ventas (id bigint PRIMARY KEY, nota text);
      CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no se puede' USING ERRCODE = '40001'; END $$;
      CREATE CONSTRAINT TRIGGER al_final AFTER INSERT ON ventas DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.id = 2) EXECUTE FUNCTION no()`)
    const error = await failure(
      load(upsert, [
        [1, 'a'],
        [2, 'b'],
      ]),
    )
    expect(error).toMatchObject({ code: 'TRANSACCION_ABORTADA', retryable: true })
    expect(await rows('SELECT count(*)::int FROM ventas')).toEqual([[0]])
    expect(await rows('SELECT count(*)::int FROM _sage_cargas')).toEqual([[0]])
    await admin.query('DROP TABLE ventas; DROP FUNCTION no')
  })

  it('is loaded by a user who may only insert', async () => {
    await admin.query(`CREATE ROLE insertador LOGIN PASSWORD 'x'; CREATE TABLE ventas (id bigint, nota text)`)
    const append = tableOf({ id: ENTERO, nota: TEXTO }, { tipo: 'append' })
    await load(append, [[1, 'a']])
    await admin.query(
      'GRANT INSERT ON ventas TO insertador; GRANT SELECT, INSERT, DELETE ON _sage_cargas TO insertador; GRANT USAGE ON SCHEMA public TO insertador',
    )
    const open = () =>
      postgres.open({ ...config, usuario: 'insertador' }, { contrasena: 'x' }, { dataDir: '' })
    const own = await ContractBench.open({ ...bench.target, open })
    try {
      await own.load([{ tabla: append, source: own.rows(append, [[2, 'b']]) }])
      expect(await rows('SELECT count(*)::int FROM ventas')).toEqual([[2]])
      const full = tableOf({ id: ENTERO, nota: TEXTO }, { tipo: 'full' })
      const error = await failure(own.load([{ tabla: full, source: own.rows(full, [[3, 'c']]) }]))
      expect(error).toMatchObject({ code: 'SIN_PERMISO', kind: 'auth', retryable: false })
    } finally {
      await own.close()
      await admin.query('DROP OWNED BY insertador; DROP ROLE insertador')
    }
  })
})

describe('the connection', () => {
  const probar = async (more: Partial<DestinoConfigOf<'postgres'>>, contrasena = server.password) => {
    const { ok, servidor, pasos } = await postgres.probar(
      { ...config, ...more },
      { contrasena },
      { dataDir: '' },
    )
    return {
      ok,
      servidor,
      pasos: pasos.map(({ estado }) => estado).join(' '),
      said: pasos.map(({ mensaje }) => mensaje ?? '').join(''),
      next: pasos.map(({ sugerencia }) => sugerencia ?? '').join(''),
    }
  }

  it('is encrypted and its certificate checked', async () => {
    expect(await probar({})).toMatchObject({ ok: true, servidor: 'PostgreSQL 18.4', pasos: 'bien bien bien' })
    const session = await postgres.open(config, { contrasena: server.password }, { dataDir: '' })
    const [[version] = []] = await session.rows({
      sql: 'SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()',
      params: [],
    })
    expect(version).toMatch(/^TLSv1\.[23]$/)
    await session.close()
  })

  it.each([
    ['a certificate of an authority that nobody gave', () => ({ ca: undefined }), 'certificado'],
    ['a certificate of another name', () => ({ servidor: '127.0.0.1' }), 'certificado'],
    ['a user that is not there', () => ({ usuario: 'nadie' }), 'usuario o la contraseña'],
    ['a database that is not there', () => ({ base: 'nada' }), 'nada'],
  ] as const)('is refused with %s, and says so', async (_, more, said) => {
    const result = await probar(more())
    expect(result).toMatchObject({ ok: false, pasos: 'bien mal omitido' })
    expect(result.said).toContain(said)
    expect(result.said).not.toContain(server.password)
  })

  it('says what is wrong with the server, the port, the password and the schema', async () => {
    const nobody = await probar({ servidor: 'no-existe.invalid' })
    expect(nobody).toMatchObject({ ok: false, pasos: 'mal omitido omitido' })
    expect(nobody.next).toContain('nombre del servidor')
    expect(await probar({ puerto: 1 })).toMatchObject({ ok: false, pasos: 'mal omitido omitido' })
    const wrong = await probar({}, 'otra-contraseña')
    expect(wrong).toMatchObject({ pasos: 'bien mal omitido' })
    expect(wrong.said).not.toContain('otra-contraseña')
    expect(await probar({ esquema: 'nada' })).toMatchObject({ pasos: 'bien bien mal' })
  })

  it('is refused where the server has no TLS and the destination asks for it', async () => {
    const plain = await startPostgres()
    try {
      const error = await failure(
        postgres.open(
          { ...config, puerto: plain.port, base: 'postgres' },
          { contrasena: plain.password },
          { dataDir: '' },
        ),
      )
      expect(error).toMatchObject({ code: 'TLS', kind: 'config' })
    } finally {
      await plain.stop()
    }
  })
})
