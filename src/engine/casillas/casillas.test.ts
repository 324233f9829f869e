import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { listAuditoria, listCatalogos } from '@engine/store'
import { personasYaml } from '@testkit/personas'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { seedSample } from './seed'
import { openWorkbench, RESOURCES, type Workbench } from './workbench.fixture'

let bench: Workbench
beforeEach(() => {
  bench = openWorkbench()
})
afterEach(async () => {
  await bench.close()
  bench.remove()
})

const create = (yaml = personasYaml()) =>
  bench.casillas.create({
    nombre: ' Personas ',
    descripcion: '',
    politica: 'solo_validos',
    nombreYaml: '..\\otro/personas.yaml',
    yaml,
  })

describe('casillas', () => {
  it('creates one with its catalogs, version 1 and an event', async () => {
    const casilla = await create()
    expect(casilla).toMatchObject({
      nombre: 'Personas',
      nombreYaml: 'personas.yaml',
      politica: 'solo_validos',
      activa: true,
      yamlVersion: 1,
      muestra: null,
      catalogos: [{ id: 'personas', nombre: 'Personas', archivo: 'personas.csv', campos: 2 }],
      ultimaEjecucion: null,
    })
    expect(bench.casillas.list()).toEqual([casilla])
    expect(bench.casillas.yaml(casilla.id)).toEqual({
      version: 1,
      text: personasYaml(),
      nombreYaml: 'personas.yaml',
    })
    expect(bench.told).toEqual([{ topic: 'casillas.changed', payload: { id: casilla.id } }])
    expect(listAuditoria(bench.store.db, 5)).toMatchObject([{ accion: 'casilla.creada' }])
  })

  it('refuses a YAML with errors, telling every one, and keeps nothing', async () => {
    const bad = personasYaml().replace('type: entero', 'type: enteros').replace('author: Pruebas', '')
    await expect(create(bad)).rejects.toMatchObject({
      code: 'YAML_INVALID',
      details: {
        diagnostics: expect.arrayContaining([expect.objectContaining({ path: expect.any(String) })]),
      },
    })
    expect(bench.casillas.list()).toEqual([])
  })

  it('refuses a rule that does not compile', async () => {
    const bad = personasYaml(
      `    row_validation:\n      - { name: R, description: R, rule: "df['no_existe'] > 1", severity: error }`,
    )
    await expect(create(bad)).rejects.toMatchObject({ code: 'YAML_INVALID' })
  })

  it('keeps every version; the same text makes none; a stale base is a conflict', async () => {
    const { id } = await create()
    const second = personasYaml().replace('Prueba', 'Segunda')
    const save = (text: string, baseVersion: number) =>
      bench.casillas.saveYaml({ id, text, nota: 'n', baseVersion })
    expect(await save(personasYaml(), 1)).toMatchObject({ version: 1 })
    expect(await save(second, 1)).toMatchObject({ version: 2, nota: 'n' })
    expect(await save(second, 1)).toMatchObject({ version: 2 })
    await expect(save(personasYaml().replace('Prueba', 'Tercera'), 1)).rejects.toMatchObject({
      code: 'YAML_CONFLICT',
      kind: 'conflict',
      details: { baseVersion: 1, currentVersion: 2 },
    })
    expect(bench.casillas.versions(id).map(({ version }) => version)).toEqual([2, 1])
    expect(bench.casillas.yaml(id, 1).text).toBe(personasYaml())
    expect(bench.casillas.yaml(id)).toMatchObject({ version: 2, text: second })
    expect(() => bench.casillas.yaml(id, 9)).toThrow(/no tiene una versión 9/)
  })

  it('lets one of two saves at once win', async () => {
    const { id } = await create()
    const results = await Promise.allSettled(
      ['A', 'B'].map((name) =>
        bench.casillas.saveYaml({
          id,
          text: personasYaml().replace('Prueba', name),
          nota: '',
          baseVersion: 1,
        }),
      ),
    )
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(bench.casillas.versions(id)).toHaveLength(2)
  })

  it('keeps the row of a catalog across versions, with its materializations', async () => {
    const { id } = await create()
    const [before] = listCatalogos(bench.store.db, id)
    const now = new Date().toISOString()
    await bench.store.write((db) =>
      db
        .prepare(
          'INSERT INTO materializaciones (casilla_id, catalogo_id, nombre, creado_en, actualizado_en) VALUES (?, ?, ?, ?, ?)',
        )
        .run(id, before?.id, 'a', now, now),
    )
    const renamed = personasYaml().replaceAll('personas:', 'gente:').replace('[personas]', '[gente]')
    await bench.casillas.saveYaml({ id, text: renamed, nota: '', baseVersion: 1 })
    expect(bench.casillas.get(id).catalogos.map((c) => c.id)).toEqual(['gente'])
    await bench.casillas.saveYaml({ id, text: personasYaml(), nota: '', baseVersion: 2 })
    expect(listCatalogos(bench.store.db, id)).toEqual([before])
    const orphan = bench.store.write((db) =>
      db
        .prepare(
          'INSERT INTO materializaciones (casilla_id, catalogo_id, nombre, creado_en, actualizado_en) VALUES (?, 999, ?, ?, ?)',
        )
        .run(id, 'x', now, now),
    )
    await expect(orphan).rejects.toThrow(/FOREIGN KEY/)
  })

  it('updates only what is given, and removes without losing its history', async () => {
    const { id } = await create()
    expect(await bench.casillas.update({ id, activa: false })).toMatchObject({
      activa: false,
      nombre: 'Personas',
    })
    expect(await bench.casillas.update({ id, nombre: 'Gente' })).toMatchObject({
      activa: false,
      nombre: 'Gente',
    })
    await bench.casillas.remove(id)
    await bench.casillas.remove(id)
    expect(bench.casillas.list()).toEqual([])
    expect(() => bench.casillas.get(id)).toThrow(/No existe la casilla/)
    await expect(bench.casillas.remove(999)).rejects.toMatchObject({ code: 'CASILLA_NOT_FOUND' })
  })
})

describe('sample casilla', () => {
  it('is planted once ever, ready to process, and does not come back', async () => {
    const id = await seedSample(bench.deps, RESOURCES)
    expect(id).not.toBeNull()
    expect(await seedSample(bench.deps, RESOURCES)).toBeNull()
    const [casilla, ...rest] = bench.casillas.list()
    expect(rest).toEqual([])
    expect(casilla).toMatchObject({ nombre: 'Distribuidora - canal tradicional', muestra: 'diario.zip' })
    expect(casilla?.catalogos.map((c) => c.id)).toEqual(['clientes', 'productos', 'vendedores', 'ventas'])
    expect(bench.casillas.yaml(casilla?.id ?? 0).text).toBe(
      readFileSync(join(RESOURCES, 'samples/distribuidora/distribuidora.yaml'), 'utf8'),
    )
    await bench.casillas.remove(casilla?.id ?? 0)
    await bench.close()
    bench = openWorkbench(bench.dir)
    expect(await seedSample(bench.deps, RESOURCES)).toBeNull()
    expect(bench.casillas.list()).toEqual([])
  })

  it('says so and goes on when the program came without its samples', async () => {
    expect(await seedSample(bench.deps, join(bench.dir, 'nada'))).toBeNull()
    expect(await seedSample(bench.deps, RESOURCES)).not.toBeNull()
  })
})
