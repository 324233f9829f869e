import type { Page } from '@playwright/test'
import { expect, test } from '../desktop/support'

const editor = (page: Page) => page.locator('.cm-content')

/** Puts the cursor on the first place where the text stands, chosen. */
async function find(page: Page, text: string) {
  await editor(page).click()
  await page.keyboard.press('Control+f')
  await page.locator('.cm-search input[name=search]').pressSequentially(text)
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
}

test('change the YAML of a casilla: mistakes are placed, the draft survives, the version is kept', async ({
  launch,
}, info) => {
  const { page } = await launch()
  await page.getByRole('link', { name: 'Casillas' }).first().click()
  await page.getByRole('grid').focus()
  await page.keyboard.press('Enter')
  await page.getByRole('tab', { name: 'YAML' }).click()
  const problems = page.getByRole('region', { name: 'Errores y avisos del YAML' })
  await expect(problems).toContainText('Sin errores ni avisos.')

  await test.step('a wrong type is underlined and listed with its place', async () => {
    await find(page, 'type: entero')
    await page.keyboard.type('type: enterx')
    await expect(problems).toContainText('entero')
    await expect(problems.getByRole('button')).toHaveCount(1)
    await expect(page.locator('.cm-lintRange-error').first()).toBeVisible()
    await expect(page.getByRole('button', { name: 'Guardar versión' })).toBeDisabled()
    await page.screenshot({ path: info.outputPath('01-error.png') })
  })

  await test.step('what was not saved is there after a reload, and said', async () => {
    await page.reload()
    await expect(page.getByText('Cambios sin guardar')).toBeVisible()
    await problems.getByRole('button').click()
    await expect(editor(page)).toContainText('type: enterx')
  })

  await test.step('mended and saved, it is version 2 with its note', async () => {
    await find(page, 'type: enterx')
    await page.keyboard.type('type: entero')
    await find(page, 'El EAN tiene 13')
    await page.keyboard.type('Un EAN tiene 13')
    await expect(problems).toContainText('Sin errores ni avisos.')
    await page.getByRole('textbox', { name: 'Nota de la versión' }).fill('Texto del EAN')
    await page.getByRole('button', { name: 'Guardar versión' }).click()
    await expect(page.getByText('Versión 2 guardada.')).toBeVisible()
    await expect(page.getByText('Cambios sin guardar')).toBeHidden()
    await page.getByRole('button', { name: 'Versiones' }).click()
    const drawer = page.getByRole('dialog')
    await expect(drawer).toContainText('Texto del EAN')
    await drawer.getByRole('button', { name: /^versión 1/ }).click()
    const changes = drawer.getByRole('region', { name: 'Cambios hasta la actual' })
    await expect(changes.locator('.is-removed')).toContainText('El EAN tiene 13')
    await expect(changes.locator('.is-added')).toContainText('Un EAN tiene 13')
    await expect(changes.getByRole('row')).toHaveCount(10)
    await page.screenshot({ path: info.outputPath('02-versiones.png') })
  })

  await test.step('going back to version 1 keeps it as the newest; any other can be brought to the editor', async () => {
    await page.getByRole('button', { name: 'Volver a la versión 1' }).click()
    const question = page.getByRole('dialog', { name: 'Volver a la versión 1' })
    await question.getByRole('button', { name: 'Volver a la versión 1' }).click()
    await expect(page.getByText('Versión 3 guardada.')).toBeVisible()
    await page.getByRole('button', { name: 'Versiones' }).click()
    const drawer = page.getByRole('dialog', { name: 'Versiones' })
    await expect(drawer.getByRole('button', { name: /^versión 3 · actual/ })).toContainText(
      'Vuelta a la versión 1',
    )
    await drawer.getByRole('button', { name: /^versión 1/ }).click()
    await expect(drawer.getByText('No hay diferencias.')).toBeVisible()
    await drawer.getByRole('button', { name: /^versión 2/ }).click()
    await drawer.getByRole('button', { name: 'Llevar la versión 2 al editor' }).click()
    await expect(page.getByText('Cambios sin guardar')).toBeVisible()
  })
})

test('try a rule on the file of an execution: a mistake has its place, failing records are listed', async ({
  launch,
}, info) => {
  const { page } = await launch()
  await page.getByRole('button', { name: 'Procesar la muestra' }).click()
  await page.getByRole('tab', { name: 'Probar regla' }).click({ timeout: 60_000 })
  await page.getByRole('combobox', { name: 'Catálogo' }).click()
  await page.getByRole('option', { name: 'Ventas' }).click()

  await editor(page).click()
  await page.keyboard.insertText("df['cantidadd'] > 0")
  await page.getByRole('button', { name: 'Probar', exact: true }).click()
  await expect(page.getByRole('alert')).toContainText('cantidad')
  await expect(page.locator('.cm-lintRange-error')).toHaveText(/cantidadd/)
  await page.screenshot({ path: info.outputPath('01-error.png') })

  await editor(page).click()
  await page.keyboard.press('Control+a')
  await page.keyboard.insertText("df['cantidad'] > 0")
  await page.keyboard.press('Control+Enter')
  // Record 20 has -3; the cell that is not a number is null, and a comparison with null is not judged.
  await expect(page.getByText('de 3,000 registros')).toBeVisible()
  await expect(page.getByRole('region', { name: 'Registros que no cumplen' })).toContainText('-3')
  await page.screenshot({ path: info.outputPath('02-registros.png') })
})

test('write a rule with help at hand, then see what a transformation would do before it is used', async ({
  launch,
}, info) => {
  const { page } = await launch()
  await page.getByRole('button', { name: 'Procesar la muestra' }).click()
  await page.getByRole('tab', { name: 'Probar regla' }).click({ timeout: 60_000 })
  await page.getByRole('combobox', { name: 'Catálogo' }).click()
  await page.getByRole('option', { name: 'Ventas' }).click()

  await test.step('columns and methods complete themselves, a function explains itself', async () => {
    await editor(page).click()
    await page.keyboard.type("df['canti")
    const options = page.locator('.cm-tooltip-autocomplete')
    await options.getByRole('option', { name: 'cantidad' }).click()
    await expect(editor(page)).toContainText("df['cantidad")
    await page.keyboard.press('Control+a')
    await page.keyboard.type('df.codigo_cliente.str.startsw')
    await expect(options).toContainText('startswith')
    await page.screenshot({ path: info.outputPath('01-completar.png') })
    await options
      .getByRole('option', { name: /^startswith/ })
      .first()
      .click()
    await page.keyboard.type("('C')")
    await editor(page).getByText('startswith').hover()
    await expect(page.locator('.cm-tooltip-hover')).toContainText('startswith(')
    await page.screenshot({ path: info.outputPath('02-ayuda.png') })
  })

  await test.step('a transformation saved in the casilla is previewed on these records', async () => {
    await page.getByRole('link', { name: 'Casillas' }).first().click()
    await page.getByRole('grid').focus()
    await page.keyboard.press('Enter')
    await page.getByRole('tab', { name: 'YAML' }).click()
    await find(page, '    row_validation:')
    await page.keyboard.insertText(
      '    transformations: [{ set: doble, value: "df[\'cantidad\'] * 2", type: entero }]\n    row_validation:',
    )
    await page.getByRole('button', { name: 'Guardar versión' }).click()
    await expect(page.getByText('Versión 2 guardada.')).toBeVisible()
    await page.getByRole('link', { name: 'Ejecuciones' }).first().click()
    await page.getByRole('grid').focus()
    await page.keyboard.press('Enter')
    await page.getByRole('tab', { name: 'Transformaciones' }).click()
    await page.getByText('YAML actual (versión 2)').click()
    await page.getByRole('combobox', { name: 'Catálogo' }).click()
    await page.getByRole('option', { name: 'Ventas' }).click()
    const after = page.getByRole('region', { name: 'Después' })
    await expect(after).toContainText('doble')
    await page.screenshot({ path: info.outputPath('03-transformaciones.png') })
  })
})
