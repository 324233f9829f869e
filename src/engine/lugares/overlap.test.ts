import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { type Bench, openBench } from '@engine/materialization/service/bench.fixture'
import type { OperationInput } from '@shared/contract'
import { personasYaml } from '@testkit/personas'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lies, localSpot } from './spot'

let bench: Bench
beforeEach(async () => {
  bench = await openBench()
})
afterEach(async () => {
  await bench.close()
  bench.remove()
})

const folder = (...parts: string[]): string => {
  const path = join(bench.dir, ...parts)
  mkdirSync(path, { recursive: true })
  return path
}
type Config = OperationInput<'proveedores.create'>['config']
const provider = async (nombre: string, tipo: string, config: Config = {}, path?: string) =>
  (
    await bench.call('proveedores.create', {
      ...{ nombre, tipo, config, lugar: path === undefined ? null : { path } },
    })
  ).id
const local = (nombre: string, path: string) => provider(nombre, 'local', {}, path)
const casilla = (nombre: string) => ({ nombre, nombreYaml: 'personas.yaml', yaml: personasYaml() })
const receivesAt = (nombre: string, proveedorId: number, prefijo: string) =>
  bench.call('casillas.create', { ...casilla(nombre), origenRemoto: { proveedorId, prefijo } })
const receivesIn = (nombre: string, path: string) =>
  bench.call('casillas.create', { ...casilla(nombre), carpeta: { path } })
const writesAt = (nombre: string, proveedorId: number, carpeta: string) =>
  bench.call('destinos.create', { nombre, config: { tipo: 'proveedor', proveedorId, carpeta } })
const writesIn = (nombre: string, path: string) =>
  bench.call('destinos.create', { nombre, config: { tipo: 'archivos' }, lugar: { path } })
const minio = (bucket: string, more: Config = {}): Config => ({
  ...{ host: 'minio.interno', port: 9000, accessKey: 'k', bucket, ...more },
})

it('tells how two folders lie, and is not deceived by a shared beginning of their names', () => {
  expect(lies(localSpot(join('/a', 'ventas')), localSpot(join('/a', 'ventas')))).toBe('same')
  expect(lies(localSpot(join('/a', 'ventas', 'norte')), localSpot(join('/a', 'ventas')))).toBe('inside')
  expect(lies(localSpot(join('/a')), localSpot(join('/a', 'ventas')))).toBe('around')
  expect(lies(localSpot(join('/')), localSpot(join('/a', 'ventas')))).toBe('around')
  expect(lies(localSpot(join('/a', 'ventas2')), localSpot(join('/a', 'ventas')))).toBeNull()
  expect(lies(localSpot(join('/b', 'ventas')), localSpot(join('/a', 'ventas')))).toBeNull()
})

describe('the folder of a casilla is its own', () => {
  it('refuses the same one, one inside and one around, by whatever name, and keeps nothing', async () => {
    const taken = folder('ventas')
    await receivesIn('Ventas', taken)
    symlinkSync(taken, join(bench.dir, 'atajo'))
    await expect(receivesIn('B', taken)).rejects.toMatchObject({
      code: 'FOLDER_IN_USE',
      message: expect.stringContaining('ya es la de la casilla «Ventas»'),
    })
    await expect(receivesIn('B', join(bench.dir, 'atajo'))).rejects.toMatchObject({ code: 'FOLDER_IN_USE' })
    await expect(receivesIn('B', folder('ventas', 'norte'))).rejects.toThrow(
      /está dentro de la de la casilla/,
    )
    expect((await bench.call('casillas.list', {})).items).toHaveLength(1)
    await receivesIn('B', folder('ventas2'))
    const { id } = await receivesIn('C', folder('todo', 'clientes'))
    await expect(receivesIn('D', folder('todo'))).rejects.toThrow(/contiene la de la casilla «C»/)
    await expect(bench.call('casillas.update', { id, carpeta: { path: taken } })).rejects.toMatchObject({
      code: 'FOLDER_IN_USE',
      details: { carpeta: taken },
    })
    expect((await bench.call('casillas.get', { id })).carpeta).toBe(join(bench.dir, 'todo', 'clientes'))
  })

  it('gives one of two that ask at once', async () => {
    const path = folder('una')
    const results = await Promise.allSettled([receivesIn('A', path), receivesIn('B', path)])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('takes its own again, narrower or wider, and one that a removed casilla left', async () => {
    const a = await receivesIn('A', folder('a', 'b'))
    await bench.call('casillas.update', { id: a.id, carpeta: { path: join(bench.dir, 'a', 'b') } })
    await bench.call('casillas.update', { id: a.id, carpeta: { path: join(bench.dir, 'a') } })
    await expect(receivesIn('B', join(bench.dir, 'a', 'b'))).rejects.toMatchObject({ code: 'FOLDER_IN_USE' })
    await bench.call('casillas.remove', { id: a.id })
    expect((await receivesIn('B', join(bench.dir, 'a', 'b'))).carpeta).toBe(join(bench.dir, 'a', 'b'))
  })

  it('is never where SAGE keeps its data', async () => {
    await expect(receivesIn('A', bench.dataDir)).rejects.toMatchObject({ code: 'FOLDER_IS_OURS' })
    await expect(receivesIn('A', bench.dir)).rejects.toMatchObject({ code: 'FOLDER_IS_OURS' })
  })
})

describe('two providers of one place', () => {
  it.each([
    ['minio', minio('datos'), 'minio', minio('datos', { host: 'MINIO.interno' })],
    [
      's3',
      { bucket: 'datos', endpoint: 'http://minio.interno:9000/', accessKeyId: 'k' },
      'minio',
      minio('datos'),
    ],
    [
      'sftp',
      { host: 'sftp.ejemplo.com', user: 'ana', folder: '/datos' },
      'sftp',
      { host: 'SFTP.ejemplo.com', user: 'ana', folder: 'datos/' },
    ],
    [
      'azure',
      { account: 'cuenta', container: 'datos' },
      'azure',
      { endpoint: 'https://cuenta.blob.core.windows.net', account: 'cuenta', container: 'datos' },
    ],
    ['gcs', { bucket: 'datos' }, 'gcs', { bucket: 'datos' }],
  ])('%s: what one writes the other does not receive', async (tipoA, a, tipoB, b) => {
    const [one, other] = [await provider('Uno', tipoA, a), await provider('Otro', tipoB, b)]
    await receivesAt('Ventas', one, 'entrada')
    await expect(writesAt('Lago', other, 'entrada/lago')).rejects.toMatchObject({
      code: 'DESTINO_PLACE',
      message: expect.stringContaining('«Ventas»'),
    })
    await expect(receivesAt('Otra', other, 'entrada/dos')).rejects.toMatchObject({ code: 'FOLDER_IN_USE' })
    await writesAt('Lago', other, 'salida')
    await expect(receivesAt('Otra', one, 'salida')).rejects.toThrow(/escribe el destino «Lago»/)
  })

  it('another bucket, or another user of a server, is another place', async () => {
    const of = (user: string) => ({ host: 'sftp.ejemplo.com', user, folder: '/datos' })
    await receivesAt('A', await provider('A', 'sftp', of('ana')), '')
    await writesAt('A', await provider('B', 'sftp', of('beto')), '')
    await receivesAt('B', await provider('C', 'minio', minio('uno1')), '')
    await writesAt('B', await provider('D', 'minio', minio('dos2')), '')
  })
})

describe('a provider that is a folder of this machine', () => {
  it('meets the folder of a casilla and that of a destination, both ways', async () => {
    const nube = await local('Nube', folder('nube'))
    await receivesIn('Local', folder('nube', 'entrada'))
    await expect(writesAt('Lago', nube, 'entrada/lago')).rejects.toMatchObject({ code: 'DESTINO_PLACE' })
    await expect(receivesAt('Otra', nube, '')).rejects.toMatchObject({ code: 'FOLDER_IN_USE' })
    await writesIn('Carpeta', folder('nube', 'remota', 'salida'))
    await expect(receivesAt('Otra', nube, 'remota')).rejects.toThrow(/escribe el destino «Carpeta»/)
    await writesAt('Lago', nube, 'lago')
    await expect(receivesIn('Otra', folder('nube', 'lago'))).rejects.toThrow(/escribe el destino «Lago»/)
  })

  it('is not where SAGE keeps its data', async () => {
    const todo = await local('Todo', bench.dir)
    await expect(receivesAt('Otra', todo, 'data')).rejects.toMatchObject({ code: 'FOLDER_IS_OURS' })
    await expect(receivesAt('Otra', todo, '')).rejects.toMatchObject({ code: 'FOLDER_IS_OURS' })
    await expect(writesAt('Lago', todo, 'data/x')).rejects.toMatchObject({ code: 'DESTINO_PLACE' })
  })

  it('is known through a link', async () => {
    const entrada = folder('entrada')
    symlinkSync(entrada, join(folder('nube'), 'atajo'))
    const nube = await local('Nube', folder('nube'))
    await receivesIn('Local', entrada)
    await expect(writesAt('Lago', nube, 'atajo/lago')).rejects.toMatchObject({ code: 'DESTINO_PLACE' })
  })
})

it('a provider is not moved where a casilla of it would receive what a destination writes', async () => {
  const nube = await local('Nube', folder('nube'))
  const otra = await local('Otra', folder('otra'))
  await receivesAt('Ventas', nube, 'entrada')
  await writesAt('Lago', otra, 'entrada')
  const move = (id: number, nombre: string, path: string) =>
    bench.call('proveedores.update', { id, nombre, tipo: 'local', config: {}, lugar: { path } })
  await expect(move(otra, 'Otra', join(bench.dir, 'nube'))).rejects.toMatchObject({
    code: 'PROVEEDOR_OVERLAP',
    message: expect.stringMatching(/«Lago».*«Ventas»/),
  })
  await expect(move(nube, 'Nube', join(bench.dir, 'otra'))).rejects.toMatchObject({
    code: 'PROVEEDOR_OVERLAP',
    message: expect.stringMatching(/«Ventas».*«Lago»/),
  })
  // Nothing of it was kept.
  const { items } = await bench.call('proveedores.list', {})
  expect(items.map(({ config }) => config.folder).sort()).toEqual([
    join(bench.dir, 'nube'),
    join(bench.dir, 'otra'),
  ])
  await move(otra, 'Otra', folder('lejos'))
})

it('a provider that meets another already can still be changed where it is', async () => {
  const [nube, otra] = [await local('Nube', folder('nube')), await local('Otra', folder('otra'))]
  await receivesAt('Ventas', nube, 'entrada')
  await writesAt('Lago', otra, 'lago')
  // Somebody links one into the other, behind our back.
  symlinkSync(folder('nube', 'entrada'), join(bench.dir, 'otra', 'lago'))
  await expect(writesAt('Otro', otra, 'lago')).rejects.toMatchObject({ code: 'DESTINO_PLACE' })
  const kept = { id: otra, nombre: 'Renombrada', tipo: 'local', config: {}, lugar: null }
  expect(await bench.call('proveedores.update', kept)).toMatchObject({ nombre: 'Renombrada' })
})

it('an account of Azure that is left beside a connection string tells nothing of it', async () => {
  const container = { container: 'datos' }
  const string = await provider('A', 'azure', { auth: 'connection-string', account: 'cuenta', ...container })
  const key = await provider('B', 'azure', { auth: 'account-key', account: 'cuenta', ...container })
  await receivesAt('Ventas', string, '')
  await writesAt('Lago', key, 'lago')
})

it('the data of SAGE are known by whatever name it was given them', async () => {
  const real = folder('equipo')
  symlinkSync(real, join(bench.dir, 'atajo'))
  const linked = await openBench({}, join(bench.dir, 'atajo'))
  try {
    const inside = join(real, 'data', 'lago')
    mkdirSync(inside)
    const place = { nombre: 'Lago', config: { tipo: 'archivos' as const }, lugar: { path: inside } }
    await expect(linked.call('destinos.create', place)).rejects.toMatchObject({ code: 'DESTINO_PLACE' })
  } finally {
    await linked.close()
  }
})
