import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { AppError } from '@shared/errors/app-error'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from './db'
import { lockDataDir } from './lock'
import { readMigrations } from './migrate'
import { readShape, shapeLosses } from './shape'
import { openStore, type Store } from './store'

const REAL = resolve(__dirname, '../../../migrations')
let root: string
let dataDir: string
let migrationsDir: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sage-migrate-'))
  dataDir = join(root, 'data')
  migrationsDir = join(root, 'migrations')
  mkdirSync(migrationsDir)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const put = (file: string, sql: string): void => writeFileSync(join(migrationsDir, file), sql)
const first = (): void =>
  put('0001_base.sql', 'CREATE TABLE personas (id INTEGER PRIMARY KEY, nombre TEXT NOT NULL);')

async function use<T>(work: (store: Store) => T | Promise<T>): Promise<T> {
  const store = openStore(dataDir, migrationsDir)
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

function codeOf(work: () => unknown): AppError {
  try {
    work()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('no falló')
}

const names = (store: Store): unknown =>
  store.db.prepare('SELECT nombre FROM personas ORDER BY id').pluck().all()
const backups = (): string[] => readdirSync(join(dataDir, 'respaldos'))

describe('migrations', () => {
  it('creates a fresh store from the real files and opens it again without a change or a backup', async () => {
    const open = () => openStore(dataDir, REAL)
    const created = open()
    expect(created.migration).toMatchObject({ from: 0, to: readMigrations(REAL).length, backup: null })
    expect([...readShape(created.db).tables.keys()]).toEqual(
      expect.arrayContaining([
        'casillas_datos',
        'casillas_yaml_versiones',
        'catalogos',
        'ejecuciones_yaml',
        'materializaciones',
        'configuracion',
        'auditoria',
      ]),
    )
    expect(created.db.pragma('journal_mode', { simple: true })).toBe('wal')
    expect(created.db.pragma('foreign_keys', { simple: true })).toBe(1)
    await created.close()
    const again = open()
    expect(again.migration).toEqual({ from: created.version, to: created.version, backup: null })
    await again.close()
    expect(readdirSync(dataDir)).not.toContain('respaldos')
  })

  it('only adds, whatever the step', () => {
    const db = openDatabase(':memory:')
    for (const migration of readMigrations(REAL)) {
      const before = readShape(db)
      db.exec(migration.sql)
      expect(shapeLosses(before, readShape(db)), migration.name).toEqual([])
    }
    db.close()
  })

  it('backs the store up, rows in the WAL included, before an upgrade', async () => {
    first()
    await use((store) =>
      store.write((db) => db.exec("INSERT INTO personas (nombre) VALUES ('Ana'), ('Luis')")),
    )
    put('0002_correo.sql', 'ALTER TABLE personas ADD COLUMN correo TEXT;')
    await use((store) => {
      expect(store.migration).toMatchObject({ from: 1, to: 2 })
      expect(names(store)).toEqual(['Ana', 'Luis'])
    })
    const [file, ...rest] = backups()
    expect(rest).toEqual([])
    expect(file).toMatch(/^sage-v1-\d{4}-\d{2}-\d{2}T.*\.sqlite$/)
    const copy = new Database(join(dataDir, 'respaldos', String(file)), { readonly: true })
    expect(copy.prepare('SELECT nombre FROM personas ORDER BY id').pluck().all()).toEqual(['Ana', 'Luis'])
    expect(
      copy.prepare("SELECT count(*) FROM pragma_table_info('personas') WHERE name = 'correo'").pluck().get(),
    ).toBe(0)
    copy.close()
  })

  it('leaves version and data as they were when the SQL fails half way', async () => {
    first()
    await use((store) => store.write((db) => db.exec("INSERT INTO personas (nombre) VALUES ('Ana')")))
    put(
      '0002_mala.sql',
      "CREATE TABLE otra (id INTEGER);\nUPDATE personas SET nombre = 'X';\nINSERT INTO no_existe VALUES (1);",
    )
    const error = codeOf(() => openStore(dataDir, migrationsDir))
    expect(error.code).toBe('MIGRATION_FAILED')
    expect(error.message).toContain('no_existe')
    rmSync(join(migrationsDir, '0002_mala.sql'))
    await use((store) => {
      expect(store.version).toBe(1)
      expect(names(store)).toEqual(['Ana'])
      expect(readShape(store.db).tables.has('otra')).toBe(false)
    })
  })

  it.each([
    ['DROP TABLE personas;', 'desaparece la tabla personas'],
    ['ALTER TABLE personas DROP COLUMN nombre;', 'desaparece la columna personas.nombre'],
    ['DELETE FROM personas;', 'personas pierde 1 filas'],
  ])('refuses a migration that takes away: %s', async (sql, reason) => {
    first()
    await use((store) => store.write((db) => db.exec("INSERT INTO personas (nombre) VALUES ('Ana')")))
    put('0002_resta.sql', sql)
    const error = codeOf(() => openStore(dataDir, migrationsDir))
    expect(error.code).toBe('MIGRATION_FAILED')
    expect(error.message).toContain(reason)
    rmSync(join(migrationsDir, '0002_resta.sql'))
    await use((store) => expect(names(store)).toEqual(['Ana']))
  })

  it('refuses a migration that leaves broken references', async () => {
    first()
    await use(() => undefined)
    put(
      '0002_hija.sql',
      'CREATE TABLE hija (p INTEGER REFERENCES personas (id));\nINSERT INTO hija VALUES (99);',
    )
    expect(codeOf(() => openStore(dataDir, migrationsDir)).message).toContain('referencias rotas')
  })

  it('refuses a store that a newer program made, and says how to go on', async () => {
    first()
    put('0002_mas.sql', 'CREATE TABLE mas (id INTEGER);')
    await use(() => undefined)
    rmSync(join(migrationsDir, '0002_mas.sql'))
    const error = codeOf(() => openStore(dataDir, migrationsDir))
    expect(error.toData()).toMatchObject({ code: 'STORE_NEWER', details: { store: 2, program: 1 } })
    expect(error.hint).toContain('actualiza')
  })

  it('refuses an altered migration; CRLF alone is not an alteration', async () => {
    first()
    put('0002_dos.sql', 'CREATE TABLE dos (\n  id INTEGER\n);\n')
    await use(() => undefined)
    put('0002_dos.sql', 'CREATE TABLE dos (\r\n  id INTEGER\r\n);\r\n')
    await use((store) => expect(store.version).toBe(2))
    put('0002_dos.sql', 'CREATE TABLE dos (\n  id TEXT\n);\n')
    expect(codeOf(() => openStore(dataDir, migrationsDir)).code).toBe('MIGRATION_ALTERED')
  })

  it.each([
    ['a gap', { '0001_a.sql': 'SELECT 1;', '0003_c.sql': 'SELECT 1;' }],
    ['a bad name', { '1-a.sql': 'SELECT 1;' }],
    [
      'its own COMMIT',
      { '0001_a.sql': 'CREATE TABLE a (id INTEGER);\nCOMMIT;\nCREATE TABLE b (id INTEGER);' },
    ],
    ['no files', {}],
  ])('refuses a folder with %s', (_, files) => {
    for (const [name, sql] of Object.entries(files)) put(name, sql)
    expect(codeOf(() => openStore(dataDir, migrationsDir)).code).toBe('MIGRATIONS_INVALID')
  })

  it('lets a trigger keep its BEGIN and END, and words in comments and strings', async () => {
    put(
      '0001_t.sql',
      `-- COMMIT;
       CREATE TABLE t (id INTEGER, nota TEXT DEFAULT '; ROLLBACK');
       CREATE TRIGGER tr AFTER INSERT ON t BEGIN UPDATE t SET id = 1; END;`,
    )
    await use((store) => expect(store.version).toBe(1))
  })

  it('refuses a file that is not a store, without touching it', () => {
    first()
    mkdirSync(dataDir)
    writeFileSync(join(dataDir, 'sage.sqlite'), 'esto no es una base de datos '.repeat(50))
    expect(codeOf(() => openStore(dataDir, migrationsDir)).code).toBe('STORE_CORRUPT')
    rmSync(join(dataDir, 'sage.sqlite'))
    const other = new Database(join(dataDir, 'sage.sqlite'))
    other.exec('CREATE TABLE de_otro (id INTEGER)')
    other.close()
    expect(codeOf(() => openStore(dataDir, migrationsDir)).code).toBe('STORE_FOREIGN')
  })
})

describe('shape guard', () => {
  it('accepts a table rebuilt with everything it had', () => {
    const db = openDatabase(':memory:')
    db.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t VALUES (1, 'x')")
    const before = readShape(db)
    db.exec(`CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT CHECK (a <> '')); INSERT INTO n SELECT * FROM t;
      DROP TABLE t; ALTER TABLE n RENAME TO t`)
    expect(shapeLosses(before, readShape(db))).toEqual([])
    db.exec('ALTER TABLE t RENAME COLUMN a TO b')
    expect(shapeLosses(before, readShape(db))).toEqual(['desaparece la columna t.a'])
    db.close()
  })
})

describe('store', () => {
  it('serialises writers and rolls a failed one back whole', async () => {
    first()
    await use(async (store) => {
      const order: number[] = []
      const results = await Promise.allSettled([
        store.write((db) => {
          order.push(1)
          db.exec("INSERT INTO personas (nombre) VALUES ('Ana')")
        }),
        store.write((db) => {
          order.push(2)
          db.exec("INSERT INTO personas (nombre) VALUES ('Mal')")
          throw new Error('a medias')
        }),
        store.write(() => order.push(3)),
      ])
      expect(results.map((r) => r.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
      expect(order).toEqual([1, 2, 3])
      expect(names(store)).toEqual(['Ana'])
    })
  })

  it('finishes pending writes before it closes, and refuses later ones', async () => {
    first()
    const store = openStore(dataDir, migrationsDir)
    const pending = store.write((db) => db.exec("INSERT INTO personas (nombre) VALUES ('Ana')"))
    await store.close()
    await pending
    await expect(store.write(() => 1)).rejects.toMatchObject({ code: 'STORE_CLOSED' })
    await use((again) => expect(names(again)).toEqual(['Ana']))
  })

  it('lets one engine at a time have the data folder', () => {
    mkdirSync(dataDir)
    const release = lockDataDir(dataDir, 50)
    expect(codeOf(() => lockDataDir(dataDir, 50)).code).toBe('ENGINE_ALREADY_RUNNING')
    release()
    lockDataDir(dataDir, 50)()
  })
})
