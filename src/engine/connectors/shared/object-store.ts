import type { Readable } from 'node:stream'
import type { AppError } from '@shared/errors/app-error'
import type { Cancellable, Limits, WriteOptions, WriteResult, WriteSource } from '../types'
import type { Action } from './errors'

/** An object as the SDK of a store tells it, its key from the root of the bucket. */
export interface StoredObject {
  key: string
  bytes: number
  /** ISO 8601, UTC. */
  modified: string | null
  etag: string
  /** Stands for a folder: a store with a hierarchy (Data Lake Gen2) has such objects. */
  folder?: boolean
}

export interface ObjectPage {
  objects: StoredObject[]
  /** Keys that stand for everything below them, without the slash at their end. */
  folders: string[]
  cursor: string | null
}

export interface PageRequest extends Cancellable {
  /** Only what is directly below it: ends in a slash, or is empty. */
  prefix: string
  cursor: string | null
  limit: number
}

export interface GetRequest extends Cancellable {
  from: number
  /** The byte after the last. */
  to?: number
  etag?: string
}

export interface ObjectRead {
  stream: Readable
  object: StoredObject
}

/** What was being done when the SDK threw, as far as it changes the words. */
export interface Doing {
  action: Action
  path: string
  /** What a failed precondition means. */
  condition?: 'absent' | 'same'
}

export interface PutRequest extends WriteOptions {
  /** As the person knows it, for messages. */
  path: string
  /** For who must judge an error on the way: whether a part is worth another try. */
  explain(error: unknown): AppError
}

/**
 * What an SDK must do for `ObjectConnector`, which has everything else that object stores share. Keys are whole. Methods throw whatever their SDK
 * throws; `explain` is the one place that turns it into our words.
 */
export interface ObjectStore {
  readonly kind: string
  readonly place: string
  readonly limits: Limits
  /** A copy can be made on the condition that nothing stands at its target. */
  readonly conditionalCopy: boolean
  /** Where it is asked: name and port are what `test` tries first. */
  readonly endpoint: URL

  page(request: PageRequest): Promise<ObjectPage>
  head(key: string, options: Cancellable): Promise<StoredObject>
  /** null when the first byte asked for is beyond the end. */
  get(key: string, request: GetRequest): Promise<ObjectRead | null>
  put(key: string, source: WriteSource, request: PutRequest): Promise<WriteResult>
  /** Of that version of the source, where the store can hold it to it. */
  copy(from: StoredObject, to: string, options: Cancellable & { ifAbsent: boolean }): Promise<void>
  /** Nothing there is not an error. */
  remove(key: string, options: Cancellable): Promise<void>
  makeContainer(options: Cancellable): Promise<void>
  presign(key: string, seconds: number, options: Cancellable): Promise<string>
  setTags(key: string, tags: Record<string, string>, options: Cancellable): Promise<void>
  getTags(key: string, options: Cancellable): Promise<Record<string, string>>
  explain(error: unknown, doing: Doing): AppError
  close(): void
}
