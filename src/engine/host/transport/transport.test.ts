import type { EngineHandlers, FromEngine, ToEngine } from '@shared/contract'
import { describe, expect, it } from 'vitest'
import type { EnginePort } from './port'
import { openTransport, serve, type TransportOptions } from './serve'
import { handlersWith } from './testing'

const ID = '0b9e5c0e-6f4e-4f7e-9d4b-0d3b7f1f2a11'

/** Main's end of the transport, in memory; the messages are cloned as both real channels do. */
class Peer {
  readonly received: FromEngine[] = []
  readonly warnings: string[] = []
  private listener: (message: unknown) => void = () => {}
  private watchers: (() => void)[] = []

  readonly port: EnginePort = {
    host: 'child',
    post: (message) => {
      this.received.push(structuredClone(message))
      for (const watcher of this.watchers.splice(0)) watcher()
    },
    onMessage: (listener) => {
      this.listener = listener
    },
    onClose: () => {},
  }

  constructor(handlers: Partial<EngineHandlers>, options: Partial<TransportOptions> = {}) {
    const warn = (line: string): void => void this.warnings.push(line)
    serve(this.port, handlersWith(handlers), { version: '1.0.0', checkOutput: true, warn, ...options })
  }

  send(message: unknown): void {
    this.listener(structuredClone(message))
  }

  async call(op: string, input: unknown, id = 1): Promise<FromEngine> {
    this.send({ kind: 'call', id, op, input } satisfies ToEngine)
    return this.result(id)
  }

  async result(id: number): Promise<FromEngine> {
    for (;;) {
      const found = this.received.find((message) => message.kind === 'result' && message.id === id)
      if (found !== undefined) return found
      await new Promise<void>((done) => this.watchers.push(done))
    }
  }
}

const codeOf = (message: FromEngine): string =>
  message.kind === 'result' && !message.ok ? message.error.code : `answered ${JSON.stringify(message)}`

describe('transport', () => {
  it('says hello and ready, and answers', async () => {
    const peer = new Peer({ 'settings.get': () => ({ values: { a: 1 } }) })
    expect(peer.received).toEqual([
      { kind: 'hello', protocol: 1, pid: process.pid, version: '1.0.0' },
      { kind: 'ready' },
    ])
    const answer = await peer.call('settings.get', {})
    expect(answer).toEqual({ kind: 'result', id: 1, ok: true, output: { values: { a: 1 } } })
  })

  it('gives handlers the parsed input, defaults filled in', async () => {
    let got: unknown
    const peer = new Peer({
      'executions.list': (input) => {
        got = input
        return { items: [], total: 0 }
      },
    })
    await peer.call('executions.list', { search: 'x' })
    expect(got).toEqual({ search: 'x', limit: 200, offset: 0, sort: 'creadaEn', direction: 'desc' })
  })

  it.each<[string, string, unknown]>([
    ['an unknown key', 'settings.get', { extra: 1 }],
    ['nothing', 'settings.get', undefined],
    ['a list', 'settings.get', []],
    ['a wrong type', 'casillas.get', { id: '1' }],
    ['a number out of range', 'executions.list', { limit: 5001 }],
    ['not a number', 'executions.list', { offset: Number.NaN }],
    ['a sort that is no column', 'executions.list', { sort: '1; DROP TABLE ejecuciones_yaml' }],
    ['an id that is no UUID', 'executions.get', { executionId: '../../etc/passwd' }],
    ['an artifact that is none', 'executions.artifactPath', { executionId: ID, artifact: '../x' }],
    ['an own __proto__', 'settings.get', JSON.parse('{"__proto__":{"polluted":1}}')],
    [
      'a deep __proto__',
      'settings.set',
      { key: 'a', value: JSON.parse('{"b":[{"__proto__":{"polluted":1}}]}') },
    ],
    [
      'endless nesting',
      'settings.set',
      { key: 'a', value: JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`) },
    ],
    ['a crowd of values', 'settings.set', { key: 'a', value: Array(300_000).fill(0) }],
  ])('refuses %s without calling the handler', async (_name, op, input) => {
    const peer = new Peer({})
    expect(codeOf(await peer.call(op, input))).toBe('INPUT_INVALID')
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
  })

  it.each(['nope', 'constructor', '__proto__', 'toString', 'dialog.chooseFile', 'app.info'])(
    'does not know %s',
    async (op) => {
      expect(codeOf(await new Peer({}).call(op, {}))).toBe('UNKNOWN_OPERATION')
    },
  )

  it('refuses what the role of the caller does not cover', async () => {
    const peer = new Peer({ 'settings.get': () => ({ values: {} }) }, { role: 'view' })
    expect(codeOf(await peer.call('executions.cancel', { executionId: ID }, 1))).toBe('FORBIDDEN')
    expect(codeOf(await peer.call('casillas.remove', { id: 1 }, 2))).toBe('FORBIDDEN')
    expect(await peer.call('settings.get', {}, 3)).toMatchObject({ ok: true })
    const operator = new Peer({}, { role: 'operate' })
    expect(codeOf(await operator.call('executions.cancel', { executionId: ID }, 1))).toBe('NOT_IN_THIS_TEST')
    expect(codeOf(await operator.call('casillas.remove', { id: 1 }, 2))).toBe('FORBIDDEN')
  })

  it('finds an answer or an event outside of its contract', async () => {
    const wrong = (() => ({ values: 'no record' })) as unknown as EngineHandlers['settings.get']
    const peer = new Peer({ 'settings.get': wrong })
    const answer = await peer.call('settings.get', {})
    expect(codeOf(answer)).toBe('OUTPUT_INVALID')
    expect(peer.warnings.join()).toContain('settings.get')
  })

  it('answers for a handler that throws something of its own, and for an answer that can not travel', async () => {
    const untravelling = (() => ({ values: { run: () => 1 } })) as unknown as EngineHandlers['settings.get']
    const peer = new Peer({
      'settings.get': untravelling,
      'casillas.list': () => {
        throw new TypeError('x is undefined')
      },
    })
    expect(await peer.call('casillas.list', {}, 1)).toMatchObject({
      error: { code: 'INTERNAL', kind: 'bug' },
    })
    expect(codeOf(await peer.call('settings.get', {}, 2))).toBe('INTERNAL')
    expect(peer.warnings.length).toBe(2)
  })

  it('cancels: the handler sees its signal, and the caller is not held by one that looks away', async () => {
    let aborted = false
    const peer = new Peer({
      'casillas.list': (_input, { signal }) => {
        signal.addEventListener('abort', () => {
          aborted = true
        })
        return new Promise(() => {})
      },
    })
    peer.send({ kind: 'call', id: 5, op: 'casillas.list', input: {} })
    // The handler starts in a later turn than the message.
    await new Promise((done) => setImmediate(done))
    peer.send({ kind: 'cancel', id: 4 })
    peer.send({ kind: 'cancel', id: 5 })
    expect(codeOf(await peer.result(5))).toBe('CANCELLED')
    expect(aborted).toBe(true)
  })

  it('keeps many calls apart and ignores a number in use', async () => {
    const waiting = new Map<number, () => void>()
    const peer = new Peer({
      'casillas.get': ({ id }) =>
        new Promise((_, reject) => waiting.set(id, () => reject(new Error(`call for ${id}`)))),
    })
    for (const id of [1, 2, 3]) peer.send({ kind: 'call', id, op: 'casillas.get', input: { id: id * 10 } })
    peer.send({ kind: 'call', id: 2, op: 'casillas.get', input: { id: 99 } })
    await new Promise((done) => setImmediate(done))
    expect([...waiting.keys()]).toEqual([10, 20, 30])
    for (const key of [30, 10, 20]) waiting.get(key)?.()
    for (const id of [1, 2, 3]) {
      expect(await peer.result(id)).toMatchObject({ error: { message: `call for ${id * 10}` } })
    }
    expect(peer.received.filter(({ kind }) => kind === 'result').length).toBe(3)
  })

  it('survives messages that are none', () => {
    const peer = new Peer({})
    const before = peer.received.length
    for (const message of [
      null,
      1,
      'x',
      {},
      { kind: 'call' },
      { kind: 'call', id: -1, op: 'x', input: 1 },
      { kind: 'root' },
    ]) {
      peer.send(message)
    }
    expect(peer.received.length).toBe(before)
    expect(peer.warnings.length).toBe(7)
  })

  it('says that it is starting to who calls before the handlers are there', async () => {
    const peer = new Peer({})
    openTransport(peer.port, { version: '1.0.0' })
    expect(codeOf(await peer.call('settings.get', {}))).toBe('ENGINE_STARTING')
  })

  it('sends events only for topics somebody asked for, and checks them', () => {
    const peer = new Peer({})
    const { emit } = openTransport(peer.port, { version: '1.0.0', checkOutput: true })
    const events = () => peer.received.filter(({ kind }) => kind === 'event')
    emit('casillas.changed', { id: 1 })
    peer.send({ kind: 'subscribe', topic: 'casillas.changed' })
    emit('casillas.changed', { id: 2 })
    expect(() => emit('casillas.changed', { id: 'x' as unknown as number })).toThrow('casillas.changed')
    peer.send({ kind: 'unsubscribe', topic: 'casillas.changed' })
    emit('casillas.changed', { id: 3 })
    expect(events()).toEqual([{ kind: 'event', topic: 'casillas.changed', payload: { id: 2 } }])
  })
})
