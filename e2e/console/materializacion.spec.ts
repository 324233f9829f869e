import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import '../desktop/bridge'
import { personasYaml } from '../../src/testkit/personas'
import { type Postgres, startPostgres } from '../../src/testkit/postgres'
import { type ConsoleWindow, expect, launchConsole, test, willChoose } from '../desktop/support'
import { pasos } from './materializacion-pasos'

let home: string
let postgres: Postgres
let base: string
let open: ConsoleWindow
let page: Page
let p: ReturnType<typeof pasos>

test.describe.configure({ mode: 'serial' })

test.beforeAll(async () => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'sage-materializacion-')))
  postgres = await startPostgres()
  base = await postgres.createDatabase()
  open = await launchConsole()
  page = open.page
  p = pasos(open)
  await page.evaluate(async (yaml) => {
    await window.sage.call('casillas.create', { nombre: 'Personas', nombreYaml: 'p.yaml', yaml })
    // Where there is no keychain the password goes into a vault.
    const { situacion } = await window.sage.call('secretos.estado', {})
    if (situacion === 'sin_llavero')
      await window.sage.call('secretos.crearBoveda', { frase: 'cuatro caballos azules' })
  }, personasYaml())
})

test.afterAll(async () => {
  await open?.close()
  await postgres?.stop()
  rmSync(home, { recursive: true, force: true })
})

const send = (text: string) => p.send('Personas', join(home, 'personas.csv'), text)

/** What is in the server, looked at from outside. */
async function inPostgres(): Promise<string[]> {
  const client = await postgres.connect(base)
  const { rows } = await client.query<{ codigo: string; edad: string }>(
    'SELECT codigo, edad::text FROM personas ORDER BY codigo',
  )
  return rows.map(({ codigo, edad }) => `${codigo} ${edad}`)
}

test('a destination is created with its password and tested: the step that fails is told', async ({
  browserName: _,
}, info) => {
  await send('codigo,edad\nA1,20\nA2,31\n')
  await p.area('Materializaciones')
  await p.tab('Destinos')
  await page.getByRole('button', { name: 'Crear destino' }).click()
  const form = page.getByRole('dialog')
  await form.getByRole('button', { name: 'Guardar' }).click()
  await expect(form.getByText('Escribir el nombre de la base de datos.')).toBeVisible()
  await form.getByRole('textbox', { name: 'Nombre' }).fill('Almacén')
  await form.getByRole('textbox', { name: 'Servidor' }).fill(postgres.host)
  await form.getByRole('textbox', { name: 'Puerto' }).fill(String(postgres.port))
  await form.getByRole('textbox', { name: 'Base de datos' }).fill(base)
  await form.getByRole('textbox', { name: 'Usuario' }).fill(postgres.user)
  await form.getByLabel('Contraseña', { exact: true }).fill('no es esta')
  await form.getByRole('radio', { name: 'Sin cifrar' }).check()
  await form.getByRole('button', { name: 'Probar conexión' }).click()
  const result = form.getByTestId('prueba')
  await expect(result).toContainText('No se pudo conectar', { timeout: 60_000 })
  await page.screenshot({ path: info.outputPath('01-mal.png') })
  await form.getByLabel('Contraseña', { exact: true }).fill(postgres.password)
  await form.getByRole('button', { name: 'Probar conexión' }).click()
  await expect(result).toContainText('Conexión correcta', { timeout: 60_000 })
  await page.screenshot({ path: info.outputPath('02-bien.png') })
  await form.getByRole('button', { name: 'Guardar' }).click()
  await expect(page.getByRole('row').filter({ hasText: 'Almacén' })).toContainText('PostgreSQL')
  // The password went into the vault of secrets, and nowhere that the window can see.
  expect(await page.content()).not.toContain(postgres.password)
  const { items } = await page.evaluate(() => window.sage.call('destinos.list', {}))
  expect(JSON.stringify(items)).not.toContain(postgres.password)
})

test('the wizard maps a casilla to a table, shows what the strategy does, tries it, and saves', async ({
  browserName: _,
}, info) => {
  const photo = (name: string) => page.screenshot({ path: info.outputPath(`${name}.png`) })
  await p.area('Materializaciones')
  await page.getByRole('link', { name: 'Crear materialización' }).click()
  await p.next()
  await expect(page.getByText('Elegir la casilla.').first()).toBeVisible()
  await page.getByRole('combobox', { name: 'Casilla' }).click()
  await page.getByRole('option', { name: 'Personas', exact: true }).click()
  await expect(page.getByRole('checkbox', { name: 'Personas' })).toBeChecked()
  await photo('01-origen')
  await p.next()
  await page.getByRole('radio', { name: 'Almacén' }).check()
  await photo('02-destino')
  await p.next()
  const columns = page.getByRole('region', { name: 'Columnas del destino' })
  await expect(columns.getByLabel('Nombre de la columna 1')).toHaveValue('codigo', { timeout: 60_000 })
  await expect(columns.getByLabel('Tipo de edad')).toHaveValue('entero')
  await photo('03-mapeo')
  // Looking elsewhere in the middle loses nothing, and is told of.
  await p.area('Materializaciones')
  const begun = page.getByText('Hay una materialización nueva sin guardar: «Personas».')
  await expect(begun).toBeVisible()
  await photo('03-borrador')
  await page.getByRole('link', { name: 'Continuar' }).click()
  await expect(columns.getByLabel('Nombre de la columna 1')).toHaveValue('codigo')
  // Nor does closing and opening the page: what was corrected is there, and whoever comes back knows it.
  await columns.getByLabel('Nombre de la columna 2').fill('anios')
  await page.reload()
  await expect(columns.getByLabel('Nombre de la columna 2')).toHaveValue('anios')
  const resumed = page.getByRole('status').filter({ hasText: 'Se sigue con lo que quedó sin guardar' })
  await photo('03-retomada')
  await resumed.getByRole('button', { name: 'Continuar' }).click()
  await expect(resumed).toHaveCount(0)
  await columns.getByLabel('Nombre de la columna 2').fill('edad')
  // One that begins from a casilla is another one.
  await page.evaluate(() => {
    location.hash = '#/materializaciones/nueva?casilla=1'
  })
  await expect(page.getByRole('combobox', { name: 'Casilla' })).not.toHaveValue('')
  await expect(page.getByRole('combobox', { name: 'Casilla' })).not.toHaveValue('Personas')
  await expect(page.getByRole('button', { name: 'Empezar de nuevo' })).toHaveCount(0)
  await p.area('Materializaciones')
  await expect(begun).toHaveCount(1)
  await page.getByRole('link', { name: 'Continuar' }).click()
  await p.next()
  await page.getByRole('radio', { name: 'Insertar o actualizar' }).check()
  const key = page.getByRole('combobox', { name: 'Clave' })
  await key.click()
  const option = page.getByRole('option', { name: 'codigo' })
  if ((await option.getAttribute('aria-selected')) !== 'true') await option.click()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('table', { name: 'Después' })).toContainText('Actualizada')
  await photo('04-estrategia')
  await p.next()
  const name = page.getByRole('textbox', { name: 'Nombre' })
  await expect(name).toHaveValue('Personas en Almacén')
  await name.fill('')
  await p.next()
  await expect(page.getByText('Escribir un nombre.').first()).toBeVisible()
  await name.fill('Personas al almacén')
  await photo('05-cuando')
  await p.next()
  await page.getByRole('button', { name: 'Ensayar' }).click()
  const trial = page.getByRole('status', { name: 'Qué cambiaría en personas' })
  await expect(trial).toContainText('2insertadas', { timeout: 60_000 })
  await expect(page.getByRole('region', { name: 'Sentencias de la tabla' })).toContainText('CREATE TABLE')
  await photo('06-previa')
  await page.getByRole('button', { name: 'Guardar' }).click()
  await expect(p.title()).toContainText('Personas al almacén')
  await photo('07-guardada')
  await p.area('Materializaciones')
  await expect(begun).toHaveCount(0)
})

test('a file is loaded into PostgreSQL, and its load tells how many rows it wrote', async ({
  browserName: _,
}, info) => {
  await send('codigo,edad\nB1,40\nB2,41\nB3,42\n')
  await p.tab('Cargas')
  const row = page.getByRole('row').filter({ hasText: 'Personas al almacén' })
  await expect(row).toContainText('Completada', { timeout: 60_000 })
  await page.screenshot({ path: info.outputPath('01-ejecucion.png') })
  await p.area('Materializaciones')
  await page.getByRole('link', { name: 'Personas al almacén' }).click()
  await p.tab('Historial')
  const load = page.getByRole('row').filter({ hasText: 'personas.csv' })
  await expect(load).toContainText('Completada')
  await expect(load.getByRole('gridcell').nth(3)).toHaveText('3')
  await page.screenshot({ path: info.outputPath('02-historial.png') })
  expect(await inPostgres()).toEqual(['B1 40', 'B2 41', 'B3 42'])
})

test('a second file updates what was there; the difference shows before and after', async ({
  browserName: _,
}, info) => {
  await send('codigo,edad\nB2,99\nB4,50\n')
  await p.area('Materializaciones')
  await page.getByRole('link', { name: 'Personas al almacén' }).click()
  await p.tab('Historial')
  await expect(page.getByTestId('grid-counter')).toContainText('2 cargas', { timeout: 60_000 })
  await expect(page.getByRole('row').nth(1)).toContainText('Completada', { timeout: 60_000 })
  expect(await inPostgres()).toEqual(['B1 40', 'B2 99', 'B3 42', 'B4 50'])
  await p.tab('Diferencia')
  const counts = page.getByRole('status', { name: 'Qué cambió en personas' })
  await expect(counts).toContainText('1insertadas')
  await expect(counts).toContainText('1actualizadas')
  const changes = page.getByRole('region', { name: 'Cambios de personas' })
  const marked = changes.locator('td.is-marked')
  await expect(marked).toHaveText(['41', '99'])
  await expect(changes.getByRole('row').filter({ hasText: 'Insertada' })).toContainText('B4')
  await page.screenshot({ path: info.outputPath('01-diferencia.png') })
})

test('past executions are loaded too; asked again there is nothing left to load', async ({
  browserName: _,
}, info) => {
  const load = async () => {
    await page.getByRole('button', { name: 'Cargar ejecuciones pasadas' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Cargar', exact: true }).click()
  }
  await load()
  await expect(page.getByText('1 carga pedida.')).toBeVisible()
  await p.tab('Historial')
  await expect(page.getByTestId('grid-counter')).toContainText('3 cargas')
  await expect.poll(inPostgres).toEqual(['A1 20', 'A2 31', 'B1 40', 'B2 99', 'B3 42', 'B4 50'])
  await page.screenshot({ path: info.outputPath('01-pasadas.png') })
  await load()
  await expect(page.getByText('No hay ejecuciones por cargar: todas estaban cargadas.')).toBeVisible()
})

test('a load that the server refuses says why; once it is mended, one click loads it', async ({
  browserName: _,
}, info) => {
  const client = await postgres.connect(base)
  await client.query('ALTER TABLE personas ADD CONSTRAINT joven CHECK (edad < 120)')
  await send('codigo,edad\nC1,300\n')
  await p.tab('Cargas')
  const row = page.getByRole('row').filter({ hasText: 'Personas al almacén' })
  await expect(row).toContainText('Fallida', { timeout: 60_000 })
  await row.getByRole('gridcell').nth(1).dblclick()
  const detail = page.getByRole('dialog')
  await expect(detail.getByRole('alert')).toContainText('joven')
  await page.screenshot({ path: info.outputPath('01-fallida.png') })
  expect(await inPostgres()).toHaveLength(6)
  await page.keyboard.press('Escape')
  // The navigation says that something waits for a person.
  await expect(page.getByRole('link', { name: 'Materializaciones: 1 carga fallida' })).toBeVisible()
  await client.query('ALTER TABLE personas DROP CONSTRAINT joven')
  await page.getByRole('button', { name: 'Reintentar 1 fallida' }).click()
  await expect(row).toContainText('Completada', { timeout: 60_000 })
  expect(await inPostgres()).toContain('C1 300')
})

test('a file of a database is made in a folder that is chosen, never written; what is used is not removed', async ({
  browserName: _,
}, info) => {
  await p.area('Materializaciones')
  await p.tab('Destinos')
  await page.getByRole('button', { name: 'Crear destino' }).click()
  const form = page.getByRole('dialog')
  await form.getByRole('combobox', { name: 'Tipo de destino' }).click()
  await page.getByRole('option', { name: 'DuckDB' }).click()
  await form.getByRole('textbox', { name: 'Nombre' }).fill('Análisis Ñ')
  await form.getByRole('button', { name: 'Guardar' }).click()
  await expect(form.getByText('Elegir dónde está.')).toBeVisible()
  await willChoose(open, home)
  await form.getByRole('button', { name: 'Crear en una carpeta' }).click()
  await expect(form.getByRole('textbox', { name: 'Nombre del archivo' })).toHaveValue('analisis-n.duckdb')
  await form.getByRole('button', { name: 'Probar conexión' }).click()
  await expect(form.getByTestId('prueba')).toContainText('Conexión correcta', { timeout: 60_000 })
  await page.screenshot({ path: info.outputPath('01-duckdb.png') })
  await form.getByRole('button', { name: 'Guardar' }).click()
  const made = page.getByRole('row').filter({ hasText: 'Análisis Ñ' })
  await expect(made).toContainText(join(home, 'analisis-n.duckdb'))

  const menuOf = (name: string) => page.getByRole('button', { name: `Acciones de ${name}` }).click()
  await menuOf('Almacén')
  await expect(page.getByRole('menuitem', { name: 'Eliminar' })).toBeDisabled()
  await page.keyboard.press('Escape')
  await menuOf('Análisis Ñ')
  await page.getByRole('menuitem', { name: 'Eliminar' }).click()
  await page.getByRole('textbox', { name: 'Escribir «Análisis Ñ» para confirmar' }).fill('Análisis Ñ')
  await page.getByRole('dialog').getByRole('button', { name: 'Eliminar' }).click()
  await expect(made).toHaveCount(0)
})
