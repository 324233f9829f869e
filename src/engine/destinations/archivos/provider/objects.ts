import { randomUUID } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type Cancellable, type Connector, download, type Entry, type Page } from '@engine/connectors'
import { AppError } from '@shared/errors/app-error'
import type { z } from 'zod'
import { filesError } from '../errors'

/** What SAGE writes of a table is at most this; anything longer is not its own. */
const MOST_JSON = 64 * 1024 * 1024
const AT_ONCE = 4

export const hasCode = (error: unknown, code: string): boolean =>
  error instanceof AppError && error.code === code

/** null for what is not there. */
export const unlessMissing = <T>(work: Promise<T>): Promise<T | null> =>
  work.catch((error: unknown) => {
    if (hasCode(error, 'REMOTE_NOT_FOUND')) return null
    throw error
  })

/** Some at once: the provider's own limit of turns holds too. The first failure ends it once those under way have ended. */
export async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items]
  const run = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) {
      try {
        await work(item)
      } catch (error) {
        left.length = 0
        throw error
      }
    }
  }
  const done = await Promise.allSettled(Array.from({ length: AT_ONCE }, run))
  for (const one of done) if (one.status === 'rejected') throw one.reason
}

/** Everything directly in a folder; nothing where it is not there. */
export async function listAll(connector: Connector, folder: string, options: Cancellable): Promise<Entry[]> {
  const entries: Entry[] = []
  let cursor: string | null = null
  do {
    const page: Page | null = await unlessMissing(connector.list(folder, { ...options, cursor }))
    entries.push(...(page?.entries ?? []))
    cursor = page?.cursor ?? null
  } while (cursor !== null)
  return entries
}

/** Small files of SAGE at a provider, and those that are brought from it. `dir`: a folder of this machine to work in. */
export class Objects {
  /** By path and version: what a trial brought is not brought again. */
  private readonly brought = new Map<string, string>()

  constructor(
    readonly connector: Connector,
    private readonly dir: string,
  ) {}

  /** null when it is not there. @throws AppError REGISTRO_ILEGIBLE for what is not of this shape */
  async read<T>(path: string, schema: z.ZodType<T>, options: Cancellable): Promise<T | null> {
    const read = await unlessMissing(this.connector.read(path, { ...options, to: MOST_JSON }))
    if (read === null) return null
    const found = schema.safeParse(parsed(await text(read.stream)))
    if (found.success) return found.data
    throw new AppError('REGISTRO_ILEGIBLE', {
      kind: 'config',
      message: `«${path}», donde SAGE anota las cargas, no se puede leer en ${this.connector.place}.`,
      hint: 'Restaurarlo de una copia; si no la hay, quitar el registro de esta tabla y escribirla de nuevo con FULL.',
      cause: found.error,
    })
  }

  /** From a file, so that it is sent again after a cut. False when `ifAbsent` and there is one. */
  async write(path: string, value: unknown, options: Cancellable & { ifAbsent?: boolean }): Promise<boolean> {
    const file = join(this.dir, `${randomUUID()}.json`)
    try {
      await writeFile(file, JSON.stringify(value))
      await this.connector.write(path, { file }, options)
      return true
    } catch (error) {
      if (options.ifAbsent && hasCode(error, 'REMOTE_EXISTS')) return false
      throw error
    } finally {
      await rm(file, { force: true })
    }
  }

  stat = (path: string, options: Cancellable): Promise<Entry | null> =>
    unlessMissing(this.connector.stat(path, options))

  /** A file of the provider on this machine; null when it is not there. @throws AppError DISK_FULL and those of `download` */
  async bring(path: string, options: Cancellable): Promise<string | null> {
    const entry = await this.stat(path, options)
    if (entry === null) return null
    const known = this.brought.get(`${path}\n${entry.etag}`)
    if (known !== undefined) return known
    const file = join(this.dir, `${randomUUID()}${/\.[a-z]+$/.exec(path)?.[0] ?? ''}`)
    try {
      const { etag } = await download(this.connector, path, file, options)
      this.brought.set(`${path}\n${etag}`, file)
      return file
    } catch (error) {
      throw filesError(error, this.dir)
    }
  }
}

function parsed(given: string): unknown {
  try {
    return JSON.parse(given)
  } catch {
    return null
  }
}
