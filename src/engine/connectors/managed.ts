import type { Stats } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { AppError } from '@shared/errors/app-error'
import { ResumingRead } from './resuming-read'
import { abortable } from './shared/abort'
import { Bandwidth } from './shared/bandwidth'
import { Concurrency } from './shared/concurrency'
import { cancelled, cut } from './shared/errors'
import { hashOf } from './shared/hash-of'
import { cleanFilePath, cleanPath } from './shared/paths'
import { DEFAULT_RETRY, type RetryPolicy, retrying } from './shared/retry'
import { fileFacts, isFromFile, openSource, unreadable, watching } from './shared/source'
import type {
  Cancellable,
  Connector,
  Entry,
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
} from './types'

export interface TransferPolicy {
  /** Of all transfers of this provider together; null is no limit. */
  bytesPerSecond: number | null
  /** Operations at once; a read counts until its stream closes. */
  concurrency: number
  retry: RetryPolicy
  /** Without a byte in a transfer, or an answer to a question, for so long the connection is taken for dead. */
  idleMs: number
}

export const DEFAULT_POLICY: TransferPolicy = {
  bytesPerSecond: null,
  concurrency: 4,
  retry: DEFAULT_RETRY,
  idleMs: 60_000,
}

/** Of a copy or a move: the server may have a large file to carry. */
const PLACE_IDLE_FACTOR = 10

const hasCode = (error: unknown, code: string): boolean => error instanceof AppError && error.code === code

/**
 * What every provider gets besides its own work, whatever its kind: paths judged in one place, so many operations at once, a share of the
 * wire, another try after a passing failure, a read that goes on where it was cut, an end within a second of a cancellation.
 *
 * A write or a move that is tried again may find its own work done by a try whose answer was lost. What stands there is then compared with
 * what was to stand there, so that the same file is neither refused to its owner nor done twice. Who decides a race by `ifAbsent` must
 * therefore write something of its own (a name, a mark): two writers of equal bytes may both be told that they are there.
 */
export class ManagedConnector implements Connector {
  readonly kind: string
  readonly place: string
  readonly limits: Connector['limits']
  readonly capabilities: Connector['capabilities']
  readonly makeContainer: Connector['makeContainer']
  readonly presign: Connector['presign']
  readonly setTags: Connector['setTags']
  readonly getTags: Connector['getTags']
  private readonly bandwidth: Bandwidth
  private readonly turns: Concurrency

  constructor(
    private readonly inner: Plug,
    private readonly policy: TransferPolicy,
  ) {
    this.kind = inner.kind
    this.place = inner.place
    this.limits = inner.limits
    this.capabilities = inner.capabilities
    this.bandwidth = new Bandwidth(policy.bytesPerSecond)
    this.turns = new Concurrency(policy.concurrency)
    // Bound as they are called: a method that the provider lacks is lacking here too.
    const { makeContainer, presign, setTags, getTags } = inner
    if (makeContainer)
      this.makeContainer = (options) => this.ask(options, (signal) => makeContainer.call(inner, { signal }))
    if (presign)
      this.presign = (path, seconds, options) =>
        this.ask(options, (signal) => presign.call(inner, this.file(path), seconds, { signal }))
    if (setTags)
      this.setTags = (path, tags, options) =>
        this.ask(options, (signal) => setTags.call(inner, this.file(path), tags, { signal }))
    if (getTags)
      this.getTags = (path, options) =>
        this.ask(options, (signal) => getTags.call(inner, this.file(path), { signal }))
  }

  private file = (path: string): string => cleanFilePath(path, this.limits.pathBytes)
  private any = (path: string): string => cleanPath(path, this.limits.pathBytes)

  /** One question and its answer: in turn, again if it failed in passing, given up when it takes too long. */
  private async ask<T>(
    options: Cancellable | undefined,
    work: (signal: AbortSignal, attempt: number, touch: () => void) => Promise<T>,
    idleMs = this.policy.idleMs,
  ): Promise<T> {
    const leave = await this.turns.enter(options?.signal)
    try {
      return await retrying(this.policy.retry, options?.signal, (attempt) =>
        this.bounded(options?.signal, idleMs, (signal, touch) => work(signal, attempt, touch)),
      )
    } finally {
      leave()
    }
  }

  private async bounded<T>(
    signal: AbortSignal | undefined,
    ms: number,
    work: (signal: AbortSignal, touch: () => void) => Promise<T>,
  ): Promise<T> {
    const own = new AbortController()
    let silent = false
    const expire = () => {
      silent = true
      own.abort()
    }
    let timer = setTimeout(expire, ms)
    const touch = () => {
      clearTimeout(timer)
      timer = setTimeout(expire, ms)
    }
    const onAbort = () => own.abort()
    if (signal?.aborted) own.abort()
    else signal?.addEventListener('abort', onAbort, { once: true })
    try {
      return await abortable(work(own.signal, touch), own.signal)
    } catch (error) {
      if (signal?.aborted) throw cancelled()
      throw silent ? cut(this.place, error) : error
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    }
  }

  async list(folder: string, options: ListOptions = {}): Promise<Page> {
    const path = this.any(folder)
    const limit = Math.min(options.limit ?? this.limits.pageEntries, this.limits.pageEntries)
    return this.ask(options, (signal) =>
      this.inner.list(path, { cursor: options.cursor ?? null, limit, signal }),
    )
  }

  async stat(path: string, options?: Cancellable): Promise<Entry> {
    const clean = this.any(path)
    return this.ask(options, (signal) => this.inner.stat(clean, { signal }))
  }

  async read(path: string, options: ReadOptions = {}): Promise<RemoteRead> {
    const clean = this.file(path)
    const leave = await this.turns.enter(options.signal)
    try {
      const read = await this.resuming(clean, options)
      read.stream.once('close', leave)
      return read
    } catch (error) {
      leave()
      throw error
    }
  }

  /** A read that goes on after a cut, in a turn that someone else has taken. */
  private async resuming(path: string, options: ReadOptions): Promise<RemoteRead> {
    const { from = 0, to, signal, ifMatch } = options
    const open = (at: number, etag: string | undefined, stop: AbortSignal | undefined) =>
      this.openRead(path, { from: at, to, ifMatch: etag, signal: stop })
    const first = await retrying(this.policy.retry, signal, () => open(from, ifMatch, signal))
    const stream = new ResumingRead(first, {
      from,
      to: Math.min(to ?? first.bytes, first.bytes),
      place: this.place,
      retry: this.policy.retry,
      bandwidth: this.bandwidth,
      idleMs: this.policy.idleMs,
      signal,
      reopen: (at, stop) => open(at, first.etag, stop),
    })
    return { ...first, stream }
  }

  /** As `bounded`, but its signal lives as long as the stream does. */
  private async openRead(path: string, options: ReadOptions): Promise<RemoteRead> {
    const own = new AbortController()
    const signal = options.signal ? AbortSignal.any([options.signal, own.signal]) : own.signal
    const timer = setTimeout(() => own.abort(), this.policy.idleMs)
    try {
      return await abortable(this.inner.read(path, { ...options, signal }), signal)
    } catch (error) {
      throw own.signal.aborted ? cut(this.place, error) : error
    } finally {
      clearTimeout(timer)
    }
  }

  async write(path: string, source: WriteSource, options: WriteOptions = {}): Promise<WriteResult> {
    const clean = this.file(path)
    const { signal, ifAbsent } = options
    const leave = await this.turns.enter(signal)
    const again = 'file' in source ? this.policy.retry : { ...this.policy.retry, attempts: 1 }
    try {
      return await retrying(again, signal, async (attempt) => {
        try {
          return await this.send(clean, source, options)
        } catch (error) {
          const mine =
            attempt > 1 && ifAbsent && hasCode(error, 'REMOTE_EXISTS')
              ? await this.alreadyMine(clean, source, signal)
              : null
          if (mine) return mine
          throw error
        }
      })
    } finally {
      leave()
    }
  }

  /** One try of an upload, from the first byte. */
  private async send(path: string, source: WriteSource, options: WriteOptions): Promise<WriteResult> {
    const before = 'file' in source ? await fileFacts(source.file) : null
    const bytes = 'file' in source ? before?.size : source.bytes
    const result = await this.bounded(options.signal, this.policy.idleMs, async (signal, touch) => {
      const progress = watching((sent) => {
        touch()
        options.onProgress?.(sent)
      })
      const stop = new AbortController()
      const input = openSource(source)
      let unread: unknown
      input.once('error', (error) => {
        unread = error
      })
      const feeding = pipeline(input, this.bandwidth.throttle(signal), progress, {
        signal: AbortSignal.any([signal, stop.signal]),
      })
      // What it ends with reaches the writer through the stream it reads.
      feeding.catch(() => undefined)
      try {
        return await this.inner.write(
          path,
          { stream: progress, bytes },
          // What leaves counts as well as what is taken: a part in memory leaves long after it was taken, on a slow wire.
          { ifAbsent: options.ifAbsent, signal, onProgress: touch },
        )
      } catch (error) {
        if ('file' in source && isFromFile(unread)) throw unreadable(source.file, unread)
        throw error
      } finally {
        stop.abort()
      }
    })
    if (before && 'file' in source) await this.requireUnchanged(path, source.file, before)
    return result
  }

  /** What was sent while its file was being written is neither the old file nor the new one: it does not stay. */
  private async requireUnchanged(path: string, file: string, before: Stats): Promise<void> {
    const after = await fileFacts(file)
    if (after.size === before.size && after.mtimeMs === before.mtimeMs) return
    await this.inner.remove(path)
    throw new AppError('FILE_CHANGED', {
      kind: 'input',
      message: `«${file}» cambió mientras se enviaba.`,
      hint: 'Esperar a que termine de escribirse y volver a enviarlo.',
      details: { file },
    })
  }

  /** Whether what stands there is what this source holds: the answer to an earlier try was lost, not the try. */
  private async alreadyMine(
    path: string,
    source: WriteSource,
    signal: AbortSignal | undefined,
  ): Promise<WriteResult | null> {
    if (!('file' in source)) return null
    const entry = await retrying(this.policy.retry, signal, () => this.inner.stat(path, { signal }))
    const { size } = await fileFacts(source.file)
    if (entry.bytes !== size) return null
    const [here, there] = [
      await hashOf(openSource(source), signal),
      await hashOf((await this.resuming(path, { signal })).stream, signal),
    ]
    if (here !== there) return null
    return { bytes: size, etag: entry.etag ?? '', sha256: here, verified: 'checksum' }
  }

  async copy(from: string, to: string, options: PlaceOptions = {}): Promise<void> {
    const [source, target] = [this.file(from), this.file(to)]
    const { inner } = this
    const copyOnce = inner.copy?.bind(inner)
    if (!copyOnce) return this.relay(source, target, options)
    await this.carry(options, async (signal, attempt, touch) => {
      try {
        await copyOnce(source, target, { ifAbsent: options.ifAbsent, signal })
      } catch (error) {
        if (attempt === 1 || !(await this.copied(error, source, target, signal, touch))) throw error
      }
    })
  }

  /** A copy that goes through this machine. Its read and its write share one turn: copies with two would wait for each other's. */
  private async relay(source: string, target: string, { signal, ifAbsent }: PlaceOptions): Promise<void> {
    const leave = await this.turns.enter(signal)
    try {
      await retrying(this.policy.retry, signal, async (attempt) => {
        const { stream, bytes } = await this.resuming(source, { signal })
        try {
          await this.send(target, { stream, bytes }, { signal, ifAbsent })
        } catch (error) {
          if (attempt === 1 || !(await this.copied(error, source, target, signal))) throw error
        } finally {
          stream.destroy()
        }
      })
    } finally {
      leave()
    }
  }

  async move(from: string, to: string, options: PlaceOptions = {}): Promise<void> {
    const [source, target] = [this.file(from), this.file(to)]
    let before: Entry | null = null
    await this.carry(options, async (signal, attempt, touch) => {
      before ??= await this.inner.stat(source, { signal })
      try {
        await this.inner.move(source, target, { ifAbsent: options.ifAbsent, signal })
      } catch (error) {
        if (attempt === 1) throw error
        // The move was made and its answer lost.
        if (hasCode(error, 'REMOTE_NOT_FOUND') && (await this.arrived(before, target, signal))) return
        // Its first half was: the copy.
        if (await this.copied(error, source, target, signal, touch))
          return this.inner.remove(source, { signal })
        throw error
      }
    })
  }

  private carry(
    options: Cancellable,
    work: (signal: AbortSignal, attempt: number, touch: () => void) => Promise<void>,
  ) {
    return this.ask(options, work, this.policy.idleMs * PLACE_IDLE_FACTOR)
  }

  /** Where the etag is of the content, or a rename keeps it, it must be the same one. */
  private async arrived(before: Entry, target: string, signal: AbortSignal): Promise<boolean> {
    try {
      const after = await this.inner.stat(target, { signal })
      const keeps = this.capabilities.atomicMove
      return after.bytes === before.bytes && (!keeps || after.etag === before.etag)
    } catch (error) {
      if (hasCode(error, 'REMOTE_NOT_FOUND')) return false
      throw error
    }
  }

  /** Whether what refused a copy is that copy, made by an earlier try whose answer was lost. */
  private async copied(
    error: unknown,
    source: string,
    target: string,
    signal: AbortSignal | undefined,
    touch?: () => void,
  ): Promise<boolean> {
    if (!hasCode(error, 'REMOTE_EXISTS')) return false
    const hash = async (path: string) => hashOf((await this.resuming(path, { signal })).stream, signal, touch)
    return (await hash(source)) === (await hash(target))
  }

  async remove(path: string, options?: Cancellable): Promise<void> {
    const clean = this.file(path)
    await this.ask(options, (signal) => this.inner.remove(clean, { signal }))
  }

  async test(options: TestOptions = {}): Promise<TestStep[]> {
    return abortable(this.inner.test(options), options.signal)
  }

  async close(): Promise<void> {
    await this.inner.close()
  }
}
