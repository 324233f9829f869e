import { type ChildProcess, fork } from 'node:child_process'
import { join, resolve } from 'node:path'
import {
  type EventName,
  type EventPayload,
  events,
  fromEngineSchema,
  type OperationInput,
  type OperationName,
  type OperationOutput,
  type ToEngine,
} from '@shared/contract'
import { AppError, type AppErrorData } from '@shared/errors/app-error'
import { build } from 'vite'

const ROOT = resolve(__dirname, '../../..')
export const RESOURCES = join(ROOT, 'resources')

/** Bundles the host as the product does (inside the repository, where its native packages are found) and gives its path. */
export async function buildHost(outDir: string): Promise<string> {
  await build({
    configFile: false,
    logLevel: 'error',
    resolve: {
      alias: { '@shared': join(ROOT, 'src/shared'), '@engine': join(ROOT, 'src/engine') },
      conditions: ['node'],
    },
    ssr: { noExternal: true, external: ['better-sqlite3', '@duckdb/node-api', 'ssh2', 'ssh2-sftp-client'] },
    build: {
      ssr: true,
      target: 'node22',
      outDir,
      emptyOutDir: true,
      minify: false,
      rollupOptions: {
        input: { host: join(ROOT, 'src/engine/host/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: '[name]-[hash].cjs' },
      },
    },
  })
  return join(outDir, 'host.cjs')
}

interface Told {
  topic: string
  payload: unknown
}

/** A real engine process, spoken to as main does. */
export class EngineProcess {
  readonly events: Told[] = []
  readonly ready: Promise<void>
  readonly exited: Promise<number | null>
  fatal: AppErrorData | null = null
  private readonly child: ChildProcess
  private readonly calls = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>()
  private readonly listeners = new Set<(event: Told) => void>()
  private lastId = 0

  constructor(entry: string, dataDir: string, migrations = join(ROOT, 'migrations')) {
    this.child = fork(entry, ['--data', dataDir, '--resources', RESOURCES, '--migrations', migrations], {
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      execArgv: [],
    })
    this.exited = new Promise((done) => {
      this.child.once('exit', (code) => {
        const lost = new AppError('ENGINE_LOST', { kind: 'transient', message: 'El motor terminó.' })
        for (const call of this.calls.values()) call.reject(lost)
        done(code)
      })
    })
    this.ready = new Promise((done, fail) => {
      this.child.on('message', (raw) => this.receive(raw, done, fail))
      void this.exited.then((code) => fail(new Error(`salió con ${code}`)))
    })
    // A test that expects a failure looks at `fatal`.
    this.ready.catch(() => undefined)
  }

  private receive(raw: unknown, ready: () => void, failed: (error: AppError) => void): void {
    const message = fromEngineSchema.parse(raw)
    switch (message.kind) {
      case 'hello':
        for (const topic of Object.keys(events)) this.send({ kind: 'subscribe', topic })
        break
      case 'ready':
        ready()
        break
      case 'fatal':
        this.fatal = message.error
        failed(AppError.fromData(message.error))
        break
      case 'event':
        this.events.push(message)
        for (const listener of [...this.listeners]) listener(message)
        break
      case 'result': {
        const call = this.calls.get(message.id)
        this.calls.delete(message.id)
        if (message.ok) call?.resolve(message.output)
        else call?.reject(AppError.fromData(message.error))
      }
    }
  }

  private send(message: ToEngine): void {
    this.child.send(message)
  }

  call<N extends OperationName>(op: N, input: OperationInput<N>): Promise<OperationOutput<N>> {
    const id = ++this.lastId
    return new Promise((done, reject) => {
      // The engine checks its own outputs against the contract in tests.
      this.calls.set(id, { resolve: (value) => done(value as OperationOutput<N>), reject })
      this.send({ kind: 'call', id, op, input })
    })
  }

  next<N extends EventName>(topic: N, test: (payload: EventPayload<N>) => boolean): Promise<EventPayload<N>> {
    const told = new Promise<EventPayload<N>>((done, reject) => {
      const listener = (event: Told): void => {
        if (event.topic !== topic) return
        const payload = event.payload as EventPayload<N>
        if (!test(payload)) return
        this.listeners.delete(listener)
        done(payload)
      }
      this.listeners.add(listener)
      void this.exited.then((code) => reject(new Error(`el motor salió con ${code} antes de ${topic}`)))
    })
    // One that nobody awaits any more (the engine was killed on purpose) is not a failure by itself.
    told.catch(() => undefined)
    return told
  }

  kill(): Promise<number | null> {
    this.child.kill('SIGKILL')
    return this.exited
  }

  shutdown(): Promise<number | null> {
    if (this.child.connected) this.send({ kind: 'shutdown' })
    return this.exited
  }
}
