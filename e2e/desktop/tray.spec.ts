import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { personasYaml } from '../../src/testkit/personas'
import { type ConsoleWindow, expect, startAgain, test, willChoose } from './support'

const windows = ({ app }: ConsoleWindow): Promise<number> =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)

const WATCHING = { FIXTURE_WATCHING: '1' }

const closeWindow = ({ app }: ConsoleWindow): Promise<void> =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())

/** The engine tells of a casilla that watches its folder; the tray has heard once the console has. */
const startWatching = ({ page }: ConsoleWindow): Promise<void> =>
  page.evaluate(
    () =>
      new Promise<void>((done) => {
        window.sage.on('recepcion.casilla', () => done())
        void window.sage.call('recepcion.estado', {})
      }),
  )

const ended = ({ app }: ConsoleWindow): Promise<unknown> => app.waitForEvent('close')

test('closing the window leaves casillas at work, and a second start brings it back', async ({ launch }) => {
  const open = await launch({ engine: 'fixture', env: WATCHING })
  await startWatching(open)
  await closeWindow(open)
  await expect.poll(() => windows(open)).toBe(0)
  const back = open.app.waitForEvent('window')
  expect(await startAgain({ engine: 'fixture', userData: open.userData })).toBe(0)
  expect(await (await back).evaluate(() => location.href)).toContain('app://sage/')
  expect(await windows(open)).toBe(1)
  const preferences = join(open.userData, 'preferencias.json')
  expect(existsSync(preferences) && readFileSync(preferences, 'utf8')).toContain('"avisadoDeBandeja": true')
})

test('closing the window ends the program when nothing works by itself', async ({ launch }) => {
  const open = await launch({ engine: 'fixture' })
  const end = ended(open)
  await closeWindow(open)
  await end
})

test('closing the window ends the program once the only casilla at work was removed', async ({ launch }) => {
  const carpeta = test.info().outputPath('entrada')
  mkdirSync(carpeta, { recursive: true })
  const open = await launch()
  await willChoose(open, carpeta)
  await open.page.evaluate(async (yaml) => {
    const { carpeta: granted } = await window.sage.call('dialog.chooseFolder', {})
    const watching = new Promise<void>((done) => {
      window.sage.on('recepcion.casilla', ({ estado }) => estado === 'vigilando' && done())
    })
    const { id } = await window.sage.call('casillas.create', {
      ...{ nombre: 'Única', nombreYaml: 'personas.yaml', yaml },
      carpeta: granted && { token: granted.token },
    })
    await watching
    await window.sage.call('casillas.remove', { id })
  }, personasYaml())
  const end = ended(open)
  await closeWindow(open)
  await end
})

test('closing the window ends the program when the person wants it so', async ({ launch }) => {
  const open = await launch({ engine: 'fixture', env: WATCHING })
  await startWatching(open)
  const set = await open.page.evaluate(() =>
    window.sage.call('app.preferences.set', { cerrarEnBandeja: false }),
  )
  expect(set.cerrarEnBandeja).toBe(false)
  const end = ended(open)
  await closeWindow(open)
  await end
})

test('starts in the tray with the session, and opens when asked', async ({ launch }) => {
  const userData = test.info().outputPath('datos')
  // Playwright waits for a window, so another start asks for it.
  const waiting = launch({ engine: 'fixture', userData, args: ['--en-bandeja'] })
  await expect.poll(() => existsSync(join(userData, 'logs', 'engine.log')), { timeout: 20_000 }).toBe(true)
  expect(await startAgain({ engine: 'fixture', userData })).toBe(0)
  expect(await windows(await waiting)).toBe(1)
})
