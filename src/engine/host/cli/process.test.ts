import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const ROOT = resolve(__dirname, '../../../..')
const SAMPLE = join(ROOT, 'resources/samples/distribuidora')
const CLI = join(ROOT, 'out/engine/cli.cjs')
const dir = mkdtempSync(join(tmpdir(), 'sage-cli-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const run = (args: string[], script = join(ROOT, 'scripts/sage.mjs')) =>
  new Promise<{ code: number; out: string; err: string }>((done) => {
    execFile(
      process.execPath,
      [script, ...args],
      { cwd: dir, env: { ...process.env, INIT_CWD: dir } },
      (error, out, err) => done({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    )
  })

// Builds the command if it is stale, so that the tests below can run the built file alone.
beforeAll(async () => {
  expect((await run(['--help'])).code).toBe(0)
}, 120_000)

interface Listed {
  catalog?: string
  package?: string
  rule: string
  severity: string
  records: number[]
}

test('the sample gives exactly what is expected of it, as one JSON object', async () => {
  const out = join(dir, 'muestra')
  const args = [
    join(SAMPLE, 'diario.zip'),
    '--yaml',
    join(SAMPLE, 'distribuidora.yaml'),
    '--out',
    out,
    '--json',
  ]
  const { code, out: text, err } = await run(['process', ...args])
  expect([code, err]).toEqual([1, ''])
  const told = JSON.parse(text)
  const expected = JSON.parse(readFileSync(join(SAMPLE, 'expected.json'), 'utf8'))
  const of = (severity: string): string[] =>
    told.findings
      .filter((one: Listed) => one.severity === severity)
      .map((one: Listed) => `${one.catalog ?? one.package} ${one.rule} ${one.records}`)
      .sort()
  const wanted = (list: Listed[]): string[] =>
    list.map((one) => `${one.catalog} ${one.rule} ${one.records}`).sort()
  expect(told).toMatchObject({ estado: 'Fallido', dir: out, records: expected.records, fileErrors: [] })
  expect(of('error')).toEqual(wanted(expected.errors))
  expect(of('warning')).toEqual(wanted(expected.warnings))
  expect(existsSync(join(out, 'report.html'))).toBe(true)
})

test('exit codes: 0 without errors, 2 when it could not run, told in one paragraph or as JSON', async () => {
  const yaml = join(dir, 'bueno.yaml')
  writeFileSync(
    yaml,
    `sage_yaml: { name: n, description: d, version: "1", author: a }
catalogs:
  datos: { name: n, description: d, filename: d.csv, file_format: { type: CSV, delimiter: ",", header: true }, fields: [{ name: a, type: entero }] }
packages:
  p: { name: n, description: d, file_format: { type: CSV }, catalogs: [datos] }
`,
  )
  writeFileSync(join(dir, 'd.csv'), 'a\n1\n')
  expect((await run(['process', 'd.csv', '--yaml', yaml, '--out', join(dir, 'ok')])).code).toBe(0)
  const missing = await run(['process', 'no-existe.csv', '--yaml', yaml, '--out', join(dir, 'no')])
  expect([missing.code, missing.out]).toEqual([2, ''])
  expect(missing.err).toMatch(/^Error: .*no-existe\.csv.*\[FILE_NOT_FOUND\]\n$/)
  writeFileSync(join(dir, 'malo.yaml'), 'sage_yaml: 3\n')
  const bad = await run(['process', 'd.csv', '--yaml', 'malo.yaml', '--out', join(dir, 'no2'), '--json'])
  expect([bad.code, bad.out]).toEqual([2, ''])
  expect(JSON.parse(bad.err)).toMatchObject({ error: { code: 'YAML_INVALID' } })
  const checked = await run(['check-yaml', 'malo.yaml', '--json'])
  expect(checked.code).toBe(2)
  expect(JSON.parse(checked.out).valid).toBe(false)
  expect((await run(['check-yaml', yaml])).code).toBe(0)
})

/** Waits, by the folder's own state, for a run to be well under way. */
async function underWay(child: ChildProcess, out: string): Promise<void> {
  while (child.exitCode === null && child.signalCode === null) {
    if (existsSync(join(out, 'tmp', 'data', '0'))) return
    await new Promise((again) => setImmediate(again))
  }
}

test('killed in the middle, the folder says so, and the same command run again ends well', async () => {
  const out = join(dir, 'matada')
  const input = join(dir, 'd.csv')
  writeFileSync(input, `a\n${'12345\n'.repeat(3_000_000)}x\n`)
  const args = ['process', input, '--yaml', join(dir, 'bueno.yaml'), '--out', out, '--json']
  const child = spawn(process.execPath, [CLI, ...args], { stdio: 'ignore' })
  await underWay(child, out)
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(existsSync(join(out, '.en-curso'))).toBe(true)
  expect(existsSync(join(out, 'verdict.json'))).toBe(false)
  const again = await run(args, CLI)
  expect(again.code).toBe(1)
  expect(JSON.parse(again.out)).toMatchObject({ records: { datos: 3_000_001 }, errors: 1 })
  expect(readdirSync(out).filter((name) => name === 'tmp' || name === '.en-curso')).toEqual([])
})
