import { Readable } from 'node:stream'
import { AppError } from '@shared/errors/app-error'
import { pause } from './shared/abort'
import type { Bandwidth } from './shared/bandwidth'
import { cancelled, cut } from './shared/errors'
import { backoffMs, type RetryPolicy } from './shared/retry'
import type { RemoteRead } from './types'

export interface ResumeOptions {
  from: number
  /** The byte after the last. */
  to: number
  place: string
  retry: RetryPolicy
  bandwidth: Bandwidth
  /** Without a byte for so long the connection is taken for dead. */
  idleMs: number
  signal?: AbortSignal
  /** The file from a byte on, if it still is the one that was opened first. */
  reopen(from: number, signal: AbortSignal): Promise<RemoteRead>
}

/** A ranged read that goes on from where it was after a cut, and ends in an error if it can't: never as if it were whole. */
export class ResumingRead extends Readable {
  private at: number
  private failures = 0
  /** Someone waits for bytes. The stream asks once and not again until it is given some, whatever happens to the source meanwhile. */
  private wanted = false
  private source: Readable | null = null
  /** A chunk waits for its share of the wire: nothing comes before it, and the end comes after. */
  private waiting = false
  private ended = false
  private idle: NodeJS.Timeout | undefined
  private readonly stop = new AbortController()
  private readonly onAbort = () => this.destroy(cancelled())

  constructor(
    first: RemoteRead,
    private readonly options: ResumeOptions,
  ) {
    super({ highWaterMark: 256 * 1024 })
    this.at = options.from
    this.attach(first.stream)
    if (options.signal?.aborted) this.onAbort()
    else options.signal?.addEventListener('abort', this.onAbort, { once: true })
  }

  private attach(source: Readable): void {
    this.source = source
    // Nothing flows until it is asked for.
    source.pause()
    source.on('data', (chunk: Buffer) => this.onChunk(source, chunk))
    source.on('error', (error) => this.onCut(source, error))
    source.on('end', () => this.onEnd(source))
    source.on('close', () => this.onEnd(source))
    source.pause()
    if (this.wanted) this.flow(source)
  }

  private flow(source: Readable): void {
    clearTimeout(this.idle)
    this.idle = setTimeout(() => source.destroy(cut(this.options.place)), this.options.idleMs)
    source.resume()
  }

  private hold(source: Readable): void {
    clearTimeout(this.idle)
    source.pause()
  }

  override _read(): void {
    this.wanted = true
    if (this.source && !this.waiting) this.flow(this.source)
  }

  private onChunk(source: Readable, chunk: Buffer): void {
    if (source !== this.source) return
    this.failures = 0
    this.at += chunk.length
    const wait = this.options.bandwidth.take(chunk.length)
    this.hold(source)
    this.wanted = false
    if (wait < 1) {
      this.pass(chunk)
      return
    }
    this.waiting = true
    pause(wait, this.stop.signal).then(
      () => {
        this.waiting = false
        this.pass(chunk)
      },
      () => undefined,
    )
  }

  /** Gives a chunk, and asks for the next one of whatever source there is by then. */
  private pass(chunk: Buffer): void {
    if (this.push(chunk)) this.wanted = true
    if (this.ended) this.push(null)
    else if (this.wanted && this.source) this.flow(this.source)
  }

  private onEnd(source: Readable): void {
    if (source !== this.source) return
    if (this.at >= this.options.to) {
      this.source = null
      clearTimeout(this.idle)
      this.ended = true
      if (!this.waiting) this.push(null)
    } else this.onCut(source, cut(this.options.place))
  }

  private onCut(source: Readable, error: Error): void {
    if (source !== this.source) return
    this.source = null
    clearTimeout(this.idle)
    source.destroy()
    this.failures++
    const { retry } = this.options
    if (!(error instanceof AppError) || !error.retryable || this.failures >= retry.attempts) {
      this.destroy(error)
      return
    }
    void this.goOn()
  }

  private async goOn(): Promise<void> {
    const { retry, place, reopen } = this.options
    for (;;) {
      try {
        await pause(backoffMs(retry, this.failures), this.stop.signal)
        const next = await reopen(this.at, this.stop.signal)
        if (this.destroyed) next.stream.destroy()
        else this.attach(next.stream)
        return
      } catch (error) {
        if (this.destroyed) return
        this.failures++
        if (error instanceof AppError && error.retryable && this.failures < retry.attempts) continue
        this.destroy(error instanceof Error ? error : cut(place, error))
        return
      }
    }
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearTimeout(this.idle)
    this.options.signal?.removeEventListener('abort', this.onAbort)
    this.stop.abort()
    // Its own end is nobody's business any more.
    this.source?.on('error', () => undefined)
    this.source?.destroy()
    this.source = null
    done(error)
  }
}
