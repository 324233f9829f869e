import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { AppError } from '@shared/errors/app-error'
import { z } from 'zod'
import type { Db } from './db'
import { readShape, shapeLosses } from './shape'

export interface Migration {
  version: number
  name: string
  sql: string
  sha256: string
}

export interface MigrationResult {
  from: number
  to: number
  /** Copy of the store made before it changed; null when there was nothing to keep. */
  backup: string | null
}

const FILE = /^(\d{4})_([a-z0-9_-]+)\.sql$/
/** Statements that would end our transaction or leave the store: a migration holding one could be half applied. */
const FORBIDDEN = /(?:^|;)\s*(COMMIT|ROLLBACK|SAVEPOINT|RELEASE|ATTACH|DETACH|VACUUM|PRAGMA|BEGIN|END)\b/i

const appliedRow = z.object({ version: z.number().int(), nombre: z.string(), sha256: z.string() })

const broken = (message: string): AppError =>
  new AppError('MIGRATIONS_INVALID', { kind: 'bug', message, hint: 'Volver a instalar SAGE Desktop.' })

/** SQL without comments and string literals, to look at its statements. */
const skeleton = (sql: string): string =>
  sql
    .replace(/--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'/g, ' ')
    .replace(/\bBEGIN\b[\s\S]*?\bEND\s*;/gi, (body, at, all) =>
      // The body of a trigger has its own BEGIN ... END.
      /CREATE\s+(TEMP\s+)?TRIGGER[^;]*$/i.test(String(all).slice(0, Number(at))) ? ';' : body,
    )

/**
 * Reads `NNNN_name.sql` files, in order and without gaps. The checksum ignores CRLF, so that a checkout on Windows is the same.
 * @throws AppError MIGRATIONS_INVALID
 */
export function readMigrations(dir: string): Migration[] {
  if (!existsSync(dir)) throw broken(`No existe la carpeta de migraciones ${dir}.`)
  const files = readdirSync(dir)
    .filter((name) => name.endsWith('.sql'))
    .sort()
  const migrations = files.map((file, index): Migration => {
    const match = FILE.exec(file)
    if (!match?.[1] || !match[2]) throw broken(`${file} no se llama como una migración (0001_nombre.sql).`)
    const version = Number(match[1])
    if (version !== index + 1)
      throw broken(`Falta o se repite una migración: ${file} debería ser la ${index + 1}.`)
    const sql = readFileSync(join(dir, file), 'utf8').replaceAll('\r\n', '\n')
    const forbidden = FORBIDDEN.exec(skeleton(sql))
    if (forbidden)
      throw broken(`${file} contiene ${String(forbidden[1]).toUpperCase()}, que rompe la transacción.`)
    return { version, name: match[2], sql, sha256: createHash('sha256').update(sql).digest('hex') }
  })
  if (migrations.length === 0) throw broken(`No hay migraciones en ${dir}.`)
  return migrations
}

/** Refuses a store of a newer program, one that is not ours, and one whose history differs from the files. */
function readApplied(db: Db, path: string, migrations: Migration[]): number {
  const shape = readShape(db)
  if (!shape.tables.has('esquema_migraciones')) {
    if (shape.tables.size > 0) {
      throw new AppError('STORE_FOREIGN', {
        kind: 'config',
        message: `${path} es una base SQLite, pero no de SAGE Desktop.`,
        hint: 'Elegir otra carpeta de datos o mover ese archivo.',
      })
    }
    return 0
  }
  const applied = z
    .array(appliedRow)
    .parse(db.prepare('SELECT version, nombre, sha256 FROM esquema_migraciones ORDER BY version').all())
  for (const [index, row] of applied.entries()) {
    const known = migrations[index]
    if (!known) {
      throw new AppError('STORE_NEWER', {
        kind: 'config',
        message: `El almacén está en la versión ${applied.length} y este programa conoce hasta la ${migrations.length}.`,
        hint: 'Lo abrió una versión más nueva de SAGE Desktop: actualizar el programa, o restaurar un respaldo anterior.',
        details: { path, store: applied.length, program: migrations.length },
      })
    }
    if (known.version !== row.version || known.sha256 !== row.sha256) {
      throw new AppError('MIGRATION_ALTERED', {
        kind: 'terminal',
        message: `La migración ${row.version} (${row.nombre}) no es la que se aplicó a este almacén.`,
        hint: 'Los archivos de migración de la instalación fueron cambiados: volver a instalar SAGE Desktop.',
        details: { path, version: row.version, expected: row.sha256, found: known.sha256 },
      })
    }
  }
  return applied.length
}

/** Copies the store as it is (WAL included) before a migration changes it. */
function backUp(db: Db, path: string, version: number): string {
  const folder = join(dirname(path), 'respaldos')
  mkdirSync(folder, { recursive: true })
  const stamp = new Date().toISOString().replaceAll(':', '-')
  const target = join(folder, `${basename(path, '.sqlite')}-v${version}-${stamp}.sqlite`)
  db.prepare('VACUUM INTO ?').run(target)
  return target
}

function applyOne(db: Db, migration: Migration): void {
  const before = readShape(db)
  db.exec(migration.sql)
  const losses = shapeLosses(before, readShape(db))
  if (losses.length > 0) throw new Error(`no es aditiva: ${losses.join('; ')}`)
  const orphans = db.prepare('SELECT count(*) FROM pragma_foreign_key_check').pluck().get()
  if (orphans !== 0) throw new Error(`deja ${String(orphans)} referencias rotas`)
  db.prepare(
    'INSERT INTO esquema_migraciones (version, nombre, sha256, aplicada_en) VALUES (?, ?, ?, ?)',
  ).run(migration.version, migration.name, migration.sha256, new Date().toISOString())
}

/**
 * Brings the store to the newest version the program knows, forward only. Each migration and its marker are one transaction:
 * one that fails leaves the store at the version before it, whole.
 * @throws AppError STORE_NEWER, STORE_FOREIGN, MIGRATION_ALTERED, MIGRATION_FAILED
 */
export function migrate(db: Db, path: string, migrations: Migration[]): MigrationResult {
  const from = readApplied(db, path, migrations)
  const pending = migrations.slice(from)
  if (pending.length === 0) return { from, to: from, backup: null }
  const backup = from > 0 ? backUp(db, path, from) : null
  // A table may be rebuilt inside a migration; references are checked before each commit instead.
  db.pragma('foreign_keys = OFF')
  try {
    for (const migration of pending) {
      try {
        db.transaction(() => {
          db.exec(`CREATE TABLE IF NOT EXISTS esquema_migraciones (
            version INTEGER PRIMARY KEY, nombre TEXT NOT NULL, sha256 TEXT NOT NULL, aplicada_en TEXT NOT NULL)`)
          applyOne(db, migration)
        }).immediate()
      } catch (error) {
        throw new AppError('MIGRATION_FAILED', {
          kind: 'terminal',
          message: `No se pudo aplicar la migración ${migration.version} (${migration.name}): ${error instanceof Error ? error.message : String(error)}.`,
          hint: 'El almacén quedó como estaba antes de ella. Enviar el registro del motor a soporte.',
          details: { path, version: migration.version, backup },
          cause: error,
        })
      }
    }
  } finally {
    db.pragma('foreign_keys = ON')
  }
  return { from, to: migrations.length, backup }
}
