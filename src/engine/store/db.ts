import { AppError } from '@shared/errors/app-error'
import Database from 'better-sqlite3'

export type Db = Database.Database

/** How long a statement waits for another process (the terminal) that is writing. */
const BUSY_MS = 5_000

/** Lower case without accents: what a person types finds what a person wrote. */
export const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()

/** The pattern of a LIKE that looks for `text` anywhere; `%` and `_` lose their meaning (ESCAPE '\'). */
export const likeAnywhere = (text: string): string => `%${plain(text).replace(/[\\%_]/g, '\\$&')}%`

/** An SQLite failure as an AppError that says what a person can do; anything else passes untouched. */
export function asStoreError(error: unknown, path: string): unknown {
  if (!(error instanceof Database.SqliteError)) return error
  const base = { cause: error, details: { path, sqlite: error.code } }
  if (error.code.startsWith('SQLITE_NOTADB') || error.code.startsWith('SQLITE_CORRUPT')) {
    return new AppError('STORE_CORRUPT', {
      ...base,
      kind: 'terminal',
      message: `El almacén ${path} está dañado o no es una base SQLite (${error.message}).`,
      hint: 'Cerrar SAGE y restaurar una copia de la carpeta «respaldos», junto al almacén.',
    })
  }
  if (error.code.startsWith('SQLITE_BUSY') || error.code.startsWith('SQLITE_LOCKED')) {
    return new AppError('STORE_BUSY', {
      ...base,
      kind: 'transient',
      message: 'Otro proceso está escribiendo en el almacén.',
      hint: 'Volver a intentarlo en unos segundos.',
    })
  }
  if (error.code.startsWith('SQLITE_FULL') || error.code.startsWith('SQLITE_IOERR')) {
    return new AppError('STORE_DISK', {
      ...base,
      kind: 'terminal',
      message: `No se pudo leer o escribir el almacén ${path} (${error.message}).`,
      hint: 'Revisar el espacio libre del disco y los permisos de la carpeta de datos.',
    })
  }
  if (error.code.startsWith('SQLITE_READONLY') || error.code.startsWith('SQLITE_CANTOPEN')) {
    return new AppError('STORE_UNREADABLE', {
      ...base,
      kind: 'config',
      message: `No se pudo abrir el almacén ${path} para escribir (${error.message}).`,
      hint: 'Revisar los permisos de la carpeta de datos.',
    })
  }
  return error
}

/**
 * Opens (or creates) the SQLite file: WAL, foreign keys enforced, a bounded wait for other writers.
 * @throws AppError STORE_CORRUPT, STORE_UNREADABLE
 */
export function openDatabase(path: string): Db {
  let db: Db | undefined
  try {
    db = new Database(path, { timeout: BUSY_MS })
    db.pragma('journal_mode = WAL')
    // An execution's row says what its folder holds: it must survive a power cut, so commits reach the disk.
    db.pragma('synchronous = FULL')
    db.pragma('foreign_keys = ON')
    db.pragma(`busy_timeout = ${BUSY_MS}`)
    db.pragma('trusted_schema = OFF')
    db.function('plano', { deterministic: true }, (text: unknown) =>
      typeof text === 'string' ? plain(text) : null,
    )
    return db
  } catch (error) {
    db?.close()
    throw asStoreError(error, path)
  }
}
