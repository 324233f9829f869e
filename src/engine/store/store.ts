import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '@shared/errors/app-error'
import { asStoreError, type Db, openDatabase } from './db'
import { type MigrationResult, migrate, readMigrations } from './migrate'

export interface Store {
  readonly db: Db
  readonly path: string
  readonly version: number
  readonly migration: MigrationResult
  /**
   * Runs `change` alone, in one transaction, after the writes asked for before it. All or nothing.
   * Writers are serialised here so that the same services can stand on a server database later.
   */
  write<T>(change: (db: Db) => T): Promise<T>
  /** Waits for the pending writes and closes the file. */
  close(): Promise<void>
}

/**
 * Opens the metadata store `<dataDir>/sage.sqlite`, migrated.
 * @throws AppError STORE_NEWER, STORE_CORRUPT, STORE_UNREADABLE, STORE_FOREIGN, MIGRATION_ALTERED, MIGRATION_FAILED, MIGRATIONS_INVALID
 */
export function openStore(dataDir: string, migrationsDir: string): Store {
  mkdirSync(dataDir, { recursive: true })
  const path = join(dataDir, 'sage.sqlite')
  const migrations = readMigrations(migrationsDir)
  const db = openDatabase(path)
  let migration: MigrationResult
  try {
    migration = migrate(db, path, migrations)
  } catch (error) {
    db.close()
    throw asStoreError(error, path)
  }

  let tail: Promise<unknown> = Promise.resolve()
  let closed = false
  const enqueue = <T>(work: () => T): Promise<T> => {
    const result = tail.then(work)
    tail = result.catch(() => undefined)
    return result
  }

  return {
    db,
    path,
    version: migration.to,
    migration,
    write(change) {
      if (closed) {
        const message = 'El motor se está cerrando.'
        return Promise.reject(new AppError('STORE_CLOSED', { kind: 'transient', message }))
      }
      return enqueue(() => {
        try {
          return db.transaction(() => change(db)).immediate()
        } catch (error) {
          throw asStoreError(error, path)
        }
      })
    },
    async close() {
      if (closed) return
      closed = true
      await enqueue(() => db.close())
    },
  }
}
