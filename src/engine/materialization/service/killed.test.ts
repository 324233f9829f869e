import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { embeddedFile } from '@engine/destinations/interno'
import { openSharedFile } from '@engine/duckdb'
import { secretoNuevoSchema } from '@shared/model/secreto'
import { buildCutChild, type CutChild } from '@testkit/cut-child'
import { startPostgres } from '@testkit/postgres'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type Bench, csv, openBench, tablaPersonas } from './bench.fixture'

const ROOT = resolve(__dirname, '../../../..')
/** The cut after the destination has it and before the store does. */
const WRITTEN = 'escrita, sin anotar'
let child: CutChild
beforeAll(async () => {
  child = await buildCutChild(join(__dirname, 'load-child.fixture.ts'))
}, 120_000)
afterAll(() => child?.remove())

const run = (dataDir: string, dieAt: number) => child.run([dataDir, join(ROOT, 'migrations'), String(dieAt)])

interface Place {
  /** The destination to load into, made with the bench. */
  destino(bench: Bench): Promise<number>
  /** Rows of each file in its table. */
  count(bench: Bench): Promise<Record<string, number>>
  /** Which of the cuts are tried. */
  cuts(all: readonly string[]): readonly string[]
  /** Cuts at which the destination has the load already. */
  written?: readonly string[]
  tabla?: Parameters<typeof tablaPersonas>[0]
}

const COUNT = `SELECT split_part(codigo, '-', 1), count(*) FROM personas GROUP BY 1`

const byFile = (rows: readonly (readonly unknown[])[]): Record<string, number> =>
  Object.fromEntries(rows.map(([seed, n]) => [String(seed), Number(n)]))

/** Sends a file for each cut, kills the engine there, and lets another one end it. */
async function killRounds({ destino, count, cuts, written = [WRITTEN], tabla }: Place): Promise<void> {
  let bench = await openBench()
  const { dir, dataDir } = bench
  try {
    const { id, carpeta } = await bench.casilla()
    await bench.call('materializaciones.create', {
      ...{ nombre: 'Añade', casillaId: id, destinoId: await destino(bench) },
      config: { tablas: [tablaPersonas(tabla)] },
    })
    const put = (seed: string) =>
      writeFileSync(join(carpeta, `${seed}.csv`), csv(`${seed}-1,20`, `${seed}-2,30`))
    await bench.close()

    put('todo')
    const { cuts: all } = await run(dataDir, 0)
    expect(all).toEqual(
      expect.arrayContaining(['anotada: en_proceso', ...written, WRITTEN, 'anotada: completado']),
    )
    const expected: Record<string, number> = { todo: 2 }
    for (const what of cuts(all)) {
      const at = all.indexOf(what) + 1
      put(`c${at}`)
      expect((await run(dataDir, at)).died, what).toBe(true)
      expected[`c${at}`] = 2
      bench = await openBench({}, dir)
      await bench.engine.idle()
      expect(await count(bench), what).toEqual(expected)
      const [last] = await bench.cargas({ direction: 'desc', limit: 1 })
      expect(last, what).toMatchObject({ archivo: `c${at}.csv`, estado: 'completado' })
      // What had been written when it died is told as such.
      expect(last?.repetida, what).toBe(written.includes(what))
      expect((await bench.archivos(id)).at(-1), what).toMatchObject({
        ...{ estado: 'terminado', desenlace: 'aceptado' },
      })
      await bench.close()
    }
  } finally {
    await bench.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

it('an engine that is killed at any step of a load leaves every row once', async () => {
  await killRounds({
    destino: async () => 0,
    cuts: (all) => [...new Set(all)],
    async count({ dir, dataDir }) {
      const file = await openSharedFile(embeddedFile(dataDir), { tempDir: join(dir, 'tmp') })
      try {
        const connection = await file.connect()
        const found = await connection.runAndReadAll(COUNT)
        connection.closeSync()
        return byFile(found.getRows())
      } finally {
        await file.release()
      }
    },
  })
}, 240_000)

it('so it does where files are sent to a provider', async () => {
  const files = (dataDir: string) => join(dirname(dataDir), 'nube', 'personas')
  await killRounds({
    async destino({ dir, call }) {
      mkdirSync(join(dir, 'nube'))
      const proveedor = await call('proveedores.create', {
        ...{ nombre: 'Nube', tipo: 'local', config: {}, lugar: { path: join(dir, 'nube') } },
      })
      const config = { tipo: 'proveedor', proveedorId: proveedor.id, carpeta: '' } as const
      return (await call('destinos.create', { nombre: 'Lago', config })).id
    },
    tabla: { indices: [], formato: { tipo: 'csv', encabezado: false } },
    cuts: (all) => [...new Set(all)],
    // Written down once it is announced: what is left is ended by whoever comes.
    written: ['cambiar los archivos', 'anotar la carga', WRITTEN],
    async count({ dataDir }) {
      const lines = readdirSync(files(dataDir)).flatMap((name) =>
        readFileSync(join(files(dataDir), name), 'utf8')
          .trim()
          .split('\n'),
      )
      const seeds = lines.map((line) => line.split('-')[0] ?? '')
      return Object.fromEntries(seeds.map((seed) => [seed, seeds.filter((one) => one === seed).length]))
    },
  })
}, 240_000)

it('so it does where a server holds the transaction of who died', async () => {
  const server = await startPostgres()
  const folder = mkdtempSync(join(tmpdir(), 'sage-frase-'))
  const phrase = 'cuatro caballos azules'
  vi.stubEnv('SAGE_PASSPHRASE_FILE', join(folder, 'frase'))
  writeFileSync(join(folder, 'frase'), `${phrase}\n`, { mode: 0o600 })
  try {
    const base = await server.createDatabase()
    const admin = await server.connect(base)
    await killRounds({
      async destino({ engine, call }) {
        await engine.secretos.createVault(phrase)
        const secreto = await engine.secretos.create(
          secretoNuevoSchema.parse({ nombre: 'Base', valores: { contrasena: server.password } }),
        )
        const place = { servidor: server.host, puerto: server.port, base, usuario: server.user }
        const config = { tipo: 'postgres', tls: 'no', ...place } as const
        return (await call('destinos.create', { nombre: 'Base', config, secretoId: secreto.id })).id
      },
      cuts: (all) => [all[all.indexOf('confirmar') - 1] ?? '', 'confirmar', WRITTEN],
      count: async () => byFile((await admin.query({ text: COUNT, rowMode: 'array' })).rows),
    })
  } finally {
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true, force: true })
    await server.stop()
  }
}, 240_000)
