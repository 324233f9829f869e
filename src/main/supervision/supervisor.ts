import {
  type EngineState,
  type EventName,
  events,
  type FromEngine,
  fromEngineSchema,
  type OperationName,
  operations,
  type ToEngine,
} from '@shared/contract'
import { AppError, type AppErrorData } from '@shared/errors/app-error'
import type { EngineProcess, EngineStart, LaunchEngine } from './engine-process'
import { PendingCalls } from './pending-calls'

export interface SupervisorOptions {
  launch: LaunchEngine
  start: Omit<EngineStart, 'log'>
  log: (chunk: string) => void
  logFile: string | null
  onState: (state: EngineState) => void
  onEvent: (topic: EventName, payload: unknown) => void
}

export interface Timing {
  /** Waits before each restart; the last one repeats. */
  restartDelaysMs: readonly number[]
  /** So many crashes within so long are a loop: no more restarts by itself. */
  crashLoop: { crashes: number; withinMs: number }
  startTimeoutMs: number
  stopGraceMs: number
}

const DEFAULTS: Timing = {
  restartDelaysMs: [500, 2_000, 10_000],
  crashLoop: { crashes: 4, withinMs: 60_000 },
  // A store migration with its backup may take long on a big store.
  startTimeoutMs: 120_000,
  stopGraceMs: 5_000,
}

type State = EngineState['state']

/**
 * Keeps one engine alive: starts it, relays calls and events, restarts it after a crash, and gives up with a reason when it
 * crashes in a loop. When the engine goes away every call it had in its hands rejects with ENGINE_LOST; calls made while it comes
 * back wait for it, within their deadline.
 */
export class EngineSupervisor {
  private readonly options: SupervisorOptions & Timing
  private readonly calls: PendingCalls
  private engine: EngineProcess | null = null
  private current: EngineState
  private crashes: number[] = []
  private fatal: AppErrorData | null = null
  private restartTimer: NodeJS.Timeout | undefined
  private startTimer: NodeJS.Timeout | undefined
  private quitting = false
  private exited: (() => void)[] = []

  constructor(options: SupervisorOptions & Partial<Timing>) {
    this.options = { ...DEFAULTS, ...options }
    this.current = {
      state: 'stopped',
      since: new Date().toISOString(),
      restarts: 0,
      reason: null,
      logFile: options.logFile,
      lastError: null,
    }
    this.calls = new PendingCalls({
      canSend: () => this.current.state === 'ready',
      send: (id, op, input) => this.post({ kind: 'call', id, op, input }),
      cancel: (id) => this.post({ kind: 'cancel', id }),
    })
  }

  get state(): EngineState {
    return this.current
  }

  get pid(): number | undefined {
    return this.engine?.pid
  }

  start(): void {
    if (this.engine !== null || this.quitting) return
    clearTimeout(this.restartTimer)
    this.fatal = null
    if (this.current.state !== 'degraded') this.become('starting', null)
    const engine = this.options.launch({ ...this.options.start, log: this.options.log })
    this.engine = engine
    engine.onMessage((raw) => this.receive(engine, raw))
    engine.onExit((how) => this.onExit(engine, how))
    this.startTimer = setTimeout(() => {
      this.note(`no dijo «ready» en ${this.options.startTimeoutMs} ms: se detiene`)
      engine.kill()
    }, this.options.startTimeoutMs)
  }

  /**
   * @throws AppError ENGINE_LOST when the engine goes away under the call, ENGINE_STOPPED, DEADLINE_EXCEEDED, CANCELLED, or what
   * the engine answered
   */
  call(op: OperationName, input: unknown, signal?: AbortSignal): Promise<unknown> {
    if (this.current.state === 'stopped' || this.quitting) return Promise.reject(this.stoppedError())
    return this.calls.add(op, input, signal)
  }

  /** By the person: forgets the crashes and starts again, ending a running engine first. */
  async restart(): Promise<void> {
    clearTimeout(this.restartTimer)
    this.crashes = []
    if (this.engine !== null) await this.end()
    this.become('starting', null)
    this.start()
  }

  /** At the end of the program. */
  async stop(): Promise<void> {
    this.quitting = true
    clearTimeout(this.restartTimer)
    if (this.engine !== null) await this.end()
    this.calls.lose(() => this.stoppedError(), true)
  }

  /** Asks the engine to end, and ends it after a grace period. */
  private async end(): Promise<void> {
    const engine = this.engine
    if (engine === null) return
    const gone = new Promise<void>((done) => this.exited.push(done))
    this.expectedExit = engine
    this.post({ kind: 'shutdown' })
    const timer = setTimeout(() => engine.kill(), this.options.stopGraceMs)
    await gone
    clearTimeout(timer)
  }

  private expectedExit: EngineProcess | null = null

  private receive(engine: EngineProcess, raw: unknown): void {
    if (engine !== this.engine) return
    const parsed = fromEngineSchema.safeParse(raw)
    if (parsed.success) this.handle(parsed.data)
    else this.note(`mensaje no reconocido: ${parsed.error.issues[0]?.message ?? ''}`)
  }

  private handle(message: FromEngine): void {
    switch (message.kind) {
      case 'hello':
        this.note(`motor ${message.version}, proceso ${message.pid}`)
        for (const topic of Object.keys(events)) this.post({ kind: 'subscribe', topic })
        break
      case 'ready':
        clearTimeout(this.startTimer)
        this.become('ready', null)
        this.calls.flush()
        break
      case 'fatal':
        this.fatal = message.error
        this.note(`no pudo iniciar: ${message.error.code} ${message.error.message}`)
        break
      case 'result':
        if (message.ok) this.calls.resolve(message.id, message.output)
        else this.calls.reject(message.id, AppError.fromData(message.error))
        break
      case 'event':
        this.relay(message.topic, message.payload)
        break
    }
  }

  /** The engine tells about its work; only main tells about the engine. */
  private relay(topic: string, payload: unknown): void {
    if (topic === 'engine.state' || !Object.hasOwn(events, topic)) return
    this.options.onEvent(topic as EventName, payload)
  }

  private onExit(engine: EngineProcess, how: string): void {
    if (engine !== this.engine) return
    clearTimeout(this.startTimer)
    this.engine = null
    const expected = this.expectedExit === engine
    this.expectedExit = null
    this.note(`terminó (${how})${expected ? '' : ' sin que se le pidiera'}`)
    this.calls.lose((op) => lost(op), false)
    for (const done of this.exited.splice(0)) done()
    if (expected) this.become('stopped', null)
    else this.recover(how)
  }

  private recover(how: string): void {
    const now = Date.now()
    const { crashes, withinMs } = this.options.crashLoop
    this.crashes = [...this.crashes.filter((at) => now - at < withinMs), now]
    const fatal = this.fatal
    if (fatal !== null && !fatal.retryable) {
      this.giveUp(`El motor no puede iniciar: ${fatal.message}`, fatal)
      return
    }
    if (this.crashes.length >= crashes) {
      const where = this.options.logFile === null ? '' : ` El registro está en ${this.options.logFile}.`
      this.giveUp(`El motor se cerró ${this.crashes.length} veces seguidas (${how}).${where}`, fatal)
      return
    }
    const delays = this.options.restartDelaysMs
    const delay = delays[Math.min(this.crashes.length, delays.length) - 1] ?? 0
    this.become('degraded', `El motor se cerró (${how}). Se reinicia en ${delay / 1000} s.`, fatal, 1)
    this.restartTimer = setTimeout(() => this.start(), delay)
  }

  private giveUp(reason: string, error: AppErrorData | null): void {
    this.become('stopped', reason, error)
    this.calls.lose(() => this.stoppedError(), true)
  }

  private become(
    state: State,
    reason: string | null,
    lastError: AppErrorData | null = null,
    restarts = 0,
  ): void {
    this.current = {
      ...this.current,
      state,
      reason,
      lastError,
      since: new Date().toISOString(),
      restarts: this.current.restarts + restarts,
    }
    this.note(`estado ${state}${reason === null ? '' : `: ${reason}`}`)
    this.options.onState(this.current)
  }

  private post(message: ToEngine): void {
    this.engine?.post(message)
  }

  private note(line: string): void {
    this.options.log(`${new Date().toISOString()} supervisor ${line}\n`)
  }

  private stoppedError(): AppError {
    return new AppError('ENGINE_STOPPED', {
      kind: 'terminal',
      message: this.current.reason ?? 'El motor está detenido.',
      hint: 'Reiniciar el motor desde la consola.',
      details: this.current.logFile === null ? undefined : { logFile: this.current.logFile },
    })
  }
}

/** Sending again is safe only for what the contract calls idempotent. */
const lost = (op: OperationName): AppError =>
  new AppError('ENGINE_LOST', {
    kind: 'transient',
    message: `El motor se cerró mientras atendía ${op}.`,
    hint: operations[op].idempotent
      ? 'Intentarlo de nuevo cuando el motor esté listo.'
      : 'Comprobar si la acción quedó hecha antes de repetirla.',
    details: { op },
    retryable: operations[op].idempotent,
  })
