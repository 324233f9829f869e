import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { openWorkbench, type Workbench } from '@engine/casillas/workbench.fixture'
import { personasYaml } from '@testkit/personas'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lies, localSpot } from './spot'

let bench: Workbench
beforeEach(() => {
  bench = openWorkbench()
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
const create = (nombre: string, path: string | null) =>
  bench.casillas.create({
    nombre,
    descripcion: '',
    politica: 'todo_o_nada',
    nombreYaml: 'personas.yaml',
    yaml: personasYaml(),
    carpeta: path === null ? null : { path },
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
    await create('Ventas', taken)
    symlinkSync(taken, join(bench.dir, 'atajo'))
    await expect(create('B', taken)).rejects.toMatchObject({
      code: 'FOLDER_IN_USE',
      message: expect.stringContaining('ya es la de la casilla «Ventas»'),
    })
    await expect(create('B', join(bench.dir, 'atajo'))).rejects.toMatchObject({ code: 'FOLDER_IN_USE' })
    await expect(create('B', folder('ventas', 'norte'))).rejects.toThrow(/está dentro de la de la casilla/)
    expect(bench.casillas.list()).toHaveLength(1)
    await create('B', folder('ventas2'))
    const { id } = await create('C', folder('todo', 'clientes'))
    await expect(create('D', folder('todo'))).rejects.toThrow(/contiene la de la casilla «C»/)
    await expect(bench.casillas.update({ id, carpeta: { path: taken } })).rejects.toMatchObject({
      code: 'FOLDER_IN_USE',
      details: { carpeta: taken },
    })
    expect(bench.casillas.get(id).carpeta).toBe(join(bench.dir, 'todo', 'clientes'))
  })

  it('gives one of two that ask at once', async () => {
    const path = folder('una')
    const results = await Promise.allSettled([create('A', path), create('B', path)])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('takes its own again, narrower or wider, and one that a removed casilla left', async () => {
    const a = await create('A', folder('a', 'b'))
    await bench.casillas.update({ id: a.id, carpeta: { path: join(bench.dir, 'a', 'b') } })
    await bench.casillas.update({ id: a.id, carpeta: { path: join(bench.dir, 'a') } })
    await expect(create('B', join(bench.dir, 'a', 'b'))).rejects.toMatchObject({ code: 'FOLDER_IN_USE' })
    await bench.casillas.remove(a.id)
    expect((await create('B', join(bench.dir, 'a', 'b'))).carpeta).toBe(join(bench.dir, 'a', 'b'))
  })

  it('is never where SAGE keeps its data', async () => {
    await expect(create('A', bench.dataDir)).rejects.toMatchObject({ code: 'FOLDER_IS_OURS' })
    await expect(create('A', bench.dir)).rejects.toMatchObject({ code: 'FOLDER_IS_OURS' })
  })
})
