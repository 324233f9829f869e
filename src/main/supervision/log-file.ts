import { createWriteStream, type WriteStream } from 'node:fs'
import { mkdir, rename, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

const MAX_BYTES = 5 * 1024 * 1024

/** Appends to a log without ever blocking main. Past its size it becomes `<name>.1` and a new one starts. */
export class LogFile {
  private stream: WriteStream | null = null
  private size = 0
  private queue: Promise<void>

  constructor(
    readonly path: string,
    private readonly maxBytes = MAX_BYTES,
  ) {
    this.queue = this.open()
  }

  write(text: string): void {
    this.queue = this.queue.then(async () => {
      this.size += Buffer.byteLength(text)
      this.stream?.write(text)
      if (this.size > this.maxBytes) await this.rotate()
    })
  }

  /** Resolves when everything written so far is in the file. */
  async close(): Promise<void> {
    await this.queue
    await this.endStream()
  }

  private async open(): Promise<void> {
    try {
      await mkdir(dirname(this.path), { recursive: true })
      this.size = await stat(this.path).then(
        (found) => found.size,
        () => 0,
      )
      this.stream = createWriteStream(this.path, { flags: 'a' })
      // A full disk must not take the window down.
      this.stream.on('error', () => {
        this.stream = null
      })
    } catch {
      this.stream = null
    }
  }

  private async rotate(): Promise<void> {
    await this.endStream()
    await rename(this.path, `${this.path}.1`).catch(() => {})
    await this.open()
  }

  private endStream(): Promise<void> {
    const stream = this.stream
    this.stream = null
    return new Promise((done) => {
      if (stream === null) done()
      else stream.end(() => done())
    })
  }
}
