import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { openConnector } from '@engine/connectors'
import { listArchivos, listEjecuciones } from '@engine/store'
import { build, loadConfigFromFile } from 'vite'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { good, openDaemonBench, tree } from '../bench.fixture'

const ROOT = resolve(__dirname, '../../../../..')
const out = join(ROOT, '.cache', `remote-child-${process.pid}`)

beforeAll(async () => {
  // What stays outside a bundle is the engine's own affair.
  const engine = await loadConfigFromFile(
    { command: 'build', mode: 'production' },
    join(ROOT, 'vite.engine.config.ts'),
  )
  if (!engine?.config.ssr || !engine.config.resolve) throw new Error('vite.engine.config.ts changed')
  await build({
    configFile: false,
    logLevel: 'error',
    resolve: engine.config.resolve,
    ssr: engine.config.ssr,
    build: {
      ssr: true,
      target: 'node22',
      outDir: out,
      minify: false,
      rollupOptions: {
        input: { child: join(__dirname, 'kill-child.fixture.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  })
}, 120_000)
afterAll(() => rmSync(out, { recursive: true, force: true }))

describe('an engine that is killed at any step of what it does at a provider', () => {
  let dir: string
  let folder: string
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'sage-remota-'))
    folder = join(dir, 'proveedor')
    mkdirSync(join(folder, 'entrada'), { recursive: true })
  })
  afterEach(() => rmSync(dir, { recursive: true, force: true }))

  /** The cuts it passed, and whether it died. */
  const run = (moves: string, dieAt: number) =>
    new Promise<{ cuts: string[]; died: boolean }>((done) => {
      const args = [join(dir, 'data'), join(ROOT, 'migrations'), folder, moves, String(dieAt)]
      const child = spawn(process.execPath, [join(out, 'child.cjs'), ...args], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      let said = ''
      child.stdout.on('data', (chunk) => (said += String(chunk)))
      child.on('close', (_code, signal) =>
        done({ cuts: said.split('\n').filter((line) => line !== ''), died: signal === 'SIGKILL' }),
      )
    })

  const open = () => openDaemonBench({}, dir, () => openConnector({ kind: 'local', config: { folder } }))

  it.each(['uno', 'dos'])(
    'judges each file once and leaves each original once (a move of %s)',
    async (moves) => {
      const made = open()
      await made.remota('entrada', { prefijo: 'entrada' })
      await made.close()
      const put = (name: string) => writeFileSync(join(folder, 'entrada', `${name}.csv`), good(name))

      put('todo')
      const whole = await run(moves, 0)
      expect(whole.cuts).toEqual(
        expect.arrayContaining(['antes de escribir', 'después de leer', 'después de quitar']),
      )
      const names = ['todo.csv']
      for (const [i, what] of whole.cuts.entries()) {
        // What comes before is the same for both.
        if (moves === 'uno' && !what.includes('mover')) continue
        put(`c${i}`)
        names.push(`c${i}.csv`)
        expect((await run(moves, i + 1)).died, what).toBe(true)
        expect((await run(moves, 0)).died, what).toBe(false)
        const bench = open()
        const { db } = bench.store
        const page = { direction: 'asc', limit: 5000, offset: 0 } as const
        const rows = listArchivos(db, { ...page, sort: 'detectadoEn' }).items
        expect(
          rows.map(({ nombre, estado, desenlace, intentos }) => [nombre, estado, desenlace, intentos]),
          what,
        ).toEqual(names.map((name) => [name, 'terminado', 'aceptado', 1]))
        expect(listEjecuciones(db, { ...page, sort: 'creadaEn' }).total, what).toBe(names.length)
        expect(
          tree(folder)
            .map((path) => path.replace(/\d{8}_\d{6}_/, ''))
            .sort(),
          what,
        ).toEqual(names.map((name) => `entrada/procesado/${name}`).sort())
        await bench.close()
      }
    },
    240_000,
  )
})
