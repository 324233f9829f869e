import { resolve } from 'node:path'
import { type EngineState, events } from '@shared/contract'
import { AppError } from '@shared/errors/app-error'
import { afterEach, describe, expect, it } from 'vitest'
import { launchChild } from './launch-child'
import { EngineSupervisor, type SupervisorOptions, type Timing } from './supervisor'

const entry = resolve(__dirname, '../../testkit/engine/fixture-engine.cjs')
const QUICK: Partial<Timing> = { restartDelaysMs: [20, 40, 60], stopGraceMs: 300 }

class Bench {
  readonly states: EngineState[] = []
  readonly events: { topic: string; payload: unknown }[] = []
  log = ''
  private watchers: (() => void)[] = []
  readonly supervisor: EngineSupervisor

  constructor(mode = '', options: Partial<SupervisorOptions & Timing> = {}) {
    this.supervisor = new EngineSupervisor({
      launch: launchChild(process.execPath),
      start: { entry, args: ['--data', '/nowhere'], env: { ...process.env, FIXTURE_MODE: mode } },
      log: (chunk) => {
        this.log += chunk
      },
      logFile: '/logs/engine.log',
      onState: (state) => {
        this.states.push(state)
        for (const watcher of this.watchers.splice(0)) watcher()
      },
      onEvent: (topic, payload) => this.events.push({ topic, payload }),
      ...QUICK,
      ...options,
    })
    this.supervisor.start()
  }

  /** Waits for a state reached after `since` earlier ones. */
  async reached(state: EngineState['state'], since = 0): Promise<EngineState> {
    for (;;) {
      const found = this.states.slice(since).find((one) => one.state === state)
      if (found !== undefined) return found
      await new Promise<void>((done) => this.watchers.push(done))
    }
  }

  kill(): void {
    const { pid } = this.supervisor
    if (pid === undefined) throw new Error('no engine to kill')
    process.kill(pid, 'SIGKILL')
  }
}

const benches: Bench[] = []
const bench = (mode?: string, options?: Partial<SupervisorOptions & Timing>): Bench => {
  const made = new Bench(mode, options)
  benches.push(made)
  return made
}

const failure = async (call: Promise<unknown>): Promise<AppError> => {
  const error: unknown = await call.then(
    (value) => expect.fail(`resolved with ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  )
  if (!(error instanceof AppError)) throw error
  return error
}

afterEach(async () => {
  for (const one of benches.splice(0)) await one.supervisor.stop()
})

describe('EngineSupervisor with a real child process', () => {
  it('starts the engine, passes its arguments and answers calls made before it was ready', async () => {
    const { supervisor } = bench()
    expect(supervisor.state.state).toBe('starting')
    const health = await supervisor.call('system.health', {})
    expect(health).toMatchObject({ pid: supervisor.pid, args: ['--data', '/nowhere'] })
    expect(supervisor.state).toMatchObject({ state: 'ready', restarts: 0, reason: null })
  })

  it('carries values that JSON would lose, and the errors of the engine', async () => {
    const { supervisor } = bench()
    const input = { when: new Date(5), bytes: new Uint8Array([1, 2]), big: 2n ** 70n }
    expect(await supervisor.call('executions.start', input)).toEqual({ echo: input })
    expect(await failure(supervisor.call('executions.get', {}))).toMatchObject({
      code: 'NOT_FOUND',
      kind: 'not-found',
    })
  })

  it('subscribes to every topic, relays events, and lets no engine tell its own state', async () => {
    const one = bench()
    await one.supervisor.call('casillas.list', {})
    expect(one.events).toEqual([{ topic: 'casillas.changed', payload: { id: 7 } }])
    expect(await one.supervisor.call('system.health', {})).toMatchObject({
      topics: Object.keys(events).sort(),
    })
  })

  it('rejects every pending call with ENGINE_LOST when the engine is killed, and comes back', async () => {
    const one = bench()
    await one.reached('ready')
    const before = one.supervisor.pid
    const calls = [1, 2, 3].map(() => failure(one.supervisor.call('executions.list', {})))
    const command = failure(one.supervisor.call('executions.list', {}).then(() => null))
    await one.supervisor.call('system.health', {})
    const seen = one.states.length
    one.kill()
    for (const error of await Promise.all([...calls, command])) expect(error.code).toBe('ENGINE_LOST')
    const degraded = await one.reached('degraded', seen)
    expect(degraded).toMatchObject({ restarts: 1 })
    expect(degraded.reason).toContain('SIGKILL')
    await one.reached('ready', seen)
    expect(await one.supervisor.call('system.health', {})).toMatchObject({ pid: one.supervisor.pid })
    expect(one.supervisor.pid).not.toBe(before)
    expect(one.supervisor.state.restarts).toBe(1)
  })

  it('says whether a lost call may be sent again', async () => {
    const one = bench()
    await one.reached('ready')
    const read = failure(one.supervisor.call('executions.list', {}))
    const write = failure(one.supervisor.call('settings.set', { value: 4 }))
    expect((await read).retryable).toBe(true)
    expect((await write).retryable).toBe(true)
    await one.reached('ready', one.states.length - 1)
    const change = failure(one.supervisor.call('casillas.saveYaml', {}))
    await one.supervisor.call('system.health', {})
    one.kill()
    expect(await change).toMatchObject({ code: 'ENGINE_LOST', retryable: false })
  })

  it('keeps calls made while the engine is coming back', async () => {
    const one = bench('', { restartDelaysMs: [150] })
    await one.reached('ready')
    const seen = one.states.length
    one.kill()
    await one.reached('degraded', seen)
    expect(await one.supervisor.call('system.health', {})).toMatchObject({ pid: one.supervisor.pid })
  })

  it('stops after a crash loop, names the log, and starts again only when asked', async () => {
    const one = bench('crash')
    const stopped = await one.reached('stopped')
    expect(stopped.restarts).toBe(3)
    expect(stopped.reason).toContain('/logs/engine.log')
    expect(stopped.logFile).toBe('/logs/engine.log')
    expect(one.states.filter((state) => state.state === 'degraded').length).toBe(3)
    expect(one.log.match(/fixture crash/g)?.length).toBe(4)
    expect((await failure(one.supervisor.call('system.health', {}))).code).toBe('ENGINE_STOPPED')
    const seen = one.states.length
    await one.supervisor.restart()
    expect(await one.reached('starting', seen)).toBeTruthy()
    await one.reached('stopped', seen)
    expect(one.log.match(/fixture crash/g)?.length).toBe(8)
  })

  it('rejects calls that waited for an engine that never came', async () => {
    const one = bench('crash')
    expect((await failure(one.supervisor.call('system.health', {}))).code).toBe('ENGINE_STOPPED')
  })

  it('does not restart an engine that says why it can not start', async () => {
    const one = bench('fatal')
    const stopped = await one.reached('stopped')
    expect(stopped).toMatchObject({ restarts: 0, lastError: { code: 'STORE_NEWER' } })
    expect(stopped.reason).toContain('el almacén es más nuevo')
  })

  it('ends an engine that never says ready', async () => {
    const one = bench('silent', { startTimeoutMs: 150, crashLoop: { crashes: 1, withinMs: 1_000 } })
    expect((await one.reached('stopped')).reason).toContain('SIGKILL')
    expect(one.log).toContain('no dijo «ready»')
  })

  it('survives messages that are not of the contract', async () => {
    const one = bench('garbage')
    expect(await one.supervisor.call('system.health', {})).toMatchObject({ pid: one.supervisor.pid })
    expect(one.log).toContain('mensaje no reconocido')
  })

  it('cancels in the engine what the caller cancels', async () => {
    const { supervisor } = bench()
    const abort = new AbortController()
    const call = failure(supervisor.call('rules.try', {}, abort.signal))
    const listed = await supervisor.call('settings.get', {})
    expect(listed).toMatchObject({ values: { waiting: [expect.any(Number)] } })
    abort.abort()
    expect((await call).code).toBe('CANCELLED')
    expect(await supervisor.call('settings.get', {})).toEqual({ values: { waiting: [] } })
  })

  it('restarts on request, and stop ends a stubborn engine after the grace period', async () => {
    const one = bench('stubborn')
    await one.reached('ready')
    const first = one.supervisor.pid
    const seen = one.states.length
    const lost = failure(one.supervisor.call('executions.list', {}))
    await one.supervisor.restart()
    expect((await lost).code).toBe('ENGINE_LOST')
    await one.reached('ready', seen)
    expect(one.supervisor.pid).not.toBe(first)
    await one.supervisor.stop()
    expect(one.supervisor.pid).toBeUndefined()
    expect((await failure(one.supervisor.call('system.health', {}))).code).toBe('ENGINE_STOPPED')
  })

  it('reports a Node that can not be started', async () => {
    const one = bench('', { launch: launchChild('/no/such/node') })
    expect((await one.reached('stopped')).reason).toContain('ENOENT')
  })
})
