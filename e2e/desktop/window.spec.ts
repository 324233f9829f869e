import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, startAgain, test } from './support'

test('the window opens on app://sage/ with a bridge of four functions', async ({ launch }) => {
  const { page, app } = await launch({ engine: 'fixture' })
  expect(await page.evaluate(() => location.href)).toBe('app://sage/')
  expect(await page.evaluate(() => Object.keys(Reflect.get(window, 'sage')).sort())).toEqual([
    'call',
    'cancel',
    'grantFile',
    'on',
  ])
  const size = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getMinimumSize())
  expect(size).toEqual([1280, 800])
})

test('the console paints without breaking its own policy', async ({ launch }, info) => {
  const { page } = await launch({ engine: 'fixture' })
  const refused: string[] = []
  page.on('console', (message) => {
    if (/Content Security Policy|violates|ERR_BLOCKED/.test(message.text())) refused.push(message.text())
  })
  page.on('pageerror', (error) => refused.push(error.message))
  await page.reload()
  await expect(page.locator('#root')).not.toBeEmpty()
  await page.screenshot({ path: info.outputPath('consola.png') })
  expect(refused).toEqual([])
})

test('a second start shows the first window instead of opening another', async ({ launch }) => {
  const first = await launch({ engine: 'fixture' })
  expect(await startAgain({ engine: 'fixture', userData: first.userData })).toBe(0)
  expect(await first.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
})

test('the window opens where it was left', async ({ launch }) => {
  const { app, userData, close } = await launch({ engine: 'fixture' })
  const file = join(userData, 'window.json')
  await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.setBounds({ x: 40, y: 30, width: 1300, height: 850 }),
  )
  const saved = (): string => (existsSync(file) ? readFileSync(file, 'utf8') : '')
  await expect.poll(saved).toContain('"width":1300')
  await app.close()
  const again = await launch({ engine: 'fixture', userData })
  const bounds = await again.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.getBounds(),
  )
  expect(bounds).toMatchObject({ x: 40, y: 30, width: 1300, height: 850 })
  await again.close()
  await close()
})
