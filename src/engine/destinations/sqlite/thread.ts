import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { cancelled } from '@engine/duckdb'
import { AppError } from '@shared/errors/app-error'
import { z } from 'zod'
import { notOpen } from '../shared/not-open'
import { sqliteError } from './errors'
import type { Request } from './protocol'

/** Beside the engine's bundle, above its chunks, or as it stands in the sources (tests). */
const FILES = [
  join(__dirname, 'sqlite-worker.cjs'),
  join(__dirname, '..', 'sqlite-worker.cjs'),
  join(__dirname, 'worker.ts'),
]

const replySchema = z.discriminatedUnion('ok', [
  z.object({
    id: z.number(),
    ok: z.literal(true),
    changes: z.number(),
    rows: z.array(z.array(z.string().nullable())),
  }),
  z.object({
    ...{ id: z.number(), ok: z.literal(false), code: z.string(), message: z.string() },
    fila: z.number(),
  }),
])
type Answer = Extract<z.infer<typeof replySchema>, { ok: true }>

interface Waiting {
  done(answer: Answer): void
  fail(error: AppError): void
}

/**
 * The thread that has one SQLite file open. Aborting `signal` ends it: SQLite rolls back what was open when its statement ends, and every
 * call that waits fails at once with CANCELLED.
 */
export class SqliteThread {
  private readonly worker: Worker
  private readonly waiting = new Map<number, Waiting>()
  private lastId = 0
  private ended: AppError | null = null
  private readonly onAbort = (): void => this.end(cancelled())

  constructor(
    private readonly path: string,
    private readonly signal: AbortSignal | undefined,
  ) {
    const file = FILES.find((one) => existsSync(one)) ?? 'sqlite-worker.cjs'
    // The sources are not a package that says what its modules are; Node finds out, and need not tell.
    const execArgv = file.endsWith('.ts') ? ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON'] : []
    this.worker = new Worker(file, { execArgv, name: 'sqlite' })
    this.worker.on('message', (message: unknown) => this.settle(message))
    this.worker.on('error', (error) => this.end(AppError.from(error)))
    this.worker.on('exit', () => this.end(notOpen(`SQLite (${path})`)))
    signal?.addEventListener('abort', this.onAbort)
    if (signal?.aborted) this.onAbort()
  }

  /** @throws AppError of errors.ts; CANCELLED; CONEXION_PERDIDA when the thread is gone */
  call(request: Request, transfer: ArrayBuffer[] = []): Promise<Answer> {
    if (this.ended) return Promise.reject(this.ended)
    this.lastId += 1
    const id = this.lastId
    return new Promise((done, fail) => {
      this.waiting.set(id, { done, fail })
      this.worker.postMessage({ id, request }, transfer)
    })
  }

  /** Resolves when the file is closed, however the thread ended. */
  async close(): Promise<void> {
    this.signal?.removeEventListener('abort', this.onAbort)
    await this.call({ op: 'close' }).catch(() => undefined)
    await this.worker.terminate()
  }

  private settle(message: unknown): void {
    const reply = replySchema.parse(message)
    const waiting = this.waiting.get(reply.id)
    this.waiting.delete(reply.id)
    if (reply.ok) waiting?.done(reply)
    else waiting?.fail(sqliteError(reply, this.path))
  }

  private end(error: AppError): void {
    if (this.ended) return
    this.ended = error
    for (const { fail } of this.waiting.values()) fail(error)
    this.waiting.clear()
    void this.worker.terminate()
  }
}
