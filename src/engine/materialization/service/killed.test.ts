import { spawn } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { openSharedFile } from '@engine/duckdb'
import { build } from 'vite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Bench, csv, openBench, tablaPersonas } from './bench.fixture'

const ROOT = resolve(__dirname, '../../../..')
const out = join(ROOT, '.cache', `load-child-${process.pid}`)

beforeAll(async () => {
  await build({
    configFile: false,
    logLevel: 'error',
    resolve: {
      alias: { '@shared': join(ROOT, 'src/shared'), '@engine': join(ROOT, 'src/engine') },
      conditions: ['node'],
    },
    ssr: { noExternal: true, external: ['better-sqlite3', '@duckdb/node-api'] },
    build: {
      ssr: true,
      target: 'node22',
      outDir: out,
      minify: false,
      rollupOptions: {
        input: { child: join(__dirname, 'load-child.fixture.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  })
}, 120_000)
afterAll(() => rmSync(out, { recursive: true, force: true }))

/** The cuts it passed, and whether it died. */
const run = (dataDir: string, dieAt: number) =>
  new Promise<{ cuts: string[]; died: boolean }>((done) => {
    const args = [join(out, 'child.cjs'), dataDir, join(ROOT, 'migrations'), String(dieAt)]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    child.stdout.on('data', (chunk) => (said += String(chunk)))
    child.on('close', (_code, signal) =>
      done({ cuts: said.split('\n').filter((line) => line !== ''), died: signal === 'SIGKILL' }),
    )
  })

async function countRows(bench: Bench): Promise<Record<string, number>> {
  const file = await openSharedFile(join(bench.dataDir, 'datos', 'consola.duckdb'), {
    tempDir: join(bench.dir, 'tmp'),
  })
  try {
    const connection = await file.connect()
    const found = await connection.runAndReadAll(
      `SELECT split_part(codigo, '-', 1), count(*) FROM personas GROUP BY 1`,
    )
    connection.closeSync()
    return Object.fromEntries(found.getRows().map(([seed, n]) => [String(seed), Number(n)]))
  } finally {
    await file.release()
  }
}

it('an engine that is killed at any step of a load leaves every row once', async () => {
  let bench = await openBench()
  const { dir, dataDir } = bench
  try {
    const { id, carpeta } = await bench.casilla()
    await bench.call('materializaciones.create', {
      ...{ nombre: 'Añade', casillaId: id, destinoId: 0 },
      config: { tablas: [tablaPersonas()] },
    })
    const put = (seed: string) =>
      writeFileSync(join(carpeta, `${seed}.csv`), csv(`${seed}-1,20`, `${seed}-2,30`))
    await bench.close()

    put('todo')
    const whole = await run(dataDir, 0)
    expect(whole.cuts).toEqual(
      expect.arrayContaining([
        'anotada: en_proceso',
        'confirmar',
        'escrita, sin anotar',
        'anotada: completado',
      ]),
    )
    const expected: Record<string, number> = { todo: 2 }
    for (const [i, what] of whole.cuts.entries()) {
      put(`c${i}`)
      expect((await run(dataDir, i + 1)).died, what).toBe(true)
      expected[`c${i}`] = 2
      bench = await openBench({}, dir)
      await bench.engine.idle()
      expect(await countRows(bench), what).toEqual(expected)
      const [last] = await bench.cargas({ direction: 'desc', limit: 1 })
      expect(last, what).toMatchObject({ archivo: `c${i}.csv`, estado: 'completado' })
      // What had been written when it died is told as such.
      expect(last?.repetida, what).toBe(what === 'escrita, sin anotar')
      expect((await bench.archivos(id)).at(-1), what).toMatchObject({
        estado: 'terminado',
        desenlace: 'aceptado',
      })
      await bench.close()
    }
  } finally {
    await bench.close()
    rmSync(dir, { recursive: true, force: true })
  }
}, 240_000)
