import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AppError } from '@shared/errors/app-error'
import type { Step } from '@shared/model/execution'
import { rawZip } from '@testkit/hostile'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { readVerdict } from './folder'
import { runExecution } from './run'
import { Bench, oneCatalog } from './testing-bench'
import type { ExecutionRequest } from './types'

const MIB = 1024 * 1024

/** A small disk of its own, where the system lets us mount one. */
function mount(at: string, megabytes: number): boolean {
  const made = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', at], {
    stdio: 'ignore',
  })
  return made.status === 0
}

const place = await mkdtemp(join(tmpdir(), 'sage-disco-'))
const allowed = process.platform === 'linux' && mount(place, 1)
if (allowed) execFileSync('umount', [place])
else
  process.stderr.write(
    'disk-full.test.ts: sin permiso para montar un tmpfs (hace falta root en Linux), se omite.\n',
  )

const YAML = `${oneCatalog([
  { name: 'id', type: 'entero', more: 'unique: true' },
  { name: 'texto', more: 'unique: true' },
])}  zip: { name: Zip, description: d, file_format: { type: ZIP }, catalogs: [datos] }
`

const csv = (rows: number, saldo = ''): string =>
  `id,texto\n${Array.from({ length: rows }, (_, i) => `${i}${saldo},${'texto'.repeat(3)}-${i}\n`).join('')}`

describe.skipIf(!allowed)('a disk without room', () => {
  let bench: Bench
  const dir = join(place, 'ejecucion')
  beforeAll(async () => {
    bench = await Bench.open()
  })
  afterEach(() => {
    spawnSync('umount', ['-l', place])
  })
  afterAll(async () => {
    await bench.close()
    await rm(place, { recursive: true, force: true })
  })

  async function request(name: string, content: string | Uint8Array): Promise<ExecutionRequest> {
    return {
      inputPath: await bench.input(name, content),
      inputName: name,
      yamlText: YAML,
      executionId: crypto.randomUUID(),
      dir,
      politica: 'solo_validos',
      stage: true,
      threads: 2,
      memoryLimit: 128 * MIB,
    }
  }

  /** Takes every byte that is left, as another program would. */
  function fill(): void {
    const fd = openSync(join(place, 'relleno'), 'w')
    const block = Buffer.alloc(64 * 1024, 1)
    try {
      for (;;) writeSync(fd, block)
    } catch {
      // Full: what was wanted.
    } finally {
      closeSync(fd)
    }
  }

  async function fails(run: Promise<unknown>): Promise<AppError> {
    const error = await run.then(
      () => {
        throw new Error('it ended well')
      },
      (problem: AppError) => problem,
    )
    expect(error).toMatchObject({ code: 'DISK_FULL', kind: 'terminal', details: { dir } })
    expect(error.message).toContain(dir)
    expect(error.hint).toMatch(/Liberar espacio.*otra carpeta de datos/)
    expect((await readdir(dir)).filter((name) => name !== 'input' && name !== 'input.yaml')).toEqual([])
    expect(await readVerdict(dir)).toBeNull()
    return error
  }

  it('while it is copied', async () => {
    mount(place, 2)
    await fails(runExecution(await request('datos.csv', csv(200_000))))
    expect(await readdir(join(dir, 'input'))).toEqual([])
  })

  it('while it is unpacked', async () => {
    mount(place, 4)
    const zip = rawZip([{ name: 'datos.csv', data: Buffer.from(csv(300_000)) }])
    expect(zip.length).toBeLessThan(3 * MIB)
    await fails(runExecution(await request('datos.zip', zip)))
    expect(await readdir(join(dir, 'input'))).toEqual(['datos.zip'])
  })

  it('while DuckDB spills', async () => {
    const text = csv(2_500_000)
    mount(place, Math.ceil(Buffer.byteLength(text) / MIB) + 8)
    const error = await fails(runExecution(await request('datos.csv', text)))
    // DuckDB's own word on its temporary files, not the copy's nor the listing's.
    expect(String(error.cause instanceof Error ? error.cause.cause : '')).toMatch(
      /offload|temp|spill|space left/i,
    )
  })

  it.each(['inspeccionar', 'listar', 'preparar', 'informar'] as Step[])(
    'full from «%s» on, then freed',
    async (step) => {
      mount(place, 64)
      // Every record is listed, so that each of these steps has something to write.
      const given = await request(
        'datos.csv',
        `${csv(40_000, step === 'preparar' || step === 'informar' ? '' : 'x')}x,y\n`,
      )
      let filled = false
      const run = runExecution(given, {
        onProgress: (progress) => {
          if (progress.step !== step || filled) return
          filled = true
          fill()
        },
      })
      await fails(run)
      expect(filled).toBe(true)
      rmSync(join(place, 'relleno'))
      const verdict = await runExecution(given)
      expect(verdict.totals.records).toBe(40_001)
      expect(await readVerdict(dir)).not.toBeNull()
    },
  )

  it('from the first byte', async () => {
    mount(place, 1)
    fill()
    const run = runExecution(await request('datos.csv', csv(10)))
    await expect(run).rejects.toMatchObject({ code: 'DISK_FULL', details: { dir } })
  })
})
