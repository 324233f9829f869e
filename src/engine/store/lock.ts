import { join } from 'node:path'
import { AppError } from '@shared/errors/app-error'
import Database from 'better-sqlite3'

/** A predecessor that is shutting down lets go within this time. */
const WAIT_MS = 5_000

/**
 * Holds the data folder for this process: two engines on one folder would each take the other's executions for dead.
 * An exclusive SQLite lock, since the operating system frees it however the process ends (a pid file would outlive a kill).
 * @returns a function that lets go
 * @throws AppError ENGINE_ALREADY_RUNNING
 */
export function lockDataDir(dataDir: string, waitMs = WAIT_MS): () => void {
  const db = new Database(join(dataDir, 'motor.lock'), { timeout: waitMs })
  try {
    db.pragma('journal_mode = DELETE')
    db.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    db.close()
    throw new AppError('ENGINE_ALREADY_RUNNING', {
      kind: 'conflict',
      message: `Otro motor de SAGE ya usa la carpeta de datos ${dataDir}.`,
      hint: 'Cerrar la otra ventana de SAGE Desktop, o usar otra carpeta de datos.',
      cause: error,
    })
  }
  return () => db.close()
}
