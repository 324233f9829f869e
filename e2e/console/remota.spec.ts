import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { personasYaml } from '../../src/testkit/personas'
import '../desktop/bridge'
import { type ConsoleWindow, expect, launchConsole, test, willChoose } from '../desktop/support'

let open: ConsoleWindow
let home: string
let prefix: string

test.beforeAll(async () => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'sage-remota-')))
  prefix = join(home, 'proveedor', 'data', '5')
  mkdirSync(prefix, { recursive: true })
  writeFileSync(join(home, 'personas.yaml'), personasYaml())
  open = await launchConsole()
})
test.afterAll(async () => {
  await open?.close()
  rmSync(home, { recursive: true, force: true })
})

test('a new casilla receives from a folder of a provider, which is found by looking into it', async ({
  browserName: _,
}, info) => {
  const { page } = open
  await expect(page.getByText('Lista para procesar')).toBeVisible()
  await willChoose(open, join(home, 'proveedor'))
  await page.evaluate(async () => {
    const { carpeta } = await window.sage.call('dialog.chooseFolder', {})
    if (!carpeta) throw new Error('no folder')
    const lugar = { token: carpeta.token }
    await window.sage.call('proveedores.create', { nombre: 'Entregas', tipo: 'local', config: {}, lugar })
  })
  await page.getByRole('link', { name: 'Casillas' }).first().click()
  await page.getByRole('link', { name: 'Crear casilla' }).click()
  await page.getByRole('textbox', { name: 'Nombre', exact: true }).fill('Personas remotas')
  await page.getByRole('radiogroup', { name: 'De dónde recibe' }).getByText('Proveedor').click()
  const next = page.getByRole('button', { name: 'Siguiente' })
  await next.click()
  await expect(page.getByText('Elegir un proveedor.')).toBeVisible()
  await page.getByPlaceholder('Elegir proveedor').click()
  await page.getByRole('option', { name: 'Entregas' }).click()
  await page.getByRole('button', { name: 'Explorar' }).click()
  const browser = page.getByRole('dialog')
  await browser.getByRole('button', { name: 'data', exact: true }).click()
  await browser.getByRole('button', { name: '5', exact: true }).click()
  await expect(browser.getByText('Entregas: /data/5')).toBeVisible()
  await browser.getByRole('button', { name: 'Elegir esta carpeta' }).click()
  await expect(page.getByRole('textbox', { name: 'Carpeta dentro del proveedor' })).toHaveValue('data/5')
  await page.screenshot({ path: info.outputPath('01-origen.png') })
  await next.click()
  await page.getByText('Un YAML que ya existe').click()
  await willChoose(open, join(home, 'personas.yaml'))
  await page.getByRole('button', { name: 'Elegir archivo YAML' }).click()
  await expect(page.getByRole('region', { name: 'Errores y avisos del YAML' })).toContainText('Sin errores')
  await next.click()
  await next.click()
  await expect(page.getByText('Entregas: /data/5')).toBeVisible()
  await page.getByRole('button', { name: 'Crear casilla' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Personas remotas' })).toBeVisible()

  await page.getByRole('tab', { name: 'Configuración' }).click()
  await page.getByRole('textbox', { name: 'Revisar cada' }).fill('0.5')
  await page.getByRole('textbox', { name: 'Tiempo de asentamiento' }).fill('0.2')
  await page.getByRole('button', { name: 'Guardar' }).click()
  await expect(page.getByText('Cambios guardados.')).toBeVisible()
  await page.getByRole('tab', { name: 'Recepción' }).click()
  await expect(page.getByTestId('recepcion-estado')).toHaveText('Vigilando')
  await expect(page.getByText('Entregas: /data/5')).toBeVisible()
  writeFileSync(join(prefix, 'buenas.csv'), 'codigo,edad\na,20\n')
  await expect(page.getByRole('row').filter({ hasText: 'buenas.csv' })).toContainText('Aceptado')
  await expect
    .poll(() => (existsSync(join(prefix, 'procesado')) ? readdirSync(join(prefix, 'procesado')) : []))
    .toEqual([expect.stringMatching(/_buenas\.csv$/)])

  // Away, it says so and why; back, it goes on by itself.
  rmSync(join(home, 'proveedor'), { recursive: true })
  await expect(page.getByTestId('recepcion-estado')).toHaveText('Sin acceso')
  await expect(page.getByText(/No existe «.*proveedor»/)).toBeVisible()
  await page.screenshot({ path: info.outputPath('02-sin-acceso.png') })
  mkdirSync(prefix, { recursive: true })
  await expect(page.getByTestId('recepcion-estado')).toHaveText('Vigilando', { timeout: 30_000 })
})
