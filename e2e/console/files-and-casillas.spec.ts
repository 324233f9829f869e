import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Page } from '@playwright/test'
import { type ConsoleWindow, expect, launchConsole, ROOT, test } from '../desktop/support'

const SAMPLE = join(ROOT, 'resources/samples/distribuidora')

let open: ConsoleWindow
let page: Page

test.describe.configure({ mode: 'serial' })

test.beforeAll(async () => {
  open = await launchConsole()
  page = open.page
  await expect(page.getByText('Lista para procesar')).toBeVisible()
})

test.afterAll(async () => {
  await open?.close()
})

/** As the desktop drops it: Chromium makes the genuine File, with a path that no script could have written. */
async function dropFile(area: string, path: string): Promise<void> {
  const target = page.getByRole('region', { name: area })
  const box = await target.boundingBox()
  if (box === null) throw new Error(`no area ${area}`)
  const at = { x: box.x + box.width / 2, y: box.y + 12 }
  const data = { items: [], files: [path], dragOperationsMask: 1 }
  const session = await page.context().newCDPSession(page)
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, ...at, data })
  await session.detach()
}

const clipboard = (): Promise<string> => open.app.evaluate(({ clipboard }) => clipboard.readText())

test('a file dropped on the casilla is processed; what is copied is on the clipboard', async ({
  browserName: _,
}, info) => {
  await dropFile('Soltar aquí un archivo ZIP o CSV', join(SAMPLE, 'diario.zip'))
  const verdict = page.getByTestId('verdict')
  await expect(verdict).toContainText('Fallido', { timeout: 60_000 })
  await expect(page.getByRole('heading', { level: 1 })).toContainText('diario.zip')
  await page.screenshot({ path: info.outputPath('01-soltado.png') })

  await page.getByRole('button', { name: 'Copiar SHA-256' }).click()
  await expect.poll(clipboard).toMatch(/^[0-9a-f]{64}$/)

  await page.getByRole('link', { name: 'Importe cuadra' }).click()
  await expect(page.getByTestId('grid-counter')).toHaveText('2 hallazgos con estos filtros')
  await page.getByRole('grid').focus()
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Control+c')
  await expect(page.getByText('2 filas copiadas').first()).toBeVisible()
  const lines = (await clipboard()).split('\n').filter((line) => line !== '')
  expect(lines).toHaveLength(3)
  expect(lines[0]?.split('\t')).toContain('Regla')
  expect(lines[1]).toContain('Importe cuadra')
})

test('the findings shown are exported to a file beside the execution', async ({ browserName: _ }, info) => {
  await page.getByRole('button', { name: 'Exportar CSV' }).click()
  const said = page.getByText(/2 hallazgos exportados a /)
  await expect(said).toBeVisible()
  const file = basename(((await said.textContent()) ?? '').split(' a ').at(-1) ?? '')
  await page.screenshot({ path: info.outputPath('02-exportado.png') })
  const left = readdirSync(open.userData, { recursive: true, encoding: 'utf8' })
  const found = left.find((path) => basename(path) === file)
  const rows = readFileSync(join(open.userData, found ?? file), 'utf8')
    .trim()
    .split('\n')
  expect(rows).toHaveLength(3)
  expect(rows[1]).toContain('Importe cuadra')
})
