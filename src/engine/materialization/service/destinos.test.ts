import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { listAuditoria } from '@engine/store'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Bench, openBench, tablaPersonas } from './bench.fixture'

let bench: Bench
beforeEach(async () => {
  bench = await openBench()
})
afterEach(async () => {
  await bench.close()
  bench.remove()
})

it('the console has its own destination, which stays as it is', async () => {
  const { items } = await bench.call('destinos.list', {})
  expect(items.map(({ id, tipo, usos }) => ({ id, tipo, usos }))).toEqual([
    { id: 0, tipo: 'interno', usos: 0 },
  ])
})

it('a file of a database is named by what was chosen: the file itself, or its name in a folder', async () => {
  const folder = join(bench.dir, 'bases')
  mkdirSync(folder)
  symlinkSync(folder, join(bench.dir, 'atajo'))
  writeFileSync(join(folder, 'vieja.sqlite'), '')
  const create = (nombre: string, config: { tipo: 'sqlite'; archivo?: string }, path: string) =>
    bench.call('destinos.create', { nombre, config, lugar: { path } })
  expect(
    (await create('A', { tipo: 'sqlite', archivo: 'nueva.sqlite' }, join(bench.dir, 'atajo'))).config,
  ).toEqual({
    ...{ tipo: 'sqlite', version: 1 },
    ruta: join(folder, 'nueva.sqlite'),
  })
  expect((await create('B', { tipo: 'sqlite' }, join(folder, 'vieja.sqlite'))).config).toMatchObject({
    ruta: join(folder, 'vieja.sqlite'),
  })
  await expect(create('C', { tipo: 'sqlite' }, folder)).rejects.toMatchObject({ code: 'DESTINO_PLACE' })
  await expect(create('D', { tipo: 'sqlite', archivo: 'x' }, join(bench.dir, 'no'))).rejects.toMatchObject({
    code: 'DESTINO_PLACE',
  })
  await expect(
    bench.call('destinos.create', { nombre: 'E', config: { tipo: 'archivos' } }),
  ).rejects.toMatchObject({ code: 'DESTINO_PLACE' })
  await expect(create('A', { tipo: 'sqlite', archivo: 'y' }, folder)).rejects.toMatchObject({
    code: 'DESTINO_NAME_TAKEN',
  })
  expect(existsSync(join(folder, 'nueva.sqlite'))).toBe(false)
})

it("writes neither where a casilla receives nor among what is SAGE's, and no casilla watches where one writes", async () => {
  const { carpeta } = await bench.casilla()
  const create = (config: { tipo: 'sqlite'; archivo?: string } | { tipo: 'archivos' }, path: string) =>
    bench.call('destinos.create', { nombre: 'Salida', config, lugar: { path } })
  const attempts = [
    () => create({ tipo: 'archivos' }, carpeta),
    () => create({ tipo: 'sqlite', archivo: 'x.sqlite' }, carpeta),
    () => create({ tipo: 'sqlite' }, bench.engine.store.path),
    () => create({ tipo: 'archivos' }, join(bench.dataDir, 'logs')),
  ]
  for (const attempt of attempts)
    await expect(attempt()).rejects.toMatchObject({
      code: 'DESTINO_PLACE',
      message: expect.stringMatching(/que vigila la casilla|carpeta de datos de SAGE/),
    })
  const salida = join(bench.dir, 'salida')
  mkdirSync(salida)
  await create({ tipo: 'sqlite', archivo: 'x.sqlite' }, salida)
  const { id } = (await bench.call('casillas.list', {})).items[0] ?? { id: 0 }
  await expect(bench.call('casillas.update', { id, carpeta: { path: salida } })).rejects.toMatchObject({
    code: 'FOLDER_IN_USE',
  })
})

it('changes keep the place that is not chosen again, are audited, and one in use is not removed', async () => {
  const made = await bench.call('destinos.create', {
    ...{ nombre: 'Carpeta', config: { tipo: 'archivos' } },
    lugar: { path: bench.dir },
  })
  const changed = await bench.call('destinos.update', {
    ...{ id: made.id, nombre: 'Entregas', config: { tipo: 'archivos' } },
  })
  expect(changed).toMatchObject({
    nombre: 'Entregas',
    config: { carpeta: made.config.tipo === 'archivos' ? made.config.carpeta : null },
  })
  const { id: casillaId } = await bench.casilla()
  const one = await bench.call('materializaciones.create', {
    ...{
      nombre: 'Personas',
      casillaId,
      destinoId: made.id,
      config: { tablas: [tablaPersonas({ formato: { tipo: 'csv' } })] },
    },
  })
  await expect(bench.call('destinos.remove', { id: made.id })).rejects.toMatchObject({
    code: 'DESTINO_IN_USE',
  })
  await bench.call('materializaciones.remove', { id: one.id })
  await bench.call('destinos.remove', { id: made.id })
  expect((await bench.call('destinos.list', {})).items).toHaveLength(1)
  expect(
    listAuditoria(bench.engine.store.db, 100)
      .map(({ accion }) => accion)
      .filter((accion) => /^(destino|materializacion)\./.test(accion))
      .reverse(),
  ).toEqual([
    ...['destino.creado', 'destino.cambiado', 'materializacion.creada', 'materializacion.eliminada'],
    'destino.eliminado',
  ])
})

it('a credential that is not there is refused', async () => {
  const config = { tipo: 'postgres', servidor: 's', base: 'b', usuario: 'u' } as const
  const create = (secretoId: number) => bench.call('destinos.create', { nombre: 'P', config, secretoId })
  await expect(create(99)).rejects.toMatchObject({ code: 'SECRET_NOT_FOUND' })
})
