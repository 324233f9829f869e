import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { DuckDBConnection, DuckDBResult } from '@duckdb/node-api'
import { cancelled, duckError, interruptible, openSharedFile } from '@engine/duckdb'
import { AppError } from '@shared/errors/app-error'
import { invalid, prepareReading } from './statement'

export interface ReadingOptions {
  /** The DuckDB file; made if it is missing. */
  path: string
  tempDir: string
  signal?: AbortSignal
  /** Past it the statement is interrupted. */
  timeoutMs: number
}

/**
 * Opens the console's data for one reading, in a transaction that can't write, and closes them. Loads go on meanwhile: the file is one per
 * process and a reading sees what was there when it began. Errors: those of the statement, SQL_TIEMPO, CANCELLED, MEMORY_LIMIT,
 * ARCHIVO_OCUPADO.
 */
export async function reading<T>(
  options: ReadingOptions,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const { signal } = options
  if (signal?.aborted) throw cancelled()
  await mkdir(dirname(options.path), { recursive: true })
  const file = await openSharedFile(options.path, { tempDir: options.tempDir })
  try {
    const connection = await file.connect()
    const clock = AbortSignal.timeout(options.timeoutMs)
    const stop = signal ? AbortSignal.any([signal, clock]) : clock
    try {
      return await interruptible(connection, stop, async () => {
        await connection.run('BEGIN TRANSACTION READ ONLY')
        return await work(connection)
      })
    } catch (error) {
      if (signal?.aborted) throw cancelled(error)
      if (clock.aborted) throw tooLong(options.timeoutMs, error)
      throw failure(error)
    } finally {
      connection.closeSync()
    }
  } finally {
    await file.release()
  }
}

/** Starts a reading statement; its rows are pulled as they are wanted. */
export async function startReading(connection: DuckDBConnection, sql: string): Promise<DuckDBResult> {
  const prepared = await prepareReading(connection, sql)
  // Instants as text are in UTC, inside lists too, wherever this machine is.
  const { DuckDBTimestampTZValue } = await import('@duckdb/node-api')
  DuckDBTimestampTZValue.timezoneOffsetInMinutes = 0
  return prepared.stream()
}

function failure(error: unknown): AppError {
  const known = duckError(error)
  return known.code === 'DUCKDB' ? invalid(error) : known
}

const tooLong = (ms: number, cause: unknown): AppError =>
  new AppError('SQL_TIEMPO', {
    kind: 'input',
    message: `La consulta pasó de ${Math.round(ms / 1000)} s y se detuvo.`,
    hint: 'Pedir menos filas o filtrar por una columna.',
    cause,
  })
