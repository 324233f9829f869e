import { existsSync } from 'node:fs'
import { copyFile, link, mkdir, open, readdir, rename, rm, stat, symlink } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import { type Duck, quoteLiteral } from '@engine/duckdb'
import type { FormatoArchivo } from '@shared/model/materializacion'
import type { RowSource } from '../types'
import type { Changes } from './changes'
import { writeWorkbook } from './excel'
import { copyOptions, partitionOptions } from './formats'
import { CURRENT, type Place } from './place'

/** New content, whole and on disk, that is not the table's yet. */
export interface Written {
  /** Takes the place of `target` by its name. */
  from: string
  target: string
  /** Control UUID of the load. */
  carga: string
  /** What was written, under its names below the table's own folder. */
  files: readonly { path: string; name: string; bytes: number }[]
  filas: number
  bytes: number
}

export interface WriteInput {
  duck: Duck
  place: Place
  formato: FormatoArchivo
  changes: Changes
  source: RowSource
  carga: string
  /** Files in force that stay as they are: those of a table of partitions to which rows are added. */
  linked: { folder: string; files: readonly string[] } | null
  signal: AbortSignal | undefined
}

/** Writes the new content of a table beside it; readers see nothing of it. */
export async function writeNew(input: WriteInput): Promise<Written> {
  return input.place.disposicion === 'particiones' ? writeVersion(input) : writeFile(input)
}

async function writeFile({
  duck,
  place,
  formato,
  changes,
  source,
  carga,
  signal,
}: WriteInput): Promise<Written> {
  await mkdir(place.work, { recursive: true })
  const from = join(place.work, `${carga}.${place.extension}`)
  const target = place.disposicion === 'cargas' ? join(place.path, `${carga}.${place.extension}`) : place.path
  let filas = source.filas
  if (formato.tipo === 'excel') await writeWorkbook(source, formato.hoja, from, signal)
  else filas = await copyTo(duck, changes.result, from, copyOptions(formato))
  await flush(from)
  const bytes = (await stat(from)).size
  const files = [{ path: from, name: basename(from), bytes }]
  return { from, target, carga, files, filas, bytes }
}

async function writeVersion({ duck, place, formato, changes, carga, linked }: WriteInput): Promise<Written> {
  if (formato.tipo !== 'parquet') throw new RangeError('Only Parquet has partitions')
  const { version, from } = versionOf(place, carga)
  await dropVersion(place, carga)
  await mkdir(version)
  if (linked) await linkAll(linked, version)
  const filas = await copyTo(duck, changes.result, version, partitionOptions(formato, carga))
  const names = (await readdir(version, { recursive: true })).filter((name) => name.endsWith('.parquet'))
  // With no rows there are no partitions: a file without rows says what the columns are.
  if (names.length === 0) {
    await copyTo(duck, changes.result, join(version, EMPTY), copyOptions(formato))
    names.push(EMPTY)
  }
  const files: Written['files'][number][] = []
  for (const name of names) {
    const path = join(version, name)
    await flush(path)
    files.push({ path, name: [carga, ...name.split(sep)].join('/'), bytes: (await stat(path)).size })
  }
  await symlink(carga, from, 'junction')
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  return { from, target: join(place.path, CURRENT), carga, files, filas, bytes }
}

/** Of a version without rows: it says what the columns are. */
export const EMPTY = 'vacia.parquet'

/** The same files under a second name: nothing is copied where the disk can do it. */
async function linkAll(
  { folder, files }: { folder: string; files: readonly string[] },
  version: string,
): Promise<void> {
  for (const file of files) {
    const name = relative(folder, file)
    if (name === EMPTY) continue
    const target = join(version, name)
    await mkdir(dirname(target), { recursive: true })
    await link(file, target).catch(() => copyFile(file, target))
  }
}

async function copyTo(duck: Duck, select: string, path: string, options: string): Promise<number> {
  const [row] = await duck.rows(`COPY (${select}) TO ${quoteLiteral(path)} (${options})`)
  return Number(row?.Count ?? 0)
}

/** On the disk before it takes the name of the old: a power cut must not leave the new one empty. */
async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.datasync()
  } finally {
    await file.close()
  }
}

/** Puts the new content under the table's name, at once where the system can. */
export async function swap({ from, target }: Pick<Written, 'from' | 'target'>): Promise<void> {
  try {
    await rename(from, target)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    // Windows puts no link in the place of another: the old one leaves first, and an open ledger finishes what a crash leaves between.
    if ((code !== 'EPERM' && code !== 'EEXIST' && code !== 'EISDIR') || !target.endsWith(CURRENT)) throw error
    await rm(target, { recursive: true, force: true })
    await rename(from, target)
  }
  await flushFolder(dirname(target))
}

async function flushFolder(path: string): Promise<void> {
  // Not every system lets a folder be opened; the rename is made all the same.
  const folder = await open(path, 'r').catch(() => null)
  if (!folder) return
  await folder.sync().catch(() => undefined)
  await folder.close()
}

/** Of a table of partitions: the folder of a load, and the link that makes it the one in force. */
const versionOf = ({ path }: Place, carga: string): { version: string; from: string } => ({
  version: join(path, carga),
  from: join(path, `.${CURRENT}-${carga}`),
})

/** Takes away what a load wrote of a table of partitions. */
export async function dropVersion(place: Place, carga: string): Promise<void> {
  for (const left of Object.values(versionOf(place, carga))) await rm(left, { recursive: true, force: true })
}

/** Keeps the whole file that FULL replaces, under the UUID of its load. */
export async function keepOld({ path, kept, extension }: Place, carga: string): Promise<void> {
  if (!existsSync(path)) return
  await mkdir(kept, { recursive: true })
  const target = join(kept, `${carga}.${extension}`)
  await rm(target, { force: true })
  await link(path, target).catch(() => copyFile(path, target))
}

/** What stands in a folder of some loads, the last one first; what is of none of them is not ours. */
async function thereOf(folder: string, cargas: readonly string[], after = ''): Promise<string[]> {
  if (!existsSync(folder)) return []
  const names = new Set(await readdir(folder))
  return cargas.filter((carga) => names.has(`${carga}${after}`))
}

/** Whole files that FULL kept, but the last `most`. `cargas`: the loads before the one in force, the last one first. */
export async function dropOldWholes(
  { kept, extension }: Place,
  cargas: readonly string[],
  most: number,
): Promise<void> {
  const there = await thereOf(kept, cargas, `.${extension}`)
  for (const carga of there.slice(most)) await rm(join(kept, `${carga}.${extension}`), { force: true })
}

/** Versions but the last `most`; `cargas` as above. */
export async function dropOldVersions(place: Place, cargas: readonly string[], most: number): Promise<void> {
  const there = await thereOf(place.path, cargas)
  for (const carga of there.slice(most)) await dropVersion(place, carga)
}
