import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, willChoose } from '../desktop/support'

const csv = (rows: readonly string[]): string => `${['codigo;alta;importe;estado', ...rows].join('\r\n')}\r\n`
const good = (n: number): string[] =>
  Array.from({ length: n }, (_, i) => {
    const day = String((i % 28) + 1).padStart(2, '0')
    return `${String(i + 1).padStart(5, '0')};${day}/01/2026;1.${100 + i},50;${i % 3 === 0 ? 'BAJA' : 'ALTA'}`
  })

test('a casilla from a sample works alone: a good file, a bad one, and the bad one mended', async ({
  launch,
}, info) => {
  const folder = info.outputPath('entrada')
  mkdirSync(folder, { recursive: true })
  const sample = info.outputPath('pedidos_20260115.csv')
  writeFileSync(sample, csv(good(40)))
  const open = await launch()
  const { page } = open

  await page.getByRole('link', { name: 'Casillas' }).click()
  await page.getByRole('link', { name: 'Crear casilla' }).click()
  await page.getByRole('button', { name: 'Siguiente' }).click()
  await expect(page.getByText('Escribir un nombre.')).toBeVisible()
  await page.getByLabel('Nombre', { exact: true }).fill('Pedidos del norte')
  await willChoose(open, folder)
  await page.getByRole('button', { name: 'Elegir carpeta' }).click()
  await expect(page.getByText(folder)).toBeVisible()
  await page.screenshot({ path: info.outputPath('01-nombre.png') })
  await page.getByRole('button', { name: 'Siguiente' }).click()

  await willChoose(open, sample)
  await page.getByRole('button', { name: 'Elegir una muestra' }).click()
  const header = page.getByRole('region', { name: 'Encabezado' })
  await expect(header).toContainText('La primera fila es el encabezado', { timeout: 60_000 })
  await expect(header).toContainText('Debajo de «importe» hay números')
  await expect(page.getByLabel('Tipo de codigo')).toHaveValue('texto')
  await expect(page.getByLabel('Forma de alta')).toHaveValue('%d/%m/%Y')
  await expect(page.getByLabel('Forma de importe')).toHaveValue('milesPunto')
  await expect(page.getByLabel('Nombre del archivo')).toHaveValue('pedidos_*.csv')
  await page.screenshot({ path: info.outputPath('02-columnas.png') })

  // Data taken for a header is the classic mistake: the other way round is one switch away, and back.
  await header.getByRole('switch', { name: 'Tiene encabezado' }).click()
  await expect(header).toContainText('La primera fila es un dato', { timeout: 60_000 })
  await expect(page.getByLabel('Nombre de COLUMNA_1')).toBeVisible()
  await header.getByRole('switch', { name: 'Tiene encabezado' }).click()
  await expect(header).toContainText('decidido a mano', { timeout: 60_000 })
  await expect(page.getByLabel('Tipo de codigo')).toHaveValue('texto')

  await page.getByLabel('Admitir en estado solo los valores vistos').check()
  await expect(page.getByLabel('codigo no se repite')).toBeChecked()
  await page.getByRole('tab', { name: 'YAML' }).click()
  await expect(page.locator('.cm-content')).toContainText('name: "Pedidos del norte"')
  await expect(page.locator('.cm-content')).toContainText("isin(['ALTA', 'BAJA'])")
  await page.screenshot({ path: info.outputPath('03-yaml.png') })
  await page.getByRole('tab', { name: 'Prueba' }).click()
  await page.getByRole('button', { name: 'Probar con la muestra' }).click()
  const result = page.getByRole('status', { name: 'Resultado de la prueba' })
  await expect(result).toContainText('Éxito', { timeout: 60_000 })
  await expect(result).toContainText('40 registros')
  await page.screenshot({ path: info.outputPath('04-prueba.png') })
  // Looking elsewhere in the middle loses nothing.
  await page.getByRole('link', { name: 'Ejecuciones' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ejecuciones')
  await page.goBack()
  await expect(header).toContainText('decidido a mano')
  await page.getByRole('button', { name: 'Siguiente' }).click()

  await page.getByRole('combobox', { name: 'Frecuencia' }).click()
  await page.getByRole('option', { name: 'Diario' }).click()
  await expect(page.getByRole('list', { name: 'Próximas fechas' }).getByRole('listitem')).toHaveCount(8)
  await page.screenshot({ path: info.outputPath('05-frecuencia.png') })
  await page.getByRole('button', { name: 'Siguiente' }).click()
  await expect(page.getByText(folder)).toBeVisible()
  await expect(page.getByText('pedidos_*.csv', { exact: true })).toBeVisible()
  await page.screenshot({ path: info.outputPath('06-resumen.png') })
  // What was entered is still there on the way back.
  await page.getByRole('button', { name: 'Atrás' }).click()
  await page.getByRole('button', { name: 'Atrás' }).click()
  await expect(page.getByLabel('Admitir en estado solo los valores vistos')).toBeChecked()
  await page.getByRole('button', { name: 'Siguiente' }).click()
  await page.getByRole('button', { name: 'Siguiente' }).click()
  await page.getByRole('button', { name: 'Crear casilla' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Pedidos del norte')

  const bad = good(12)
  bad[3] = '00003;31/02/2026;doce;OTRO'
  writeFileSync(join(folder, 'pedidos_20260116.csv'), csv(good(25)))
  writeFileSync(join(folder, 'pedidos_20260117.csv'), csv(bad))
  await page.getByRole('tab', { name: 'Ejecuciones' }).click()
  const row = (name: string) => page.getByRole('row').filter({ hasText: name })
  await expect(row('pedidos_20260116.csv')).toContainText('Éxito', { timeout: 60_000 })
  await expect(row('pedidos_20260117.csv')).toContainText('Fallido', { timeout: 60_000 })
  await expect.poll(() => readdirSync(join(folder, 'rechazado'))).toHaveLength(1)
  await page.screenshot({ path: info.outputPath('07-bueno-y-malo.png') })

  await row('pedidos_20260117.csv').getByRole('gridcell').nth(1).dblclick()
  await expect(page.getByTestId('verdict')).toContainText('Fallido')
  await page.screenshot({ path: info.outputPath('08-malo.png') })
  await page.goBack()
  writeFileSync(join(folder, 'pedidos_20260117.csv'), csv(good(12)))
  await expect(row('pedidos_20260117.csv').filter({ hasText: 'Éxito' })).toBeVisible({ timeout: 60_000 })
  await expect.poll(() => readdirSync(join(folder, 'procesado'))).toHaveLength(2)
  await page.screenshot({ path: info.outputPath('09-corregido.png') })
})

test('senders chosen for a new casilla are let in, each with its folder; what was not finished can be dropped', async ({
  launch,
}, info) => {
  const folder = info.outputPath('entrada')
  mkdirSync(folder, { recursive: true })
  const sample = info.outputPath('stock.csv')
  writeFileSync(sample, csv(good(30)))
  const open = await launch()
  const { page } = open
  await page.evaluate(() =>
    window.sage.call('emisores.create', { nombre: 'Distribuidora Ñusta', codigoInterno: 'nusta' }),
  )
  const next = page.getByRole('button', { name: 'Siguiente' })
  const name = page.getByRole('textbox', { name: 'Nombre', exact: true })

  await page.getByRole('link', { name: 'Casillas' }).click()
  await page.getByRole('link', { name: 'Crear casilla' }).click()
  await name.fill('Otra cosa')
  await page.getByRole('button', { name: 'Empezar de nuevo' }).click()
  await expect(name).toHaveValue('')

  await name.fill('Stock')
  await willChoose(open, folder)
  await page.getByRole('button', { name: 'Elegir carpeta' }).click()
  await next.click()
  await willChoose(open, sample)
  await page.getByRole('button', { name: 'Elegir una muestra' }).click()
  await expect(page.getByLabel('Tipo de codigo')).toBeVisible({ timeout: 60_000 })
  await page.getByLabel('Tipo de importe').selectOption('texto')
  await next.click()
  await page.getByRole('combobox', { name: 'Emisores' }).click()
  await page.getByRole('option', { name: 'Distribuidora Ñusta' }).click()
  await page.keyboard.press('Escape')
  await page.screenshot({ path: info.outputPath('01-emisores.png') })
  await next.click()
  await expect(page.getByText('1 emisor', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Crear casilla' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Stock')
  await page.getByRole('tab', { name: 'Emisores' }).click()
  await expect(page.getByRole('main')).toContainText('Distribuidora Ñusta')
  await expect.poll(() => readdirSync(folder)).toContain('nusta')
  await page.getByRole('tab', { name: 'YAML' }).click()
  await expect(page.locator('.cm-content')).toContainText('name: "importe"')
  await page.screenshot({ path: info.outputPath('02-yaml.png') })
})
