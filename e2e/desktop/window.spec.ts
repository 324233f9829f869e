import { expect, test } from './support'

test('the window opens on app://sage/ with a bridge of four functions', async ({ launch }) => {
  const { page, app } = await launch({ engine: 'fixture' })
  expect(page.url()).toBe('app://sage/')
  expect(await page.evaluate(() => Object.keys(Reflect.get(window, 'sage')).sort())).toEqual([
    'call',
    'cancel',
    'grantFile',
    'on',
  ])
  const size = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getMinimumSize())
  expect(size).toEqual([1280, 800])
})
