import { readFileSync } from 'node:fs'
import { codeOf, rawCall } from './bridge'
import { expect, test } from './support'

/** A process that nobody reaped yet (state Z) is as gone as one that was. */
function alive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

for (const host of ['child', 'utility'] as const) {
  test(`as ${host}: a killed engine rejects what was pending, the window hears of it, and it comes back`, async ({
    launch,
  }) => {
    const { page } = await launch({ engine: 'fixture', host })
    const health = await rawCall(page, 'system.health', {})
    await page.evaluate(() => {
      const states: string[] = []
      Reflect.set(window, 'states', states)
      // The page is told once when it is there, which may be after this: the same state twice is one state.
      window.sage.on('engine.state', ({ state }) => {
        if (states.at(-1) !== state) states.push(state)
      })
    })
    const pid = Reflect.get(health.ok ? Object(health.output) : {}, 'pid')
    const lost = [1, 2, 3].map(() => codeOf(rawCall(page, 'executions.list', {})))
    // Answered after the three: they are in the engine's hands now.
    await rawCall(page, 'system.health', {})
    process.kill(pid, 'SIGKILL')
    expect(await Promise.all(lost)).toEqual(['ENGINE_LOST', 'ENGINE_LOST', 'ENGINE_LOST'])
    const again = await rawCall(page, 'system.health', {})
    expect(Reflect.get(again.ok ? Object(again.output) : {}, 'pid')).not.toBe(pid)
    expect(await page.evaluate(() => Reflect.get(window, 'states'))).toEqual(['ready', 'degraded', 'ready'])
    expect(await rawCall(page, 'app.info', {})).toMatchObject({ ok: true, output: { engine: host } })
  })
}

test('a call is cancelled by its key', async ({ launch }) => {
  const { page } = await launch({ engine: 'fixture' })
  const call = codeOf(rawCall(page, 'rules.try', {}, 'k1'))
  await rawCall(page, 'system.health', {})
  expect(await codeOf(rawCall(page, 'rules.try', {}, 'k1'))).toBe('KEY_IN_USE')
  await page.evaluate(() => window.sage.cancel('k1'))
  expect(await call).toBe('CANCELLED')
  expect(await rawCall(page, 'settings.get', {})).toEqual({ ok: true, output: { values: { waiting: [] } } })
})

test('an engine that can not start says why, names its log, and is started again when asked', async ({
  launch,
}) => {
  const { page, userData } = await launch({ engine: 'fixture', env: { FIXTURE_MODE: 'fatal' } })
  const read = () =>
    page.evaluate(
      () =>
        new Promise<{ state: string; reason: string | null; logFile: string | null }>((done) => {
          const stop = window.sage.on('engine.state', (state) => {
            done(state)
            queueMicrotask(() => stop())
          })
        }),
    )
  await expect.poll(async () => (await read()).state).toBe('stopped')
  const stopped = await read()
  expect(stopped.reason).toContain('el almacén es más nuevo')
  expect(stopped.logFile).toBe(`${userData}/logs/engine.log`)
  expect(await codeOf(rawCall(page, 'system.health', {}))).toBe('ENGINE_STOPPED')
  expect(await rawCall(page, 'engine.restart', {})).toEqual({ ok: true, output: { ok: true } })
})

test('the engine ends with the window', async ({ launch }) => {
  const { page, app } = await launch({ engine: 'fixture' })
  const health = await rawCall(page, 'system.health', {})
  const pid: number = Reflect.get(health.ok ? Object(health.output) : {}, 'pid')
  await app.close()
  await expect.poll(() => alive(pid)).toBe(false)
})

test('the engine ends even when the window is killed', async ({ launch }) => {
  const { page, app } = await launch({ engine: 'fixture', host: 'child' })
  const health = await rawCall(page, 'system.health', {})
  const pid: number = Reflect.get(health.ok ? Object(health.output) : {}, 'pid')
  app.process().kill('SIGKILL')
  await expect.poll(() => alive(pid)).toBe(false)
})

test('a page that crashes comes back', async ({ launch }) => {
  const { page, app, logs } = await launch({ engine: 'fixture' })
  const reloaded = app.evaluate(
    ({ BrowserWindow }) =>
      new Promise<void>((done) => {
        BrowserWindow.getAllWindows()[0]?.webContents.once('did-finish-load', () => done())
      }),
  )
  await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
  )
  await reloaded
  expect(logs()).toContain('la página de la consola se cerró')
  expect(page.url()).toMatch(/^app:/)
})
