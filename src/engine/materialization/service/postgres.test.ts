import { type Postgres, startPostgres } from '@testkit/postgres'
import type { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { type Bench, csv, openBench, tablaPersonas } from './bench.fixture'

const PHRASE = 'cuatro caballos azules'
let server: Postgres
let base: string
let admin: Client
beforeAll(async () => {
  server = await startPostgres()
  base = await server.createDatabase()
  admin = await server.connect(base)
})
afterAll(() => server?.stop())

let bench: Bench
let casilla: { id: number; carpeta: string }
let materializacionId: number
beforeEach(async () => {
  bench = await openBench()
  casilla = await bench.casilla()
  await bench.engine.secretos.createVault(PHRASE)
  const secreto = await bench.engine.secretos.create({
    ...{ nombre: 'Base', tipo: 'base_datos', descripcion: '', venceEn: null, rotarCadaDias: null },
    ...{ recordarDias: 14, valores: { contrasena: server.password } },
  })
  const { id: destinoId } = await bench.call('destinos.create', {
    nombre: 'Almacén',
    config: {
      ...{
        tipo: 'postgres',
        servidor: server.host,
        puerto: server.port,
        base,
        usuario: server.user,
        tls: 'no',
      },
    },
    secretoId: secreto.id,
  })
  expect(
    (await bench.call('destinos.probar', { id: destinoId })).pasos.map(({ estado }) => estado),
  ).not.toContain('mal')
  const config = {
    tablas: [tablaPersonas({ estrategia: { tipo: 'upsert', clave: ['codigo'] }, indices: [] })],
  }
  const made = await bench.call('materializaciones.create', {
    ...{ nombre: 'Personas', casillaId: casilla.id, destinoId, config },
  })
  materializacionId = made.id
})
afterEach(async () => {
  await bench.close()
  bench.remove()
  await admin.query('DROP TABLE IF EXISTS personas, _sage_cargas')
})

const table = async () => (await admin.query('SELECT codigo, edad::int FROM personas ORDER BY 1')).rows
const receive = async (name: string, ...lines: string[]) => {
  await bench.receive(casilla, `${name}.csv`, csv(...lines))
  await bench.engine.idle()
}

it('a file from a watched folder ends in a table, with its history', async () => {
  await receive('uno', 'a,20', 'b,30')
  await receive('dos', 'b,31', 'c,40')
  expect(await table()).toEqual([
    { codigo: 'a', edad: 20 },
    { codigo: 'b', edad: 31 },
    { codigo: 'c', edad: 40 },
  ])
  expect(await bench.cargas()).toMatchObject([
    { archivo: 'uno.csv', estado: 'completado', destinoNombre: 'Almacén', totales: { insertadas: 2 } },
    { archivo: 'dos.csv', estado: 'completado', totales: { insertadas: 1, actualizadas: 1 } },
  ])
  expect((await bench.cargas()).every(({ bytes }) => bytes > 0)).toBe(true)
  const { id } = (await bench.call('destinos.list', {})).items[1] ?? { id: 0 }
  expect((await bench.call('destinos.tablas', { id, search: 'PERS' })).items).toEqual([
    { esquema: 'public', tabla: 'personas' },
  ])
  expect(await bench.call('destinos.tabla', { id, esquema: null, tabla: 'personas' })).toMatchObject({
    ...{ existe: true, clave: ['codigo'] },
    columnas: [
      { nombre: 'codigo', equivale: { tipo: 'texto' } },
      { nombre: 'edad', equivale: { tipo: 'entero' } },
    ],
  })
})

it('a table that does not fit waits for a person, and is loaded when asked', async () => {
  await admin.query('CREATE TABLE personas (codigo text PRIMARY KEY)')
  await receive('uno', 'a,20')
  const [carga] = await bench.cargas()
  expect(carga).toMatchObject({
    estado: 'error',
    error: { kind: expect.stringMatching(/config|input|conflict/) },
  })
  expect((await bench.archivos(casilla.id))[0]).toMatchObject({
    desenlace: 'aceptado',
    motivo: 'Falta una carga.',
  })
  await admin.query('ALTER TABLE personas ADD COLUMN edad bigint')
  await bench.call('cargas.reintentar', { cargaIds: [carga?.id ?? ''] })
  await bench.engine.idle()
  expect(await table()).toEqual([{ codigo: 'a', edad: 20 }])
})

it('a record that the table refuses is told with its file', async () => {
  await admin.query('CREATE TABLE personas (codigo text PRIMARY KEY, edad bigint CHECK (edad < 150))')
  await receive('uno', 'a,20', 'b,151', 'c,30')
  const [carga] = await bench.cargas()
  const said = /«personas»: Una fila .*edad < 150.* Registros: 2 \(uno\.csv\)$/
  expect(carga).toMatchObject({
    estado: 'error',
    error: { kind: 'input', message: expect.stringMatching(said) },
  })
  expect(await table()).toEqual([])
})

it('with the vault locked a load waits, with no try spent, and goes on when it is opened', async () => {
  bench.engine.secretos.lock()
  await receive('uno', 'a,20')
  expect(await bench.cargas()).toMatchObject([
    { estado: 'en_espera', intentos: 0, error: { code: 'VAULT_LOCKED' }, proximoIntento: expect.any(String) },
  ])
  await bench.engine.secretos.unlock(PHRASE)
  await bench.until(async () => (await bench.cargas())[0]?.estado === 'completado')
  expect(await table()).toEqual([{ codigo: 'a', edad: 20 }])
  expect((await bench.call('materializaciones.get', { id: materializacionId })).pendientes).toBe(0)
})
