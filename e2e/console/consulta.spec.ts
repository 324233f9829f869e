import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import '../desktop/bridge'
import { personasYaml } from '../../src/testkit/personas'
import { expect, test, willChoose } from '../desktop/support'

const ROWS = 1200

const editor = (page: Page) => page.getByRole('textbox', { name: 'Consulta SQL' })

/** What the person writes takes the place of what was there. */
async function write(page: Page, sql: string) {
  await editor(page).click()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText(sql)
}

test('with nothing configured, what is accepted can be asked for in SQL and exported', async ({
  launch,
}, info) => {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'sage-consulta-')))
  const file = join(home, 'personas.csv')
  const rows = Array.from({ length: ROWS }, (_, n) => `P${String(n + 1).padStart(5, '0')},${n % 90}`)
  writeFileSync(file, `codigo,edad\n${rows.join('\n')}\n`)
  try {
    const open = await launch()
    const { page } = open
    const photo = (name: string) => page.screenshot({ path: info.outputPath(`${name}.png`) })
    await page.evaluate(
      (yaml) => window.sage.call('casillas.create', { nombre: 'Personas', nombreYaml: 'p.yaml', yaml }),
      personasYaml(),
    )
    await page.getByRole('link', { name: 'Casillas' }).first().click()
    await page.getByRole('gridcell', { name: 'Personas', exact: true }).first().dblclick()
    await willChoose(open, file)
    await page.getByRole('button', { name: 'Elegir archivo' }).click()
    await expect(page.getByTestId('verdict')).toContainText('Éxito', { timeout: 60_000 })
    await page.getByRole('tab', { name: 'Cargas' }).click()
    await expect(page.getByRole('row').nth(1)).toContainText('Completada', { timeout: 60_000 })

    await page.getByRole('link', { name: 'Materializaciones' }).first().click()
    await page.getByRole('tab', { name: 'Consulta SQL' }).click()
    const tables = page.getByRole('region', { name: 'Tablas' })
    await expect(tables).toContainText('personas')
    await tables
      .getByRole('button', { name: /Ver las primeras filas/ })
      .first()
      .click()
    const grid = page.getByRole('grid', { name: 'Resultado' })
    await expect(grid).toContainText('P00001')
    await photo('01-tabla')

    await write(page, 'SELECT edad, count(*) AS n FROM personas GROUP BY edad ORDER BY edad')
    await page.keyboard.press('ControlOrMeta+Enter')
    await expect(page.getByTestId('grid-counter')).toContainText('90 filas')
    await expect(grid.getByRole('columnheader', { name: /^n · bigint/ })).toBeVisible()
    await photo('02-agrupada')

    // Pages come as they are scrolled to: the last row is one of those that were not brought at first.
    await write(page, 'SELECT codigo FROM personas ORDER BY codigo')
    await page.getByRole('button', { name: 'Ejecutar', exact: true }).click()
    await expect(page.getByTestId('grid-counter')).toContainText('500 filas, y hay más')
    await grid.focus()
    await expect
      .poll(async () => {
        await page.keyboard.press('ControlOrMeta+End')
        return page.getByTestId('grid-counter').textContent()
      })
      .toContain(`${ROWS.toLocaleString('en-US')} filas`)
    await expect(grid).toContainText(`P0${ROWS}`)

    await page.getByRole('button', { name: 'Exportar' }).click()
    await page.getByRole('menuitem', { name: 'CSV' }).click()
    const exported = page.getByRole('status').filter({ hasText: 'filas exportadas' })
    await expect(exported).toContainText(`${ROWS.toLocaleString('en-US')} filas exportadas a`, {
      timeout: 60_000,
    })
    const [name = ''] = readdirSync(join(open.userData, 'data', 'exportaciones'))
    await expect(exported).toContainText(name)
    const written = readFileSync(join(open.userData, 'data', 'exportaciones', name), 'utf8')
    expect(written.trimEnd().split('\n')).toHaveLength(ROWS + 1)

    await write(page, 'SELECT codigo\nFORM personas')
    await page.keyboard.press('ControlOrMeta+Enter')
    const alert = page.getByRole('alert', { name: 'La consulta no se pudo ejecutar' })
    await expect(alert).toContainText('personas')
    await expect(alert).toContainText('línea 2, columna 6')
    await photo('03-error')
    await write(page, 'DELETE FROM personas')
    await page.keyboard.press('ControlOrMeta+Enter')
    await expect(alert).toContainText('aquí solo se lee')

    // What was run is remembered, also by another window.
    await page.reload()
    await page.getByRole('button', { name: 'Historial' }).click()
    await page.getByRole('menuitem', { name: /GROUP BY edad/ }).click()
    await page.getByRole('button', { name: 'Ejecutar', exact: true }).click()
    await expect(page.getByTestId('grid-counter')).toContainText('90 filas')
    await photo('04-historial')
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
})

test('with one casilla, a materialization begins with it', async ({ launch }) => {
  const { page } = await launch()
  await page.getByRole('link', { name: 'Materializaciones' }).first().click()
  await page
    .getByRole('button', { name: 'Crear materialización' })
    .or(page.getByRole('link', { name: 'Crear materialización' }))
    .first()
    .click()
  await expect(page.getByRole('combobox', { name: 'Casilla' })).toHaveValue(
    'Distribuidora - canal tradicional',
  )
  await expect(page.getByRole('checkbox', { name: 'Ventas' })).toBeChecked()
})
