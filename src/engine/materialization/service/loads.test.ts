import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openSharedFile } from '@engine/duckdb'
import { personasYaml } from '@testkit/personas'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Bench, csv, openBench, tablaPersonas } from './bench.fixture'

let bench: Bench
let casilla: { id: number; carpeta: string }
beforeEach(async () => {
  bench = await openBench()
  casilla = await bench.casilla()
})
afterEach(async () => {
  await bench.close()
  bench.remove()
})

async function rows(path: string, sql: string): Promise<unknown[][]> {
  const file = await openSharedFile(path, { tempDir: join(bench.dir, 'tmp') })
  try {
    const connection = await file.connect()
    const result = await connection.runAndReadAll(sql)
    const found = result
      .getRows()
      .map((row) => row.map((cell) => (typeof cell === 'bigint' ? Number(cell) : cell)))
    connection.closeSync()
    return found
  } finally {
    await file.release()
  }
}
const own = () => join(bench.dataDir, 'datos', 'consola.duckdb')
const receive = async (name: string, ...lines: string[]) => {
  await bench.receive(casilla, `${name}.csv`, csv(...lines))
  await bench.engine.idle()
}

it('with nothing configured, what is accepted is in the data of the console, with its history', async () => {
  await receive('uno', 'a,20', 'b,30')
  await receive('dos', 'b,31', 'c,40')
  expect(await rows(own(), 'SELECT codigo, edad FROM personas ORDER BY 1')).toEqual([
    ['a', 20],
    ['b', 31],
    ['c', 40],
  ])
  expect(await bench.cargas()).toMatchObject([
    { archivo: 'uno.csv', estado: 'completado', totales: { leidas: 2, insertadas: 2, actualizadas: 0 } },
    { archivo: 'dos.csv', estado: 'completado', totales: { leidas: 2, insertadas: 1, actualizadas: 1 } },
  ])
  expect((await bench.archivos(casilla.id)).map(({ desenlace }) => desenlace)).toEqual([
    'aceptado',
    'aceptado',
  ])
})

it('a new field and a new catalog of the YAML come in by themselves; rows that were there have nothing in it', async () => {
  await receive('uno', 'a,20')
  const more = personasYaml().replace(
    '- { name: edad, type: entero }',
    '- { name: edad, type: entero }\n      - { name: ciudad, type: texto }',
  )
  await bench.call('casillas.saveYaml', { id: casilla.id, text: more, baseVersion: 1 })
  writeFileSync(join(casilla.carpeta, 'dos.csv'), 'codigo,edad,ciudad\nb,30,Lima\n')
  await bench.call('recepcion.procesarAhora', { casillaId: casilla.id })
  await bench.engine.idle()
  expect(await rows(own(), 'SELECT codigo, edad, ciudad FROM personas ORDER BY 1')).toEqual([
    ['a', 20, null],
    ['b', 30, 'Lima'],
  ])
})

it('casillas whose catalogs have one name have tables of their own, and none takes up what another left', async () => {
  const other = await bench.casilla('Otras personas')
  await receive('uno', 'a,20')
  await bench.receive(other, 'uno.csv', csv('z,90'))
  await bench.engine.idle()
  expect(await rows(own(), 'SELECT codigo FROM personas')).toEqual([['a']])
  expect(await rows(own(), 'SELECT codigo FROM otras_personas_personas')).toEqual([['z']])
  await bench.call('materializaciones.remove', {
    id: (await bench.call('materializaciones.list', { casillaId: casilla.id })).items[0]?.id ?? 0,
  })
  const third = await bench.casilla('Terceras')
  await bench.receive(third, 'uno.csv', csv('t,1'))
  await bench.engine.idle()
  expect(await rows(own(), 'SELECT codigo FROM personas')).toEqual([['a']])
  expect(await rows(own(), 'SELECT codigo FROM terceras_personas')).toEqual([['t']])
})

it('a load that waited is done as its execution was judged, though the YAML changed since', async () => {
  const { id } = await bench.call('materializaciones.create', {
    ...{ nombre: 'Personas', casillaId: casilla.id, destinoId: 0 },
    config: { tablas: [tablaPersonas()], cuando: { tipo: 'manual' } },
  })
  await receive('uno', 'a,20')
  const fewer = personasYaml().replace('      - { name: edad, type: entero }\n', '')
  await bench.call('casillas.saveYaml', { id: casilla.id, text: fewer, baseVersion: 1 })
  writeFileSync(join(casilla.carpeta, 'dos.csv'), 'codigo\nb\n')
  await bench.call('recepcion.procesarAhora', { casillaId: casilla.id })
  await bench.engine.idle()
  await bench.call('cargas.iniciar', { materializacionId: id })
  await bench.engine.idle()
  const [first, second] = await bench.cargas()
  expect(first).toMatchObject({ archivo: 'uno.csv', estado: 'completado' })
  expect(second).toMatchObject({ archivo: 'dos.csv', estado: 'error', error: { code: 'FIELD_MISSING' } })
  expect(await rows(own(), 'SELECT codigo, edad FROM personas')).toEqual([['a', 20]])
})

it('tells what a load would change, and what each one changed', async () => {
  await receive('uno', 'a,20', 'b,30')
  await receive('dos', 'b,31', 'c,40')
  const cargas = await bench.cargas()
  const changes = async (cargaId = '') =>
    (await bench.call('cargas.diferencia', { cargaId })).tablas.flatMap(({ muestra }) => muestra)
  expect(await changes(cargas[0]?.id)).toEqual([
    { cambio: 'insertada', antes: null, despues: ['a', '20'] },
    { cambio: 'insertada', antes: null, despues: ['b', '30'] },
  ])
  expect(await changes(cargas[1]?.id)).toEqual(
    expect.arrayContaining([
      { cambio: 'actualizada', antes: ['b', '30'], despues: ['b', '31'] },
      { cambio: 'insertada', antes: null, despues: ['c', '40'] },
    ]),
  )
  const [one] = (await bench.call('materializaciones.list', {})).items
  if (!one) throw new Error('no se creó')
  const { casillaId, destinoId, config } = one
  const rehearse = (tablas: typeof config.tablas) =>
    bench.call('materializaciones.ensayar', {
      ...{ executionId: cargas[0]?.executionId ?? '', casillaId, destinoId },
      config: { ...config, tablas },
    })
  expect((await rehearse(config.tablas)).tablas[0]).toMatchObject({
    ...{ existe: true, filasAntes: 3, leidas: 2, insertadas: 0, actualizadas: 1, sinCambio: 1 },
  })
  const missing = config.tablas.map((tabla) => ({
    ...tabla,
    columnas: [
      ...tabla.columnas,
      {
        nombre: 'x',
        fuente: { de: 'campo' as const, campo: 'x' },
        tipo: { tipo: 'entero' as const },
        nulos: true,
      },
    ],
  }))
  expect((await rehearse(missing)).problemas).toMatchObject([{ severidad: 'error', codigo: 'FIELD_MISSING' }])
  expect(await rows(own(), 'SELECT count(*) FROM personas')).toEqual([[3]])
})

it('what can not be saved is refused with every reason', async () => {
  const attempt = bench.call('materializaciones.create', {
    ...{ nombre: 'Mala', casillaId: casilla.id, destinoId: 0 },
    config: { tablas: [tablaPersonas({ estrategia: { tipo: 'upsert', clave: ['no_esta'] } })] },
  })
  await expect(attempt).rejects.toMatchObject({
    code: 'MATERIALIZACION_INVALID',
    details: { problemas: [expect.objectContaining({ severidad: 'error', tabla: 0 })] },
  })
  expect((await bench.call('materializaciones.list', {})).items).toEqual([])
})

it('of a load too large to be compared whole tells all its counts and the changes of its first rows', async () => {
  await receive('uno', 'n5,0', 'n150000,0')
  const many = Array.from({ length: 100_001 }, (_, n) => `n${n},${n}\n`)
  await bench.receive(casilla, 'dos.csv', `codigo,edad\n${many.join('')}`)
  await bench.engine.idle()
  const [, carga] = await bench.cargas()
  const cargaId = carga?.id ?? ''
  const { tablas } = await bench.call('cargas.diferencia', { cargaId })
  expect(tablas).toMatchObject([
    {
      ...{ tabla: 'personas', comparadas: 2_000, filasAntes: 2 },
      ...{ leidas: 100_001, insertadas: 100_000, actualizadas: 1, eliminadas: 0 },
    },
  ])
  expect(tablas[0]?.muestra).toHaveLength(50)
  expect(tablas[0]?.muestra).toContainEqual({
    ...{ cambio: 'actualizada', antes: ['n5', '0'], despues: ['n5', '5'] },
  })
  // What was seen goes with the files of its execution; its counts stay.
  rmSync(join(bench.dataDir, 'ejecuciones'), { recursive: true })
  expect((await bench.call('cargas.diferencia', { cargaId })).tablas).toMatchObject([
    { tabla: 'personas', comparadas: 0, leidas: 100_001, insertadas: 100_000, actualizadas: 1, muestra: [] },
  ])
})
