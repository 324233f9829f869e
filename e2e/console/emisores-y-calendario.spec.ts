import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import '../desktop/bridge'
import { personasYaml } from '../../src/testkit/personas'
import { type ConsoleWindow, expect, test, willChoose } from '../desktop/support'

/** A casilla that watches a folder, in the zone of this machine so that its today is the test's. */
async function makeCasilla(open: ConsoleWindow, carpeta: string): Promise<number> {
  await willChoose(open, carpeta)
  return open.page.evaluate(async (yaml) => {
    const { carpeta: granted } = await window.sage.call('dialog.chooseFolder', {})
    if (!granted) throw new Error('no folder')
    const { id } = await window.sage.call('casillas.create', {
      nombre: 'Personas del norte',
      nombreYaml: 'personas.yaml',
      yaml,
      zonaHoraria: Intl.DateTimeFormat().resolvedOptions().timeZone,
      carpeta: { token: granted.token },
      vigilancia: { asentamientoMs: 100 },
    })
    return id
  }, personasYaml())
}

const tab = (page: Page, name: string) => page.getByRole('tab', { name })

test('a sender gets its permission, its folder and its dates; what it sends answers the calendar', async ({
  launch,
}, info) => {
  const carpeta = mkdtempSync(join(tmpdir(), 'sage-entrada-'))
  const open = await launch()
  const { page } = open
  await expect(page.getByText('Lista para procesar')).toBeVisible()
  const id = await makeCasilla(open, carpeta)
  const shot = (name: string) => page.screenshot({ path: info.outputPath(`${name}.png`) })

  await test.step('a sender is created where its permission is given', async () => {
    await page.evaluate((casilla) => {
      location.hash = `#/casillas/${casilla}/emisores`
    }, id)
    await expect(page.getByText('Nadie tiene permiso todavía', { exact: false })).toBeVisible()
    await shot('01-sin-emisores')
    await page.getByRole('button', { name: 'Añadir emisor' }).click()
    await page.getByRole('button', { name: 'Guardar' }).click()
    await expect(page.getByText('Elegir quién envía.')).toBeVisible()
    await page.getByRole('button', { name: 'Crear emisor' }).click()
    const form = page.getByRole('dialog', { name: 'Nuevo emisor' })
    await form.getByRole('textbox', { name: 'Nombre' }).fill('Distribuidora Ñusta')
    await form.getByRole('textbox', { name: 'Código interno' }).fill('Con Espacios')
    await form.getByRole('button', { name: 'Guardar' }).click()
    await expect(form.getByText('Solo minúsculas sin acentos', { exact: false })).toBeVisible()
    await form.getByRole('textbox', { name: 'Código interno' }).fill('nusta-01')
    await shot('02-nuevo-emisor')
    await form.getByRole('button', { name: 'Guardar' }).click()
    await expect(form).toBeHidden()
  })

  await test.step('its sub-folder is proposed, and made', async () => {
    const drawer = page.getByRole('dialog', { name: 'Añadir emisor' })
    const folder = drawer.getByRole('textbox', { name: 'Subcarpeta' })
    await expect(folder).toHaveValue('nusta-01')
    await folder.fill('../fuera')
    await drawer.getByRole('button', { name: 'Guardar' }).click()
    await expect(drawer.getByRole('alert')).toContainText('no puede salir de la carpeta de la casilla')
    await folder.fill('nusta/ventas')
    await drawer.getByRole('checkbox', { name: 'Envío directo' }).check()
    await drawer.getByRole('textbox', { name: 'Nombre' }).fill('Ana Quispe')
    await shot('03-permiso')
    await drawer.getByRole('button', { name: 'Guardar' }).click()
    await expect(drawer).toBeHidden()
    await expect(page.getByRole('gridcell', { name: 'Distribuidora Ñusta' })).toBeVisible()
    expect(existsSync(join(carpeta, 'nusta/ventas'))).toBe(true)
    await shot('04-emisores')
  })

  await test.step('the frequency shows its next dates before it is saved', async () => {
    await tab(page, 'Frecuencia').click()
    await page.getByRole('combobox', { name: 'Frecuencia' }).click()
    await page.getByRole('option', { name: 'Diario' }).click()
    const hour = page.getByRole('textbox', { name: 'Hora' })
    await hour.fill('25:00')
    await page.getByRole('button', { name: 'Guardar' }).click()
    await expect(page.getByText('Escribir la hora como 18:00.')).toBeVisible()
    await hour.fill('23:59')
    const next = page.getByRole('list', { name: 'Próximas fechas' }).getByRole('listitem')
    await expect(next).toHaveCount(8)
    await expect(next.first()).toContainText('23:59')
    await page.getByRole('button', { name: 'Guardar' }).click()
    await expect(page.getByText('Pendiente').first()).toBeVisible()
    await shot('05-frecuencia')
  })

  await test.step('its file is its own, and answers the date of today', async () => {
    writeFileSync(join(carpeta, 'nusta/ventas/personas.csv'), 'codigo,edad\na,1\nb,2\n')
    await page.getByRole('link', { name: 'Calendario' }).click()
    await expect(page.getByTestId('calendario-resumen')).toContainText('1 recibido', { timeout: 20_000 })
    const row = page.getByRole('row').filter({ hasText: 'personas.csv' })
    await expect(row).toContainText('Distribuidora Ñusta')
    await expect(row).toContainText('Recibido')
    await expect(row).toContainText('Éxito')
    await shot('06-calendario')
    await page.getByRole('button', { name: 'Hoy' }).click()
    await expect(page.getByTestId('grid-counter')).toHaveText('1 envío esperado')
    await shot('07-calendario-hoy')
    await page.getByRole('grid').focus()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('heading', { level: 1 })).toContainText('personas.csv')
    await expect(page.getByTestId('verdict')).toContainText('Éxito')
  })

  await test.step('a file sent by hand on its behalf is its own too', async () => {
    const path = info.outputPath('personas.csv')
    writeFileSync(path, 'codigo,edad\nz,9\n')
    await willChoose(open, path)
    await page.evaluate((casilla) => {
      location.hash = `#/casillas/${casilla}`
    }, id)
    await page.getByRole('combobox', { name: 'En nombre de' }).click()
    await page.getByRole('option', { name: 'Distribuidora Ñusta' }).click()
    await shot('08-en-nombre-de')
    await page.getByRole('button', { name: 'Elegir archivo' }).click()
    await expect(page.getByTestId('verdict')).toContainText('Éxito', { timeout: 20_000 })
    const [last] = await page.evaluate(async () => {
      const { items } = await window.sage.call('executions.list', {})
      return items.map(({ metodoEnvio, emisorNombre }) => [metodoEnvio, emisorNombre])
    })
    expect(last).toEqual(['direct_upload', 'Distribuidora Ñusta'])
  })

  await test.step('the months go by, and a reload stays', async () => {
    await page.getByRole('link', { name: 'Calendario' }).click()
    await page.getByRole('button', { name: 'Mes siguiente' }).click()
    await expect(page.getByTestId('calendario-resumen')).toContainText('pendientes')
    await expect(page.getByTestId('calendario-resumen')).not.toContainText('recibido')
    const title = await page.getByRole('heading', { level: 2 }).first().textContent()
    await page.reload()
    await expect(page.getByRole('heading', { level: 2 }).first()).toHaveText(title ?? '')
    await shot('09-mes-siguiente')
  })

  await test.step('an inactive sender is refused, with the reason in sight', async () => {
    await page.evaluate(() => {
      location.hash = '#/casillas/emisores'
    })
    await page.getByRole('gridcell', { name: 'Distribuidora Ñusta' }).dblclick()
    const drawer = page.getByRole('dialog', { name: 'Distribuidora Ñusta' })
    await drawer.getByRole('switch', { name: 'Activo' }).press('Space')
    await shot('10-emisor')
    await drawer.getByRole('button', { name: 'Guardar' }).click()
    await expect(page.getByRole('gridcell', { name: 'Inactivo' })).toBeVisible()
    await shot('11-emisores')
    mkdirSync(join(carpeta, 'nusta/ventas'), { recursive: true })
    writeFileSync(join(carpeta, 'nusta/ventas/personas.csv'), 'codigo,edad\nc,3\n')
    const refused = () =>
      page.evaluate(async (casillaId) => {
        const { items } = await window.sage.call('recepcion.archivos', { casillaId, desenlace: 'rechazado' })
        return items.map(({ motivo, emisorNombre, executionId }) => [motivo, emisorNombre, executionId])
      }, id)
    await expect
      .poll(refused, { timeout: 20_000 })
      .toEqual([
        [
          'El emisor «Distribuidora Ñusta» está inactivo: activarlo para recibir lo que envía.',
          'Distribuidora Ñusta',
          null,
        ],
      ])
  })

  await test.step('removed by its name, it leaves the casilla', async () => {
    await page.getByRole('gridcell', { name: 'Distribuidora Ñusta' }).dblclick()
    await page.getByRole('button', { name: 'Eliminar' }).click()
    const confirm = page.getByRole('dialog', { name: 'Eliminar «Distribuidora Ñusta»' })
    await confirm.getByRole('textbox').fill('Distribuidora Ñusta')
    await confirm.getByRole('button', { name: 'Eliminar' }).click()
    await expect(page.getByText('Crear el primero para empezar.', { exact: false })).toBeVisible()
  })
  rmSync(carpeta, { recursive: true, force: true })
})
