import { randomUUID } from 'node:crypto'
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { cephMissing, sharedCeph } from '../../src/testkit/ceph'
import { personasYaml } from '../../src/testkit/personas'
import '../desktop/bridge'
import { expect, test, willChoose } from '../desktop/support'

const PHRASE = 'cuatro caballos azules'

const explorer = (page: Page) => page.getByRole('grid', { name: 'Explorador' })
const field = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true })

test('a MinIO provider gets its bucket, is browsed, gives a link, and feeds a casilla', async ({
  launch,
}, info) => {
  test.skip(cephMissing !== null, cephMissing ?? '')
  test.setTimeout(180_000)
  const ceph = await sharedCeph()
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'sage-minio-')))
  const personas = join(home, 'personas.csv')
  writeFileSync(personas, 'codigo,edad\nP00001,41\nP00002,17\n')
  try {
    // No session bus: the vault is the test's own, whatever this machine has.
    const open = await launch({ env: { DBUS_SESSION_BUS_ADDRESS: 'disabled:' } })
    const { page } = open
    const photo = (name: string) => page.screenshot({ path: info.outputPath(`${name}.png`) })
    await page.evaluate((frase) => window.sage.call('secretos.crearBoveda', { frase }), PHRASE)

    await test.step('a wrong key fails at its step, and the right one finds no bucket, which is made', async () => {
      await page.getByRole('link', { name: 'Proveedores' }).click()
      await page.getByRole('link', { name: 'Crear proveedor' }).click()
      await page.getByRole('button', { name: /^MinIO/ }).click()
      await field(page, 'Nombre').fill('Almacén')
      await field(page, 'Servidor').fill(ceph.host)
      await field(page, 'Puerto').fill(String(ceph.port))
      await page.getByRole('switch', { name: 'Conexión cifrada (TLS)' }).uncheck()
      await field(page, 'Clave de acceso').fill(ceph.accessKey)
      await field(page, 'Bucket').fill(`entregas-${randomUUID()}`)
      await field(page, 'Clave secreta').fill('no es esa')
      await page.getByRole('button', { name: 'Probar conexión' }).click()
      await expect(page.getByTestId('prueba')).toContainText('Entrada con la credencial · Falló')
      await photo('01-clave-equivocada')
      await field(page, 'Clave secreta').fill(ceph.secretKey)
      await page.getByRole('button', { name: 'Guardar' }).click()
      await page.getByRole('button', { name: 'Crear el contenedor' }).click()
      await expect(page.getByText('Esta carpeta está vacía.')).toBeVisible()
      await photo('02-bucket')
    })

    await test.step('a link to a file lets whoever has it read the file', async () => {
      await willChoose(open, personas)
      await page.getByRole('button', { name: 'Subir archivo' }).click()
      await explorer(page).getByText('personas.csv').dblclick()
      const drawer = page.getByRole('dialog', { name: 'personas.csv', exact: true })
      await expect(drawer.getByRole('cell', { name: 'P00002' })).toBeVisible()
      await drawer.getByRole('button', { name: 'Copiar enlace' }).click()
      const form = page.getByRole('dialog', { name: 'Copiar enlace: personas.csv' })
      await form.getByRole('button', { name: 'Copiar enlace' }).click()
      await expect(page.getByText('Enlace copiado. Vence el', { exact: false })).toBeVisible()
      const url = await open.app.evaluate(({ clipboard }) => clipboard.readText())
      expect(await (await fetch(url)).text()).toContain('P00002,17')
      await photo('03-enlace')
      await drawer.getByRole('button', { name: 'Eliminar' }).click()
      const confirm = page.getByRole('dialog', { name: 'Eliminar «personas.csv»' })
      await confirm.getByRole('textbox').fill('personas.csv')
      await confirm.getByRole('button', { name: 'Eliminar' }).click()
      await expect(page.getByText('Esta carpeta está vacía.')).toBeVisible()
    })

    await test.step('what is put into the folder of a casilla is judged and moved', async () => {
      await page.evaluate(async (yaml) => {
        const { items } = await window.sage.call('proveedores.list', {})
        await window.sage.call('casillas.create', {
          ...{ nombre: 'Personas', nombreYaml: 'p.yaml', yaml },
          origenRemoto: { proveedorId: items[0]?.id ?? 0, prefijo: '' },
          vigilancia: { asentamientoMs: 0, sondeoMs: 500 },
        })
      }, personasYaml())
      await page.getByRole('button', { name: 'Subir archivo' }).click()
      await page.getByRole('link', { name: 'Ejecuciones' }).first().click()
      await expect(page.getByRole('row').nth(1)).toContainText('Éxito', { timeout: 60_000 })
      await page.getByRole('link', { name: 'Proveedores' }).first().click()
      const row = page.getByRole('row').nth(1)
      await expect(row).toContainText('Personas')
      await expect(row).toContainText('Bien')
      await photo('04-usado')
      await row.getByText('Almacén').dblclick()
      await expect
        .poll(async () => {
          await page.getByRole('button', { name: 'Actualizar' }).click()
          return explorer(page).getByText('procesado').count()
        })
        .toBe(1)
      await explorer(page).getByText('procesado').dblclick()
      await expect(explorer(page)).toContainText(/\d{8}_\d{6}_personas\.csv/)
      await photo('05-procesado')
    })
    for (const said of [open.logs(), await page.content()]) expect(said).not.toContain(ceph.secretKey)
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
})
