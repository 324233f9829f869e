import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AppError } from '@shared/errors/app-error'
import type { Progress, Step } from '@shared/model/execution'
import { generatePackage } from '@testkit/generator'
import { writeXlsx } from 'hucre/xlsx'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runExecution } from './run'
import { oneCatalog } from './testing-bench'
import type { ExecutionRequest } from './types'

const MIB = 1024 * 1024
const SALES = 30_000

let root: string
let zip: string
let yaml: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sage-escala-'))
  const made = await generatePackage({ rows: SALES, dir: join(root, 'paquete') })
  zip = made.zip ?? ''
  yaml = readFileSync(made.yaml, 'utf8')
})
afterAll(() => rm(root, { recursive: true, force: true }))

const request = (more: Partial<ExecutionRequest> = {}): ExecutionRequest => ({
  inputPath: zip,
  inputName: 'paquete.zip',
  yamlText: yaml,
  executionId: crypto.randomUUID(),
  dir: join(root, 'ejecucion'),
  politica: 'solo_validos',
  stage: true,
  threads: 2,
  ...more,
})

/** Runs until `when` says so, cancels there, and gives how long the end took. */
async function cancelAt(given: ExecutionRequest, when: (progress: Progress) => boolean): Promise<number> {
  const stop = new AbortController()
  let asked = 0
  const run = runExecution(given, {
    signal: stop.signal,
    onProgress: (progress) => {
      if (stop.signal.aborted || !when(progress)) return
      asked = performance.now()
      stop.abort()
    },
  })
  await expect(run).rejects.toMatchObject({ code: 'CANCELLED', kind: 'cancelled' })
  const took = performance.now() - asked
  const left = readdirSync(given.dir).filter((name) => name !== 'input' && name !== 'input.yaml')
  expect(left).toEqual([])
  return took
}

describe('a cancel', () => {
  const STEPS: Step[] = [
    'copiar',
    'desempaquetar',
    'inspeccionar',
    'validar',
    'listar',
    'preparar',
    'informar',
  ]

  it.each(STEPS)('while «%s» ends within a second and leaves only what was received', async (step) => {
    expect(await cancelAt(request(), (progress) => progress.step === step)).toBeLessThan(1000)
  })

  it('at any instant of a run: ends within a second, or it had ended', async () => {
    const started = performance.now()
    const whole = await runExecution(request())
    const took = performance.now() - started
    let cut = 0
    for (const part of [0.2, 0.5, 0.8]) {
      const stop = new AbortController()
      let asked = 0
      const timer = setTimeout(() => {
        asked = performance.now()
        stop.abort()
      }, took * part)
      const end = await runExecution(request(), { signal: stop.signal }).catch((error: unknown) => error)
      clearTimeout(timer)
      if (asked > 0) expect(performance.now() - asked, `${part}`).toBeLessThan(1000)
      if (end instanceof AppError) {
        cut++
        expect(end, `${part}`).toMatchObject({ code: 'CANCELLED', kind: 'cancelled' })
        expect(readdirSync(request().dir).filter((name) => !name.startsWith('input'))).toEqual([])
      } else expect(end, `${part}`).toMatchObject({ totals: whole.totals, records: whole.records })
    }
    expect(cut).toBeGreaterThan(0)
  })

  it('while a workbook is read', async () => {
    const rows = Array.from({ length: 15_000 }, (_, i) => [i, `nombre ${i}`, i / 4])
    const book = await writeXlsx({ sheets: [{ name: 'h', rows: [['id', 'nombre', 'saldo'], ...rows] }] })
    const inputPath = join(root, 'datos.xlsx')
    const { writeFile } = await import('node:fs/promises')
    await writeFile(inputPath, book)
    const yamlText = oneCatalog([
      { name: 'id', type: 'entero' },
      { name: 'nombre' },
      { name: 'saldo', type: 'decimal' },
    ])
      .replace('filename: datos.csv', 'filename: datos.xlsx')
      .replace('type: CSV, delimiter: ","', 'type: EXCEL')
      .replace('file_format: { type: CSV }', 'file_format: { type: EXCEL }')
    const given = request({ inputPath, inputName: 'datos.xlsx', yamlText })
    expect((await runExecution(given)).totals).toMatchObject({ records: 15_000, errors: 0 })
    expect(await cancelAt(given, ({ step }) => step === 'inspeccionar')).toBeLessThan(1000)
  })
})

it('needs no more memory than it is given: spills, ends in the same verdict, and cleans up', async () => {
  const small = await runExecution(request({ memoryLimit: 128 * MIB, executionId: 'poca' }))
  expect(existsSync(join(root, 'ejecucion', 'tmp'))).toBe(false)
  const large = await runExecution(request({ memoryLimit: 2048 * MIB, executionId: 'mucha' }))
  expect(small.totals).toEqual(large.totals)
  expect(small.checks).toEqual(large.checks)
  expect(small.totals).toMatchObject({
    errors: 0,
    records: Object.values(small.records).reduce((a, b) => a + b),
  })
  expect(small.records.ventas).toBe(SALES)
})
