import type { Dirent } from 'node:fs'
import { existsSync, realpathSync, statSync } from 'node:fs'
import { readdir, rename, rm } from 'node:fs/promises'
import { isAbsolute, join, relative, resolve, sep } from 'node:path'
import { AppError } from '@shared/errors/app-error'
import { z } from 'zod'

const ROOT = 'ejecuciones'
const DOOMED = '.borrar-'
/** What a run that did not end leaves for the next one: what was received and the YAML that was to judge it. */
const KEPT = new Set(['input', 'input.yaml'])
const RETRY = { recursive: true, force: true, maxRetries: 3, retryDelay: 100 } as const

/** True when `path` lies in `dir` once every link is followed; both must exist. */
export function isInside(dir: string, path: string): boolean {
  const from = relative(realpathSync(dir), realpathSync(path))
  return from === '' || (from !== '..' && !from.startsWith(`..${sep}`) && !isAbsolute(from))
}

export interface ExecutionFolders {
  readonly root: string
  /** As the store keeps it: relative to the data folder, with `/`. */
  stored(uuid: string): string
  dirOf(uuid: string): string
  /** The whole copy of what was received, or null when there is none: `bytes` tells a copy that was cut. */
  inputCopy(uuid: string, bytes: number): Promise<string | null>
  /** Takes away what a run that did not end left half done. */
  clean(uuid: string, bytes: number): Promise<void>
  remove(uuid: string): Promise<void>
  /** Ends removals that a crash cut, drops unfinished folders that no row knows and what questions left open. Gives the names. */
  sweep(known: (uuid: string) => boolean): Promise<string[]>
}

/** The execution folders of a data folder: `<data>/ejecuciones/<uuid>/`. A name that is not a UUID never becomes a path. */
export function executionFolders(dataDir: string): ExecutionFolders {
  const root = resolve(dataDir, ROOT)

  const dirOf = (uuid: string): string => {
    if (z.uuid().safeParse(uuid).success) return join(root, uuid)
    throw new AppError('INPUT_INVALID', {
      kind: 'input',
      message: 'El identificador de la ejecución no es un UUID.',
    })
  }

  const inputCopy = async (uuid: string, bytes: number): Promise<string | null> => {
    const folder = join(dirOf(uuid), 'input')
    const [only, ...more] = await list(folder)
    if (!only?.isFile() || more.length > 0) return null
    const path = join(folder, only.name)
    return statSync(path).size === bytes ? path : null
  }

  return {
    root,
    dirOf,
    inputCopy,
    stored: (uuid) => `${ROOT}/${uuid}`,
    async clean(uuid, bytes) {
      const dir = dirOf(uuid)
      const whole = (await inputCopy(uuid, bytes)) !== null
      for (const entry of await list(dir)) {
        if (KEPT.has(entry.name) && (whole || entry.name !== 'input')) continue
        await rm(join(dir, entry.name), RETRY)
      }
    },
    async remove(uuid) {
      const dir = dirOf(uuid)
      if (!existsSync(dir)) return
      // Renamed first: a folder half deleted is never taken for an execution.
      const doomed = join(root, `${DOOMED}${uuid}`)
      await rm(doomed, RETRY)
      await rename(dir, doomed)
      await rm(doomed, RETRY)
    },
    async sweep(known) {
      const swept: string[] = []
      for (const entry of await list(root)) {
        const unfinished =
          z.uuid().safeParse(entry.name).success &&
          !known(entry.name) &&
          !existsSync(join(root, entry.name, 'verdict.json'))
        // What a question or a load left open when its engine was killed.
        await rm(join(root, entry.name, 'tmp'), RETRY)
        if (!entry.name.startsWith(DOOMED) && !unfinished) continue
        await rm(join(root, entry.name), RETRY)
        swept.push(entry.name)
      }
      return swept
    },
  }
}

async function list(dir: string): Promise<Dirent[]> {
  try {
    return await readdir(dir, { withFileTypes: true })
  } catch {
    return []
  }
}
