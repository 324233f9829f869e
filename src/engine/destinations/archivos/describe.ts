import { randomUUID } from 'node:crypto'
import { access, constants, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Duck } from '@engine/duckdb'
import { AppError } from '@shared/errors/app-error'
import type { PruebaDestino } from '@shared/model/destino'
import type { TipoColumna } from '@shared/model/materializacion'
import { runTestSteps } from '../shared/connection-test'
import { filesError } from './errors'
import { readFiles } from './formats'
import { CURRENT, OWN_FOLDER, rootOf } from './place'

export const MOST_TABLES = 10_000
export const EXTENSION = /\.(parquet|csv|jsonl|xlsx)$/

/** Tables that a folder has: files and folders of files, also of one level of schemas. */
export async function listTables(carpeta: string): Promise<{ esquema: string | null; tabla: string }[]> {
  try {
    const root = await rootOf(carpeta)
    const found: { esquema: string | null; tabla: string }[] = []
    for (const entry of await readdir(root, { withFileTypes: true })) {
      if (entry.name === OWN_FOLDER || entry.name.endsWith('__cargas')) continue
      if (entry.isFile() && EXTENSION.test(entry.name))
        found.push({ esquema: null, tabla: entry.name.replace(EXTENSION, '') })
      else if (entry.isDirectory()) found.push(...(await inFolder(join(root, entry.name), entry.name)))
    }
    return found.sort((a, b) => tableName(a).localeCompare(tableName(b), 'es')).slice(0, MOST_TABLES)
  } catch (error) {
    throw filesError(error, carpeta)
  }
}

export const tableName = ({ esquema, tabla }: { esquema: string | null; tabla: string }): string =>
  `${esquema ?? ''}/${tabla}`

/** A file named by its load. */
export const OF_A_LOAD = /^[0-9a-f-]{36}\.(parquet|csv|jsonl)$/

/** A folder is a table (one file for each load, or versions), or a schema with tables in it. */
async function inFolder(path: string, folder: string): Promise<{ esquema: string | null; tabla: string }[]> {
  const entries = await readdir(path, { withFileTypes: true })
  const loads = entries.some((entry) => OF_A_LOAD.test(entry.name))
  if (loads || entries.some((entry) => entry.name === CURRENT)) return [{ esquema: null, tabla: folder }]
  return entries.flatMap((entry) => {
    if (entry.isFile() && EXTENSION.test(entry.name))
      return [{ esquema: folder, tabla: entry.name.replace(EXTENSION, '') }]
    return entry.isDirectory() && !entry.name.endsWith('__cargas')
      ? [{ esquema: folder, tabla: entry.name }]
      : []
  })
}

export interface DescribedTable {
  existe: boolean
  columnas: { nombre: string; tipo: string; equivale: TipoColumna | null; nulos: boolean }[]
  clave: string[]
}

/** Columns of a table written as Parquet; texts do not say theirs. `duck` must reach the folder. */
export async function describeTable(
  duck: Duck,
  carpeta: string,
  { esquema, tabla }: { esquema: string | null; tabla: string },
): Promise<DescribedTable> {
  const base = esquema === null ? await rootOf(carpeta) : join(await rootOf(carpeta), esquema)
  const files = await parquetOf(base, tabla)
  if (files.length === 0) return { existe: false, columnas: [], clave: [] }
  try {
    return await describeFiles(duck, files)
  } catch (error) {
    throw filesError(error, carpeta)
  }
}

/** Columns of some files of Parquet. */
export async function describeFiles(duck: Duck, files: readonly string[]): Promise<DescribedTable> {
  const rows = await duck.rows(
    `DESCRIBE SELECT * FROM ${readFiles({ tipo: 'parquet', compresion: 'zstd', filasPorGrupo: 122_880, particiones: [] }, files, [], 0)}`,
  )
  const columnas = rows.map((row) => {
    const tipo = String(row.column_type)
    return { nombre: String(row.column_name), tipo, equivale: tipoOf(tipo), nulos: true }
  })
  return { existe: true, columnas, clave: [] }
}

async function parquetOf(base: string, tabla: string): Promise<string[]> {
  const entries = await readdir(base, { withFileTypes: true }).catch(() => [])
  if (entries.some((entry) => entry.isFile() && entry.name === `${tabla}.parquet`))
    return [join(base, `${tabla}.parquet`)]
  if (!entries.some((entry) => entry.isDirectory() && entry.name === tabla)) return []
  const inside = await readdir(join(base, tabla), { recursive: true })
  return inside.filter((path) => path.endsWith('.parquet')).map((path) => join(base, tabla, path))
}

/** What a column of DuckDB is to a mapping; null where it has no name for it. */
export function tipoOf(type: string): TipoColumna | null {
  const decimal = /^DECIMAL\((\d+),\s*(\d+)\)$/.exec(type)
  if (decimal) return { tipo: 'decimal', precision: Number(decimal[1]), escala: Number(decimal[2]) }
  const known: Record<string, TipoColumna> = {
    VARCHAR: { tipo: 'texto' },
    BIGINT: { tipo: 'entero' },
    INTEGER: { tipo: 'entero' },
    DOUBLE: { tipo: 'doble' },
    BOOLEAN: { tipo: 'booleano' },
    DATE: { tipo: 'fecha' },
    TIMESTAMP: { tipo: 'fecha_hora', zona: false },
    'TIMESTAMP WITH TIME ZONE': { tipo: 'fecha_hora', zona: true },
  }
  return known[type] ?? null
}

/** "Probar conexión" of a folder: found, written to, and renamed in, which is how a table is replaced. Never throws. */
export async function probarArchivos(carpeta: string): Promise<PruebaDestino> {
  const probe = join(carpeta, `.sage-prueba-${randomUUID()}`)
  const told = async (work: () => Promise<unknown>): Promise<null> => {
    await work().catch((error: unknown) => {
      throw filesError(error, carpeta)
    })
    return null
  }
  try {
    return await runTestSteps(
      [
        {
          paso: 'Abrir la carpeta',
          run: () => told(async () => access(await rootOf(carpeta), constants.W_OK)),
        },
        { paso: 'Escribir y leer un archivo', run: () => told(() => writeAndRead(probe)) },
        { paso: 'Reemplazar un archivo por otro', run: () => told(() => replace(probe)) },
      ],
      () => null,
    )
  } finally {
    for (const left of [probe, `${probe}-2`]) await rm(left, { force: true }).catch(() => undefined)
  }
}

async function writeAndRead(path: string): Promise<void> {
  await writeFile(path, 'prueba')
  if ((await readFile(path, 'utf8')) === 'prueba') return
  throw new AppError('CARPETA_INFIEL', {
    kind: 'terminal',
    message: 'Lo que se escribe en la carpeta no es lo que se lee de ella.',
    hint: 'Revisar el disco o la unidad de red.',
  })
}

async function replace(path: string): Promise<void> {
  await writeFile(`${path}-2`, 'otra')
  await rename(`${path}-2`, path)
}
