import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Bench, csv, openBench, tablaPersonas } from './bench.fixture'

let bench: Bench
let casilla: { id: number; carpeta: string }
let base: string
let proveedorId: number
let destinoId: number

const UPSERT = { tipo: 'upsert' as const, clave: ['codigo'] }

beforeEach(async () => {
  bench = await openBench()
  casilla = await bench.casilla()
  base = join(bench.dir, 'nube')
  mkdirSync(base)
  const proveedor = await bench.call('proveedores.create', {
    ...{ nombre: 'Nube', tipo: 'local', config: {}, lugar: { path: base } },
  })
  proveedorId = proveedor.id
  const destino = await bench.call('destinos.create', {
    nombre: 'Lago',
    config: { tipo: 'proveedor', proveedorId, carpeta: ' /lago/ventas/ ' },
  })
  destinoId = destino.id
  expect(destino).toMatchObject({ lugar: 'Nube: /lago/ventas', config: { carpeta: 'lago/ventas' } })
  const tabla = tablaPersonas({ estrategia: UPSERT, indices: [], formato: { tipo: 'csv' } })
  await bench.call('materializaciones.create', {
    ...{ nombre: 'Personas', casillaId: casilla.id, destinoId, config: { tablas: [tabla] } },
  })
})
afterEach(async () => {
  await bench.close()
  bench.remove()
})

const receive = async (name: string, ...lines: string[]) => {
  await bench.receive(casilla, `${name}.csv`, csv(...lines))
  await bench.engine.idle()
}
const written = () => readFileSync(join(base, 'lago/ventas/personas.csv'), 'utf8').trim().split('\n').sort()

it('a file of a casilla ends in a table of files at a provider, with its history and what it changed', async () => {
  await receive('uno', 'a,20', 'b,30')
  await receive('dos', 'b,31', 'c,40')
  expect(written()).toEqual(['a,20', 'b,31', 'c,40', 'codigo,edad'])
  const cargas = await bench.cargas()
  expect(cargas).toMatchObject([
    { archivo: 'uno.csv', estado: 'completado', destinoNombre: 'Lago', totales: { insertadas: 2 } },
    { archivo: 'dos.csv', estado: 'completado', totales: { insertadas: 1, actualizadas: 1 } },
  ])
  const diferencia = await bench.call('cargas.diferencia', { cargaId: cargas[1]?.id ?? '' })
  expect(diferencia.tablas[0]?.muestra).toContainEqual({
    ...{ cambio: 'actualizada', antes: ['b', '30'], despues: ['b', '31'] },
  })
  expect((await bench.call('destinos.tablas', { id: destinoId })).items).toEqual([
    { esquema: null, tabla: 'personas' },
  ])
  expect(
    await bench.call('destinos.tabla', { id: destinoId, esquema: null, tabla: 'personas' }),
  ).toMatchObject({
    columnas: [{ nombre: 'codigo', equivale: { tipo: 'texto' } }, { nombre: 'edad' }],
  })
  const prueba = await bench.call('destinos.probar', { id: destinoId })
  expect([prueba.ok, prueba.pasos.length]).toEqual([true, 4])
})

it('with the provider away the load waits and goes on by itself; nothing is kept open or left on this machine', async () => {
  rmSync(base, { recursive: true })
  await receive('uno', 'a,20')
  const [carga] = await bench.cargas()
  expect(carga?.error?.message).toContain(base)
  expect(existsSync(base)).toBe(false)
  mkdirSync(base)
  await bench.call('cargas.reintentar', { cargaIds: [carga?.id ?? ''] })
  await bench.engine.idle()
  expect(written()).toEqual(['a,20', 'codigo,edad'])
})

it('a provider that a destination writes to is not removed, nor is its folder watched, and the other way round', async () => {
  await expect(bench.call('proveedores.remove', { id: proveedorId })).rejects.toMatchObject({
    code: 'PROVEEDOR_IN_USE',
    message: expect.stringContaining('«Lago»'),
  })
  const watch = (prefijo: string) =>
    bench.call('casillas.update', {
      id: casilla.id,
      carpeta: null,
      origenRemoto: { proveedorId, prefijo, alTerminar: 'mover' },
    })
  await expect(watch('lago')).rejects.toMatchObject({ code: 'FOLDER_IN_USE' })
  await watch('entrada')
  for (const carpeta of ['entrada', 'entrada/salida'])
    await expect(
      bench.call('destinos.create', { nombre: 'Otro', config: { tipo: 'proveedor', proveedorId, carpeta } }),
    ).rejects.toMatchObject({ code: 'DESTINO_PLACE', message: expect.stringContaining('«Personas»') })
  // A folder of this machine is the same one under its other name.
  const local = await bench.call('proveedores.create', {
    ...{ nombre: 'Otra', tipo: 'local', config: {}, lugar: { path: bench.dir } },
  })
  const { carpeta } = await bench.casilla('Vigilada')
  await expect(
    bench.call('destinos.create', {
      nombre: 'Otro',
      config: { tipo: 'proveedor', proveedorId: local.id, carpeta: 'Vigilada' },
    }),
  ).rejects.toMatchObject({ code: 'DESTINO_PLACE', message: expect.stringContaining(carpeta) })
  await expect(
    bench.call('destinos.create', {
      nombre: 'Otro',
      config: { tipo: 'proveedor', proveedorId: 99, carpeta: '' },
    }),
  ).rejects.toMatchObject({ code: 'PROVEEDOR_NOT_FOUND' })
  await expect(
    bench.call('destinos.create', {
      nombre: 'Otro',
      config: { tipo: 'proveedor', proveedorId, carpeta: '../fuera' },
    }),
  ).rejects.toMatchObject({ code: 'REMOTE_PATH_INVALID' })
})
