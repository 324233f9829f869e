import { mkdirSync, mkdtempSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { codeOf, rawCall } from './bridge'
import { type ConsoleWindow, expect, launchConsole, test, willChoose } from './support'

/** What a hostile page may try to ask of main and the engine. */
const userData = mkdtempSync(join(tmpdir(), 'sage-gate-'))
const artifact = join(userData, 'data', 'executions', 'report.html')
const EXECUTION = '0b9e5c0e-6f4e-4f7e-9d4b-0d3b7f1f2a11'
let open: ConsoleWindow
let page: Page

test.beforeAll(async () => {
  open = await launchConsole({ engine: 'fixture', userData, env: { FIXTURE_ARTIFACT: artifact } })
  page = open.page
})

test.afterAll(() => open.close())

test('only operations of the contract exist', async () => {
  for (const op of [
    'nope',
    '',
    'constructor',
    '__proto__',
    'toString',
    'hasOwnProperty',
    'x'.repeat(100_000),
  ]) {
    expect(['UNKNOWN_OPERATION', 'INPUT_INVALID'], op.slice(0, 20)).toContain(
      await codeOf(rawCall(page, op, {})),
    )
  }
})

test('malformed requests are refused one by one, and main lives', async () => {
  const inputs: unknown[] = [
    null,
    7,
    'x',
    [],
    { purpose: 'root' },
    { purpose: 'data', extra: 1 },
    { purpose: ['data'] },
  ]
  for (const input of inputs)
    expect(await codeOf(rawCall(page, 'dialog.chooseFile', input))).toBe('INPUT_INVALID')
  expect(
    await codeOf(
      page.evaluate(() => {
        const call = window.sage.call as (op: unknown, input: unknown, key?: unknown) => Promise<unknown>
        return call({ op: 'app.info' }, {}, { key: 1 }).then(
          (output) => ({ ok: true as const, output }),
          (error) => ({ ok: false as const, error }),
        )
      }),
    ),
  ).toBe('INPUT_INVALID')
  // A function cannot be cloned; the bridge turns it into a proxy that no channel carries.
  expect(
    await codeOf(
      page.evaluate(() => {
        const call = window.sage.call as (op: string, input: unknown) => Promise<unknown>
        return call('app.info', { run: () => 1 }).then(
          (output) => ({ ok: true as const, output }),
          (error) => ({ ok: false as const, error }),
        )
      }),
    ),
  ).toBe('INPUT_INVALID')
  expect(await rawCall(page, 'app.info', {})).toMatchObject({ ok: true, output: { development: true } })
})

test('a prototype does not travel', async () => {
  const code = await page.evaluate(() => {
    const call = window.sage.call as (op: string, input: unknown) => Promise<unknown>
    const input: unknown = JSON.parse(
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
    )
    return call('app.info', input).then(
      () => 'answered',
      (error) => error.code,
    )
  })
  expect(code).toBe('INPUT_INVALID')
  expect(await open.app.evaluate(() => Reflect.get({}, 'polluted'))).toBeUndefined()
  expect(await page.evaluate(() => Reflect.get({}, 'polluted'))).toBeUndefined()
})

test('a path of the page is never opened', async () => {
  const path = { casillaId: 1, source: { path: '/etc/passwd' } }
  expect(await codeOf(rawCall(page, 'executions.start', path))).toBe('FORBIDDEN')
  const both = { casillaId: 1, source: { path: '/etc/passwd', token: EXECUTION } }
  expect(await codeOf(rawCall(page, 'executions.start', both))).toBe('INPUT_INVALID')
  const forged = { casillaId: 1, source: { token: EXECUTION } }
  expect(await codeOf(rawCall(page, 'executions.start', forged))).toBe('GRANT_UNKNOWN')
  expect(await codeOf(rawCall(page, 'files.grant', { path: '/etc/passwd' }))).toBe('INPUT_INVALID')
  expect(await codeOf(rawCall(page, 'files.readText', { token: EXECUTION }))).toBe('GRANT_UNKNOWN')
  expect(await codeOf(rawCall(page, 'files.readText', { path: '/etc/passwd' }))).toBe('INPUT_INVALID')
  expect(
    await codeOf(rawCall(page, 'executions.artifactPath', { executionId: EXECUTION, artifact: 'folder' })),
  ).toBe('FORBIDDEN')
})

test('only a File that a person picked is granted, and the page never learns its path', async () => {
  const picked = join(userData, 'elegido.csv')
  writeFileSync(picked, 'a,b\n1,2\n')
  const forged = await page.evaluate(async () => {
    const fake = new File(['x'], 'passwd')
    Object.defineProperty(fake, 'path', { value: '/etc/passwd' })
    const tries: unknown[] = [fake, { path: '/etc/passwd' }, '/etc/passwd', null, new Blob(['x'])]
    return Promise.all(
      tries.map((value) =>
        window.sage.grantFile(value).then(
          () => 'granted',
          (error) => error.code,
        ),
      ),
    )
  })
  expect(forged).toEqual(Array(5).fill('INPUT_INVALID'))

  await page.evaluate(() => {
    const input = document.createElement('input')
    input.type = 'file'
    input.id = 'gate-test'
    document.body.append(input)
  })
  await page.setInputFiles('#gate-test', picked)
  const grant = await page.evaluate(() => {
    const input = document.querySelector('#gate-test')
    return window.sage.grantFile(input instanceof HTMLInputElement ? input.files?.[0] : null)
  })
  expect(grant).toEqual({ token: expect.any(String), name: 'elegido.csv', bytes: 8 })
  // The fixture echoes what the engine got: the path, which main put there.
  expect(await rawCall(page, 'executions.start', { casillaId: 1, source: { token: grant.token } })).toEqual({
    ok: true,
    output: { echo: { casillaId: 1, source: { path: picked } } },
  })
  expect(await rawCall(page, 'files.readText', { token: grant.token })).toMatchObject({
    ok: true,
    output: { name: 'elegido.csv', text: 'a,b\n1,2\n' },
  })
})

test('the dialog grants what the person chose, and nothing when it is closed', async () => {
  const yaml = join(userData, 'casilla.yaml')
  writeFileSync(yaml, 'sage_yaml: {}\n')
  await willChoose(open, yaml)
  const chosen = await rawCall(page, 'dialog.chooseFile', { purpose: 'yaml' })
  expect(chosen).toEqual({
    ok: true,
    output: { file: { token: expect.any(String), name: 'casilla.yaml', bytes: 14 } },
  })
  await open.app.evaluate(({ dialog }) => {
    Reflect.set(dialog, 'showOpenDialog', async () => ({ canceled: true, filePaths: [] }))
  })
  expect(await rawCall(page, 'dialog.chooseFile', { purpose: 'yaml' })).toEqual({
    ok: true,
    output: { file: null },
  })
})

test('only files in the data folder are opened with the programs of the system', async () => {
  await open.app.evaluate(({ shell }) => {
    Reflect.set(globalThis, 'opened', [])
    Reflect.set(shell, 'openPath', async (path: string) => {
      Reflect.get(globalThis, 'opened').push(path)
      return ''
    })
  })
  const ask = () =>
    codeOf(rawCall(page, 'shell.openArtifact', { executionId: EXECUTION, artifact: 'report.html' }))
  mkdirSync(join(userData, 'data', 'executions'), { recursive: true })
  expect(await ask()).toBe('ARTIFACT_MISSING')
  symlinkSync('/etc/passwd', artifact)
  expect(await ask()).toBe('FORBIDDEN')
  expect(await open.app.evaluate(() => Reflect.get(globalThis, 'opened'))).toEqual([])
  unlinkSync(artifact)
  writeFileSync(artifact, '<p>informe</p>')
  expect(await ask()).toBe('answered {"ok":true}')
  expect(await open.app.evaluate(() => Reflect.get(globalThis, 'opened'))).toEqual([artifact])
})

test('another window with the same preload is refused, whatever it shows', async () => {
  const codes = await open.app.evaluate(async ({ BrowserWindow, app }) => {
    const preload = `${app.getAppPath()}/out/preload/index.cjs`
    const ask = 'window.sage.call("app.info", {}).then(() => "answered", (error) => error.code)'
    const answers: string[] = []
    for (const url of ['app://sage/', 'data:text/html,<p>x</p>']) {
      const other = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } })
      await other.loadURL(url)
      answers.push(await other.webContents.executeJavaScript(ask))
      other.destroy()
    }
    return answers
  })
  expect(codes).toEqual(['FORBIDDEN', 'FORBIDDEN'])
})

test('the console window itself is refused once it shows another origin', async ({ launch }) => {
  const own = await launch({ engine: 'fixture' })
  // Main can load anything: the navigation guards are not what is under test.
  const code = await own.app.evaluate(async ({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents
    await contents?.loadURL('data:text/html,<p>x</p>')
    return contents?.executeJavaScript(
      'window.sage.call("app.info", {}).then(() => "answered", (error) => error.code)',
    )
  })
  expect(code).toBe('FORBIDDEN')
})

test('the real engine refuses what its contract does not know, and goes on', async ({ launch }) => {
  const { page } = await launch()
  const hostile: [string, unknown][] = [
    ['casillas.get', { id: '1 OR 1=1' }],
    ['casillas.get', { id: 1, extra: true }],
    ['casillas.get', null],
    ['executions.list', { limit: 1e9 }],
    ['executions.list', { sort: 'creadaEn; DROP TABLE ejecuciones_yaml' }],
    ['executions.get', { executionId: '../../../etc/passwd' }],
    ['settings.set', { key: 'x'.repeat(1000), value: 1 }],
  ]
  for (const [op, input] of hostile) expect(await codeOf(rawCall(page, op, input)), op).toBe('INPUT_INVALID')
  const health = await rawCall(page, 'system.health', {})
  expect(health).toMatchObject({ ok: true, output: { host: expect.stringMatching(/^(child|utility)$/) } })
  expect(Reflect.get(health.ok ? Object(health.output) : {}, 'dataDir')).toContain('data')
})
