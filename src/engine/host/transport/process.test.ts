import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type FromEngine, fromEngineSchema, type ToEngine } from '@shared/contract'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

const ID = '0b9e5c0e-6f4e-4f7e-9d4b-0d3b7f1f2a11'
const root = resolve(__dirname, '../../../..')
const children: ChildProcess[] = []
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sage-transport-'))
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    resolve: { alias: { '@shared': join(root, 'src/shared') } },
    ssr: { noExternal: true },
    build: {
      ssr: join(__dirname, 'fixture-host.ts'),
      outDir: folder,
      emptyOutDir: false,
      rollupOptions: { output: { format: 'cjs', entryFileNames: 'host.cjs' } },
    },
  })
})

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

afterAll(() => rm(folder, { recursive: true }))

function start(...args: string[]) {
  const child = fork(join(folder, 'host.cjs'), args, {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  children.push(child)
  const queue: FromEngine[] = []
  let printed = ''
  let wake: () => void = () => {}
  child.stdout?.on('data', (chunk: Buffer) => {
    printed += chunk.toString()
  })
  child.stderr?.resume()
  child.on('message', (raw) => {
    queue.push(fromEngineSchema.parse(raw))
    wake()
  })
  const next = async (): Promise<FromEngine> => {
    for (;;) {
      const first = queue.shift()
      if (first !== undefined) return first
      await new Promise<void>((done) => {
        wake = done
      })
    }
  }
  const send = (message: ToEngine): void => void child.send(message)
  // Not 'close': it never comes once this side has disconnected.
  const exit = Promise.all([once(child, 'exit'), child.stdout && once(child.stdout, 'end')]).then(
    ([how]) => how,
  )
  return { child, next, send, exit, printed: () => printed }
}

describe('transport over a real child process', () => {
  it('greets, answers, sends the events asked for', async () => {
    const { child, next, send } = start()
    expect(await next()).toEqual({ kind: 'hello', protocol: 1, pid: child.pid, version: '1.2.3' })
    expect(await next()).toEqual({ kind: 'ready' })
    send({ kind: 'subscribe', topic: 'execution.removed' })
    send({ kind: 'call', id: 1, op: 'executions.cancel', input: { executionId: ID } })
    expect(await next()).toEqual({ kind: 'event', topic: 'execution.removed', payload: { executionId: ID } })
    expect(await next()).toEqual({ kind: 'result', id: 1, ok: true, output: { ok: true } })
  })

  it('ends when asked, after its last work, with the calls in hand cancelled', async () => {
    const { next, send, exit, printed } = start()
    await next()
    await next()
    send({ kind: 'call', id: 1, op: 'casillas.list', input: {} })
    send({ kind: 'shutdown' })
    expect(await next()).toMatchObject({ kind: 'result', id: 1, ok: false, error: { code: 'CANCELLED' } })
    expect(await exit).toEqual([0, null])
    expect(printed()).toBe('saved before the end\n')
  })

  it('ends when main goes away', async () => {
    const { child, next, exit, printed } = start()
    await next()
    await next()
    child.disconnect()
    expect(await exit).toEqual([0, null])
    expect(printed()).toBe('saved before the end\n')
  })

  it('says why it can not start before it ends', async () => {
    const { next, exit } = start('--fatal')
    await next()
    expect(await next()).toMatchObject({ kind: 'fatal', error: { code: 'INTERNAL', message: 'no store' } })
    expect(await exit).toEqual([4, null])
  })

  it('knows when nobody started it', async () => {
    const child = spawn(process.execPath, [join(folder, 'host.cjs')], { stdio: 'ignore' })
    children.push(child)
    expect(await once(child, 'close')).toEqual([2, null])
  })
})
