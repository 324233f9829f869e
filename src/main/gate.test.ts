import { type OperationName, operations } from '@shared/contract'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Gate, type GateOptions, GRANTED, type Reply, type SenderEvent } from './gate'

const TOKEN = 'b5a4b9f4-6b0e-4b65-8a53-0a5f1d6f6d11'
const main = { parent: null, url: 'app://sage/' }
const good: SenderEvent = { sender: { id: 1 }, senderFrame: main }

interface Seen {
  op: string
  input: unknown
  signal?: AbortSignal
}

function gateWith(options: Partial<GateOptions> = {}): { gate: Gate; seen: Seen[]; notes: string[] } {
  const seen: Seen[] = []
  const notes: string[] = []
  const gate = new Gate({
    main: async (op, input) => {
      seen.push({ op, input })
      return 'main'
    },
    engine: async (op, input, signal) => {
      seen.push({ op, input, signal })
      return 'engine'
    },
    grant: async (path) => ({ path }),
    pathOf: (token) => `/files/${token}`,
    isConsole: (id) => id === 1,
    devServer: null,
    note: (line) => notes.push(line),
    ...options,
  })
  return { gate, seen, notes }
}

const codeOf = (reply: Reply): string => (reply.ok ? 'answered' : reply.error.code)

describe('Gate', () => {
  it('sends each operation to its owner', async () => {
    const { gate, seen } = gateWith()
    expect(await gate.call(good, { op: 'app.info', input: {} })).toEqual({ ok: true, output: 'main' })
    expect(await gate.call(good, { op: 'casillas.get', input: { id: 1 } })).toEqual({
      ok: true,
      output: 'engine',
    })
    expect(seen.map(({ op }) => op)).toEqual(['app.info', 'casillas.get'])
  })

  it.each<[string, SenderEvent]>([
    ['a sub-frame', { sender: { id: 1 }, senderFrame: { url: 'app://sage/', parent: main } }],
    ['another window', { sender: { id: 2 }, senderFrame: main }],
    ['another origin', { sender: { id: 1 }, senderFrame: { url: 'https://sage/', parent: null } }],
    ['a look-alike', { sender: { id: 1 }, senderFrame: { url: 'app://sage.evil/', parent: null } }],
    ['a frame that is gone', { sender: { id: 1 }, senderFrame: null }],
  ])('refuses %s and notes it', async (_name, event) => {
    const { gate, seen, notes } = gateWith()
    expect(codeOf(await gate.call(event, { op: 'app.info', input: {} }))).toBe('FORBIDDEN')
    expect(codeOf(await gate.call(event, { op: 'files.grant', input: { path: '/etc/passwd' } }))).toBe(
      'FORBIDDEN',
    )
    expect(seen).toEqual([])
    expect(notes.length).toBe(2)
  })

  it.each([
    undefined,
    null,
    1,
    'x',
    [],
    {},
    { op: 1, input: {} },
    { op: 'app.info', input: {}, more: 1 },
    { op: 'app.info', input: {}, key: {} },
  ])('refuses the malformed request %j', async (request) => {
    expect(codeOf(await gateWith().gate.call(good, request))).toBe('INPUT_INVALID')
  })

  it('puts the path of a grant in the place of its token, and lets no path through', async () => {
    const { gate, seen } = gateWith()
    const start = (source: unknown) =>
      gate.call(good, { op: 'executions.start', input: { casillaId: 1, source } })
    expect(codeOf(await start({ token: TOKEN }))).toBe('answered')
    expect(codeOf(await start({ muestraDe: 1 }))).toBe('answered')
    expect(codeOf(await start({ path: '/etc/passwd' }))).toBe('FORBIDDEN')
    expect(codeOf(await start({ path: '/etc/passwd', token: TOKEN }))).toBe('INPUT_INVALID')
    expect(codeOf(await start(undefined))).toBe('INPUT_INVALID')
    expect(seen.map(({ input }) => input)).toEqual([
      { casillaId: 1, source: { path: `/files/${TOKEN}` } },
      { casillaId: 1, source: { muestraDe: 1 } },
    ])
  })

  it.each([
    ['casillas.create', 'carpeta', { nombre: 'Ventas', nombreYaml: 'v.yaml', yaml: 'x' }],
    ['casillas.update', 'carpeta', { id: 1 }],
    ['destinos.create', 'lugar', { nombre: 'Base', config: { tipo: 'sqlite' } }],
    ['destinos.update', 'lugar', { id: 1, nombre: 'Base', config: { tipo: 'duckdb', archivo: 'a.duckdb' } }],
    ['destinos.probar', 'lugar', { config: { tipo: 'archivos' } }],
    ['proveedores.create', 'lugar', { nombre: 'Carpeta', tipo: 'local', config: {} }],
    ['proveedores.subir', 'lugar', { id: 1, transferencia: TOKEN }],
    ['proveedores.descargar', 'lugar', { id: 1, ruta: 'a.csv', transferencia: TOKEN }],
  ])('does so for %s too', async (op, field, rest) => {
    const { gate, seen } = gateWith()
    const call = (value: unknown) => gate.call(good, { op, input: { ...rest, [field]: value } })
    expect(codeOf(await call({ path: '/etc' }))).toBe('FORBIDDEN')
    expect(seen).toEqual([])
    expect(codeOf(await call({ token: TOKEN }))).toBe('answered')
    expect(seen[0]?.input).toMatchObject({ [field]: { path: `/files/${TOKEN}` } })
  })

  it('lets a casilla be told to watch nothing', async () => {
    const { gate, seen } = gateWith()
    expect(codeOf(await gate.call(good, { op: 'casillas.update', input: { id: 1, carpeta: null } }))).toBe(
      'answered',
    )
    expect(seen[0]?.input).toEqual({ id: 1, carpeta: null })
  })

  it('lets no place of a destination through as text', async () => {
    const { gate, seen } = gateWith()
    for (const config of [
      { tipo: 'sqlite', ruta: '/etc/passwd' },
      { tipo: 'sqlite', archivo: '../otra.sqlite' },
      { tipo: 'archivos', carpeta: '/etc' },
    ]) {
      const input = { nombre: 'Base', config, lugar: { token: TOKEN } }
      expect(codeOf(await gate.call(good, { op: 'destinos.create', input }))).toBe('INPUT_INVALID')
    }
    expect(seen).toEqual([])
  })

  it('knows every operation whose input can hold a path', () => {
    const holding = Object.keys(operations).filter((op) =>
      JSON.stringify(
        z.toJSONSchema(operations[op as OperationName].input, { io: 'input', unrepresentable: 'any' }),
      ).includes('"path":'),
    )
    expect(holding.sort()).toEqual(Object.keys(GRANTED).sort())
  })

  it('keeps what is for main only from the console', async () => {
    const { gate, seen } = gateWith()
    const input = { executionId: TOKEN, artifact: 'folder' }
    expect(codeOf(await gate.call(good, { op: 'executions.artifactPath', input }))).toBe('FORBIDDEN')
    expect(seen).toEqual([])
  })

  it('cancels by key for its own page only, and ends the calls of a page that went away', async () => {
    const signals: AbortSignal[] = []
    const untilAborted = (_op: string, _input: unknown, signal: AbortSignal): Promise<unknown> => {
      signals.push(signal)
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))))
    }
    const { gate } = gateWith({ engine: untilAborted, isConsole: () => true })
    const other: SenderEvent = { sender: { id: 2 }, senderFrame: main }
    const first = gate.call(good, { op: 'system.health', input: {}, key: 'k' })
    const second = gate.call(other, { op: 'system.health', input: {}, key: 'k' })
    const third = gate.call(other, { op: 'system.health', input: {} })
    expect(codeOf(await gate.call(good, { op: 'system.health', input: {}, key: 'k' }))).toBe('KEY_IN_USE')
    gate.cancel(good, { not: 'a key' })
    gate.cancel(good, 'k')
    expect(codeOf(await first)).toBe('INTERNAL')
    expect(signals.map((signal) => signal.aborted)).toEqual([true, false, false])
    gate.forget(2)
    await Promise.all([second, third])
    expect(signals.map((signal) => signal.aborted)).toEqual([true, true, true])
  })
})
