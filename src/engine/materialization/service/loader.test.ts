import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Cuando } from '@shared/model/materializacion'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Bench, csv, openBench, tablaPersonas } from './bench.fixture'
import { fault, scriptedPlugs } from './scripted-plugs.fixture'

let script: ReturnType<typeof scriptedPlugs>
let bench: Bench
let casilla: { id: number; carpeta: string }
beforeEach(async () => {
  script = scriptedPlugs()
  bench = await openBench({ plugs: script.plugs })
  casilla = await bench.casilla()
})
afterEach(async () => {
  await bench.close()
  bench.remove()
})

let names = 0
/** Into a table of its own, unless one is named. */
async function materialize(
  tabla = `t${++names}`,
  more: Parameters<typeof tablaPersonas>[0] = {},
  maxIntentos = 3,
  cuando: Cuando = { tipo: 'cada_ejecucion' },
) {
  const input = {
    ...{ nombre: tabla, casillaId: casilla.id, destinoId: 0 },
    config: { tablas: [tablaPersonas({ tabla, ...more })], maxIntentos, cuando },
  }
  // Tables of one database, which may be written at once: the embedded one has one writer.
  const destinos = (await bench.call('destinos.list', {})).items
  const destino =
    destinos.find(({ tipo }) => tipo === 'postgres') ??
    (await bench.call('destinos.create', {
      ...{ nombre: 'Base', config: { tipo: 'postgres', servidor: 's', base: 'b', usuario: 'u' } },
    }))
  return (await bench.call('materializaciones.create', { ...input, destinoId: destino.id })).id
}

const upsert: Parameters<typeof tablaPersonas>[0] = { estrategia: { tipo: 'upsert', clave: ['codigo'] } }
const receive = (name: string, seed = name) =>
  bench.receive(casilla, `${name}.csv`, csv(`${seed}-1,20`, `${seed}-2,30`))
const states = async () =>
  Object.fromEntries(
    (await bench.cargas()).map(({ archivo, estado }) => [archivo.replace('.csv', ''), estado]),
  )
const archivo = async (name: string) =>
  (await bench.archivos(casilla.id)).find(({ nombre }) => nombre === `${name}.csv`)
const untilHeld = (n: number) => bench.until(() => script.held.length >= n)

describe('after an accepted execution', () => {
  it('its records are loaded; its file passes through materializando and leaves when that ended', async () => {
    await materialize()
    script.state.holding = true
    await receive('uno')
    await untilHeld(1)
    expect(await archivo('uno')).toMatchObject({ estado: 'materializando', desenlace: null })
    expect(existsSync(join(casilla.carpeta, 'uno.csv'))).toBe(true)
    expect((await bench.call('recepcion.estado', {})).items[0]).toMatchObject({ enCola: 0, enCurso: 1 })
    script.held[0]?.done()
    await bench.engine.idle()
    expect(await archivo('uno')).toMatchObject({ estado: 'terminado', desenlace: 'aceptado', motivo: null })
    expect(existsSync(join(casilla.carpeta, 'uno.csv'))).toBe(false)
    expect(await bench.cargas()).toMatchObject([
      { archivo: 'uno.csv', estado: 'completado', intentos: 1, totales: { insertadas: 2 }, bytes: 10 },
    ])
    expect(bench.events('cargas.changed').map(({ estado }) => estado)).toEqual([
      'en_espera',
      'en_proceso',
      'completado',
    ])
    expect(bench.events('cargas.progress')[0]).toMatchObject({ paso: 'enviar', total: 2 })
    const [carga] = await bench.cargas()
    expect(await bench.call('cargas.diferencia', { cargaId: carga?.id ?? '' })).toEqual({
      problemas: [],
      tablas: [],
    })
    expect((await bench.call('materializaciones.list', {})).items[0]).toMatchObject({
      ...{ pendientes: 0, fallidas: 0 },
      ultimaCarga: { estado: 'completado' },
    })
  })

  it('a refused one, an inactive materialization and a manual one load nothing', async () => {
    const off = await materialize()
    await bench.call('materializaciones.activar', { id: off, activa: false })
    await materialize('a_mano', {}, 3, { tipo: 'manual' })
    await bench.receive(casilla, 'uno.csv', csv('a,1'))
    await bench.receive(casilla, 'malo.csv', csv('a,x'))
    await bench.engine.idle()
    expect(await archivo('uno')).toMatchObject({ desenlace: 'aceptado' })
    expect(await archivo('malo')).toMatchObject({ desenlace: 'rechazado' })
    expect(await bench.cargas()).toEqual([])
  })

  it('several materializations each have their own load and their own end', async () => {
    const [a, b] = [await materialize(), await materialize()]
    script.state.holding = true
    await receive('uno')
    await untilHeld(2)
    script.held.find(({ job }) => job.materializacionId === a)?.fail(fault('terminal'))
    script.held.find(({ job }) => job.materializacionId === b)?.done()
    await bench.engine.idle()
    expect((await bench.cargas({ materializacionId: a }))[0]).toMatchObject({ estado: 'error' })
    expect((await bench.cargas({ materializacionId: b }))[0]).toMatchObject({ estado: 'completado' })
    // What was accepted stays so: the fault is of a destination.
    expect(await archivo('uno')).toMatchObject({
      estado: 'terminado',
      desenlace: 'aceptado',
      motivo: 'Falta una carga.',
    })
    expect((await bench.call('executions.list', {})).items[0]).toMatchObject({
      fase: 'terminada',
      estado: 'Éxito',
    })
  })
})

describe('faults', () => {
  it('that may pass are tried again by themselves, with the file gone on its way, up to the limit', async () => {
    await materialize()
    script.state.faults.set('uno.csv', fault('transient'))
    script.state.faults.set('dos.csv', fault('transient'))
    await receive('uno')
    await bench.until(async () => (await bench.cargas())[0]?.proximoIntento != null)
    expect(await archivo('uno')).toMatchObject({ desenlace: 'aceptado', motivo: 'Falta una carga.' })
    script.state.faults.delete('uno.csv')
    await bench.until(async () => (await states()).uno === 'completado')
    await receive('dos')
    await bench.until(async () => (await states()).dos === 'error')
    expect((await bench.cargas()).at(-1)).toMatchObject({
      ...{ intentos: 3, proximoIntento: null },
      error: { code: 'PRUEBA', message: 'El servidor no responde.' },
    })
  })

  it('that stay wait for a person, who tries again or gives it up; meanwhile the execution is kept', async () => {
    await materialize()
    script.state.faults.set('uno.csv', fault('terminal'))
    await receive('uno')
    await bench.engine.idle()
    const [carga] = await bench.cargas()
    const cargaId = carga?.id ?? ''
    expect(carga).toMatchObject({ estado: 'error', intentos: 1 })
    const remove = () => bench.call('executions.remove', { executionId: carga?.executionId ?? '' })
    await expect(remove()).rejects.toMatchObject({ code: 'EXECUTION_HAS_LOADS' })
    expect(await bench.call('cargas.reintentar', { cargaIds: [cargaId] })).toEqual({ cargas: 1 })
    await bench.engine.idle()
    expect(await states()).toEqual({ uno: 'error' })
    script.state.faults.clear()
    expect(await bench.call('cargas.reintentar', { cargaIds: [cargaId, cargaId] })).toEqual({ cargas: 1 })
    await bench.engine.idle()
    expect(await states()).toEqual({ uno: 'completado' })
    expect(await bench.call('cargas.reintentar', { cargaIds: [cargaId] })).toEqual({ cargas: 0 })
    await remove()
    // The history stays, and says that there is nothing to read any more.
    expect(await states()).toEqual({ uno: 'completado' })
  })
})

describe('order', () => {
  it('where it matters a failed load holds those that came after it, until it is done or given up', async () => {
    await materialize('uno_a_uno', upsert)
    script.state.faults.set('a.csv', fault('terminal'))
    for (const name of ['a', 'b', 'c']) {
      await receive(name)
      await bench.engine.idle()
    }
    expect(await states()).toEqual({ a: 'error', b: 'en_espera', c: 'en_espera' })
    expect((await bench.cargas()).map(({ retenidaPor }) => retenidaPor)).toEqual([null, 'a.csv', 'a.csv'])
    expect(await archivo('c')).toMatchObject({ estado: 'terminado', desenlace: 'aceptado' })
    script.state.faults.clear()
    const failed = (await bench.cargas())[0]?.id ?? ''
    await bench.call('cargas.reintentar', { cargaIds: [failed] })
    await bench.engine.idle()
    expect(script.written.map((line) => line.split(':')[1])).toEqual(['a.csv', 'b.csv', 'c.csv'])

    script.state.faults.set('d.csv', fault('terminal'))
    for (const name of ['d', 'e']) {
      await receive(name)
      await bench.engine.idle()
    }
    const given = (await bench.cargas()).find(({ archivo: name }) => name === 'd.csv')?.id ?? ''
    await bench.call('cargas.cancelar', { cargaId: given })
    await bench.engine.idle()
    expect(await states()).toMatchObject({ d: 'cancelado', e: 'completado' })
  })

  it('where rows are only added, nothing waits for a failed one', async () => {
    await materialize()
    script.state.faults.set('a.csv', fault('terminal'))
    for (const name of ['a', 'b']) {
      await receive(name)
      await bench.engine.idle()
    }
    expect(await states()).toEqual({ a: 'error', b: 'completado' })
  })
})

describe('turns', () => {
  it('so many at once, never two into one table, whatever its letters', async () => {
    await bench.call('settings.set', { key: 'loadConcurrency', value: 3 })
    for (const tabla of ['ventas', 'VENTAS', 'otra']) await materialize(tabla)
    script.state.holding = true
    await receive('uno')
    await untilHeld(2)
    expect(script.held.map(({ job }) => job.config.tablas[0]?.tabla.toLowerCase()).sort()).toEqual([
      'otra',
      'ventas',
    ])
    for (const one of script.held.splice(0)) one.done()
    await untilHeld(1)
    for (const one of script.held.splice(0)) one.done()
    await bench.engine.idle()
    expect(script.state.most).toBe(2)
    expect(script.written).toHaveLength(3)
  })

  it('one materialization with a long queue does not hold up another', async () => {
    await bench.call('settings.set', { key: 'loadConcurrency', value: 1 })
    await materialize()
    script.state.holding = true
    for (const [i, name] of ['a', 'b', 'c'].entries()) {
      await receive(name)
      await bench.until(async () => (await bench.cargas()).length === i + 1)
    }
    const late = await materialize()
    await bench.call('cargas.iniciar', { materializacionId: late })
    script.state.holding = false
    script.held[0]?.done()
    await bench.engine.idle()
    const whose = script.written.map((line) => (line.startsWith(`${late}:`) ? 'late' : 'busy'))
    expect([...whose].sort()).toEqual([...Array(3).fill('busy'), ...Array(3).fill('late')])
    expect(whose.indexOf('late')).toBeLessThan(whose.lastIndexOf('busy'))
  })
})

describe('a person', () => {
  it('cancels what runs, and what waits', async () => {
    await materialize()
    script.state.holding = true
    await receive('uno')
    await untilHeld(1)
    await receive('dos')
    await bench.until(async () => (await bench.cargas()).length === 2)
    const [first, second] = await bench.cargas()
    await bench.call('cargas.cancelar', { cargaId: second?.id ?? '' })
    await bench.call('cargas.cancelar', { cargaId: first?.id ?? '' })
    await bench.engine.idle()
    expect(await states()).toEqual({ uno: 'cancelado', dos: 'cancelado' })
    expect(script.written).toEqual([])
    expect(await archivo('uno')).toMatchObject({ desenlace: 'aceptado', motivo: null })
  })

  it('loads the past, oldest first, once; and again only where that does not double rows', async () => {
    for (const name of ['c', 'a', 'b']) {
      await receive(name)
      await bench.engine.idle()
    }
    const id = await materialize('historia', upsert)
    expect((await bench.call('cargas.iniciar', { materializacionId: id })).cargas).toHaveLength(3)
    await bench.engine.idle()
    expect(script.written).toEqual([`${id}:c.csv`, `${id}:a.csv`, `${id}:b.csv`])
    expect((await bench.call('cargas.iniciar', { materializacionId: id })).cargas).toEqual([])
    const executionIds = (await bench.cargas()).slice(0, 1).map(({ executionId }) => executionId)
    await bench.call('cargas.iniciar', { materializacionId: id, executionIds })
    await bench.engine.idle()
    expect((await bench.cargas()).at(-1)).toMatchObject({
      archivo: 'c.csv',
      estado: 'completado',
      repetida: true,
    })
    await bench.call('cargas.iniciar', { materializacionId: id, executionIds, rehacer: true })
    await bench.engine.idle()
    expect(script.written.at(-1)).toBe(`${id}:c.csv`)

    const adding = await materialize()
    await expect(
      bench.call('cargas.iniciar', { materializacionId: adding, executionIds, rehacer: true }),
    ).rejects.toMatchObject({ code: 'REHACER_DOUBLES' })
  })

  it('repeats an execution: what would double its rows is set aside, and loaded only when asked', async () => {
    const adding = await materialize()
    const replacing = await materialize('reemplaza', upsert)
    await receive('uno')
    await bench.engine.idle()
    const [first] = (await bench.call('executions.list', {})).items
    await bench.call('executions.rerun', { executionId: first?.id ?? '' })
    await bench.until(async () => (await bench.cargas()).length === 4)
    await bench.engine.idle()
    const [, again] = await bench.cargas({ materializacionId: adding })
    expect(again).toMatchObject({ estado: 'cancelado', error: { code: 'CARGA_REPETIDA' } })
    expect((await bench.cargas({ materializacionId: replacing }))[1]).toMatchObject({ estado: 'completado' })
    await bench.call('cargas.reintentar', { cargaIds: [again?.id ?? ''] })
    await bench.engine.idle()
    expect(script.written.filter((line) => line === `${adding}:uno.csv`)).toHaveLength(2)
  })

  it('removes a casilla: what waited is given up, its file ends as it was judged', async () => {
    await materialize()
    script.state.faults.set('uno.csv', fault('terminal'))
    await receive('uno')
    await bench.engine.idle()
    await bench.call('casillas.remove', { id: casilla.id })
    await bench.until(async () => (await states()).uno === 'cancelado')
    expect((await bench.cargas())[0]?.error).toMatchObject({ code: 'CASILLA_REMOVED' })
    expect((await bench.call('materializaciones.list', {})).items).toEqual([])
  })
})

describe('the engine', () => {
  it('goes away in the middle of a load: it waits again, with no try spent, and the next engine does it', async () => {
    await materialize()
    script.state.holding = true
    await receive('uno')
    await untilHeld(1)
    await bench.close()
    script.state.holding = false
    bench = await openBench({ plugs: script.plugs }, bench.dir)
    await bench.engine.idle()
    expect(await bench.cargas()).toMatchObject([{ estado: 'completado', intentos: 1, repetida: false }])
    expect(script.written).toHaveLength(1)
    expect(await archivo('uno')).toMatchObject({ estado: 'terminado', desenlace: 'aceptado' })
    expect(existsSync(join(casilla.carpeta, 'uno.csv'))).toBe(false)
  })

  it('does what the terminal asked of the store beside it', async () => {
    await bench.close()
    bench = await openBench({ plugs: script.plugs, loaderTimes: { outsideMs: 20 } }, bench.dir)
    await materialize()
    script.state.faults.set('uno.csv', fault('terminal'))
    await receive('uno')
    await bench.engine.idle()
    script.state.faults.clear()
    const { openDatabase, reviveCarga } = await import('@engine/store')
    const other = openDatabase(bench.engine.store.path)
    reviveCarga(other, (await bench.cargas())[0]?.id ?? '')
    other.close()
    await bench.until(async () => (await states()).uno === 'completado')
  })
})
