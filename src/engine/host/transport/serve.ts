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

/**
 * Opens the engine's side of the transport and says hello. Messages: src/shared/contract/messages.ts.
 * Use: `const t = openTransport(port, { version })`, open the store, then `t.serve(handlers)` or `await t.fatal(error)`.
 */
export function openTransport(port: EnginePort, options: TransportOptions): EngineTransport {
  const warn = options.warn ?? ((line) => process.stderr.write(`${line}\n`))
  const role = options.role ?? 'admin'
  const checkOutput = options.checkOutput ?? checkByDefault()
  const topics = new Set<string>()
  const running = new Map<number, AbortController>()
  let handlers: EngineHandlers | null = null
  let shutdownWork: () => Promise<void> | void = () => {}
  let ending = false

  const post = (message: FromEngine): void => port.post(message)

  const shutdown = async (): Promise<void> => {
    if (ending) return
    ending = true
    for (const abort of running.values()) abort.abort()
    try {
      await shutdownWork()
    } catch (error) {
      warn(`engine shutdown: ${AppError.from(error).message}`)
    }
    process.exit(0)
  }

  const call = async (id: number, op: string, input: unknown): Promise<void> => {
    if (running.has(id)) return warn(`engine transport: call ${id} is already running, ignored`)
    if (handlers === null) {
      const error = new AppError('ENGINE_STARTING', {
        kind: 'transient',
        message: 'El motor todavía está iniciando.',
      })
      return post({ kind: 'result', id, ok: false, error: error.toData() })
    }
    const abort = new AbortController()
    running.set(id, abort)
    try {
      const output = await runCall(handlers, op, input, abort, { role, checkOutput })
      post({ kind: 'result', id, ok: true, output })
    } catch (error) {
      const failure = AppError.from(error)
      if (failure.kind === 'bug')
        warn(`engine ${op}: ${error instanceof Error ? error.stack : failure.message}`)
      post({ kind: 'result', id, ok: false, error: failure.toData() })
    } finally {
      running.delete(id)
    }
  }

  const receive = (message: ToEngine): void => {
    switch (message.kind) {
      case 'call':
        void call(message.id, message.op, message.input)
        break
      case 'cancel':
        running.get(message.id)?.abort()
        break
      case 'subscribe':
        topics.add(message.topic)
        break
      case 'unsubscribe':
        topics.delete(message.topic)
        break
      case 'shutdown':
        void shutdown()
        break
    }
  }

  port.onMessage((raw) => {
    const parsed = toEngineSchema.safeParse(raw)
    if (parsed.success) receive(parsed.data)
    else warn(`engine transport: message refused: ${parsed.error.issues[0]?.message ?? 'unknown shape'}`)
  })
  port.onClose(() => void shutdown())
  post({ kind: 'hello', protocol: PROTOCOL, pid: process.pid, version: options.version })

  return {
    emit: (topic, payload) => {
      if (topics.has(topic))
        post({ kind: 'event', topic, payload: checkOutput ? checkedEvent(topic, payload) : payload })
    },
    serve: (table) => {
      handlers = table
      post({ kind: 'ready' })
    },
    fatal: (error) => {
      post({ kind: 'fatal', error: AppError.from(error).toData() })
      // The message must leave this process before it exits; neither transport says when it has.
      return new Promise((done) => setTimeout(done, 50))
    },
    onShutdown: (work) => {
      shutdownWork = work
    },
  }
}

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
