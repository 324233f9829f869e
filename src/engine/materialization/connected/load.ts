import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadFiles, type Shelves, trialFiles } from '@engine/destinations/archivos'
import { readSchema } from '@engine/execution/schema'
import { LOAD_THREADS, loadTables, rehearseTables } from '@engine/materialization'
import { AppError } from '@shared/errors/app-error'
import type { Ensayo, ProblemaMaterializacion, TablaMaterializada } from '@shared/model/materializacion'
import { type Accepted, openAccepted, openRows, valuesRefused } from '../rows'
import type { DestinoTarget, LoadHooks, LoadJob, LoadOutcome } from '../service/ports'
import type { LoadResult, LoadRun, LoadHooks as TableHooks, TableJob } from '../types'
import { diferenciaOf, isCompared, toCompare } from './diferencia'
import type { ConnectedDeps } from './index'
import { openDestination } from './open'
import { isFiles, withShelves } from './shelves'

const MIB = 1024 * 1024

const NOTHING: LoadOutcome = {
  repetida: false,
  totales: { leidas: 0, insertadas: 0, actualizadas: 0, eliminadas: 0 },
  bytes: 0,
  tablas: [],
  diferencia: null,
}

/**
 * The tables that this execution has something for: a catalog that its YAML has and of which nothing was accepted, or nothing came, leaves
 * its table as it is.
 */
export async function tablesOf(
  accepted: Accepted,
  dir: string,
  tablas: readonly TablaMaterializada[],
): Promise<TablaMaterializada[]> {
  const missing = tablas.filter(({ catalogo }) => !accepted.catalogs.has(catalogo))
  if (missing.length > 0) {
    const schema = readSchema(await readFile(join(dir, 'input.yaml'), 'utf8'))
    for (const { catalogo } of missing) if (!schema.catalogs.has(catalogo)) accepted.catalog(catalogo)
  }
  return tablas.filter(({ catalogo }) => accepted.catalogs.has(catalogo))
}

/** The rows of every table. @throws AppError VALORES_RECHAZADOS (a value that its column can't hold refuses them all), and of the rows */
export async function jobsOf(
  accepted: Accepted,
  tablas: readonly TablaMaterializada[],
  run: LoadRun,
): Promise<TableJob[]> {
  const jobs: TableJob[] = []
  for (const tabla of tablas) {
    const staged = accepted.catalog(tabla.catalogo)
    const { source, problems } = await openRows({
      duck: accepted.duck,
      dir: accepted.dir,
      staged,
      tabla,
      run,
    })
    if (problems.total > 0) throw valuesRefused(problems)
    jobs.push({ tabla, source })
  }
  return jobs
}

/** Opens what an execution accepted and maps it; everything is let go when `work` ends. */
async function withJobs<T>(
  deps: ConnectedDeps,
  { source, config, destino }: Pick<LoadJob, 'source' | 'config' | 'destino'>,
  { run, signal }: { run: LoadRun; signal: AbortSignal },
  work: (jobs: readonly TableJob[]) => Promise<T>,
): Promise<T> {
  const accepted = await openAccepted(source.dir, {
    signal,
    threads: LOAD_THREADS,
    memoryLimit: deps.settings.get('memoryLimitMb') * MIB,
    // The engine of the run writes files itself.
    ...(destino.config.tipo === 'archivos' ? { alsoDir: destino.config.carpeta } : {}),
  })
  try {
    const tablas = await tablesOf(accepted, source.dir, config.tablas)
    return await work(await jobsOf(accepted, tablas, run))
  } finally {
    await accepted.close()
  }
}

/** Writes what an execution accepted into its destination, all or nothing. @throws AppError of the rows, the strategy or the destination */
export async function load(deps: ConnectedDeps, job: LoadJob, hooks: LoadHooks): Promise<LoadOutcome> {
  const { signal } = hooks
  const run: LoadRun = {
    carga: job.cargaId,
    ejecucion: job.source.executionId,
    materializacion: String(job.materializacionId),
    en: new Date().toISOString(),
    rehacer: job.rehacer,
  }
  return withJobs(deps, job, { run, signal }, async (jobs) => {
    if (jobs.length === 0) return NOTHING
    const done = await write(deps, job.destino, jobs, run, {
      signal,
      ...(deps.onStep ? { onStep: deps.onStep } : {}),
      onProgress: ({ fase, tabla, filas, totalFilas, bytes }) =>
        hooks.onProgress({ paso: fase, tabla, hechas: filas, total: totalFilas, bytes }),
    })
    const { repetida, totales, bytes, diferencia } = done
    const tablas = done.tablas.map(({ repetida: _before, ...table }) => table)
    return { repetida, totales, bytes, tablas, diferencia: repetida ? null : diferencia }
  })
}

/** Bytes up to which the files of a provider are brought only to tell what a load changed. */
const MOST_BROUGHT = 64 * MIB

async function isCheap(shelves: Shelves, jobs: readonly TableJob[], signal: AbortSignal): Promise<boolean> {
  let bytes = 0
  for (const { tabla } of jobs) bytes += await shelves.bytesToLook(tabla, signal)
  return bytes <= MOST_BROUGHT
}

/** All the rows of a load come from one engine and its folder. */
const dirOf = ([job]: readonly TableJob[]): string => {
  if (job) return job.source.dir
  throw new RangeError('A load without tables')
}

async function write(
  deps: ConnectedDeps,
  destino: DestinoTarget,
  jobs: readonly TableJob[],
  run: LoadRun,
  hooks: TableHooks & { signal: AbortSignal },
): Promise<LoadResult & Pick<LoadOutcome, 'diferencia'>> {
  // What can't be compared can't be loaded either, and the load says why.
  const told = (changes: Promise<Ensayo>): Promise<Ensayo | null> => changes.catch(() => null)
  if (isFiles(destino.config)) {
    return withShelves(deps, destino.config, dirOf(jobs), async (shelves) => {
      // A table of files is read whole, however few rows are looked for in it.
      const compare = isCompared(jobs) && (await isCheap(shelves, jobs, hooks.signal))
      const seen = compare ? await told(trialFiles(shelves, jobs, hooks.signal)) : null
      const done = await loadFiles(shelves, jobs, run, hooks)
      return { ...done, diferencia: diferenciaOf(seen, done) }
    })
  }
  const session = await openDestination(deps, destino, hooks.signal)
  try {
    const { signal } = hooks
    const seen = await told(rehearseTables(session, toCompare(jobs), run, { signal }))
    const done = await loadTables(session, jobs, run, hooks)
    return { ...done, diferencia: diferenciaOf(seen, done) }
  } finally {
    await session.close()
  }
}

/** What a load would change, with nothing written. @throws AppError of the rows, the strategy or the destination */
export async function rehearse(
  deps: ConnectedDeps,
  job: Pick<LoadJob, 'source' | 'config' | 'destino'>,
  signal: AbortSignal,
): Promise<Ensayo> {
  const run: LoadRun = {
    carga: randomUUID(),
    ejecucion: job.source.executionId,
    materializacion: '0',
    en: new Date().toISOString(),
  }
  try {
    return await withJobs(deps, job, { run, signal }, (jobs) =>
      rehearseJobs(deps, job.destino, jobs, run, signal),
    )
  } catch (error) {
    const refused = AppError.from(error)
    if (!REFUSED.has(refused.code)) throw error
    return { problemas: [toProblem(refused)], tablas: [] }
  }
}

/** Why the rows of an execution do not fit their mapping: what a rehearsal is for. */
const REFUSED = new Set([
  'VALORES_RECHAZADOS',
  'FIELD_MISSING',
  'TYPE_CANT_HOLD',
  'CONSTANT_INVALID',
  'FILTER_INVALID',
])

const toProblem = ({ code, message, hint }: AppError): ProblemaMaterializacion => ({
  ...{ severidad: 'error', codigo: code, tabla: null, columna: null },
  mensaje: message,
  sugerencia: hint ?? null,
})

async function rehearseJobs(
  deps: ConnectedDeps,
  destino: DestinoTarget,
  jobs: readonly TableJob[],
  run: LoadRun,
  signal: AbortSignal,
): Promise<Ensayo> {
  const { config } = destino
  if (isFiles(config))
    return withShelves(deps, config, dirOf(jobs), (shelves) => trialFiles(shelves, jobs, signal))
  const session = await openDestination(deps, destino, signal)
  try {
    return await rehearseTables(session, jobs, run, { signal })
  } finally {
    await session.close()
  }
}
