import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { rm, rmdir } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { AppError } from '@shared/errors/app-error'
import { interruptible } from './interruptible'
import { quoteLiteral } from './quote'

const MIB = 1024 * 1024

/** A quarter of the machine, at most 2 GB. */
export const defaultMemoryLimit = (): number => Math.min(Math.floor(totalmem() / 4), 2048 * MIB)

export interface DuckOptions {
  /** The folder that SQL can reach; spills go to its `tmp/` subfolder. */
  dir: string
  /** Other folders that SQL can reach. */
  alsoDirs?: readonly string[]
  /** Bytes; default a quarter of the machine, at most 2 GB. */
  memoryLimit?: number
  threads?: number
  signal?: AbortSignal
}

/** An open, locked-down DuckDB with one connection. */
export interface Duck {
  connection: DuckDBConnection
  run(sql: string): Promise<void>
  /** All rows as plain objects; for results known to be small. */
  rows(sql: string): Promise<Record<string, unknown>[]>
  /** Streams a result row by row, whatever its size. */
  each(sql: string, visit: (row: unknown[]) => void): Promise<void>
  close(): Promise<void>
}

/**
 * Opens an in-memory DuckDB that works offline, spills inside `dir`, reads and writes nothing outside it and `alsoDirs`, and whose
 * configuration is locked. Aborting `signal` interrupts the running statement, which then fails with `CANCELLED`.
 */
export async function openDuck(options: DuckOptions): Promise<Duck> {
  const { DuckDBInstance: Instance } = await import('@duckdb/node-api')
  // Its own: several questions can be asked of one folder at once.
  const temp = join(options.dir, 'tmp', `duckdb-${randomUUID()}`)
  mkdirSync(temp, { recursive: true })
  const limit = Math.max(options.memoryLimit ?? defaultMemoryLimit(), 128 * MIB)
  const instance = await Instance.create(':memory:', {
    threads: String(options.threads ?? availableParallelism()),
    memory_limit: `${Math.floor(limit / MIB)}MiB`,
    temp_directory: temp,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    preserve_insertion_order: 'true',
  })
  const connection = await instance.connect()
  const reached = [options.dir, ...(options.alsoDirs ?? [])].map(quoteLiteral)
  await connection.run(`SET allowed_directories = [${reached.join(', ')}]`)
  await connection.run(
    "SET enable_external_access = false; SET TimeZone = 'UTC'; SET lock_configuration = true",
  )
  return wrap(instance, connection, temp, options.signal)
}

function wrap(
  instance: DuckDBInstance,
  connection: DuckDBConnection,
  temp: string,
  signal: AbortSignal | undefined,
): Duck {
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    if (signal?.aborted) throw cancelled()
    try {
      return await interruptible(connection, signal, work)
    } catch (error) {
      throw signal?.aborted ? cancelled(error) : duckError(error)
    }
  }
  return {
    connection,
    run: (sql) => guarded(async () => void (await connection.run(sql))),
    rows: (sql) => guarded(async () => (await connection.runAndReadAll(sql)).getRowObjectsJS()),
    each: (sql, visit) =>
      guarded(async () => {
        const result = await connection.stream(sql)
        for (;;) {
          const chunk = await result.fetchChunk()
          if (!chunk || chunk.rowCount === 0) return
          for (const row of chunk.getRows()) visit(row)
        }
      }),
    async close() {
      connection.closeSync()
      instance.closeSync()
      await rm(temp, { recursive: true, force: true })
      // Goes only when nobody else keeps anything there.
      await rmdir(dirname(temp)).catch(() => undefined)
    },
  }
}

export const cancelled = (cause?: unknown): AppError =>
  new AppError('CANCELLED', { kind: 'cancelled', message: 'La ejecución se canceló.', cause })

/** A DuckDB failure in our words where we know its cause; anything else keeps its text. */
export function duckError(error: unknown): AppError {
  if (error instanceof AppError) return error
  const text = error instanceof Error ? error.message : String(error)
  if (/no space left|disk.*full|max_temp_directory_size|failed to offload/i.test(text)) {
    return new AppError('DISK_FULL', {
      kind: 'terminal',
      message: 'No queda espacio en el disco para trabajar.',
      hint: 'Liberar espacio en la carpeta de datos y volver a ejecutar.',
      cause: error,
    })
  }
  if (/out of memory/i.test(text)) {
    return new AppError('MEMORY_LIMIT', {
      kind: 'terminal',
      message: 'El archivo no cabe en la memoria permitida al motor.',
      hint: 'Subir el límite de memoria en los ajustes.',
      cause: error,
    })
  }
  return new AppError('DUCKDB', { kind: 'bug', message: text, cause: error })
}
