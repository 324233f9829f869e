import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import {
  type EventName,
  events,
  fromEngineSchema,
  type OperationInput,
  type OperationName,
  type OperationOutput,
  operations,
  type ToEngine,
} from '@shared/contract'
import { AppError } from '@shared/errors/app-error'

export interface EngineChildOptions {
  node: string
  /** The built engine. */
  host: string
  /** The repository: resources and migrations. */
  root: string
  dataDir: string
}

interface Call {
  resolve(value: unknown): void
  reject(error: unknown): void
}

/** The real engine in a process of its own, spoken to as main does, to be killed at any instant. */
export class EngineChild {
  readonly ready: Promise<void>
  readonly exited: Promise<void>
  private readonly child: ChildProcess
  private readonly calls = new Map<number, Call>()
  private readonly listeners = new Set<(topic: string) => void>()
  private lastId = 0

  constructor(options: EngineChildOptions) {
    const { root } = options
    const args = ['--data', options.dataDir, '--resources', join(root, 'resources')]
    this.child = fork(options.host, [...args, '--migrations', join(root, 'migrations')], {
      execPath: options.node,
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: ['--no-warnings'],
    })
    this.exited = new Promise((done) => {
      this.child.once('exit', () => {
        const lost = new AppError('ENGINE_LOST', { kind: 'transient', message: 'El motor terminó.' })
        for (const call of this.calls.values()) call.reject(lost)
        this.calls.clear()
        for (const listener of [...this.listeners]) listener('exit')
        done()
      })
    })
    this.ready = new Promise((done, fail) => {
      this.child.on('message', (raw) => this.receive(raw, done, fail))
      void this.exited.then(() => fail(new Error('the engine ended before it was ready')))
    })
    this.ready.catch(() => undefined)
  }

  private receive(raw: unknown, ready: () => void, failed: (error: unknown) => void): void {
    const message = fromEngineSchema.parse(raw)
    if (message.kind === 'hello') {
      for (const topic of Object.keys(events)) this.send({ kind: 'subscribe', topic })
    } else if (message.kind === 'ready') ready()
    else if (message.kind === 'fatal') failed(AppError.fromData(message.error))
    else if (message.kind === 'event') for (const listener of [...this.listeners]) listener(message.topic)
    else if (message.kind === 'result') {
      const call = this.calls.get(message.id)
      this.calls.delete(message.id)
      if (message.ok) call?.resolve(message.output)
      else call?.reject(AppError.fromData(message.error))
    }
  }

  private send(message: ToEngine): void {
    if (this.child.connected) this.child.send(message, () => undefined)
  }

  async call<N extends OperationName>(op: N, input: OperationInput<N>): Promise<OperationOutput<N>> {
    const id = ++this.lastId
    const output = await new Promise((resolve, reject) => {
      this.calls.set(id, { resolve, reject })
      this.send({ kind: 'call', id, op, input })
    })
    return operations[op].output.parse(output) as OperationOutput<N>
  }

  /** Resolves once `test` holds, asked again whenever one of the topics is told. */
  async until(topics: readonly EventName[], test: () => Promise<boolean>): Promise<void> {
    const names: readonly string[] = [...topics, 'exit']
    let told = true
    let wake: () => void = () => undefined
    const listener = (topic: string): void => {
      if (!names.includes(topic)) return
      told = true
      wake()
    }
    this.listeners.add(listener)
    try {
      for (;;) {
        if (!told) {
          await new Promise<void>((done) => {
            wake = done
          })
        }
        told = false
        if (await test()) return
      }
    } finally {
      this.listeners.delete(listener)
    }
  }

  kill(): Promise<void> {
    this.child.kill('SIGKILL')
    return this.exited
  }

  shutdown(): Promise<void> {
    this.send({ kind: 'shutdown' })
    return this.exited
  }
}
