import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, ROOT, test } from '../desktop/support'

interface Expected {
  records: Record<string, number>
  errors: { catalog: string; rule: string; records: number[] }[]
  warnings: { catalog: string; rule: string; records: number[] }[]
}

const expected: Expected = JSON.parse(
  readFileSync(join(ROOT, 'resources/samples/distribuidora/expected.json'), 'utf8'),
)
const total = (items: { records: number[] }[]) => items.reduce((sum, item) => sum + item.records.length, 0)
const ERRORS = total(expected.errors)
const WARNINGS = total(expected.warnings)
const RECORDS = Object.values(expected.records).reduce((sum, count) => sum + count, 0)
const shown = (value: number) => value.toLocaleString('en-US')

const counter = (page: Page) => page.getByTestId('grid-counter')

test('first run: process the sample, read its verdict, and find the refused record', async ({
  launch,
}, info) => {
  const { page } = await launch()
  const photo = (name: string) => page.screenshot({ path: info.outputPath(`${name}.png`) })

  await test.step('the window opens with the sample ready', async () => {
    await expect(page.getByRole('heading', { level: 1, name: 'Inicio' })).toBeVisible()
    await expect(page.getByText('Lista para procesar')).toBeVisible()
    await photo('01-inicio')
  })

  await test.step('processing it leads to its verdict with exact counts', async () => {
    await page.getByRole('button', { name: 'Procesar la muestra' }).click()
    const verdict = page.getByTestId('verdict')
    await expect(verdict).toContainText('Fallido', { timeout: 60_000 })
    await expect(verdict).toContainText(`Registros${shown(RECORDS)}`)
    await expect(verdict).toContainText(`Errores${ERRORS}`)
    await expect(verdict).toContainText(`Avisos${WARNINGS}`)
    for (const [catalog, records] of Object.entries(expected.records)) {
      const row = page
        .getByTestId('catalogs')
        .getByRole('row')
        .filter({ hasText: `${catalog}.csv` })
      await expect(row.getByRole('cell').nth(2)).toHaveText(shown(records))
    }
    await photo('02-veredicto')
  })

  await test.step('every rule that failed is there with its records', async () => {
    const rows = page.getByTestId('rules').getByRole('row')
    await expect(rows).toHaveCount(expected.errors.length + expected.warnings.length + 1)
    for (const { catalog, rule, records } of [...expected.errors, ...expected.warnings]) {
      const row = rows
        .filter({ has: page.getByRole('link', { name: rule, exact: true }) })
        .filter({ has: page.getByRole('cell', { name: catalog, exact: true }) })
      await expect(row.getByRole('cell').last()).toHaveText(shown(records.length))
    }
  })

  await test.step('a rule leads to its findings, and a finding to its record in place', async () => {
    await page.getByRole('link', { name: 'Importe cuadra' }).click()
    await expect(counter(page)).toHaveText('2 hallazgos con estos filtros')
    await photo('03-hallazgos-filtrados')
    await page.getByRole('grid').focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    const drawer = page.getByRole('dialog')
    await expect(drawer).toContainText('Registro 31 de ventas')
    await expect(drawer.getByRole('columnheader', { name: 'Registro 30' })).toBeVisible()
    await expect(drawer).toContainText('El importe es cantidad por precio')
    await photo('04-registro-en-contexto')
    await page.keyboard.press('Escape')
    await expect(drawer).toBeHidden()
  })

  await test.step('the search filters in the engine, and clearing it shows all again', async () => {
    await page.keyboard.press('/')
    await page.keyboard.type('ruc')
    await expect(counter(page)).toHaveText('0 hallazgos con estos filtros')
    await page.getByRole('button', { name: 'Quitar filtros' }).first().click()
    await expect(counter(page)).toHaveText(`${ERRORS + WARNINGS} hallazgos`)
    const onlyWarnings = async () => {
      await page.getByRole('combobox', { name: 'Severidad' }).click()
      await page.getByRole('option', { name: 'Aviso' }).click()
      await expect(counter(page)).toHaveText(`${WARNINGS} hallazgos con estos filtros`)
    }
    await onlyWarnings()
    // Cleared before what was just typed has been searched: it does not come back later.
    const box = page.getByRole('textbox', { name: 'Buscar valor, campo o mensaje' })
    await box.fill('ruc')
    await page.getByRole('button', { name: 'Quitar filtros' }).first().click()
    await expect(box).toHaveValue('')
    await expect(counter(page)).toHaveText(`${ERRORS + WARNINGS} hallazgos`)
    await onlyWarnings()
  })

  await test.step('the same place is there after a reload', async () => {
    await page.reload()
    await expect(counter(page)).toHaveText(`${WARNINGS} hallazgos con estos filtros`)
  })

  await test.step('the list of executions holds it, and Inicio tells it', async () => {
    await page.getByRole('link', { name: 'Ejecuciones', exact: true }).first().click()
    await expect(counter(page)).toHaveText('1 ejecución')
    await expect(page.getByRole('grid')).toContainText('Fallido')
    await photo('05-ejecuciones')
    await page.getByRole('grid').focus()
    await page.keyboard.press('Enter')
    await expect(page.getByTestId('verdict')).toBeVisible()
    await page.getByRole('link', { name: 'Inicio' }).click()
    await expect(page.getByRole('heading', { name: 'Últimos resultados' })).toBeVisible()
    await photo('06-inicio-despues')
  })
})
