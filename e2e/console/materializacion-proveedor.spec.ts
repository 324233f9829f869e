import { randomUUID } from 'node:crypto'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import '../desktop/bridge'
import { type Ceph, cephMissing, sharedCeph } from '../../src/testkit/ceph'
import { personasYaml } from '../../src/testkit/personas'
import { type ConsoleWindow, expect, launchConsole, test } from '../desktop/support'
import { pasos, photographer } from './materializacion-pasos'

let home: string
let ceph: Ceph
let open: ConsoleWindow
let p: ReturnType<typeof pasos>

test.describe.configure({ mode: 'serial' })
test.skip(cephMissing !== null, cephMissing ?? '')

test.beforeAll(async () => {
  ceph = await sharedCeph()
  home = realpathSync(mkdtempSync(join(tmpdir(), 'sage-mat-proveedor-')))
  // No session bus: the vault is the test's own, whatever this machine has.
  open = await launchConsole({ env: { DBUS_SESSION_BUS_ADDRESS: 'disabled:' } })
  p = pasos(open)
  const bucket = `lago-${randomUUID()}`
  await p.page.evaluate(
    async ({ yaml, server, secretKey }) => {
      await window.sage.call('secretos.crearBoveda', { frase: 'cuatro caballos azules' })
      await window.sage.call('casillas.create', { nombre: 'Personas', nombreYaml: 'p.yaml', yaml })
      const secreto = await window.sage.call('secretos.create', {
        ...{ nombre: 'Llave del lago', tipo: 'minio', valores: { secretKey } },
      })
      const made = await window.sage.call('proveedores.create', {
        ...{ nombre: 'Almacén en MinIO', tipo: 'minio', config: server, secretoId: secreto.id },
      })
      await window.sage.call('proveedores.crearContenedor', { id: made.id })
    },
    {
      yaml: personasYaml(),
      server: { host: ceph.host, port: ceph.port, tls: false, accessKey: ceph.accessKey, bucket },
      secretKey: ceph.secretKey,
    },
  )
})

test.afterAll(async () => {
  await open?.close()
  if (home) rmSync(home, { recursive: true, force: true })
})

const send = (...rows: string[]) =>
  p.send('Personas', join(home, 'personas.csv'), `codigo,edad\n${rows.join('\n')}\n`)

test('a saved provider is chosen as destination, with a folder in it, and tested', async ({
  browserName: _,
}, info) => {
  const { page, next } = p
  const photo = photographer(open, info)
  await p.area('Materializaciones')
  await page.getByRole('link', { name: 'Crear materialización' }).click()
  await p.choose('Casilla', 'Personas')
  await next()
  await page.getByRole('button', { name: 'Crear destino' }).click()
  const form = page.getByRole('dialog')
  await p.choose('Tipo de destino', 'Archivos en un proveedor', form)
  await photo('01-vacio')
  await form.getByRole('textbox', { name: 'Nombre', exact: true }).fill('Lago en MinIO')
  await form.getByRole('button', { name: 'Guardar' }).click()
  await expect(form.getByText('Elegir un proveedor.')).toBeVisible()
  await p.choose('Proveedor', 'Almacén en MinIO', form)
  await form.getByRole('textbox', { name: 'Carpeta dentro del proveedor' }).fill('lago/personas')
  await form.getByRole('button', { name: 'Probar conexión' }).click()
  await expect(form.getByTestId('prueba')).toContainText('Conexión correcta', { timeout: 60_000 })
  await photo('02-probado')
  await form.getByRole('button', { name: 'Guardar' }).click()
  await expect(page.getByRole('radio', { name: 'Lago en MinIO' })).toBeChecked()
  await photo('03-elegido')
  await next()
  await page.getByRole('radiogroup', { name: 'Qué se ve de la tabla' }).getByText('Tabla y opciones').click()
  await expect(page.getByRole('combobox', { name: 'Formato' })).toHaveValue('Parquet')
  await photo('04-opciones')
  await next()
  await page.getByRole('radio', { name: 'Insertar o actualizar' }).check()
  await p.chooseMany('Clave', 'codigo')
  await next()
  await page.getByRole('textbox', { name: 'Nombre' }).fill('Personas al lago')
  await next()
  await photo('05-sin-ejecuciones')
  await page.getByRole('button', { name: 'Guardar' }).click()
  await expect(p.title()).toContainText('Personas al lago')
})

test('what is accepted ends in a Parquet file there, and its history tells what each load changed', async ({
  browserName: _,
}, info) => {
  const { page } = p
  const photo = photographer(open, info)
  await send('A1,20', 'A2,31')
  await p.openTab('Personas al lago', 'Historial')
  const last = page.getByRole('row').filter({ hasText: 'personas.csv' }).first()
  await expect(last).toContainText('Completada', { timeout: 60_000 })
  await send('A2,32', 'A3,40')
  await p.openTab('Personas al lago', 'Historial')
  await expect(page.getByTestId('grid-counter')).toContainText('2 cargas', { timeout: 60_000 })
  await expect(last).toContainText('Completada', { timeout: 60_000 })
  await photo('01-historial')
  await p.tab('Diferencia')
  const changes = page.getByRole('region', { name: 'Cambios de personas' })
  await expect(changes.locator('td.is-marked')).toHaveText(['31', '32'])
  await photo('02-diferencia')
})

test('the table is seen in the explorer of the provider, which cannot be removed while it is a destination', async ({
  browserName: _,
}, info) => {
  const { page } = p
  const photo = photographer(open, info)
  await p.area('Proveedores')
  const row = page.getByRole('row').filter({ hasText: 'Almacén en MinIO' })
  await photo('01-proveedores')
  await row.getByRole('button', { name: 'Acciones de Almacén en MinIO' }).click()
  await expect(page.getByRole('menuitem', { name: 'Eliminar' })).toBeDisabled()
  await page.keyboard.press('Escape')
  await row.getByText('Almacén en MinIO').dblclick()
  const explorer = page.getByRole('grid', { name: 'Explorador' })
  await explorer.getByText('lago', { exact: true }).dblclick()
  await explorer.getByText('personas', { exact: true }).dblclick()
  await photo('02-carpeta')
  await explorer.getByText('personas.parquet').dblclick()
  const drawer = page.getByRole('dialog', { name: 'personas.parquet', exact: true })
  await expect(drawer.getByRole('cell', { name: 'A3' })).toBeVisible({ timeout: 60_000 })
  await expect(drawer.getByRole('row').filter({ hasText: 'A2' })).toContainText('32')
  await photo('03-parquet')
  for (const said of [open.logs(), await page.content()]) expect(said).not.toContain(ceph.secretKey)
})
