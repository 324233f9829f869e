import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cancellable, Connector, Entry } from '@engine/connectors'
import { joinPath, nameOf } from '@engine/connectors/shared/paths'
import type { Duck } from '@engine/duckdb'
import { duckType } from '@engine/materialization/rows'
import { type DescribedTable, describeFiles, EXTENSION, MOST_TABLES, OF_A_LOAD, tableName } from '../describe'
import { CURRENT, KEPT, OWN_FOLDER, ownName } from '../place'
import { CommitLog } from './commits'
import { eachOf, listAll, Objects } from './objects'

export interface RemoteTable {
  esquema: string | null
  tabla: string
}

/** Folders that are looked into: past this the list says what it found so far. */
const MOST_FOLDERS = 500
/** A file larger than this is not brought to tell its columns. */
const MOST_BYTES = 256 * 1024 * 1024

const fileTable = (entry: Entry, esquema: string | null): RemoteTable[] =>
  entry.kind === 'file' && EXTENSION.test(entry.path)
    ? [{ esquema, tabla: nameOf(entry.path).replace(EXTENSION, '') }]
    : []

/** Tables under a folder of a provider, also of one level of schemas. @throws AppError those of `Connector` */
export async function listRemote(
  connector: Connector,
  carpeta: string,
  options: Cancellable = {},
): Promise<RemoteTable[]> {
  const entries = await listAll(connector, carpeta, options)
  const found = entries.flatMap((entry) => fileTable(entry, null))
  const folders = entries.filter(
    ({ kind, path }) => kind === 'folder' && nameOf(path) !== OWN_FOLDER && !path.endsWith(KEPT),
  )
  await eachOf(folders.slice(0, MOST_FOLDERS), async ({ path }) => {
    const { entries: inside } = await connector.list(path, options)
    const name = nameOf(path)
    const isTable = inside.some((one) => {
      const file = nameOf(one.path)
      return OF_A_LOAD.test(file) || file === `${CURRENT}.json`
    })
    if (isTable) found.push({ esquema: null, tabla: name })
    else
      for (const one of inside) {
        if (one.kind === 'folder' && !one.path.endsWith(KEPT))
          found.push({ esquema: name, tabla: nameOf(one.path) })
        found.push(...fileTable(one, name))
      }
  })
  return found.sort((a, b) => tableName(a).localeCompare(tableName(b), 'es')).slice(0, MOST_TABLES)
}

/**
 * Columns of a table: as its last load says, or of a Parquet that somebody else put there. `dir`: a folder that `duck` reaches.
 * @throws AppError those of `Connector` and of DuckDB
 */
export async function describeRemote(
  { connector, duck, dir }: { connector: Connector; duck: Duck; dir: string },
  carpeta: string,
  { esquema, tabla }: RemoteTable,
  options: Cancellable = {},
): Promise<DescribedTable> {
  const work = join(dir, `nube-${randomUUID()}`)
  await mkdir(work)
  const objects = new Objects(connector, work)
  const name = ownName({ esquema, tabla })
  const last = await new CommitLog(objects, joinPath(carpeta, OWN_FOLDER, name)).last(options)
  if (last) {
    const columnas = last.commit.entrada.columnas.map(({ nombre, tipo }) => ({
      ...{ nombre, tipo: duckType(tipo), equivale: tipo, nulos: true },
    }))
    return { existe: true, columnas, clave: [] }
  }
  const path = joinPath(carpeta, esquema ?? '', `${tabla}.parquet`)
  const entry = await objects.stat(path, options)
  if (entry?.kind !== 'file' || entry.bytes > MOST_BYTES) return { existe: false, columnas: [], clave: [] }
  const file = await objects.bring(path, options)
  return file === null ? { existe: false, columnas: [], clave: [] } : describeFiles(duck, [file])
}
