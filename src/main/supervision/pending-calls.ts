import { type OperationName, operations } from '@shared/contract'
import { AppError } from '@shared/errors/app-error'

interface Pending {
  op: OperationName
  input: unknown
  sent: boolean
  resolve(output: unknown): void
  reject(error: AppError): void
  timer: NodeJS.Timeout
}

interface Hooks {
  send(id: number, op: OperationName, input: unknown): void
  cancel(id: number): void
  canSend(): boolean
}

/** The calls that wait for the engine: numbered, each with its deadline, all of them rejected when the engine is lost. */
export class PendingCalls {
  private readonly calls = new Map<number, Pending>()
  private nextId = 1

  constructor(private readonly hooks: Hooks) {}

  get size(): number {
    return this.calls.size
  }

  /** Sends now, or as soon as the engine is ready. `signal` cancels. */
  add(op: OperationName, input: unknown, signal?: AbortSignal): Promise<unknown> {
    const id = this.nextId++
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.giveUp(id, deadlineExceeded(op)), operations[op].deadlineMs)
      const onAbort = (): void => this.giveUp(id, cancelled(op))
      const settle = (): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
      }
      const call: Pending = {
        op,
        input,
        sent: false,
        timer,
        resolve: (output) => {
          settle()
          resolve(output)
        },
        reject: (error) => {
          settle()
          reject(error)
        },
      }
      this.calls.set(id, call)
      if (signal?.aborted) return onAbort()
      signal?.addEventListener('abort', onAbort, { once: true })
      if (this.hooks.canSend()) this.dispatch(id, call)
    })
  }

  /** The engine is ready: what waited goes out in the order it came. */
  flush(): void {
    for (const [id, call] of this.calls) if (!call.sent) this.dispatch(id, call)
  }

  resolve(id: number, output: unknown): void {
    this.take(id)?.resolve(output)
  }

  reject(id: number, error: AppError): void {
    this.take(id)?.reject(error)
  }

  /** Rejects what the engine had in its hands; what was not sent yet goes on waiting for the next one unless `all`. */
  lose(error: (op: OperationName) => AppError, all: boolean): void {
    for (const [id, call] of [...this.calls]) {
      if (call.sent || all) this.reject(id, error(call.op))
    }
  }

  private dispatch(id: number, call: Pending): void {
    call.sent = true
    try {
      this.hooks.send(id, call.op, call.input)
    } catch (error) {
      // Not cloneable, or the channel broke under us.
      this.reject(id, AppError.from(error))
    }
  }

  private giveUp(id: number, error: AppError): void {
    const call = this.take(id)
    if (call === undefined) return
    if (call.sent) this.hooks.cancel(id)
    call.reject(error)
  }

  private take(id: number): Pending | undefined {
    const call = this.calls.get(id)
    this.calls.delete(id)
    return call
  }
}

const cancelled = (op: string): AppError =>
  new AppError('CANCELLED', { kind: 'cancelled', message: `Se canceló ${op}.` })

const deadlineExceeded = (op: OperationName): AppError =>
  new AppError('DEADLINE_EXCEEDED', {
    kind: 'transient',
    message: `El motor no respondió a ${op} en ${Math.round(operations[op].deadlineMs / 1000)} segundos.`,
    hint: 'Intentarlo de nuevo; si se repite, reiniciar el motor y revisar su registro.',
  })
