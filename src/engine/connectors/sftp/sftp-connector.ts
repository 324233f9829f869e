import { randomUUID } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import type { AppError } from '@shared/errors/app-error'
import type { Stats } from 'ssh2'
import { throwIfAborted } from '../shared/abort'
import {
  type Action,
  alreadyExists,
  cancelled,
  changed,
  corrupt,
  noContainer,
  notAFile,
  unsupported,
} from '../shared/errors'
import { guardStream } from '../shared/guard-stream'
import { hashOf } from '../shared/hash-of'
import { parentOf, TEMP_PREFIX } from '../shared/paths'
import { openSource, Tallying } from '../shared/source'
import { resolveName } from '../shared/tcp'
import { runTestSteps, storageSteps } from '../shared/test-steps'
import type { Secrets } from '../spec'
import type {
  Cancellable,
  Capabilities,
  ConnectorContext,
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
import { entryOf, etagOf } from './entry'
import { fromSftp, STATUS, statusOf } from './errors'
import { FolderPages } from './folder-pages'
import type { SftpConfig } from './index'
import { PipelinedRead, PipelinedWrite } from './pipelined'
import { remote } from './remote'
import { type Opened, SftpSession } from './session'

/** A folder of an SSH server. One connection, shared by what goes on at once. */
export class SftpConnector implements Plug {
  readonly kind = 'sftp'
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
  private readonly session: SftpSession
  private readonly pages: FolderPages
  /** Where the base really is, once the server has said so. */
  private base: string | null = null
  /** Half-written files that could not be deleted because the connection was gone. */
  private readonly orphans = new Set<string>()

  constructor(
    private readonly config: SftpConfig,
    secrets: Secrets,
    private readonly context: ConnectorContext,
  ) {
    this.place = `el servidor ${config.host}:${config.port}`
    this.session = new SftpSession(config, secrets, context, this.place)
    this.pages = new FolderPages((wire, folder) => this.at(wire, folder))
  }

  /** One operation over the connection; its error in our words. */
  private async over<T>(
    path: string,
    action: Action,
    signal: AbortSignal | undefined,
    work: (wire: Opened) => Promise<T>,
  ): Promise<T> {
    let giveUp: () => void = () => undefined
    try {
      throwIfAborted(signal)
      const wire = await this.session.get(signal)
      // At once, not when the work ends: what is asked of a connection that has gone silent never does.
      giveUp = () => this.session.suspect(wire)
      signal?.addEventListener('abort', giveUp, { once: true })
      return await work(wire)
    } catch (error) {
      throw signal?.aborted ? cancelled() : fromSftp(error, path, this.place, action)
    } finally {
      signal?.removeEventListener('abort', giveUp)
    }
  }

  private async baseOf(wire: Opened): Promise<string> {
    this.base ??= await this.findBase(wire)
    return this.base
  }

  private async findBase(wire: Opened): Promise<string> {
    const { folder } = this.config
    try {
      const real = await remote.realpath(wire, folder === '' ? '.' : folder)
      if ((await remote.stat(wire, real)).isDirectory()) return real
    } catch (error) {
      if (statusOf(error) !== STATUS.NO_SUCH_FILE) throw error
    }
    throw noContainer(folder, this.place)
  }

  /** The path as the server knows it. */
  private async at(wire: Opened, path: string): Promise<string> {
    const base = await this.baseOf(wire)
    if (path === '') return base
    return base.endsWith('/') ? base + path : `${base}/${path}`
  }

  async list(folder: string, options: ListOptions = {}): Promise<Page> {
    return this.over(folder, 'listado', options.signal, (wire) =>
      this.pages.page(wire, folder, options.cursor ?? null, options.limit ?? this.limits.pageEntries),
    )
  }

  async stat(path: string, options: Cancellable = {}): Promise<Entry> {
    return this.over(path, 'lectura', options.signal, async (wire) =>
      entryOf(path, await remote.stat(wire, await this.at(wire, path))),
    )
  }

  async read(path: string, options: ReadOptions = {}): Promise<RemoteRead> {
    return this.over(path, 'lectura', options.signal, async (wire) => {
      const full = await this.at(wire, path)
      // Some servers open a folder as if it were a file.
      if (!(await remote.stat(wire, full)).isFile()) throw notAFile(path, this.place)
      const handle = await remote.open(wire, full, 'r')
      try {
        const entry = entryOf(path, await remote.fstat(wire, handle))
        const etag = entry.etag ?? ''
        if (options.ifMatch !== undefined && options.ifMatch !== etag) throw changed(path, this.place)
        const to = Math.min(options.to ?? entry.bytes, entry.bytes)
        const source = new PipelinedRead(wire, handle, Math.min(options.from ?? 0, to), to)
        const stream = guardStream(source, this.place, (error) => this.told(error, path, 'lectura'))
        const { signal } = options
        const onAbort = () => stream.destroy(cancelled())
        signal?.addEventListener('abort', onAbort, { once: true })
        stream.once('close', () => {
          signal?.removeEventListener('abort', onAbort)
          if (!stream.readableEnded) this.session.suspect(wire)
        })
        return { stream, bytes: entry.bytes, etag, modified: entry.modified }
      } catch (error) {
        await remote.close(wire, handle).catch(() => undefined)
        throw error
      }
    })
  }

  private told(error: unknown, path: string, action: Action): AppError {
    return fromSftp(error, path, this.place, action)
  }

  async write(path: string, source: WriteSource, options: WriteOptions = {}): Promise<WriteResult> {
    return this.over(path, 'escritura', options.signal, async (wire) => {
      await this.sweep(wire)
      const target = await this.at(wire, path)
      const temp = `${parentOf(target)}/${TEMP_PREFIX}${randomUUID()}`
      try {
        const handle = await this.create(wire, temp, path)
        const written = await this.fill(wire, handle, temp, path, source, options)
        throwIfAborted(options.signal)
        await this.publish(wire, temp, target, path, options.ifAbsent === true)
        return written
      } catch (error) {
        await this.discard(wire, temp)
        throw error
      } finally {
        this.pages.forget()
      }
    })
  }

  /** Opens a new file, making the folders on the way only when that turns out to be needed. */
  private async create(wire: Opened, temp: string, path: string): Promise<Buffer> {
    try {
      return await remote.open(wire, temp, 'wx')
    } catch (error) {
      if (statusOf(error) !== STATUS.NO_SUCH_FILE) throw error
    }
    await this.makeFolders(wire, parentOf(path))
    return remote.open(wire, temp, 'wx')
  }

  private async makeFolders(wire: Opened, folder: string): Promise<void> {
    // Away since it was found: it is not made again.
    this.base = await this.findBase(wire)
    const parts = folder.split('/').filter((part) => part !== '')
    for (const [index] of parts.entries()) {
      const known = parts.slice(0, index + 1).join('/')
      const full = await this.at(wire, known)
      try {
        await remote.mkdir(wire, full)
      } catch (error) {
        // The protocol says «failure» for one that exists.
        if (statusOf(error) !== STATUS.FAILURE) throw error
        if (!(await remote.stat(wire, full)).isDirectory()) throw notAFile(known, this.place)
      }
    }
  }

  private async fill(
    wire: Opened,
    handle: Buffer,
    temp: string,
    path: string,
    source: WriteSource,
    { signal, onProgress }: WriteOptions,
  ): Promise<WriteResult> {
    const tally = new Tallying()
    let facts: Stats
    try {
      await pipeline(openSource(source), tally, new PipelinedWrite(wire, handle), { signal })
      // Not every server can; the comparison below does not depend on it.
      await remote.fsync(wire, handle).catch(() => undefined)
      facts = await remote.fstat(wire, handle)
    } finally {
      await remote.close(wire, handle).catch(() => undefined)
    }
    const { bytes, sha256 } = tally.tally()
    if (facts.size !== bytes) throw corrupt(path, this.place, { bytes, arrived: facts.size })
    const verified = this.config.verify
    if (verified === 'checksum') {
      const back = new PipelinedRead(wire, await remote.open(wire, temp, 'r'), 0, bytes)
      // What comes back tells that the connection lives.
      const arrived = await hashOf(back, signal, () => onProgress?.(bytes))
      if (arrived !== sha256) throw corrupt(path, this.place, { bytes })
    }
    return { bytes, etag: etagOf(facts), sha256, verified }
  }

  /** Gives the whole file its name: over what stands there, or only if nothing does. */
  private async publish(
    wire: Opened,
    from: string,
    target: string,
    path: string,
    ifAbsent: boolean,
  ): Promise<void> {
    if (!ifAbsent) {
      try {
        await remote.posixRename(wire, from, target)
        return
      } catch (error) {
        if (statusOf(error) !== null || wire.lost.aborted) throw error
        // The server lacks the extension: what follows replaces nothing.
      }
    }
    try {
      await remote.rename(wire, from, target)
    } catch (error) {
      if (statusOf(error) !== STATUS.FAILURE || !(await this.stands(wire, target))) throw error
      if (ifAbsent) throw alreadyExists(path, this.place, error)
      throw unsupported(
        'reemplazar un archivo de una vez',
        this.place,
        'Usar un nombre nuevo cada vez, o un servidor OpenSSH.',
        error,
      )
    }
  }

  private async stands(wire: Opened, full: string): Promise<boolean> {
    try {
      await remote.stat(wire, full)
      return true
    } catch (error) {
      if (statusOf(error) === STATUS.NO_SUCH_FILE) return false
      throw error
    }
  }

  /** Kept for later when the connection is gone. */
  private async discard(wire: Opened, temp: string): Promise<void> {
    try {
      await remote.unlink(wire, temp)
      this.orphans.delete(temp)
    } catch (error) {
      if (statusOf(error) === STATUS.NO_SUCH_FILE) this.orphans.delete(temp)
      else this.orphans.add(temp)
    }
  }

  private async sweep(wire: Opened): Promise<void> {
    for (const temp of [...this.orphans]) await this.discard(wire, temp)
  }

  async move(from: string, to: string, options: PlaceOptions = {}): Promise<void> {
    await this.over(from, 'escritura', options.signal, async (wire) => {
      const [source, target] = [await this.at(wire, from), await this.at(wire, to)]
      if (!(await remote.stat(wire, source)).isFile()) throw notAFile(from, this.place)
      const rename = () => this.publish(wire, source, target, to, options.ifAbsent === true)
      try {
        await rename()
      } catch (error) {
        // Of the source or of the target's folder: it does not say which.
        if (statusOf(error) !== STATUS.NO_SUCH_FILE || !(await this.stands(wire, source))) throw error
        await this.makeFolders(wire, parentOf(to))
        await rename()
      } finally {
        this.pages.forget()
      }
    })
  }

  async remove(path: string, options: Cancellable = {}): Promise<void> {
    await this.over(path, 'borrado', options.signal, async (wire) => {
      const full = await this.at(wire, path)
      try {
        await remote.unlink(wire, full)
      } catch (error) {
        if (statusOf(error) === STATUS.NO_SUCH_FILE) return
        if (statusOf(error) !== STATUS.FAILURE || !(await remote.stat(wire, full)).isDirectory()) throw error
        await this.removeFolder(wire, full, path)
      } finally {
        this.pages.forget()
      }
    })
  }

  private async removeFolder(wire: Opened, full: string, path: string): Promise<void> {
    try {
      await remote.rmdir(wire, full)
    } catch (error) {
      throw statusOf(error) === STATUS.FAILURE ? notAFile(path, this.place, error) : error
    }
  }

  async test(options: TestOptions = {}): Promise<TestStep[]> {
    const tried: { attempt: ReturnType<SftpSession['attempt']> | null } = { attempt: null }
    try {
      return await runTestSteps(
        {
          dns: () => resolveName(this.config.host, this.context),
          connect: async () => {
            tried.attempt = this.session.attempt()
            await tried.attempt.greeted
            return `${this.config.host}:${this.config.port} responde, con la huella que se espera.`
          },
          login: async () => {
            await tried.attempt?.opened
            return `Entró «${this.config.user}».`
          },
          ...storageSteps(
            this,
            this.config.folder === '' ? 'la carpeta del usuario' : this.config.folder,
            options,
          ),
        },
        options,
      )
    } finally {
      const wire = await tried.attempt?.opened.catch(() => null)
      await wire?.end()
    }
  }

  async close(): Promise<void> {
    await this.session.close()
  }
}
