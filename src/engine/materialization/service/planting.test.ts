import { tablaMaterializadaSchema } from '@shared/model/materializacion'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Bench, csv, openBench, tablaPersonas } from './bench.fixture'
import { plantScheduled } from './schedule'
import { scriptedPlugs } from './scripted-plugs.fixture'

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

const receive = async (name: string) => {
  await bench.receive(casilla, `${name}.csv`, csv(`${name}-1,20`))
  await bench.engine.idle()
}
const DAY = 24 * 3_600_000
const inDays = (days: number) => new Date(Date.now() + days * DAY)

describe('a scheduled materialization', () => {
  const daily = { tipo: 'programada', frecuencia: { tipo: 'diario', hora: '23:59' } } as const
  const look = (at: Date) =>
    bench.engine.materialization.changes
      .write((tx) => plantScheduled(tx, at))
      .then(({ cargas }) => cargas.length)

  it('loads on its date what was accepted since the one before, in order, and nothing before it was made', async () => {
    await receive('antes')
    await bench.call('materializaciones.create', {
      ...{ nombre: 'Cierre', casillaId: casilla.id, destinoId: 0 },
      config: { tablas: [tablaPersonas()], cuando: daily },
    })
    await receive('uno')
    await receive('dos')
    expect(await bench.cargas()).toEqual([])
    const [one] = (await bench.call('materializaciones.list', {})).items
    expect(Date.parse(one?.proximaCarga ?? '')).toBeGreaterThan(Date.now())
    expect(await look(inDays(1.1))).toBe(2)
    // The same date asked again, and one on which nothing new came.
    expect(await look(inDays(1.1))).toBe(0)
    expect(await look(inDays(3))).toBe(0)
    bench.engine.materialization.loader.wake()
    await bench.engine.idle()
    expect(script.written.map((line) => line.split(':')[1])).toEqual(['uno.csv', 'dos.csv'])
  })

  it('that is off on its date loads nothing', async () => {
    const { id } = await bench.call('materializaciones.create', {
      ...{ nombre: 'Cierre', casillaId: casilla.id, destinoId: 0, activa: false },
      config: { tablas: [tablaPersonas()], cuando: daily },
    })
    await receive('uno')
    expect(await look(inDays(2))).toBe(0)
    expect((await bench.call('materializaciones.get', { id })).proximaCarga).toBeNull()
  })
})

describe('with nothing configured', () => {
  const proposals: (string | null)[] = []
  beforeEach(() => {
    proposals.length = 0
    script.plugs.proponer = async ({ source }) => {
      proposals.push(source?.archivo ?? null)
      return { tablas: [tablaMaterializadaSchema.parse(tablaPersonas())], avisos: [] }
    }
  })
  const list = async () => (await bench.call('materializaciones.list', {})).items

  it('the first accepted execution makes the materialization of the console, which follows each execution', async () => {
    await bench.receive(casilla, 'malo.csv', csv('a,x'))
    await bench.engine.idle()
    expect(await list()).toEqual([])
    await receive('uno')
    await receive('dos')
    expect(await list()).toMatchObject([
      { casillaId: casilla.id, destinoId: 0, automatica: true, activa: true },
    ])
    expect((await bench.cargas()).map(({ archivo, estado }) => [archivo, estado])).toEqual([
      ['uno.csv', 'completado'],
      ['dos.csv', 'completado'],
    ])
    // Once to make it, then as each load has it.
    expect(proposals).toEqual(['uno.csv', 'uno.csv', 'dos.csv'])
  })

  it('one that a person changed is theirs; switched off it stays off; removed it does not come back', async () => {
    await receive('uno')
    const [one] = await list()
    if (!one) throw new Error('no se creó')
    const { id, casillaId, destinoId, config } = one
    const named = { id, casillaId, destinoId, nombre: 'Mía', activa: true }
    expect(await bench.call('materializaciones.update', { ...named, config })).toMatchObject({
      automatica: true,
    })
    expect(
      await bench.call('materializaciones.update', { ...named, config: { ...config, maxIntentos: 2 } }),
    ).toMatchObject({ automatica: false })
    await bench.call('materializaciones.activar', { id, activa: false })
    await receive('dos')
    expect(await bench.cargas()).toHaveLength(1)
    await bench.call('materializaciones.remove', { id })
    await receive('tres')
    expect(await list()).toEqual([])
    expect((await bench.archivos(casilla.id)).map(({ desenlace }) => desenlace)).toEqual(
      Array(3).fill('aceptado'),
    )
  })

  it('a casilla that has its own gets none', async () => {
    await bench.call('materializaciones.create', {
      ...{ nombre: 'Propia', casillaId: casilla.id, destinoId: 0 },
      config: { tablas: [tablaPersonas()] },
    })
    await receive('uno')
    expect((await list()).map(({ nombre }) => nombre)).toEqual(['Propia'])
  })

  it('a proposal that fails does not fail the execution', async () => {
    script.plugs.proponer = () => Promise.reject(new Error('roto'))
    await receive('uno')
    expect((await bench.archivos(casilla.id))[0]).toMatchObject({ desenlace: 'aceptado' })
    expect(await list()).toEqual([])
  })
})
