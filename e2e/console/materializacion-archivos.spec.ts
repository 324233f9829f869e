import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import '../desktop/bridge'
import { ventasCsv, ventasYaml } from '../../src/testkit/ventas'
import { type ConsoleWindow, expect, launchConsole, test, willChoose } from '../desktop/support'
import { pasos, photographer } from './materializacion-pasos'

let home: string
let folder: string
let open: ConsoleWindow
let p: ReturnType<typeof pasos>

test.describe.configure({ mode: 'serial' })

test.beforeAll(async () => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'sage-archivos-')))
  folder = join(home, 'lago')
  mkdirSync(folder)
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

const send = (...rows: string[]) => p.send('Ventas', join(home, 'ventas.csv'), ventasCsv(...rows))

/** What another program finds in the files, looked at from outside. */
async function inParquet(): Promise<string[]> {
  const duckdb = await DuckDBInstance.create(':memory:')
  const connection = await duckdb.connect()
  try {
    const table = join(folder, 'ventas', 'actual', '**', '*.parquet').replaceAll("'", "''")
    const found = await connection.runAndReadAll(
      `SELECT sucursal || ' ' || codigo || ' ' || importe FROM read_parquet('${table}', hive_partitioning = true) ORDER BY ALL`,
    )
    return found.getRows().map(([text]) => String(text))
  } finally {
    connection.closeSync()
    duckdb.closeSync()
  }
}

/** Folders of the partitions in force. */
const partitions = () => readdirSync(join(folder, 'ventas', 'actual')).sort()

test('a folder receives a table of Parquet in partitions, tried before it is written', async ({
  browserName: _,
}, info) => {
  const { page, next } = p
  const photo = photographer(open, info)
  await send('2026-01-05,Lima,A1,10.50', '2026-01-05,Cusco,A1,7.25', '2026-01-06,Lima,B2,3.00')
  await p.area('Materializaciones')
  await page.getByRole('link', { name: 'Crear materialización' }).click()
  await p.choose('Casilla', 'Ventas')
  await next()
  await page.getByRole('button', { name: 'Crear destino' }).click()
  const form = page.getByRole('dialog')
  await p.choose('Tipo de destino', 'Archivos en una carpeta', form)
  await form.getByRole('textbox', { name: 'Nombre' }).fill('Lago de datos')
  await willChoose(open, folder)
  await form.getByRole('button', { name: 'Elegir carpeta' }).click()
  await form.getByRole('button', { name: 'Probar conexión' }).click()
  await expect(form.getByTestId('prueba')).toContainText('Conexión correcta', { timeout: 60_000 })
  await photo('01-destino')
  await form.getByRole('button', { name: 'Guardar' }).click()
  await expect(page.getByRole('radio', { name: 'Lago de datos' })).toBeChecked()
  await photo('02-elegido')
  await next()
  await page.getByRole('radiogroup', { name: 'Qué se ve de la tabla' }).getByText('Tabla y opciones').click()
  await expect(page.getByRole('combobox', { name: 'Formato' })).toHaveValue('Parquet')
  await p.chooseMany('Particiones', 'sucursal')
  await photo('03-opciones')
  await next()
  await page.getByRole('radio', { name: 'Insertar o actualizar' }).check()
  await p.chooseMany('Clave', 'fecha', 'sucursal', 'codigo')
  await photo('04-estrategia')
  await next()
  await page.getByRole('textbox', { name: 'Nombre' }).fill('Ventas al lago')
  await next()
  await page.getByRole('button', { name: 'Ensayar' }).click()
  await expect(page.getByRole('status', { name: 'Qué cambiaría en ventas' })).toContainText('3insertadas', {
    timeout: 60_000,
  })
  await photo('05-ensayo')
  // A trial writes nothing.
  expect(readdirSync(folder)).toEqual([])
  await page.getByRole('button', { name: 'Guardar' }).click()
  await expect(p.title()).toContainText('Ventas al lago')
  await photo('06-guardada')
})

test('what is accepted is in its partitions, and the history and the changes tell of it', async ({
  browserName: _,
}, info) => {
  const { page } = p
  const photo = photographer(open, info)
  await send('2026-01-05,Lima,A1,10.50', '2026-01-05,Cusco,A1,7.25', '2026-01-06,Lima,B2,3.00')
  await p.openTab('Ventas al lago', 'Historial')
  const loads = page.getByRole('grid', { name: 'Cargas' }).getByRole('row').filter({ hasText: 'ventas.csv' })
  await expect(loads.first()).toContainText('Completada', { timeout: 60_000 })
  expect(partitions()).toEqual(['sucursal=Cusco', 'sucursal=Lima'])
  expect(await inParquet()).toEqual(['Cusco A1 7.2500', 'Lima A1 10.5000', 'Lima B2 3.0000'])
  await send('2026-01-06,Lima,B2,4.75', '2026-01-07,Ica,C3,1.00')
  await p.openTab('Ventas al lago', 'Historial')
  await expect(page.getByTestId('grid-counter')).toContainText('2 cargas', { timeout: 60_000 })
  await expect(loads.first()).toContainText('Completada', { timeout: 60_000 })
  await photo('01-historial')
  await loads.first().getByRole('gridcell').nth(1).dblclick()
  const detail = page.getByRole('dialog')
  await expect(detail).toContainText('Lago de datos')
  await photo('02-detalle')
  await detail.getByRole('link', { name: 'Ver cambios' }).click()
  const changes = page.getByRole('region', { name: 'Cambios de ventas' })
  const amounts = changes.locator('td.is-marked').filter({ hasText: /^\d\.\d{4}$/ })
  await expect(amounts).toHaveText(['3.0000', '4.7500'])
  await expect(changes.getByRole('row').filter({ hasText: 'Insertada' })).toContainText('Ica')
  await photo('03-cambios')
  expect(partitions()).toEqual(['sucursal=Cusco', 'sucursal=Ica', 'sucursal=Lima'])
  expect(await inParquet()).toContain('Lima B2 4.7500')
})

test('a folder that is away fails the load and says so; once it is back, one click loads it', async ({
  browserName: _,
}, info) => {
  const { page } = p
  const photo = photographer(open, info)
  renameSync(folder, join(home, 'desmontado'))
  await send('2026-01-08,Tacna,D4,2.20')
  await p.openTab('Ventas al lago', 'Resumen')
  const failed = page.getByRole('alert').filter({ hasText: 'No se pudo cargar' })
  await expect(failed).toBeVisible({ timeout: 60_000 })
  await photo('01-fallida')
  expect(existsSync(folder)).toBe(false)
  renameSync(join(home, 'desmontado'), folder)
  await p.tab('Historial')
  await photo('02-historial')
  await page.getByRole('button', { name: 'Reintentar 1 fallida' }).click()
  await expect(page.getByRole('row').filter({ hasText: 'ventas.csv' }).first()).toContainText('Completada', {
    timeout: 60_000,
  })
  expect(await inParquet()).toContain('Tacna D4 2.2000')
  await expect(page.getByRole('link', { name: 'Materializaciones', exact: true }).first()).toBeVisible()
})

test('another table of the same folder is a CSV that replaces itself whole', async ({
  browserName: _,
}, info) => {
  const { page, next } = p
  const photo = photographer(open, info)
  await p.area('Casillas')
  await page.getByRole('gridcell', { name: 'Ventas', exact: true }).first().dblclick()
  await p.tab('Materializaciones')
  await photo('01-casilla')
  await page.getByRole('link', { name: 'Crear materialización' }).click()
  await expect(page.getByRole('checkbox', { name: 'Ventas' })).toBeChecked()
  await next()
  await page.getByRole('radio', { name: 'Lago de datos' }).check()
  await next()
  await page.getByRole('radiogroup', { name: 'Qué se ve de la tabla' }).getByText('Tabla y opciones').click()
  await p.choose('Formato', 'CSV')
  await page.getByRole('textbox', { name: 'Delimitador' }).fill(';')
  const name = page.getByRole('combobox', { name: 'Nombre' })
  await name.fill('ventas del día')
  await photo('02-csv')
  await next()
  await page.getByRole('radio', { name: 'Vaciar e insertar' }).check()
  await next()
  await page.getByRole('textbox', { name: 'Nombre' }).fill('Ventas en CSV')
  await page.getByRole('radio', { name: 'Solo a mano' }).check()
  await next()
  await page.getByRole('button', { name: 'Ensayar' }).click()
  await expect(page.getByRole('status', { name: 'Qué cambiaría en ventas del día' })).toContainText(
    'insertadas',
    {
      timeout: 60_000,
    },
  )
  await photo('03-ensayo')
  await page.getByRole('button', { name: 'Guardar' }).click()
  await expect(p.title()).toContainText('Ventas en CSV')
  // Only by hand: the last of what was accepted, chosen among past executions.
  await page.getByRole('button', { name: 'Cargar ejecuciones pasadas' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio', { name: 'Elegir ejecuciones' }).check()
  await dialog.getByRole('row').nth(1).getByRole('gridcell').nth(1).click()
  await photo('04-elegir')
  await dialog.getByRole('button', { name: 'Cargar 1 ejecución' }).click()
  await p.tab('Historial')
  await expect(page.getByRole('row').filter({ hasText: 'ventas.csv' })).toContainText('Completada', {
    timeout: 60_000,
  })
  await photo('05-historial')
  const [head, ...rows] = readFileSync(join(folder, 'ventas del día.csv'), 'utf8').trim().split(/\r?\n/)
  expect(head).toMatch(/^fecha;sucursal;codigo;importe;/)
  expect(rows).toHaveLength(1)
  expect(rows[0]).toMatch(/^2026-01-08;Tacna;D4;2\.2000;/)
})
