import { randomUUID } from 'node:crypto'
import { mkdir, realpath, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { type Duck, openDuck } from '@engine/duckdb'
import { type StagedCatalog, stagedCatalogs } from '@engine/execution'
import { AppError } from '@shared/errors/app-error'

export interface AcceptedOptions {
  signal?: AbortSignal
  memoryLimit?: number
  threads?: number
  /** Folder of a destination of files, which the engine writes to by itself. */
  alsoDir?: string
}

/** What an execution accepted, open to be loaded; everything of the load that is not in a destination goes with `close`. */
export interface Accepted {
  duck: Duck
  /** Working folder of this load. */
  dir: string
  catalogs: ReadonlyMap<string, StagedCatalog>
  /** Error CATALOG_NOT_STAGED: nothing of it was accepted in this execution. */
  catalog(id: string): StagedCatalog
  close(): Promise<void>
}

/** Opens the accepted records of a finished execution. Errors: STAGED_MISSING, those of DuckDB, CANCELLED. */
export async function openAccepted(executionDir: string, options: AcceptedOptions = {}): Promise<Accepted> {
  const { alsoDir, ...rest } = options
  const dir = join(executionDir, 'tmp', `carga-${randomUUID()}`)
  await mkdir(dir, { recursive: true })
  const duck = await openDuck({
    dir: executionDir,
    ...rest,
    ...(alsoDir === undefined ? {} : { alsoDirs: await bothNames(alsoDir) }),
  })
  const close = async (): Promise<void> => {
    await rm(dir, { recursive: true, force: true })
    await duck.close()
  }
  try {
    const catalogs = await stagedCatalogs(duck, executionDir)
    return { duck, dir, catalogs, close, catalog: (id) => catalogs.get(id) ?? notStaged(id) }
  } catch (error) {
    await close()
    throw error
  }
}

/** What DuckDB compares are texts: a folder that is reached by a link has two, and it may not be there yet. */
async function bothNames(dir: string): Promise<string[]> {
  for (let known = resolve(dir), rest = ''; ; rest = join(basename(known), rest), known = dirname(known)) {
    const real = await realpath(known).catch(() => null)
    if (real !== null) return [...new Set([dir, join(real, rest)])]
    if (known === dirname(known)) return [dir]
  }
}

function notStaged(id: string): never {
  throw new AppError('CATALOG_NOT_STAGED', {
    kind: 'not-found',
    message: `De «${id}» no se aceptó nada en esta ejecución.`,
    hint: 'Ver el veredicto de la ejecución.',
  })
}
