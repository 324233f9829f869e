import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import '../desktop/bridge'
import { ventasCsv, ventasYaml } from '../../src/testkit/ventas'
import { type ConsoleWindow, expect, launchConsole, test, willChoose } from '../desktop/support'
import { pasos, photographer } from './materializacion-pasos'

let home: string
let open: ConsoleWindow
let p: ReturnType<typeof pasos>

test.describe.configure({ mode: 'serial' })

test.beforeAll(async () => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'sage-sqlite-')))
  open = await launchConsole()
  p = pasos(open)
  await p.page.evaluate(
    (yaml) => window.sage.call('casillas.create', { nombre: 'Ventas', nombreYaml: 'v.yaml', yaml }),
    ventasYaml(),
  )
})

test.afterAll(async () => {
  await open?.close()
  rmSync(home, { recursive: true, force: true })
})

const base = () => join(home, 'base-de-ventas.sqlite')
const send = (...rows: string[]) => p.send('Ventas', join(home, 'ventas.csv'), ventasCsv(...rows))

/** What another program finds in the database, looked at from outside. */
function inSqlite(): string[] {
  const db = new Database(base(), { readonly: true, fileMustExist: true })
  try {
    return db
      .prepare<[], string>("SELECT sucursal || ' ' || codigo || ' ' || importe FROM ventas ORDER BY 1")
      .pluck()
      .all()
  } finally {
    db.close()
  }
}

/** Loads what was accepted and not loaded, whatever its date. */
async function backfill() {
  await p.page.getByRole('button', { name: 'Cargar ejecuciones pasadas' }).click()
  await p.page.getByRole('dialog').getByRole('button', { name: 'Cargar', exact: true }).click()
}

test('a table of SQLite is loaded on its dates, with the rows of the same partitions replaced', async ({
  browserName: _,
}, info) => {
  const { page, next } = p
  const photo = photographer(open, info)
  await p.area('Materializaciones')
  await page.getByRole('link', { name: 'Crear materialización' }).click()
  await p.choose('Casilla', 'Ventas')
  await next()
  await page.getByRole('button', { name: 'Crear destino' }).click()
  const form = page.getByRole('dialog')
  await p.choose('Tipo de destino', 'SQLite', form)
  await form.getByRole('textbox', { name: 'Nombre' }).fill('Base de ventas')
  await willChoose(open, home)
  await form.getByRole('button', { name: 'Crear en una carpeta' }).click()
  await form.getByRole('button', { name: 'Guardar' }).click()
  await expect(page.getByRole('radio', { name: 'Base de ventas' })).toBeChecked()
  await page.getByRole('button', { name: 'Probar conexión' }).click()
  await expect(page.getByTestId('prueba')).toContainText('Conexión correcta', { timeout: 60_000 })
  await photo('01-destino')
  await next()
  await expect(page.getByRole('region', { name: 'Columnas del destino' })).toBeVisible({ timeout: 60_000 })
  await photo('02-mapeo')
  await next()
  await page.getByRole('radio', { name: 'Eliminar e insertar' }).check()
  await p.choose('Qué filas elimina antes de insertar', 'Las de las mismas particiones')
  await next()
  await expect(page.getByText('Elegir las columnas de la partición.').first()).toBeVisible()
  await photo('03-falta')
  await p.chooseMany('Columnas de la partición', 'fecha', 'sucursal')
  await expect(page.getByRole('table', { name: 'Después' })).toContainText('Eliminada')
  await photo('04-estrategia')
  await next()
  await page.getByRole('textbox', { name: 'Nombre' }).fill('Ventas a SQLite')
  await page.getByRole('radio', { name: 'En sus fechas' }).check()
  await p.choose('Frecuencia', 'Semanal')
  await page.getByRole('textbox', { name: 'Hora' }).fill('8:70')
  await next()
  await expect(page.getByText('Completar las fechas.').first()).toBeVisible()
  await photo('05-hora')
  await page.getByRole('textbox', { name: 'Hora' }).fill('08:00')
  await expect(page.getByRole('list', { name: 'Próximas fechas' }).getByRole('listitem')).toHaveCount(8)
  await photo('06-fechas')
  await next()
  await page.getByRole('button', { name: 'Guardar' }).click()
  await expect(p.title()).toContainText('Ventas a SQLite')
  await expect(page.getByText('En sus fechas:', { exact: false })).toBeVisible()
  await expect(page.getByText(/^lun \d\d\/\d\d\/\d{4} 08:00 \(America\/Lima\)$/)).toBeVisible()
  await photo('07-guardada')
})

test('what is accepted waits for its date, and can be loaded before it', async ({ browserName: _ }, info) => {
  const { page } = p
  const photo = photographer(open, info)
  await send('2026-01-05,Lima,A1,10.50', '2026-01-05,Lima,A2,1.00', '2026-01-05,Cusco,A1,7.25')
  await p.openTab('Ventas a SQLite', 'Historial')
  await expect(page.getByText('Empieza en su próxima fecha', { exact: false })).toBeVisible()
  await photo('01-nada')
  expect(
    existsSync(base()) &&
      new Database(base()).prepare("SELECT 1 FROM sqlite_master WHERE name = 'ventas'").get(),
  ).toBeFalsy()
  await backfill()
  await expect(page.getByText('1 carga pedida.')).toBeVisible()
  await expect(page.getByRole('row').filter({ hasText: 'ventas.csv' })).toContainText('Completada', {
    timeout: 60_000,
  })
  expect(inSqlite()).toEqual(['Cusco A1 7.2500', 'Lima A1 10.5000', 'Lima A2 1.0000'])
})

test('another file of a day and a branch replaces its rows and no others; the difference tells which left', async ({
  browserName: _,
}, info) => {
  const { page } = p
  const photo = photographer(open, info)
  await send('2026-01-05,Lima,A1,11.00', '2026-01-05,Lima,A9,2.00')
  await p.openTab('Ventas a SQLite', 'Historial')
  await backfill()
  await expect(page.getByTestId('grid-counter')).toContainText('2 cargas')
  const last = page.getByRole('row').filter({ hasText: 'ventas.csv' }).first()
  await expect(last).toContainText('Completada', { timeout: 60_000 })
  expect(inSqlite()).toEqual(['Cusco A1 7.2500', 'Lima A1 11.0000', 'Lima A9 2.0000'])
  await photo('01-historial')
  await p.tab('Diferencia')
  const counts = page.getByRole('status', { name: 'Qué cambió en ventas' })
  await expect(counts).toContainText('2eliminadas')
  const changes = page.getByRole('region', { name: 'Cambios de ventas' })
  const changed = (what: string, codigo: string) =>
    changes
      .getByRole('row')
      .filter({ hasText: what })
      .filter({ has: page.getByRole('cell', { name: codigo, exact: true }) })
  await expect(changed('Eliminada', 'A2')).toHaveCount(1)
  await expect(changed('Insertada', 'A9')).toHaveCount(1)
  await photo('02-diferencia')
  await p.tab('Configuración')
  await expect(page.getByText('Eliminar materialización').first()).toBeVisible()
  await photo('03-configuracion')
})
