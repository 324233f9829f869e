import { Transform, type TransformCallback } from 'node:stream'
import { pause } from './abort'

/** A share of the wire, in bytes per second, for all that goes through it. null is no limit. */
export class Bandwidth {
  private available: number
  private last: number

  constructor(
    readonly bytesPerSecond: number | null,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.available = bytesPerSecond ?? 0
    this.last = this.now()
  }

  /** Takes the bytes, and gives how long to wait before they may go. What is taken in advance is waited for by whoever comes next. */
  take(bytes: number): number {
    if (this.bytesPerSecond === null) return 0
    const time = this.now()
    // At most one second is saved up: an idle minute does not buy a burst.
    this.available = Math.min(
      this.bytesPerSecond,
      this.available + ((time - this.last) / 1000) * this.bytesPerSecond,
    )
    this.last = time
    this.available -= bytes
    return this.available >= 0 ? 0 : (-this.available / this.bytesPerSecond) * 1000
  }

  /** What goes through it goes no faster than the share. */
  throttle(signal?: AbortSignal): Transform {
    return new Transform({
      transform: (chunk: Buffer, _encoding, done: TransformCallback) => {
        const wait = this.take(chunk.length)
        if (wait < 1) done(null, chunk)
        else
          pause(wait, signal).then(
            () => done(null, chunk),
            (error: Error) => done(error),
          )
      },
    })
  }
}
