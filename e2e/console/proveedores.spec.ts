import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { type Sshd, sshdMissing, startSshd } from '../../src/testkit/connectors/sshd'
import '../desktop/bridge'
import { expect, test, willChoose } from '../desktop/support'

const PHRASE = 'cuatro caballos azules'
const MANY = 1200

let sshd: Sshd
let home: string
test.beforeEach(async () => {
  test.skip(sshdMissing !== null, sshdMissing ?? '')
  sshd = await startSshd()
  home = realpathSync(mkdtempSync(join(tmpdir(), 'sage-proveedores-')))
})
test.afterEach(async () => {
  await sshd?.stop()
  if (home) rmSync(home, { recursive: true, force: true })
})

const explorer = (page: Page) => page.getByRole('grid', { name: 'Explorador' })

test('an SFTP server is added, trusted, tested and browsed; a file goes up, is seen, comes down and is deleted', async ({
  launch,
}, info) => {
  const entrada = sshd.folder('entrada')
  for (let n = 0; n < MANY; n++) writeFileSync(join(entrada, `dia_${String(n).padStart(5, '0')}.csv`), 'a\n')
  const ventas = join(home, 'ventas.csv')
  writeFileSync(ventas, 'codigo,importe\nP1,10.50\nP2,-3\n')
  // No session bus: the vault is the test's own, whatever this machine has.
  const open = await launch({ env: { DBUS_SESSION_BUS_ADDRESS: 'disabled:' } })
  const { page } = open
  const photo = (name: string) => page.screenshot({ path: info.outputPath(`${name}.png`) })
  await page.evaluate((frase) => window.sage.call('secretos.crearBoveda', { frase }), PHRASE)

  await test.step('what is missing is said, and the first entry shows the fingerprint', async () => {
    await page.getByRole('link', { name: 'Proveedores' }).click()
    await page.getByRole('link', { name: 'Crear proveedor' }).click()
    await page.getByRole('button', { name: /^SFTP/ }).click()
    await page.getByRole('button', { name: 'Guardar' }).click()
    await expect(page.getByRole('alert')).toContainText('Nombre, Servidor, Usuario')
    await page.getByLabel('Nombre', { exact: false }).first().fill('Entregas')
    await page.getByRole('textbox', { name: 'Servidor' }).first().fill(sshd.host)
    await page.getByRole('textbox', { name: 'Puerto' }).fill(String(sshd.port))
    await page.getByRole('textbox', { name: 'Usuario' }).fill(sshd.user)
    await page.getByRole('combobox', { name: 'Entrar con' }).click()
    await page.getByRole('option', { name: 'Clave privada' }).click()
    const key = page.getByRole('textbox', { name: 'Clave privada' })
    await key.fill(sshd.privateKey)
    await expect(page.getByText('salvo lo escrito como secreto')).toBeVisible()
    // Leaving and reloading lose nothing but the key, which is written nowhere.
    await page.getByRole('link', { name: 'Proveedores' }).first().click()
    await page.reload()
    await expect(page.getByText('Hay un proveedor nuevo sin guardar: «Entregas».')).toBeVisible()
    await photo('00-borrador')
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('PRIVATE KEY')
    await page.getByRole('link', { name: 'Continuar' }).click()
    await expect(page.getByRole('textbox', { name: 'Servidor' }).first()).toHaveValue(sshd.host)
    await photo('00-retomado')
    await expect(key).toHaveValue('')
    await key.fill(sshd.privateKey)
    await page.getByRole('button', { name: 'Probar conexión' }).click()
    await expect(page.getByTestId('huella')).toContainText(sshd.fingerprint)
    await photo('01-huella')
    await page.getByRole('button', { name: 'Confiar' }).click()
    await expect(page.getByTestId('prueba')).toContainText('Conexión correcta')
    await expect(page.getByTestId('prueba').getByRole('listitem')).toHaveCount(6)
    await photo('02-probado')
    await page.getByRole('button', { name: 'Guardar' }).click()
    await expect(explorer(page)).toBeVisible()
    expect(await page.evaluate(() => localStorage.getItem('sage.proveedor.borradores'))).toBe('{}')
  })

  await test.step('a folder of many is listed by pages as it is scrolled through', async () => {
    await explorer(page).getByText('entrada').dblclick()
    await expect(page.getByTestId('grid-counter')).toContainText('1,000 elementos, y hay más')
    await explorer(page).focus()
    await expect
      .poll(async () => {
        await page.keyboard.press('ControlOrMeta+End')
        return page.getByTestId('grid-counter').textContent()
      })
      .toBe(`${MANY.toLocaleString('en-US')} elementos`)
    await photo('03-muchos')
    await page
      .getByRole('navigation', { name: 'Carpeta abierta' })
      .getByRole('link', { name: 'Entregas' })
      .click()
    await expect(page.getByTestId('grid-counter')).toHaveText('1 elemento')
  })

  await test.step('a file goes up, its table is seen, and it comes down', async () => {
    await willChoose(open, ventas)
    await page.getByRole('button', { name: 'Subir archivo' }).click()
    await expect(page.getByTestId('grid-counter')).toHaveText('2 elementos')
    expect(readFileSync(join(sshd.data, 'ventas.csv'), 'utf8')).toBe(readFileSync(ventas, 'utf8'))
    // Its name is taken now: nothing is lost without asking.
    writeFileSync(ventas, 'codigo,importe\nP9,99\n')
    await page.getByRole('button', { name: 'Subir archivo' }).click()
    const ask = page.getByRole('dialog', { name: 'Reemplazar «ventas.csv»' })
    await ask.getByRole('button', { name: 'Reemplazar' }).click()
    await expect.poll(() => readFileSync(join(sshd.data, 'ventas.csv'), 'utf8')).toContain('P9,99')
    await explorer(page).getByText('ventas.csv').dblclick()
    const drawer = page.getByRole('dialog', { name: 'ventas.csv' })
    await expect(drawer.getByRole('cell', { name: 'P9' })).toBeVisible()
    await photo('04-vista-previa')
    const bajadas = join(home, 'bajadas')
    mkdirSync(bajadas)
    await willChoose(open, bajadas)
    await drawer.getByRole('button', { name: 'Descargar' }).click()
    const tray = page.getByRole('region', { name: 'Tareas' })
    await expect(tray).toContainText(join(bajadas, 'ventas.csv'))
    expect(readFileSync(join(bajadas, 'ventas.csv'), 'utf8')).toContain('P9,99')
    await photo('05-bajado')
    await drawer.getByRole('button', { name: 'Eliminar' }).click()
    const confirm = page.getByRole('dialog', { name: 'Eliminar «ventas.csv»' })
    await confirm.getByRole('textbox').fill('ventas.csv')
    await confirm.getByRole('button', { name: 'Eliminar' }).click()
    await expect(page.getByTestId('grid-counter')).toHaveText('1 elemento')
  })

  await test.step('its checks are kept, and its key is nowhere to be read', async () => {
    await page.getByRole('tab', { name: 'Salud' }).click()
    await expect(page.getByTestId('grid-counter')).toHaveText('1 comprobación')
    await photo('06-salud')
    const line = sshd.privateKey.split('\n').find((one) => one.length > 40) ?? 'never'
    expect(await page.content()).not.toContain(line)
    expect(open.logs()).not.toContain(line)
    await page.getByRole('link', { name: 'Proveedores' }).first().click()
    await expect(page.getByRole('row').nth(1)).toContainText('Bien')
    await photo('07-lista')
  })
  // The server waits for the connections that the engine keeps for who explores.
  await open.close()
})
