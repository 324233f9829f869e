import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type GeneratedPackage, generatePackage } from '../../src/testkit/generator'
import { expect, test, willChoose } from '../desktop/support'

let folder: string
let generated: GeneratedPackage

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sage-cancel-'))
  generated = await generatePackage({ rows: 200_000, dir: folder })
})

test.afterAll(() => rmSync(folder, { recursive: true }))

test('a running execution is cancelled from the tray, and says that it left nothing', async ({
  launch,
}, info) => {
  const open = await launch()
  const { page } = open
  await expect(page.getByText('Lista para procesar')).toBeVisible()
  const { id } = await page.evaluate(
    (yaml) =>
      window.sage.call('casillas.create', { nombre: 'Paquete generado', nombreYaml: 'paquete.yaml', yaml }),
    readFileSync(generated.yaml, 'utf8'),
  )
  await willChoose(open, generated.zip ?? '')
  await page.evaluate((casilla) => {
    window.location.hash = `/casillas/${casilla}`
  }, id)
  await page.getByRole('button', { name: 'Elegir archivo' }).click()
  const tray = page.getByRole('region', { name: 'Tareas' })
  await expect(tray.getByRole('progressbar')).toBeVisible()
  await page.screenshot({ path: info.outputPath('01-en-curso.png') })
  await tray.getByRole('button', { name: 'Cancelar' }).click()
  await expect(page.getByText('La ejecución se canceló. No dejó resultados.')).toBeVisible()
  await page.screenshot({ path: info.outputPath('02-cancelada.png') })
  await page.getByRole('link', { name: 'Ejecuciones' }).first().click()
  await expect(page.getByRole('row').filter({ hasText: '.zip' })).toContainText('Cancelada')
})
