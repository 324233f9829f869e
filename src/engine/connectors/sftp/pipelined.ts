import { Readable, Writable } from 'node:stream'
import { CONNECTION_LOST } from './errors'
import type { Opened } from './session'

/** What every server takes in one request. */
const REQUEST_BYTES = 32 * 1024
/** Requests on their way at once: what keeps a distant server busy (a request at a time gives one per round trip). */
const IN_FLIGHT = 32

interface Piece {
  at: number
  data: Buffer | null
}

/** Bytes [from, to) of an open file, in order, many requests ahead. Closes the handle. */
export class PipelinedRead extends Readable {
  private next: number
  private readonly pieces: Piece[] = []
  private wanted = true
  private readonly onLost = () => this.destroy(new Error(CONNECTION_LOST))

  constructor(
    private readonly wire: Opened,
    private readonly handle: Buffer,
    from: number,
    private readonly to: number,
  ) {
    super({ highWaterMark: 256 * 1024 })
    this.next = from
    wire.lost.addEventListener('abort', this.onLost, { once: true })
    if (wire.lost.aborted) this.onLost()
  }

  override _read(): void {
    this.wanted = true
    this.give()
    this.ask()
  }

  private ask(): void {
    while (!this.destroyed && this.pieces.length < IN_FLIGHT && this.next < this.to) {
      const piece: Piece = { at: this.next, data: null }
      const length = Math.min(REQUEST_BYTES, this.to - this.next)
      this.next += length
      this.pieces.push(piece)
      this.fetch(piece, Buffer.allocUnsafe(length), 0)
    }
    if (this.pieces.length === 0 && this.next >= this.to && this.wanted) {
      this.wanted = false
      this.push(null)
    }
  }

  private fetch(piece: Piece, buffer: Buffer, have: number): void {
    this.wire.sftp.read(
      this.handle,
      buffer,
      have,
      buffer.length - have,
      piece.at + have,
      (error, bytesRead) => {
        if (this.destroyed) return
        // The end of the file before the end that it had is an error too: it was cut short meanwhile.
        if (error) this.destroy(error)
        else if (have + bytesRead < buffer.length) this.fetch(piece, buffer, have + bytesRead)
        else {
          piece.data = buffer
          this.give()
          this.ask()
        }
      },
    )
  }

  private give(): void {
    while (this.wanted) {
      const data = this.pieces[0]?.data
      if (!data) return
      this.pieces.shift()
      this.wanted = this.push(data)
    }
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.wire.lost.removeEventListener('abort', this.onLost)
    // Requests on their way are answered before this one: the handle outlives them.
    this.wire.sftp.close(this.handle, () => undefined)
    done(error)
  }
}

/** Writes an open file from its beginning, many requests ahead. Ends once all of them are answered; does not close the handle. */
export class PipelinedWrite extends Writable {
  private position = 0
  private flying = 0
  private failure: Error | null = null
  private release: (() => void) | null = null
  private readonly onLost = () => {
    this.failure ??= new Error(CONNECTION_LOST)
    this.release?.()
  }

  constructor(
    private readonly wire: Opened,
    private readonly handle: Buffer,
  ) {
    super({ highWaterMark: 256 * 1024 })
    wire.lost.addEventListener('abort', this.onLost, { once: true })
    if (wire.lost.aborted) this.onLost()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.wire.lost.removeEventListener('abort', this.onLost)
    done(error)
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    for (let at = 0; at < chunk.length; at += REQUEST_BYTES)
      this.send(chunk, at, Math.min(REQUEST_BYTES, chunk.length - at))
    this.when(() => this.flying < IN_FLIGHT, done)
  }

  override _final(done: (error?: Error | null) => void): void {
    this.when(() => this.flying === 0, done)
  }

  private send(chunk: Buffer, at: number, length: number): void {
    this.flying++
    const position = this.position
    this.position += length
    this.wire.sftp.write(this.handle, chunk, at, length, position, (error) => {
      this.flying--
      if (error) this.failure ??= error
      this.release?.()
    })
  }

  /** One waits at a time: the stream calls `_write` and `_final` one after another. */
  private when(ready: () => boolean, done: (error?: Error | null) => void): void {
    const look = () => {
      if (this.failure === null && !ready()) return
      this.release = null
      done(this.failure)
    }
    this.release = look
    look()
  }
}
