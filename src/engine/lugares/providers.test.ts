import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { type Bench, openBench } from '@engine/materialization/service/bench.fixture'
import type { OperationInput } from '@shared/contract'
import { personasYaml } from '@testkit/personas'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

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
