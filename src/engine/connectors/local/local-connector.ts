import { randomUUID } from 'node:crypto'
import { type BigIntStats, createReadStream, createWriteStream } from 'node:fs'
import {
  type FileHandle,
  link,
  lstat,
  mkdir,
  open,
  readdir,
  realpath,
  rename,
  rm,
  rmdir,
  unlink,
} from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { throwIfAborted } from '../shared/abort'
import {
  type Action,
  cancelled,
  changed,
  codeOf,
  corrupt,
  noContainer,
  notAFile,
  notFound,
} from '../shared/errors'
import { guardStream } from '../shared/guard-stream'
import { hashOf } from '../shared/hash-of'
import { isTemp, joinPath, nameOf, parentOf, TEMP_PREFIX } from '../shared/paths'
import { openSource, Tallying } from '../shared/source'
import { isStaleTemp } from '../shared/stale-temps'
import { runTestSteps, storageSteps } from '../shared/test-steps'
import type {
  Cancellable,
  Capabilities,
  Entry,
  Limits,
  ListOptions,
  Page,
  PlaceOptions,
  Plug,
  ReadOptions,
  RemoteRead,
  TestOptions,
  TestStep,
  WriteOptions,
  WriteResult,
  WriteSource,
} from '../types'
import { fromFs } from './errors'
import type { LocalConfig } from './index'

const CHUNK = 256 * 1024

/** A folder of this machine. Links that lead out of it are as if they were not there. */
export class LocalConnector implements Plug {
  readonly kind = 'local'
  readonly place: string
  readonly limits: Limits = { pathBytes: 3_000, pageEntries: 1_000, fileBytes: null, parts: null }
  readonly capabilities: Capabilities = {
    conditionalWrite: true,
    atomicMove: true,
    presign: false,
    tags: false,
    realFolders: true,
    etag: 'weak',
  }

  constructor(private readonly config: LocalConfig) {
    this.place = `la carpeta ${config.folder}`
  }

  private wrap(error: unknown, path: string, action: Action) {
    return fromFs(error, path, this.place, action)
  }

  /** Asked each time: a disk can go away and come back. */
  private async base(): Promise<string> {
    try {
      const base = await realpath(this.config.folder)
      if ((await lstat(base)).isDirectory()) return base
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw this.wrap(error, '', 'listado')
    }
    throw noContainer(this.config.folder, 'este equipo')
  }

  /** Where the path really is. A link out of the base is told as missing: it is not part of the provider. */
  private async real(path: string): Promise<string> {
    const base = await this.base()
    const real = await realpath(join(base, path))
    if (real !== base && !real.startsWith(base.endsWith(sep) ? base : base + sep))
      throw notFound(path, this.place)
    return real
  }

  /** Where a new name goes; `make` makes the folders on the way, each of them inside the base. */
  private async target(path: string, make: boolean): Promise<string> {
    let folder = await this.base()
    const parts = parentOf(path)
      .split('/')
      .filter((part) => part !== '')
    for (const [index, part] of parts.entries()) {
      const next = join(folder, part)
      if (make) {
        await mkdir(next).catch((error: unknown) => {
          if (codeOf(error) !== 'EEXIST') throw error
        })
      }
      const known = parts.slice(0, index + 1).join('/')
      folder = await this.real(known)
      if (!(await lstat(folder)).isDirectory()) throw notAFile(known, this.place)
    }
    return join(folder, nameOf(path))
  }

  async list(folder: string, options: ListOptions = {}): Promise<Page> {
    try {
      throwIfAborted(options.signal)
      const real = await this.real(folder)
      const found = await readdir(real)
      await sweep(real, found)
      const after = options.cursor ?? ''
      const names = found.filter((name) => !isTemp(name) && name > after).sort()
      const page = names.slice(0, options.limit ?? this.limits.pageEntries)
      throwIfAborted(options.signal)
      const entries = await Promise.all(page.map((name) => this.entryOrNull(joinPath(folder, name))))
      return {
        entries: entries.filter((entry) => entry !== null),
        cursor: page.length < names.length ? (page.at(-1) ?? null) : null,
      }
    } catch (error) {
      throw this.wrap(error, folder, 'listado')
    }
  }

  /** null for what went away since it was seen, leads out of the base, or is neither a file nor a folder. */
  private async entryOrNull(path: string): Promise<Entry | null> {
    try {
      const facts = await lstat(await this.real(path), { bigint: true })
      return facts.isFile() || facts.isDirectory() ? entryOf(path, facts) : null
    } catch (error) {
      if (this.wrap(error, path, 'listado').code === 'REMOTE_NOT_FOUND') return null
      throw error
    }
  }

  async stat(path: string, _options?: Cancellable): Promise<Entry> {
    try {
      const facts = await lstat(await this.real(path), { bigint: true })
      return entryOf(path, facts)
    } catch (error) {
      throw this.wrap(error, path, 'lectura')
    }
  }

  async read(path: string, options: ReadOptions = {}): Promise<RemoteRead> {
    let handle: FileHandle | undefined
    try {
      throwIfAborted(options.signal)
      const real = await this.real(path)
      // Looked at before it is opened: a named pipe would wait for its writer for ever.
      if (!(await lstat(real)).isFile()) throw notAFile(path, this.place)
      handle = await open(real, 'r')
      const entry = entryOf(path, await handle.stat({ bigint: true }))
      const etag = entry.etag ?? ''
      if (options.ifMatch !== undefined && options.ifMatch !== etag) throw changed(path, this.place)
      const from = options.from ?? 0
      const to = Math.min(options.to ?? entry.bytes, entry.bytes)
      const { signal } = options
      const stream =
        to > from
          ? handle.createReadStream({ start: from, end: to - 1, highWaterMark: CHUNK, signal })
          : Readable.from([], { objectMode: false })
      if (to <= from) await handle.close()
      const mapped = guardStream(stream, this.place, (error) => this.wrap(error, path, 'lectura'))
      return { stream: mapped, bytes: entry.bytes, etag, modified: entry.modified }
    } catch (error) {
      await handle?.close()
      throw this.wrap(error, path, 'lectura')
    }
  }

  async write(path: string, source: WriteSource, options: WriteOptions = {}): Promise<WriteResult> {
    let temp: string | undefined
    try {
      throwIfAborted(options.signal)
      const target = await this.target(path, true)
      temp = join(dirname(target), `${TEMP_PREFIX}${randomUUID()}`)
      const written = await this.fill(temp, source, path, options)
      throwIfAborted(options.signal)
      if (options.ifAbsent) await link(temp, target)
      else await rename(temp, target)
      await syncFolder(dirname(target))
      return written
    } catch (error) {
      throw options.signal?.aborted ? cancelled() : this.wrap(error, path, 'escritura')
    } finally {
      if (temp !== undefined) await rm(temp, { force: true })
    }
  }

  private async fill(
    temp: string,
    source: WriteSource,
    path: string,
    { signal, onProgress }: WriteOptions,
  ): Promise<WriteResult> {
    const tally = new Tallying()
    await pipeline(openSource(source), tally, createWriteStream(temp, { flags: 'wx', flush: true }), {
      signal,
    })
    const sent = tally.tally()
    const back = createReadStream(temp, { highWaterMark: CHUNK })
    const arrived = await hashOf(back, signal, () => onProgress?.(sent.bytes))
    if (arrived !== sent.sha256) throw corrupt(path, this.place, { bytes: sent.bytes })
    const etag = etagOf(await lstat(temp, { bigint: true }))
    return { bytes: sent.bytes, etag, sha256: sent.sha256, verified: 'checksum' }
  }

  async move(from: string, to: string, options: PlaceOptions = {}): Promise<void> {
    try {
      throwIfAborted(options.signal)
      const source = await this.real(from)
      if (!(await lstat(source)).isFile()) throw notAFile(from, this.place)
      const target = await this.target(to, true)
      if (options.ifAbsent) await this.moveAside(source, target, to)
      else await rename(source, target)
      await syncFolder(dirname(target))
    } catch (error) {
      throw this.wrap(error, from, 'escritura')
    }
  }

  /** A rename that does not replace: who takes the old name away has moved it, whoever else linked it has not. */
  private async moveAside(source: string, target: string, to: string): Promise<void> {
    try {
      await link(source, target)
    } catch (error) {
      if (codeOf(error) === 'EEXIST') throw this.wrap(error, to, 'escritura')
      throw error
    }
    try {
      await unlink(source)
    } catch (error) {
      await unlink(target)
      throw error
    }
  }

  async remove(path: string, _options?: Cancellable): Promise<void> {
    try {
      const target = await this.target(path, false)
      // Of a link, the link.
      if ((await lstat(target)).isDirectory()) await rmdir(target)
      else await unlink(target)
    } catch (error) {
      const known = this.wrap(error, path, 'borrado')
      if (known.code !== 'REMOTE_NOT_FOUND') throw known
    }
  }

  async test(options: TestOptions = {}): Promise<TestStep[]> {
    const none = 'No hace falta para una carpeta.'
    return runTestSteps(
      { dns: none, connect: none, login: none, ...storageSteps(this, this.place, options) },
      options,
    )
  }

  async close(): Promise<void> {}
}

/** What a process that was killed left of its writes; a folder that can't be swept is listed all the same. */
async function sweep(folder: string, names: string[]): Promise<void> {
  for (const name of names.filter(isTemp)) {
    const path = join(folder, name)
    const facts = await lstat(path).catch(() => null)
    if (facts?.isFile() && isStaleTemp(name, facts.mtimeMs))
      await rm(path, { force: true }).catch(() => undefined)
  }
}

/** A rename keeps it; a rewrite gives another. */
const etagOf = (facts: BigIntStats): string =>
  [facts.mtimeNs, facts.size, facts.ino].map((part) => part.toString(36)).join('-')

const entryOf = (path: string, facts: BigIntStats): Entry => {
  const file = facts.isFile()
  return {
    path,
    kind: facts.isDirectory() ? 'folder' : 'file',
    bytes: file ? Number(facts.size) : 0,
    modified: new Date(Number(facts.mtimeMs)).toISOString(),
    etag: file ? etagOf(facts) : null,
  }
}

/** So that the new name outlives a power cut; Windows has no such thing. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } catch (error) {
    // Some network shares refuse it.
    if (codeOf(error) !== 'EINVAL') throw error
  } finally {
    await handle.close()
  }
}
