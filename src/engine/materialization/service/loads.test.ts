import { writeFileSync } from 'node:fs'
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
