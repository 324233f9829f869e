import {
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { finished } from 'node:stream/promises'
import type { Verdict } from '@shared/model/execution'
import { personasYaml } from '@testkit/personas'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { buildHost, EngineProcess, RESOURCES } from './engine-process.fixture'

const OUT = resolve(__dirname, `../../../.cache/engine-test-${process.pid}`)
let entry: string
let dir: string
const engines: EngineProcess[] = []

beforeAll(async () => {
  entry = await buildHost(OUT)
})
afterAll(() => rmSync(OUT, { recursive: true, force: true }))
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sage-host-'))
})
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.kill()))
  rmSync(dir, { recursive: true, force: true })
})

const dataDir = (): string => join(dir, 'datos')

function start(migrations?: string): EngineProcess {
  const engine = new EngineProcess(entry, dataDir(), migrations)
  engines.push(engine)
  return engine
}

const expectedSchema = z.object({
  records: z.record(z.string(), z.number()),
  errors: z.array(z.object({ catalog: z.string(), rule: z.string(), records: z.array(z.number()) })),
  warnings: z.array(z.object({ catalog: z.string(), rule: z.string(), records: z.array(z.number()) })),
})

const found = (verdict: Verdict, severity: string) =>
  verdict.checks
    .filter((check) => check.severity === severity)
    .map(({ target, rule, records }) => JSON.stringify({ catalog: target, rule, records }))
    .sort()

/** The verdict without what is of each run: ids and times. */
const judged = ({ executionId: _, startedAt: _s, finishedAt: _f, timings: _t, files, ...rest }: Verdict) => ({
  ...rest,
  files: files.map(({ processingSeconds: _p, ...file }) => file),
})

describe('the engine process', () => {
  it('does the main job on the sample: start, events, the expected verdict, its findings and reports', async () => {
    const engine = start()
    await engine.ready
    const { items } = await engine.call('casillas.list', {})
    expect(items).toHaveLength(1)
    const casillaId = items[0]?.id ?? 0
    const end = engine.next('execution.changed', ({ fase }) => fase !== 'en_espera' && fase !== 'en_curso')
    const { executionId } = await engine.call('executions.start', {
      casillaId,
      source: { muestraDe: casillaId },
    })
    expect(await end).toMatchObject({
      id: executionId,
      fase: 'terminada',
      estado: 'Fallido',
      archivo: 'diario.zip',
    })
    expect(engine.events.some(({ topic }) => topic === 'execution.progress')).toBe(true)

    const { verdict } = await engine.call('executions.get', { executionId })
    if (!verdict) throw new Error('sin veredicto')
    const expected = expectedSchema.parse(
      JSON.parse(readFileSync(join(RESOURCES, 'samples/distribuidora/expected.json'), 'utf8')),
    )
    expect(verdict.records).toEqual(expected.records)
    expect(found(verdict, 'error')).toEqual(expected.errors.map((item) => JSON.stringify(item)).sort())
    expect(found(verdict, 'warning')).toEqual(expected.warnings.map((item) => JSON.stringify(item)).sort())

    const page = await engine.call('executions.findings', {
      executionId,
      limit: 5,
      filter: { severity: 'error' },
    })
    expect(page.items).toHaveLength(5)
    expect(page.total).toBeGreaterThan(5)
    const [finding] = page.items
    const context = await engine.call('executions.recordContext', {
      executionId,
      catalog: finding?.catalog ?? '',
      record: finding?.record ?? 1,
    })
    expect(
      context.rows.some(({ record, findings }) => record === finding?.record && findings.length > 0),
    ).toBe(true)
    const exported = await engine.call('executions.exportFindings', { executionId })
    expect(exported.rows).toBeGreaterThanOrEqual(page.total)
    for (const artifact of [
      'report.html',
      'results.txt',
      'details.json',
      'errores.csv',
      'rechazados',
      'folder',
    ] as const) {
      const { path } = await engine.call('executions.artifactPath', { executionId, artifact })
      expect(path.startsWith(join(dataDir(), 'ejecuciones', executionId))).toBe(true)
      expect(existsSync(path)).toBe(true)
    }

    const { text: yaml } = await engine.call('casillas.yaml', { id: casillaId })
    const rule = "df['cantidad'] > 0"
    const tried = await engine.call('rules.try', { yaml, level: 'row', catalog: 'ventas', rule, executionId })
    expect(tried).toMatchObject({ ok: false, total: 3000, problems: [] })
    expect(tried.rows.some(({ record }) => record === 20)).toBe(true)
    const preview = await engine.call('transformations.preview', {
      yaml,
      catalog: 'productos',
      executionId,
      limit: 5,
    })
    expect(preview).toMatchObject({ problems: [], counts: { refused: 0 } })
    expect(preview.after.rows).toHaveLength(5)

    expect(await engine.shutdown()).toBe(0)
    const lines = readFileSync(join(dataDir(), 'logs/engine.log'), 'utf8').trim().split('\n')
    const logged = lines.map((line) =>
      z.object({ event: z.string(), level: z.string() }).parse(JSON.parse(line)),
    )
    expect(logged.map(({ event }) => event)).toEqual(
      expect.arrayContaining([
        'engine.starting',
        'store.migrated',
        'engine.ready',
        'execution.finished',
        'engine.stopping',
      ]),
    )
    expect(logged.filter(({ level }) => level === 'ERROR')).toEqual([])
  })

  it('answers every read of a fresh store within the contract', async () => {
    const engine = start()
    await engine.ready
    const health = await engine.call('system.health', {})
    expect(health).toMatchObject({ host: 'child', dataDir: dataDir(), running: 0 })
    expect(health.version).toMatch(/^\d+\.\d+\.\d+$/)
    const { values } = await engine.call('settings.get', {})
    expect(values.detailCap).toBe(1000)
    await engine.call('settings.set', { key: 'logLevel', value: 'DEBUG' })
    expect((await engine.call('settings.get', {})).values.logLevel).toBe('DEBUG')
    const { entries } = await engine.call('rules.language', {})
    expect(entries.length).toBeGreaterThan(20)
    const text = (await engine.call('casillas.yaml', { id: 1 })).text
    const check = await engine.call('yaml.check', { text })
    expect(check).toMatchObject({ valid: true, outline: { catalogs: expect.any(Array) } })
    expect(await engine.call('yaml.check', { text: 'a: [' })).toMatchObject({ valid: false, outline: null })
  })

  it('sends errors without secrets and lives on', async () => {
    const engine = start()
    await engine.ready
    const planted = 'S3cr3t0-Plant4do'
    await expect(engine.call('settings.set', { key: `password=${planted}`, value: 1 })).rejects.toSatisfy(
      (error: unknown) =>
        error instanceof Error && !error.message.includes(planted) && /No hay un ajuste/.test(error.message),
    )
    const token = '4b0d5f0e-8f43-4b5c-9a60-1f0f3c9b6a11'
    await expect(engine.call('executions.start', { casillaId: 1, source: { token } })).rejects.toMatchObject({
      code: 'TOKEN_IN_ENGINE',
    })
    await expect(engine.call('executions.get', { executionId: token })).rejects.toMatchObject({
      kind: 'not-found',
    })
    expect((await engine.call('executions.list', {})).total).toBe(0)
    await engine.shutdown()
    expect(readFileSync(join(dataDir(), 'logs/engine.log'), 'utf8')).not.toContain(planted)
  })
})

describe('an engine that cannot start says why before it exits', () => {
  it('a store of a newer program', async () => {
    const migrations = join(dir, 'migraciones')
    mkdirSync(migrations)
    const real = resolve(__dirname, '../../../migrations')
    const files = readdirSync(real).filter((name) => name.endsWith('.sql'))
    for (const name of files) writeFileSync(join(migrations, name), readFileSync(join(real, name)))
    const next = String(files.length + 1).padStart(4, '0')
    writeFileSync(join(migrations, `${next}_futuro.sql`), 'CREATE TABLE futuro (id INTEGER);')
    const newer = start(migrations)
    await newer.ready
    await newer.shutdown()
    const engine = start()
    expect(await engine.exited).toBe(1)
    expect(engine.fatal).toMatchObject({ code: 'STORE_NEWER', kind: 'config', hint: expect.any(String) })
  })

  it('a data folder that another engine has; the first lives on', async () => {
    const first = start()
    await first.ready
    const second = start()
    expect(await second.exited).toBe(1)
    expect(second.fatal).toMatchObject({ code: 'ENGINE_ALREADY_RUNNING' })
    expect(await first.call('system.health', {})).toMatchObject({ running: 0 })
  })

  it('a data folder that is a file', async () => {
    writeFileSync(dataDir(), '')
    const engine = start()
    expect(await engine.exited).toBe(1)
    expect(engine.fatal).toMatchObject({ code: 'DATA_DIR_UNUSABLE' })
  })
})

describe('killed in the middle of an execution', () => {
  async function bigFile(): Promise<string> {
    const path = join(dir, 'personas.csv')
    const out = createWriteStream(path)
    out.write('codigo,edad\n')
    for (let block = 0; block < 30; block++) {
      out.write(
        Array.from({ length: 10_000 }, (_, i) => `c${block * 10_000 + i},${i === 77 ? 'x' : i % 90}\n`).join(
          '',
        ),
      )
    }
    out.end('c1,1\n')
    await finished(out)
    return path
  }

  it('marks it when it comes back, keeps nothing half done, and repeats it to the same verdict', async () => {
    const path = await bigFile()
    let engine = start()
    await engine.ready
    const { id: casillaId } = await engine.call('casillas.create', {
      nombre: 'Personas',
      nombreYaml: 'personas.yaml',
      yaml: personasYaml(),
    })
    const verdictOf = async (executionId: string): Promise<Verdict> => {
      const { verdict } = await engine.call('executions.get', { executionId })
      if (!verdict) throw new Error('sin veredicto')
      return verdict
    }
    const whole = engine.next('execution.changed', ({ fase }) => fase === 'terminada')
    const { executionId: wholeId } = await engine.call('executions.start', { casillaId, source: { path } })
    await whole
    const expected = await verdictOf(wholeId)
    expect(expected.totals).toMatchObject({ records: 300_001, errors: 31 })

    let rows = 1
    let interrupted = 0
    for (const killedAt of ['copiar', 'inspeccionar', 'validar', 'listar', 'preparar'] as const) {
      const there = engine.next('execution.progress', ({ step }) => step === killedAt)
      const { executionId } = await engine.call('executions.start', { casillaId, source: { path } })
      await there
      await engine.kill()
      engine = start()
      await engine.ready
      const told = engine.next('execution.changed', ({ id }) => id === executionId)
      const { ejecucion } = await engine.call('executions.get', { executionId })
      if (ejecucion.fase === 'terminada') {
        // The kill came after the verdict was whole (a busy machine): then it must be the whole verdict.
        expect(judged(await verdictOf(executionId)), killedAt).toEqual(judged(expected))
        rows += 1
        continue
      }
      interrupted += 1
      expect(ejecucion, killedAt).toMatchObject({
        fase: 'interrumpida',
        error: { code: 'EXECUTION_INTERRUPTED' },
      })
      expect(await told).toMatchObject({ fase: 'interrumpida' })
      const left = readdirSync(join(dataDir(), 'ejecuciones', executionId))
      expect(left.filter((name) => name !== 'input' && name !== 'input.yaml')).toEqual([])

      const again = engine.next(
        'execution.changed',
        ({ fase }) => fase !== 'en_espera' && fase !== 'en_curso',
      )
      const { executionId: repeatedId } = await engine.call('executions.rerun', { executionId })
      expect(await again).toMatchObject({ id: repeatedId, fase: 'terminada' })
      expect(judged(await verdictOf(repeatedId)), killedAt).toEqual(judged(expected))
      rows += 2
      expect((await engine.call('executions.list', {})).total).toBe(rows)
    }
    expect(interrupted).toBeGreaterThanOrEqual(3)
    // What was received is kept whole: the original is not needed to repeat it.
    const { items } = await engine.call('executions.list', { fase: 'interrumpida', limit: 1 })
    rmSync(path)
    const last = engine.next('execution.changed', ({ fase }) => fase === 'terminada')
    await engine.call('executions.rerun', { executionId: items[0]?.id ?? '' })
    expect(judged(await verdictOf((await last).id))).toEqual(judged(expected))
  }, 180_000)
})
