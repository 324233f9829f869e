import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { openConnector } from '@engine/connectors'
import { listArchivos, listEjecuciones } from '@engine/store'
import { buildCutChild, type CutChild } from '@testkit/cut-child'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { good, openDaemonBench, tree } from '../bench.fixture'

const ROOT = resolve(__dirname, '../../../../..')
let child: CutChild
beforeAll(async () => {
  child = await buildCutChild(join(__dirname, 'kill-child.fixture.ts'))
}, 120_000)
afterAll(() => child?.remove())

describe('an engine that is killed at any step of what it does at a provider', () => {
  let dir: string
  let folder: string
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'sage-remota-'))
    folder = join(dir, 'proveedor')
    mkdirSync(join(folder, 'entrada'), { recursive: true })
  })
  afterEach(() => rmSync(dir, { recursive: true, force: true }))

  const run = (moves: string, dieAt: number) =>
    child.run([join(dir, 'data'), join(ROOT, 'migrations'), folder, moves, String(dieAt)])

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
