import { randomUUID } from 'node:crypto'
import { access, constants, mkdir, realpath, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { basename, dirname, join } from 'node:path'
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { AppError } from '@shared/errors/app-error'
import { defaultMemoryLimit, duckError } from './open'

const MIB = 1024 * 1024

export interface SharedFileOptions {
  /** Folder of the engine where what does not fit in memory spills; a subfolder of its own is made and removed. */
  tempDir: string
  /** Bytes; default a quarter of the machine, at most 2 GB. The first opener decides while the file is open. */
  memoryLimit?: number
}

/** One user's hold on a DuckDB file that this process has open. */
export interface SharedFile {
  /** As the file system knows it: the same text for every way of naming the file. */
  readonly path: string
  /** A connection of the caller, who closes it before `release`. */
  connect(): Promise<DuckDBConnection>
  /** Lets go; the last one closes the file. Safe to call twice. */
  release(): Promise<void>
}

interface Entry {
  users: number
  instance: Promise<DuckDBInstance>
  temp: string
}

/**
 * A file is opened once per process, however many use it: DuckDB's lock is one of the process, so a second instance of ours would open
 * the same file without being refused, and damage it. For the same reason nothing else here may open the file: closing any handle of it
 * drops the lock.
 */
const open = new Map<string, Entry>()

/**
 * Opens a DuckDB file, made if it is missing, or joins whoever has it open in this process. It works offline, reaches no other file and
 * its configuration is locked; its sessions are in UTC.
 * @throws AppError ARCHIVO_OCUPADO (another program has it), ARCHIVO_AJENO (not a DuckDB file), CARPETA_INACCESIBLE, DISK_FULL
 */
export async function openSharedFile(path: string, options: SharedFileOptions): Promise<SharedFile> {
  const known = await resolved(path)
  let entry = open.get(known)
  if (!entry) {
    const temp = join(options.tempDir, `duckdb-${randomUUID()}`)
    entry = { users: 0, temp, instance: openInstance(known, temp, options) }
    open.set(known, entry)
  }
  const mine = entry
  mine.users += 1
  let released = false
  const release = async (): Promise<void> => {
    if (released) return
    released = true
    mine.users -= 1
    if (mine.users > 0) return
    if (open.get(known) === mine) open.delete(known)
    await mine.instance.then(
      (instance) => instance.closeSync(),
      () => undefined,
    )
    await rm(mine.temp, { recursive: true, force: true })
  }
  try {
    const instance = await mine.instance
    return { path: known, release, connect: () => instance.connect() }
  } catch (error) {
    await release()
    throw openError(error, known)
  }
}

/** The file may not exist yet: its folder must. */
async function resolved(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch {
    try {
      const folder = await realpath(dirname(path))
      await access(folder, constants.W_OK)
      return join(folder, basename(path))
    } catch (error) {
      throw unreachable(dirname(path), error)
    }
  }
}

async function openInstance(
  path: string,
  temp: string,
  { memoryLimit }: SharedFileOptions,
): Promise<DuckDBInstance> {
  const { DuckDBInstance: Instance } = await import('@duckdb/node-api')
  await mkdir(temp, { recursive: true })
  const limit = Math.max(memoryLimit ?? defaultMemoryLimit(), 128 * MIB)
  const instance = await Instance.create(path, {
    threads: String(availableParallelism()),
    memory_limit: `${Math.floor(limit / MIB)}MiB`,
    temp_directory: temp,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    enable_external_access: 'false',
  })
  const connection = await instance.connect()
  await connection.run("SET GLOBAL TimeZone = 'UTC'; SET GLOBAL lock_configuration = true")
  connection.closeSync()
  return instance
}

const unreachable = (path: string, cause: unknown): AppError =>
  new AppError('CARPETA_INACCESIBLE', {
    kind: 'config',
    message: `No se puede escribir en ${path}.`,
    hint: 'Comprobar que la carpeta existe y que este usuario tiene permiso de escritura.',
    cause,
  })

/** Why a DuckDB file did not open, as DuckDB 1.5 says it. */
function openError(error: unknown, path: string): AppError {
  const text = error instanceof Error ? error.message : String(error)
  if (/could not set lock|being used by another process/i.test(text)) {
    const holder = /lock is held in (.+? \(PID \d+\))/i.exec(text)?.[1]
    return new AppError('ARCHIVO_OCUPADO', {
      kind: 'transient',
      message: `Otro programa tiene abierto ${path}${holder ? `: ${holder}` : ''}.`,
      hint: 'Cerrarlo allí (otra consola de SAGE, la terminal de DuckDB, un cuaderno) y reintentar.',
      cause: error,
    })
  }
  if (
    /not a valid duckdb database|external extensions|is a directory|serialization|version number|corrupt/i.test(
      text,
    )
  ) {
    return new AppError('ARCHIVO_AJENO', {
      kind: 'config',
      message: `${path} no es un archivo de DuckDB que esta versión pueda abrir.`,
      hint: 'Elegir otro archivo; si no existe, se crea.',
      cause: error,
    })
  }
  if (/permission denied|access is denied|cannot open file/i.test(text)) return unreachable(path, error)
  return duckError(error)
}
