import type { Readable } from 'node:stream'

/** What stands at a path. Plain data: it crosses a process border as it is. */
export interface Entry {
  /** Below the base of the provider: `entrada/ventas.zip`. No leading slash; a folder has no trailing one. */
  path: string
  kind: 'file' | 'folder'
  /** 0 for a folder. */
  bytes: number
  /** ISO 8601 in UTC, by the clock of the server. null where the server keeps none (the folders of an object store). */
  modified: string | null
  /** Changes when the content does; without quotes. See `Capabilities.etag`. null for folders. */
  etag: string | null
}

export interface Page {
  /** Each entry of the folder in exactly one page; in no promised order. */
  entries: Entry[]
  /** For the next page; null in the last one. */
  cursor: string | null
}

export interface Cancellable {
  /** The promise, and every stream that it gave, end with CANCELLED within a second of the abort. */
  signal?: AbortSignal
}

export interface ListOptions extends Cancellable {
  cursor?: string | null
  /** At most `Limits.pageEntries`. */
  limit?: number
}

export interface ReadOptions extends Cancellable {
  /** First byte, 0 unless told. */
  from?: number
  /** The byte after the last: `{from: 0, to: 10}` gives ten. To the end unless told. */
  to?: number
  /** Only if the file still is the one with this etag: REMOTE_CHANGED otherwise. */
  ifMatch?: string
}

export interface RemoteRead {
  /** Destroying it frees the connection. Fails with an AppError. */
  stream: Readable
  /** Of the whole file, whatever part was asked for. */
  bytes: number
  etag: string
  modified: string | null
}

/** A file can be sent again after a cut; a stream is sent once. */
export type WriteSource = { file: string } | { stream: Readable; bytes?: number }

export interface WriteOptions extends Cancellable {
  /** Only if nothing stands there: of several writers exactly one wins, the others get REMOTE_EXISTS. */
  ifAbsent?: boolean
  /** Bytes handed over so far; starts again from 0 when the upload does. */
  onProgress?(bytes: number): void
}

export interface WriteResult {
  bytes: number
  /** Of what now stands there. */
  etag: string
  /** Hexadecimal, of the bytes sent. */
  sha256: string
  /** How what arrived was compared with what was sent. */
  verified: 'checksum' | 'size'
}

export interface PlaceOptions extends Cancellable {
  /** Only if nothing stands at the target: REMOTE_EXISTS otherwise. */
  ifAbsent?: boolean
}

export const TEST_STEPS = ['dns', 'connect', 'login', 'list', 'write', 'delete'] as const
export type TestStepName = (typeof TEST_STEPS)[number]

export interface TestStep {
  step: TestStepName
  status: 'ok' | 'failed' | 'skip'
  ms: number
  /** What was found, or why it failed or was left out; in Spanish. */
  message: string
  /** Of a failed one. */
  code?: string
  hint?: string
  details?: Record<string, unknown>
}

export interface TestOptions extends Cancellable {
  onStep?(step: TestStep): void
}

export interface Limits {
  /** Of a path with the base, in bytes of UTF-8. */
  pathBytes: number
  /** Entries that one page holds at most. */
  pageEntries: number
  /** Of one file; null where there is no limit of the provider's. */
  fileBytes: number | null
  /** Parts of one upload, and the least each may hold; null where an upload is not made of parts. */
  parts: { count: number; minBytes: number } | null
}

export interface Capabilities {
  /** `ifAbsent` is held by the server, so that it is safe between machines. */
  conditionalWrite: boolean
  /** `move` is one step: two movers of one file can't both win, and no reader sees it twice or not at all. */
  atomicMove: boolean
  presign: boolean
  tags: boolean
  /** Folders exist by themselves; otherwise a folder is there while a file is below it. */
  realFolders: boolean
  /** `strong`: of the content, or of its version. `weak`: made of size and time of change. */
  etag: 'strong' | 'weak'
}

/**
 * One opened provider. Paths are relative to its base, with `/`; see `shared/paths.ts`, the one place that judges them.
 * Opening does not touch the network: what can't be reached, or does not let us in, says so in the first operation.
 *
 * Errors, all AppError, all made in `shared/errors.ts`: REMOTE_NOT_FOUND, REMOTE_EXISTS, REMOTE_CHANGED, REMOTE_NOT_A_FILE, REMOTE_DENIED,
 * REMOTE_LOGIN_REFUSED, REMOTE_NO_CONTAINER, REMOTE_FULL, REMOTE_UNSUPPORTED, REMOTE_CORRUPT, REMOTE_FAILED; transient ones (worth another
 * try): REMOTE_UNREACHABLE, REMOTE_CUT, REMOTE_BUSY; of the wire: REMOTE_DNS, REMOTE_TLS, HOST_KEY_UNKNOWN, HOST_KEY_CHANGED; CANCELLED.
 */
export interface Connector {
  readonly kind: string
  /** In words, for messages: «la carpeta /datos», «el servidor sftp.ejemplo.com:22», «el bucket ventas». */
  readonly place: string
  readonly limits: Limits
  readonly capabilities: Capabilities

  /**
   * What is directly in a folder (`''` is the base), a page at a time. A folder that holds nothing gives no entries on an object store and
   * is REMOTE_NOT_FOUND where folders are real and it is not there. A base that is not there is REMOTE_NO_CONTAINER here and in every other
   * operation: it may be away (a disk, a share), so it is never made on the way. Half-written files of `write` are not listed.
   */
  list(folder: string, options?: ListOptions): Promise<Page>

  /** REMOTE_NOT_FOUND when nothing is there. */
  stat(path: string, options?: Cancellable): Promise<Entry>

  /** REMOTE_NOT_FOUND when nothing is there, before the first byte. A cut ends the stream with an error, never as if it were whole. */
  read(path: string, options?: ReadOptions): Promise<RemoteRead>

  /**
   * All or nothing: who reads meanwhile sees what was there before; a cut or a cancellation leaves what was there before.
   * Folders on the way are made. What arrived is compared with what was sent before this resolves.
   */
  write(path: string, source: WriteSource, options?: WriteOptions): Promise<WriteResult>

  /** A file only. Overwrites the target unless `ifAbsent`. */
  copy(from: string, to: string, options?: PlaceOptions): Promise<void>

  /** A file only. The source is gone only once the target stands. */
  move(from: string, to: string, options?: PlaceOptions): Promise<void>

  /** A file; or an empty folder, where folders are real. Nothing there is not an error: it can be sent again. */
  remove(path: string, options?: Cancellable): Promise<void>

  /** Makes the bucket or container this provider points at (of a name given to its configuration). REMOTE_EXISTS when it is there. */
  makeContainer?(options?: Cancellable): Promise<void>

  /** A link that lets whoever has it read the file until it expires. */
  presign?(path: string, seconds: number, options?: Cancellable): Promise<string>

  /** Replaces the tags of a file. */
  setTags?(path: string, tags: Record<string, string>, options?: Cancellable): Promise<void>
  getTags?(path: string, options?: Cancellable): Promise<Record<string, string>>

  /**
   * Tries the way to the provider step by step, and tells each one as it ends. Does not throw for what it finds: after a step that failed the
   * others are `skip`. Leaves nothing behind.
   */
  test(options?: TestOptions): Promise<TestStep[]>

  close(): Promise<void>
}

/** What surrounds a provider on this machine; none of it is kept with the provider. */
export interface ConnectorContext {
  /** PEM of further certificate authorities, besides the system's. */
  ca?: string
  /** `http://proxy:3128`, with `user:password@` if it asks for them. */
  proxy?: string
  minTls?: 'TLSv1.2' | 'TLSv1.3'
  /** How long a connection, or an answer, is waited for. 15 s unless told. */
  timeoutMs?: number
}

/** What a kind of provider does itself. Without `copy` a file has to go through this machine: `ManagedConnector` reads and writes it. */
export type Plug = Omit<Connector, 'copy'> & Partial<Pick<Connector, 'copy'>>
