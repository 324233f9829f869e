import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const ROOT = resolve(__dirname, '../../../..')
const CORPUS = join(ROOT, 'src/testkit/fixtures/conformance')
const dir = mkdtempSync(join(tmpdir(), 'sage-conformance-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const run = (rules: string) =>
  new Promise<{ code: number; out: string }>((done) => {
    const args = [
      'conformance',
      '--rules',
      rules,
      '--data',
      join(CORPUS, 'data'),
      '--schema',
      join(CORPUS, 'schema.json'),
    ]
    execFile(process.execPath, [join(ROOT, 'scripts/sage.mjs'), ...args], (error, stdout) =>
      done({ code: typeof error?.code === 'number' ? error.code : 0, out: stdout }),
    )
  })

test('the conformance command passes the whole corpus', async () => {
  const { code, out } = await run(join(CORPUS, 'rules.jsonl'))
  expect(out.trim().split('\n').at(-1)).toBe('136 passed, 0 failed')
  expect(code).toBe(0)
})

test('a wrong verdict is named with what was expected and what was got', async () => {
  const rules = join(dir, 'wrong.jsonl')
  const rule = { id: 'x1', level: 'catalog', catalog: 'ventas', field: null, rule: 'len(df) == 1', ok: true }
  writeFileSync(rules, `${JSON.stringify(rule)}\n`)
  const { code, out } = await run(rules)
  expect(out).toContain('x1')
  expect(out).toContain('len(df) == 1')
  expect(out.trim().split('\n').at(-1)).toBe('0 passed, 1 failed')
  expect(code).toBe(1)
})
