import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import '../desktop/bridge'
import { expect, test } from '../desktop/support'

const PLANTED = 'Pl4nt4d0-ventana-3b7c'
const PHRASE = 'cuatro caballos azules'
/** No session bus answers there: what a server or a container looks like. */
const NO_KEYCHAIN = { DBUS_SESSION_BUS_ADDRESS: 'disabled:' }

const goToSecretos = async (page: Page) => {
  await page.getByRole('link', { name: 'Ajustes' }).click()
  await page.getByRole('link', { name: 'Ver secretos' }).click()
}
const panel = (page: Page): Locator => page.getByRole('region', { name: 'Clave de los secretos' })

async function makeSecret(page: Page, nombre: string, valor: string) {
  await page.getByRole('button', { name: 'Crear secreto' }).click()
  const form = page.getByRole('dialog', { name: 'Nuevo secreto' })
  await form.getByRole('button', { name: 'Guardar' }).click()
  await expect(form.getByText('Escribir un nombre.')).toBeVisible()
  await form.getByRole('textbox', { name: 'Nombre', exact: true }).fill(nombre)
  await form.getByRole('textbox', { name: 'Valor de contrasena' }).fill(valor)
  return form
}

/** Nothing under the folder holds the text: the store, its journal, the logs, what Chromium keeps. */
function expectNowhere(folder: string, text: string) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
  expect(files.map(({ name }) => name)).toContain('sage.sqlite')
  for (const { parentPath, name } of files)
    expect([name, readFileSync(join(parentPath, name)).includes(text)]).toEqual([name, false])
}

test('without a keychain a vault is made; a secret is saved, never shown again, sealed anew and removed', async ({
  launch,
}, info) => {
  const userData = mkdtempSync(join(tmpdir(), 'sage-e2e-secretos-'))
  const shot = (page: Page, name: string) => page.screenshot({ path: info.outputPath(`${name}.png`) })
  const open = await launch({ userData, env: NO_KEYCHAIN })
  const { page } = open
  await goToSecretos(page)

  await test.step('the vault is made by the person, never by itself', async () => {
    await expect(panel(page)).toContainText('En este equipo no hay un llavero del sistema.')
    await expect(page.getByRole('button', { name: 'Crear secreto' })).toHaveCount(0)
    await shot(page, '01-sin-llavero')
    await panel(page).getByRole('button', { name: 'Crear bóveda' }).click()
    const form = page.getByRole('dialog', { name: 'Crear bóveda' })
    const make = form.getByRole('button', { name: 'Crear bóveda' })
    await form.getByRole('textbox', { name: 'Frase de paso nueva' }).fill('corta')
    await expect(form.getByText('Tiene menos de 12 caracteres.')).toBeVisible()
    await form.getByRole('textbox', { name: 'Frase de paso nueva' }).fill(PHRASE)
    await form.getByRole('textbox', { name: 'La misma, otra vez' }).fill('otra cosa')
    await expect(make).toBeDisabled()
    await shot(page, '02-crear-boveda')
    await form.getByRole('textbox', { name: 'La misma, otra vez' }).fill(PHRASE)
    await make.click()
    await expect(panel(page)).toContainText('que guarda la bóveda, desbloqueada')
  })

  await test.step('a secret is saved and its value never comes back', async () => {
    const form = await makeSecret(page, 'Base de ventas', PLANTED)
    await shot(page, '03-nuevo-secreto')
    await form.getByRole('button', { name: 'Guardar' }).click()
    await expect(form).toBeHidden()
    await expect(page.getByText('1 secreto', { exact: true })).toBeVisible()
    await page.getByRole('grid', { name: 'Secretos' }).getByText('Base de ventas').dblclick()
    const drawer = page.getByRole('dialog', { name: 'Base de ventas' })
    await expect(drawer.getByText('Guardado el', { exact: false })).toBeVisible()
    await expect(drawer.getByRole('textbox', { name: 'Valor de contrasena' })).toHaveCount(0)
    await shot(page, '04-secreto-guardado')
    expect(await page.content()).not.toContain(PLANTED)
    const answered = await page.evaluate(() => window.sage.call('secretos.list', {}))
    expect(JSON.stringify(answered)).not.toContain(PLANTED)
    await drawer.getByRole('button', { name: 'Cambiar contrasena' }).click()
    await expect(drawer.getByRole('textbox', { name: 'Valor de contrasena' })).toHaveValue('')
    await page.keyboard.press('Escape')
    await expect(drawer).toBeHidden()
  })

  await test.step('the key is rotated while the engine works', async () => {
    await panel(page).getByRole('button', { name: 'Rotar la clave' }).click()
    await expect(page.getByText('1 secreto sellado con una clave nueva.')).toBeVisible()
    await shot(page, '05-clave-rotada')
  })
  await open.close()

  await test.step('the next start finds the vault locked', async () => {
    const again = await launch({ userData, env: NO_KEYCHAIN })
    await goToSecretos(again.page)
    await expect(panel(again.page)).toContainText('La bóveda está bloqueada.')
    await panel(again.page).getByRole('button', { name: 'Desbloquear la bóveda' }).click()
    const form = again.page.getByRole('dialog', { name: 'Desbloquear la bóveda' })
    await form.getByRole('textbox', { name: 'Frase de paso' }).fill('no es esa frase')
    await form.getByRole('button', { name: 'Desbloquear la bóveda' }).click()
    await expect(form.getByRole('alert')).toContainText('La frase de paso no abre la bóveda')
    await shot(again.page, '06-frase-equivocada')
    await form.getByRole('textbox', { name: 'Frase de paso' }).fill(PHRASE)
    await form.getByRole('textbox', { name: 'Frase de paso' }).press('Enter')
    await expect(form).toBeHidden()
    await expect(panel(again.page)).toContainText('desbloqueada')
    await again.page.getByRole('grid', { name: 'Secretos' }).getByText('Base de ventas').dblclick()
    await again.page.getByRole('button', { name: 'Eliminar' }).click()
    const confirm = again.page.getByRole('dialog', { name: 'Eliminar «Base de ventas»' })
    await confirm.getByRole('textbox').fill('Base de ventas')
    await confirm.getByRole('button', { name: 'Eliminar' }).click()
    await expect(again.page.getByText('Un secreto guarda, sellada,', { exact: false })).toBeVisible()
    for (const secret of [PLANTED, PHRASE]) expect(again.logs()).not.toContain(secret)
    await again.close()
  })
  for (const secret of [PLANTED, PHRASE]) {
    expect(open.logs()).not.toContain(secret)
    expectNowhere(userData, secret)
  }
  rmSync(userData, { recursive: true, force: true, maxRetries: 5 })
})

test('with a keychain the first secret makes its key there, and the next start opens it by itself', async ({
  launch,
}, info) => {
  // dbus-run-session leaves its address; scripts/test.mjs wraps the tests in one where the system has it.
  test.skip(!process.env.DBUS_SESSION_BUS_ADDRESS, 'Sin llavero en esta sesión: npm run test:e2e lo trae.')
  const userData = mkdtempSync(join(tmpdir(), 'sage-e2e-llavero-'))
  const open = await launch({ userData })
  await goToSecretos(open.page)
  await expect(panel(open.page)).toContainText('El llavero del sistema está disponible.')
  const form = await makeSecret(open.page, 'Base de compras', PLANTED)
  await form.getByRole('button', { name: 'Guardar' }).click()
  await expect(panel(open.page)).toContainText('que guarda el llavero del sistema')
  await open.page.screenshot({ path: info.outputPath('01-llavero.png') })
  await open.close()
  const again = await launch({ userData })
  await goToSecretos(again.page)
  await panel(again.page).getByRole('button', { name: 'Rotar la clave' }).click()
  await expect(again.page.getByText('1 secreto sellado con una clave nueva.')).toBeVisible()
  await again.close()
  expectNowhere(userData, PLANTED)
  rmSync(userData, { recursive: true, force: true, maxRetries: 5 })
})
