import { Readable } from 'node:stream'
import { AppError } from '@shared/errors/app-error'
import type {
  Cancellable,
  Capabilities,
  Connector,
  ConnectorContext,
  Entry,
  Limits,
  ListOptions,
  Page,
  PlaceOptions,
  ReadOptions,
  RemoteRead,
  TestOptions,
  TestStep,
  WriteOptions,
  WriteResult,
  WriteSource,
} from '../types'
import { throwIfAborted } from './abort'
import type { Agents } from './agents'
import { alreadyExists, cancelled, changed, corrupt, cut, notFound } from './errors'
import { guardStream } from './guard-stream'
import { answers } from './http-steps'
import type { Doing, ObjectStore, StoredObject } from './object-store'
import { isTemp, joinPath, nameOf } from './paths'
import { type RetryPolicy, retrying } from './retry'
import { resolveName } from './tcp'
import { runTestSteps, storageSteps } from './test-steps'

/** Said of a credential that the store knows, or of a place that only it can judge: whoever hears it has been let in. */
const LET_IN = ['REMOTE_DENIED', 'REMOTE_NO_CONTAINER']
/** HEAD has no body: what it says without words is asked again in a way that has them. */
const WORDLESS = ['REMOTE_NOT_FOUND', 'REMOTE_DENIED', 'REMOTE_LOGIN_REFUSED', 'REMOTE_FAILED']

const codeOf = (error: unknown): string => (error instanceof AppError ? error.code : '')

/** Of each request of a copy or a move: what is made of several would otherwise begin again for the last of them. */
const STEP_RETRY: RetryPolicy = { attempts: 4, baseMs: 50, maxMs: 1_000 }

/**
 * A provider on an object store: the part that is the same for all of them. Folders are prefixes; a move is a copy, looked at, and a delete.
 * What differs is in the `ObjectStore` it is given.
 */
export class ObjectConnector implements Connector {
  readonly kind: string
  readonly place: string
  readonly limits: Limits
  readonly capabilities: Capabilities = {
    conditionalWrite: true,
    atomicMove: false,
    presign: true,
    tags: true,
    realFolders: false,
    etag: 'strong',
  }

  /** `prefix` is the base, clean: every key is below it. */
  constructor(
    private readonly store: ObjectStore,
    private readonly prefix: string,
    private readonly context: ConnectorContext,
    private readonly agents: Agents,
  ) {
    this.kind = store.kind
    this.place = store.place
    const taken = prefix === '' ? 0 : Buffer.byteLength(prefix) + 1
    this.limits = { ...store.limits, pathBytes: store.limits.pathBytes - taken }
  }

  private key = (path: string): string => joinPath(this.prefix, path)
  private path = (key: string): string => (this.prefix === '' ? key : key.slice(this.prefix.length + 1))

  /** Work of the store, what it throws in our words. */
  private async ask<T>(doing: Doing, options: Cancellable, work: () => Promise<T>): Promise<T> {
    throwIfAborted(options.signal)
    try {
      return await work()
    } catch (error) {
      throw this.words(error, doing, options.signal)
    }
  }

  private words(error: unknown, doing: Doing, signal: AbortSignal | undefined): AppError {
    if (signal?.aborted) return cancelled()
    const told = error instanceof AppError ? error : this.store.explain(error, doing)
    // Some SDKs call it an abort when the server ends a connection.
    return told.code === 'CANCELLED' ? cut(this.place, error) : told
  }

  private entry = (object: StoredObject): Entry => {
    const path = this.path(object.key)
    if (object.folder) return folderEntry(path)
    const { bytes, modified, etag } = object
    return { path, kind: 'file', bytes, modified, etag }
  }

  async list(folder: string, options: ListOptions = {}): Promise<Page> {
    const base = this.key(folder)
    const prefix = base === '' ? '' : `${base}/`
    const { cursor = null, limit = this.limits.pageEntries, signal } = options
    const page = await this.ask({ action: 'listado', path: folder }, options, () =>
      this.store.page({ prefix, cursor, limit, signal }),
    )
    // Some tools leave an empty object where a folder is meant; and a folder of a hierarchy comes as both.
    const objects = page.objects.filter((one) => !one.key.endsWith('/') && !one.folder)
    const folders = page.folders.map((key) => folderEntry(this.path(key)))
    const entries = [...folders, ...objects.map(this.entry)].filter((one) => !isTemp(nameOf(one.path)))
    return { entries, cursor: page.cursor }
  }

  async stat(path: string, options: Cancellable = {}): Promise<Entry> {
    if (path === '') {
      await this.list('', { limit: 1, signal: options.signal })
      return folderEntry('')
    }
    const { signal } = options
    try {
      return this.entry(await this.head(path, 'lectura', options))
    } catch (error) {
      if (!WORDLESS.includes(codeOf(error))) throw error
      const below = await this.ask({ action: 'lectura', path }, options, () =>
        this.store.page({ prefix: `${this.key(path)}/`, cursor: null, limit: 1, signal }),
      )
      if (below.objects.length + below.folders.length > 0) return folderEntry(path)
      throw error
    }
  }

  private head(path: string, action: Doing['action'], { signal }: Cancellable): Promise<StoredObject> {
    return this.ask({ action, path }, { signal }, () => this.store.head(this.key(path), { signal }))
  }

  /** As `head`, for what must be a file; a refusal without words is asked for its reason. */
  private async file(path: string, options: Cancellable): Promise<StoredObject> {
    const entry = await this.stat(path, options)
    if (entry.kind === 'folder') throw notFound(path, this.place)
    return { ...entry, key: this.key(path), etag: entry.etag ?? '' }
  }

  async read(path: string, options: ReadOptions = {}): Promise<RemoteRead> {
    const { from = 0, to, ifMatch, signal } = options
    const doing: Doing = { action: 'lectura', path, condition: 'same' }
    const read =
      to !== undefined && to <= from
        ? null
        : await this.ask(doing, options, () =>
            this.store.get(this.key(path), { from, to, etag: ifMatch, signal }),
          )
    if (read === null) return this.nothing(path, options)
    const { bytes, etag, modified } = read.object
    const stream = guardStream(read.stream, this.place, (error) => this.words(error, doing, signal))
    return { stream, bytes, etag, modified }
  }

  /** A part that holds no byte: no range asks for that. */
  private async nothing(path: string, { ifMatch, signal }: ReadOptions): Promise<RemoteRead> {
    const { bytes, etag, modified } = await this.file(path, { signal })
    if (ifMatch !== undefined && ifMatch !== etag) throw changed(path, this.place)
    return { stream: Readable.from([], { objectMode: false }), bytes, etag, modified }
  }

  async write(path: string, source: WriteSource, options: WriteOptions = {}): Promise<WriteResult> {
    const doing: Doing = { action: 'escritura', path, condition: options.ifAbsent ? 'absent' : undefined }
    const explain = (error: unknown) => this.words(error, doing, options.signal)
    return this.ask(doing, options, () =>
      this.store.put(this.key(path), source, { ...options, path, explain }),
    )
  }

  async copy(from: string, to: string, options: PlaceOptions = {}): Promise<void> {
    const source = await this.source(from, options)
    if (from !== to) await this.carry(source, from, to, options)
    else if (options.ifAbsent) throw alreadyExists(to, this.place)
  }

  async move(from: string, to: string, options: PlaceOptions = {}): Promise<void> {
    const { signal } = options
    const source = await this.source(from, options)
    if (from === to) {
      if (options.ifAbsent) throw alreadyExists(to, this.place)
      return
    }
    await this.carry(source, from, to, options)
    // Who rewrote it meanwhile must not lose what was written: it stays under its old name.
    const now = await retrying(STEP_RETRY, signal, () => this.head(from, 'lectura', options))
    if (now.etag !== source.etag) throw changed(from, this.place)
    await retrying(STEP_RETRY, signal, () => this.remove(from, { signal }))
  }

  private source(path: string, { signal }: Cancellable): Promise<StoredObject> {
    return retrying(STEP_RETRY, signal, () => this.file(path, { signal }))
  }

  private async carry(
    source: StoredObject,
    from: string,
    to: string,
    { ifAbsent = false, signal }: PlaceOptions,
  ): Promise<void> {
    if (ifAbsent && !this.store.conditionalCopy) {
      const options = { ifMatch: source.etag, signal }
      const { stream, bytes } = await retrying(STEP_RETRY, signal, () => this.read(from, options))
      await this.write(to, { stream, bytes }, { ifAbsent, signal })
      return
    }
    const condition = ifAbsent ? 'absent' : 'same'
    const doing: Doing = { action: 'escritura', path: ifAbsent ? to : from, condition }
    const copy = () =>
      this.ask(doing, { signal }, () => this.store.copy(source, this.key(to), { ifAbsent, signal }))
    // A copy whose answer was lost would be told that its own target stands there.
    await (ifAbsent ? copy() : retrying(STEP_RETRY, signal, copy))
    const target = await retrying(STEP_RETRY, signal, () => this.head(to, 'lectura', { signal }))
    if (target.bytes !== source.bytes) throw corrupt(to, this.place, { bytes: target.bytes })
  }

  async remove(path: string, options: Cancellable = {}): Promise<void> {
    await this.ask({ action: 'borrado', path }, options, () => this.store.remove(this.key(path), options))
  }

  async makeContainer(options: Cancellable = {}): Promise<void> {
    await this.ask({ action: 'creación', path: '' }, options, () => this.store.makeContainer(options))
  }

  async presign(path: string, seconds: number, options: Cancellable = {}): Promise<string> {
    return this.ask({ action: 'lectura', path }, options, () =>
      this.store.presign(this.key(path), seconds, options),
    )
  }

  async setTags(path: string, tags: Record<string, string>, options: Cancellable = {}): Promise<void> {
    await this.ask({ action: 'escritura', path }, options, () =>
      this.store.setTags(this.key(path), tags, options),
    )
  }

  async getTags(path: string, options: Cancellable = {}): Promise<Record<string, string>> {
    return this.ask({ action: 'lectura', path }, options, () => this.store.getTags(this.key(path), options))
  }

  async test(options: TestOptions = {}): Promise<TestStep[]> {
    const { endpoint } = this.store
    const host = endpoint.hostname.replace(/^\[|\]$/g, '')
    return runTestSteps(
      {
        dns: () => resolveName(host, this.context),
        connect: () => answers(endpoint, this.agents, this.place, this.context, options.signal),
        login: async () => {
          try {
            await this.list('', { limit: 1, signal: options.signal })
          } catch (error) {
            if (!LET_IN.includes(codeOf(error))) throw error
          }
          return 'La credencial se aceptó.'
        },
        ...storageSteps(this, this.place, options),
      },
      options,
    )
  }

  async close(): Promise<void> {
    this.store.close()
    this.agents.destroy()
  }
}

const folderEntry = (path: string): Entry => ({ path, kind: 'folder', bytes: 0, modified: null, etag: null })
