import type { Cancellable } from '@engine/connectors'
import { joinPath, nameOf, parentOf } from '@engine/connectors/shared/paths'
import { z } from 'zod'
import type { Commit, CommitLog, RemoteFile } from './commits'
import { eachOf, listAll, type Objects } from './objects'
import type { RemotePlace } from './remote-place'

/** Staged files that nobody ends: past this, no engine is still sending them. */
const ABANDONED_MS = 24 * 3_600_000
/** Loads that stay numbered; what was loaded is known for good beside them. */
const NUMBERED_KEPT = 20

/** Names the files of a load of partitions before they are sent. */
const intentSchema = z.object({ archivos: z.array(z.string()) })
export const intentOf = ({ staging }: RemotePlace, carga: string): string =>
  joinPath(staging, `${carga}.json`)

export interface Cleaning {
  objects: Objects
  log: CommitLog
  remote: RemotePlace
  options: Cancellable
}

/** Takes files away, and the folders that they leave empty where folders are real. */
export async function clean(
  { objects: { connector }, remote, options }: Cleaning,
  files: readonly Pick<RemoteFile, 'ruta'>[],
): Promise<void> {
  await eachOf(files, ({ ruta }) => connector.remove(ruta, options))
  if (!connector.capabilities.realFolders) return
  const folders = new Set<string>()
  for (const { ruta } of files)
    for (let folder = parentOf(ruta); folder.startsWith(`${remote.path}/`); folder = parentOf(folder))
      folders.add(folder)
  // The deepest first; one that holds something else stays.
  for (const folder of [...folders].sort((a, b) => b.length - a.length))
    await connector.remove(folder, options).catch(() => undefined)
}

/** What dead loads sent and nobody ended. */
export async function sweepStaging(cleaning: Cleaning): Promise<void> {
  const { objects, log, remote, options } = cleaning
  const staged = await listAll(objects.connector, remote.staging, options)
  const old = staged.filter(
    ({ modified }) => modified !== null && Date.parse(modified) < Date.now() - ABANDONED_MS,
  )
  if (old.length === 0) return
  const inForce = new Set(
    (await commitsOf(cleaning, await log.numbers(options))).flatMap(({ archivos }) =>
      archivos.map(({ ruta }) => ruta),
    ),
  )
  for (const { path } of old) {
    const intent = path.endsWith('.json') ? await objects.read(path, intentSchema, options) : null
    const left = (intent?.archivos ?? []).filter(
      (ruta) => ruta.startsWith(`${remote.path}/`) && !inForce.has(ruta),
    )
    await clean(
      cleaning,
      left.map((ruta) => ({ ruta })),
    )
    await objects.connector.remove(path, options)
  }
}

async function commitsOf({ log, options }: Cleaning, numbers: readonly number[]): Promise<Commit[]> {
  const commits: Commit[] = []
  for (const n of numbers) {
    const commit = await log.read(n, options)
    if (commit) commits.push(commit)
  }
  return commits
}

/** Loads that are no more, and of a table of partitions their files: the version before stays for whoever is reading it, and `most` of FULL. */
export async function dropOldVersions(cleaning: Cleaning, most: number): Promise<void> {
  const { log, remote, options } = cleaning
  const numbers = await log.numbers(options)
  const isVersioned = remote.disposicion === 'particiones'
  const keep = isVersioned ? Math.max(1, most) + 1 : NUMBERED_KEPT
  const old = numbers.slice(0, -keep)
  if (isVersioned && old.length > 0) {
    const kept = await commitsOf(cleaning, numbers.slice(-keep))
    const used = new Set(kept.flatMap(({ archivos }) => archivos.map(({ ruta }) => ruta)))
    const gone = (await commitsOf(cleaning, old)).flatMap(({ archivos }) => archivos)
    await clean(
      cleaning,
      gone.filter(({ ruta }) => !used.has(ruta)),
    )
  }
  for (const n of old) await log.drop(n, options)
}

/** As `keepOld` names them: nothing else of that folder is ours. */
const KEPT_NAME = /^\d{12}-[0-9a-f-]{36}\.[a-z]+$/

/** Whole files that FULL kept, but the last `most`. */
export async function dropOldWholes(
  { objects: { connector }, remote, options }: Cleaning,
  most: number,
): Promise<void> {
  const entries = await listAll(connector, remote.kept, options)
  const kept = entries.flatMap(({ path }) => (KEPT_NAME.test(nameOf(path)) ? [path] : [])).sort()
  await eachOf(kept.slice(0, Math.max(0, kept.length - most)), (path) => connector.remove(path, options))
}
