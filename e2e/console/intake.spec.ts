import { mkdirSync, mkdtempSync, readdirSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { personasYaml } from '../../src/testkit/personas'
import { type ConsoleWindow, expect, launchConsole, test, willChoose } from '../desktop/support'

let open: ConsoleWindow
let page: Page
let home: string
let folder: string

test.describe.configure({ mode: 'serial' })

test.beforeAll(async () => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'sage-intake-')))
  folder = join(home, 'recepción')
  mkdirSync(folder)
  writeFileSync(join(home, 'personas.yaml'), personasYaml())
  open = await launchConsole()
  page = open.page
  await expect(page.getByText('Lista para procesar')).toBeVisible()
})

test.afterAll(async () => {
  await open?.close()
  rmSync(home, { recursive: true, force: true })
})

/** Whole at once, as a careful sender puts it there. */
function put(name: string, text: string) {
  writeFileSync(join(home, name), text)
  renameSync(join(home, name), join(folder, name))
}

/** Nothing of a grid is past its edge: no bar to scroll it sideways. */
const past = (): Promise<number> =>
  page.getByRole('grid').evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)

const good = (seed: string) => `codigo,edad\n${seed}-1,20\n${seed}-2,31\n`
const bad = (seed: string) => `codigo,edad\n${seed},nada\n`

const row = (name: string): Locator => page.getByRole('row').filter({ hasText: name })
const tab = (name: string) => page.getByRole('tab', { name }).click()
const left = (own: string): string[] => readdirSync(join(folder, own)).map((name) => name.slice(16))

test('a casilla is created from its YAML and told to watch a folder', async ({ browserName: _ }, info) => {
  await page.getByRole('link', { name: 'Casillas' }).first().click()
  await page.getByRole('link', { name: 'Crear casilla' }).click()
  await page.getByRole('textbox', { name: 'Nombre', exact: true }).fill('Personas del norte')
  const next = page.getByRole('button', { name: 'Siguiente' })
  await next.click()
  await page.getByText('Un YAML que ya existe').click()
  await willChoose(open, join(home, 'personas.yaml'))
  await page.getByRole('button', { name: 'Elegir archivo YAML' }).click()
  await expect(page.getByRole('region', { name: 'Errores y avisos del YAML' })).toContainText('Sin errores')
  await next.click()
  await next.click()
  await page.getByRole('button', { name: 'Crear casilla' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Personas del norte' })).toBeVisible()

  await tab('Configuración')
  await willChoose(open, folder)
  await page.getByRole('button', { name: 'Elegir carpeta' }).click()
  await expect(page.getByTestId('carpeta')).toHaveText(folder)
  await page.getByRole('textbox', { name: 'Tiempo de asentamiento' }).fill('0.2')
  await expect(page.getByText('Cambios sin guardar')).toBeVisible()
  await page.getByRole('button', { name: 'Guardar' }).click()
  await expect(page.getByText('Cambios guardados.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Pausar' })).toBeVisible()
  await page.screenshot({ path: info.outputPath('01-configuracion.png') })
  await tab('Recepción')
  await expect(page.getByTestId('recepcion-estado')).toHaveText('Vigilando')
})

test('a good and a bad file put into it are seen to end, live, and their originals leave', async ({
  browserName: _,
}, info) => {
  put('buenas.csv', good('a'))
  await expect(row('buenas.csv')).toContainText('Aceptado')
  put('malas.csv', bad('b'))
  await expect(row('malas.csv')).toContainText('Rechazado')
  await expect.poll(() => left('procesado')).toEqual(['buenas.csv'])
  await expect.poll(() => left('rechazado')).toEqual(['malas.csv'])
  await expect(page.getByTestId('grid-counter')).toHaveText('2 archivos')
  expect(await past()).toBe(0)
  await page.screenshot({ path: info.outputPath('02-recepcion.png') })
})

test('the same content again is shown with the earlier file, and judged no more', async ({
  browserName: _,
}, info) => {
  put('otra-vez.csv', good('a'))
  await expect(row('otra-vez.csv')).toContainText('Duplicado')
  await row('otra-vez.csv').dblclick()
  const drawer = page.getByRole('dialog')
  await expect(drawer.getByRole('region', { name: 'Archivo anterior' })).toContainText('buenas.csv')
  await page.screenshot({ path: info.outputPath('03-duplicado.png') })
  await drawer.getByRole('button', { name: 'Ver el anterior' }).click()
  await expect(drawer.getByText('Aceptado', { exact: true })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(drawer).toBeHidden()
})

test('paused it notes what arrives and takes nothing; resumed it goes on by itself', async ({
  browserName: _,
}, info) => {
  await page.getByRole('button', { name: 'Pausar' }).click()
  await expect(page.getByTestId('recepcion-estado')).toHaveText('En pausa')
  put('espera.csv', good('c'))
  await expect(row('espera.csv')).toContainText('En espera')
  await expect(page.getByTestId('recepcion-cuentas')).toContainText('1 en cola')
  await tab('Resumen')
  await expect(page.getByRole('region', { name: 'Qué hacer ahora' })).toContainText('En pausa desde')
  await page.screenshot({ path: info.outputPath('04-pausa.png') })
  await page.getByRole('button', { name: 'Reanudar' }).click()
  await tab('Recepción')
  await expect(row('espera.csv')).toContainText('Aceptado')
  await expect(page.getByTestId('recepcion-estado')).toHaveText('Vigilando')
})

test('another casilla may not watch inside that folder', async ({ browserName: _ }, info) => {
  const inside = join(folder, 'sucursal')
  mkdirSync(inside)
  await page.getByRole('link', { name: 'Casillas' }).first().click()
  await page.getByRole('link', { name: /^Distribuidora/ }).click()
  await tab('Configuración')
  await willChoose(open, inside)
  await page.getByRole('button', { name: 'Elegir carpeta' }).click()
  await page.getByRole('button', { name: 'Guardar' }).click()
  await expect(page.getByRole('alert', { name: 'No se pudo completar' })).toContainText(
    'está dentro de la de la casilla «Personas del norte»',
  )
  await page.screenshot({ path: info.outputPath('05-carpeta-anidada.png') })
  await page.getByRole('button', { name: 'Descartar cambios' }).click()
  await expect(page.getByTestId('carpeta')).toContainText('Sin carpeta')
})

test('chosen executions are processed again, and it says how many started', async ({
  browserName: _,
}, info) => {
  await page.getByRole('link', { name: 'Ejecuciones' }).first().click()
  await expect(page.getByTestId('grid-counter')).toHaveText('3 ejecuciones')
  expect(await past()).toBe(0)
  await row('buenas.csv').click()
  await row('malas.csv').click({ modifiers: ['Control'] })
  await page.getByRole('button', { name: 'Volver a procesar 2' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('buenas.csv')
  await expect(dialog).toContainText('malas.csv')
  await page.screenshot({ path: info.outputPath('06-reprocesar.png') })
  await dialog.getByRole('button', { name: 'Procesar 2' }).click()
  await expect(dialog.getByRole('status')).toHaveText('2 ejecuciones iniciadas.')
  await dialog.getByRole('button', { name: 'Cerrar' }).click()
  await expect(page.getByTestId('grid-counter')).toHaveText('5 ejecuciones')
})

test('a casilla is removed from the list by writing its name; files of its folder stay', async ({
  browserName: _,
}, info) => {
  await page.getByRole('link', { name: 'Casillas' }).first().click()
  await expect(page.getByRole('grid')).toBeVisible()
  expect(await past()).toBe(0)
  await page.getByText('Tablero').click()
  await expect(page.getByRole('listitem').filter({ hasText: 'Personas del norte' })).toContainText(
    'Vigilando',
  )
  await page.screenshot({ path: info.outputPath('07-tablero.png') })
  await page.reload()
  await page.getByRole('button', { name: 'Acciones de Personas del norte' }).click()
  await page.getByRole('menuitem', { name: 'Eliminar casilla' }).click()
  const dialog = page.getByRole('dialog')
  const confirm = dialog.getByRole('button', { name: 'Eliminar', exact: true })
  await expect(confirm).toBeDisabled()
  await dialog.getByRole('textbox').fill('Personas del norte')
  await confirm.click()
  await expect(page.getByTestId('grid-counter')).toHaveText('1 casilla')
  await expect(page.getByRole('listitem').filter({ hasText: 'Personas del norte' })).toHaveCount(0)
  expect(left('procesado').sort()).toEqual(['buenas.csv', 'espera.csv', 'otra-vez.csv'])
})
