import {
  type Emit,
  type EngineHandlers,
  type EventName,
  events,
  type FromEngine,
  PROTOCOL,
  type Role,
  type ToEngine,
  toEngineSchema,
} from '@shared/contract'
import { AppError } from '@shared/errors/app-error'
import { runCall } from './calls'
import type { EnginePort } from './port'

export interface TransportOptions {
  version: string
  /** What the caller at the other end may do. Main serves the person at the desk: admin. */
  role?: Role
  /** Check outputs and events against the contract. Default: on unless SAGE_CHECK_OUTPUT=0 or the program is packaged. */
  checkOutput?: boolean
  /** One line about what the other side did wrong. Default: stderr, which main keeps in the engine's log. */
  warn?: (line: string) => void
}

export interface EngineTransport {
  /** Sends an event to whoever subscribed to its topic. Works from the start; before `serve` nobody has subscribed. */
  emit: Emit
  /** Starts answering calls and says `ready`. */
  serve(handlers: EngineHandlers): void
  /** The engine cannot start: says why. Exit after it resolves. */
  fatal(error: unknown): Promise<void>
  /** `work` runs when main asks for the end or goes away; the process exits when it is done. Default: exit at once. */
  onShutdown(work: () => Promise<void> | void): void
}

const checkByDefault = (): boolean => process.env.SAGE_CHECK_OUTPUT !== '0'

class Transport implements EngineTransport {
  private readonly warn: (line: string) => void
  private readonly role: Role
  private readonly checkOutput: boolean
  private readonly topics = new Set<string>()
  private readonly running = new Map<number, { abort: AbortController; ended: Promise<void> }>()
  private handlers: EngineHandlers | null = null
  private shutdownWork: () => Promise<void> | void = () => {}
  private ending = false

  constructor(
    private readonly port: EnginePort,
    options: TransportOptions,
  ) {
    this.warn = options.warn ?? ((line) => process.stderr.write(`${line}\n`))
    this.role = options.role ?? 'admin'
    this.checkOutput = options.checkOutput ?? checkByDefault()
    port.onMessage((raw) => {
      const parsed = toEngineSchema.safeParse(raw)
      if (parsed.success) this.receive(parsed.data)
      else
        this.warn(`engine transport: message refused: ${parsed.error.issues[0]?.message ?? 'unknown shape'}`)
    })
    port.onClose(() => void this.shutdown())
    this.post({ kind: 'hello', protocol: PROTOCOL, pid: process.pid, version: options.version })
  }

  /** An arrow, so that it can be handed around alone. */
  readonly emit: Emit = (topic, payload) => {
    if (!this.topics.has(topic)) return
    this.post({ kind: 'event', topic, payload: this.checkOutput ? checkedEvent(topic, payload) : payload })
  }

  serve(handlers: EngineHandlers): void {
    this.handlers = handlers
    this.post({ kind: 'ready' })
  }

  fatal(error: unknown): Promise<void> {
    this.post({ kind: 'fatal', error: AppError.from(error).toData() })
    // The message must leave this process before it exits; neither transport says when it has.
    return new Promise((done) => setTimeout(done, 50))
  }

  onShutdown(work: () => Promise<void> | void): void {
    this.shutdownWork = work
  }

  private post(message: FromEngine): void {
    this.port.post(message)
  }

  private receive(message: ToEngine): void {
    switch (message.kind) {
      case 'call':
        this.call(message.id, message.op, message.input)
        break
      case 'cancel':
        this.running.get(message.id)?.abort.abort()
        break
      case 'subscribe':
        this.topics.add(message.topic)
        break
      case 'unsubscribe':
        this.topics.delete(message.topic)
        break
      case 'shutdown':
        void this.shutdown()
        break
    }
  }

  private call(id: number, op: string, input: unknown): void {
    if (this.running.has(id)) {
      this.warn(`engine transport: call ${id} is already running, ignored`)
      return
    }
    const abort = new AbortController()
    const ended = this.answer(id, op, input, abort).finally(() => this.running.delete(id))
    this.running.set(id, { abort, ended })
  }

  private async answer(id: number, op: string, input: unknown, abort: AbortController): Promise<void> {
    try {
      if (this.handlers === null) throw starting()
      const output = await runCall(this.handlers, op, input, abort, {
        role: this.role,
        checkOutput: this.checkOutput,
      })
      this.post({ kind: 'result', id, ok: true, output })
    } catch (error) {
      const failure = AppError.from(error)
      if (failure.kind === 'bug')
        this.warn(`engine ${op}: ${error instanceof Error ? error.stack : failure.message}`)
      this.post({ kind: 'result', id, ok: false, error: failure.toData() })
    }
  }

  private async shutdown(): Promise<void> {
    if (this.ending) return
    this.ending = true
    const calls = [...this.running.values()]
    for (const { abort } of calls) abort.abort()
    // An aborted call answers at once, whatever its handler does; the answer goes out before the process does.
    await Promise.all(calls.map(({ ended }) => ended))
    try {
      await this.shutdownWork()
    } catch (error) {
      this.warn(`engine shutdown: ${AppError.from(error).message}`)
    }
    process.exit(0)
  }
}

/**
 * Opens the engine's side of the transport and says hello. Messages: src/shared/contract/messages.ts.
 * Use: `const t = openTransport(port, { version })`, open the store, then `t.serve(handlers)` or `await t.fatal(error)`.
 */
export function openTransport(port: EnginePort, options: TransportOptions): EngineTransport {
  return new Transport(port, options)
}

const starting = (): AppError =>
  new AppError('ENGINE_STARTING', { kind: 'transient', message: 'El motor todavía está iniciando.' })

function checkedEvent(topic: EventName, payload: unknown): unknown {
  const parsed = events[topic].safeParse(payload)
  if (parsed.success) return payload
  throw new AppError('OUTPUT_INVALID', {
    kind: 'bug',
    message: `El evento ${topic} no cumple su contrato: ${parsed.error.issues[0]?.message ?? ''}`,
  })
}

/** `openTransport` and `serve` in one step, for a host with nothing to prepare in between. */
export function serve(
  port: EnginePort,
  handlers: EngineHandlers,
  options: TransportOptions,
): EngineTransport {
  const transport = openTransport(port, options)
  transport.serve(handlers)
  return transport
}
