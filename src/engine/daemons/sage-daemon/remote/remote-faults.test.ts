import { randomBytes } from 'node:crypto'
import { mkdirSync, renameSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Connector } from '@engine/connectors'
import { type FaultProxy, startFaultProxy } from '@testkit/connectors/fault-proxy'
import { sshdMissing } from '@testkit/connectors/sshd'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bad, type DaemonBench, good, openDaemonBench } from '../bench.fixture'
import { counting, filesOf, getObject, localPlace, type Place, putObject, sftpPlace } from './places.fixture'

const origen = { prefijo: 'entrada' }

describe('a remote casilla', () => {
  let place: Place
  let there: Connector
  let bench: DaemonBench
  let asked: Record<string, number>
  beforeEach(async () => {
    place = await localPlace()
    there = await place.open('base')
    bench = openDaemonBench({}, undefined, async () => {
      const counted = counting(await place.open('base'))
      asked = counted.asked
      return counted.connector
    })
    await bench.start()
  })
  afterEach(async () => {
    await bench.close()
    bench.remove()
    await there.close()
    await place.stop()
  })

  const noted = async (...files: [name: string, body: string][]) => {
    for (const [name, body] of files) await putObject(there, `entrada/${name}`, body)
    const id = await bench.remota('casilla', origen)
    await bench.reception.pausar(id, true)
    await bench.daemon.scanNow(id)
    return id
  }

  it('tells of an object that vanished between its listing and its turn, and takes the others', async () => {
    const id = await noted(['a.csv', good('a')], ['b.csv', good('b')])
    await there.remove('entrada/a.csv')
    await bench.reception.pausar(id, false)
    await bench.daemon.idle()
    expect(bench.rows().map(({ nombre, desenlace, ruta_final }) => [nombre, desenlace, ruta_final])).toEqual([
      ['a.csv', 'desaparecido', ''],
      ['b.csv', 'aceptado', expect.stringContaining('/procesado/')],
    ])
    expect(await filesOf(there, 'entrada')).toEqual([expect.stringContaining('entrada/procesado/')])
  })

  it('takes an object that was replaced before its turn as what it is now, once', async () => {
    const id = await noted(['personas.csv', bad(1)])
    await putObject(there, 'entrada/personas.csv', good('nuevo', 5))
    await bench.reception.pausar(id, false)
    await bench.settle(id)
    await bench.settle(id)
    const ended = bench.rows().map(({ desenlace }) => desenlace)
    expect(ended.filter((one) => one !== 'desaparecido')).toEqual(['aceptado'])
    const [original, ...more] = await filesOf(there, 'entrada')
    expect(more).toEqual([])
    expect(await getObject(there, original ?? '')).toBe(good('nuevo', 5))
  })

  it('believes no clock of the server: what two looks of ours found the same is whole', async () => {
    for (const [name, time] of [
      ['futuro.csv', new Date('2199-01-01T00:00:00Z')],
      ['pasado.csv', new Date('1981-01-01T00:00:00Z')],
    ] as const) {
      await putObject(there, `entrada/${name}`, good(name))
      utimesSync(join(place.folder('base'), 'entrada', name), time, time)
    }
    await bench.remota('reloj', origen, { asentamientoMs: 100, sondeoMs: 500 })
    await bench.daemon.idle()
    expect(
      bench
        .rows()
        .map(({ nombre, desenlace }) => `${nombre} ${desenlace}`)
        .sort(),
    ).toEqual(['futuro.csv aceptado', 'pasado.csv aceptado'])
    expect(asked.list).toBeGreaterThanOrEqual(2)
  })

  it('whose provider is away says why, spends no try, and goes on by itself when it is back', async () => {
    const folder = place.folder('base')
    await noted(['personas.csv', good(1)])
    renameSync(folder, `${folder}-fuera`)
    const away = bench.next('recepcion.casilla', ({ estado }) => estado === 'sin_acceso')
    const [row] = bench.rows()
    await bench.reception.pausar(row?.casilla_id ?? 0, false)
    await bench.daemon.scanNow(row?.casilla_id ?? 0)
    expect((await away).motivo).toContain(folder)
    expect(bench.rows()).toMatchObject([{ estado: 'detectado', intentos: 0, desenlace: null }])
    const done = bench.next('recepcion.archivo', ({ desenlace }) => desenlace !== null)
    renameSync(`${folder}-fuera`, folder)
    expect(await done).toMatchObject({ desenlace: 'aceptado', intentos: 1 })
    expect(bench.daemon.states()).toMatchObject([{ estado: 'vigilando', motivo: null }])
  })
})

describe.skipIf(sshdMissing)(`a remote casilla on a server${sshdMissing ? `: ${sshdMissing}` : ''}`, () => {
  let place: Place
  let proxy: FaultProxy | null = null
  let bench: DaemonBench
  beforeEach(async () => {
    place = await sftpPlace()
  })
  afterEach(async () => {
    await bench.close()
    bench.remove()
    await proxy?.stop()
    proxy = null
    await place.stop()
  })

  it('10,000 objects cost their list, each time once, and each is noted once', async () => {
    const folder = join(place.folder('base'), 'entrada')
    mkdirSync(folder)
    for (let n = 0; n < 10_000; n++) writeFileSync(join(folder, `p${n}.csv`), `codigo,edad\np${n},1\n`)
    const { connector, asked } = counting(await place.open('base'))
    bench = openDaemonBench({}, undefined, async () => connector)
    await bench.start()
    const id = await bench.remota('muchos', origen, { sondeoMs: 3_600_000, asentamientoMs: 3_600_000 })
    await bench.reception.pausar(id, true)
    await bench.daemon.scanNow(id)
    expect(bench.daemon.states()).toMatchObject([{ enCola: 10_000 }])
    await bench.daemon.scanNow(id)
    expect(bench.daemon.states()).toMatchObject([{ enCola: 10_000 }])
    // As it began, and twice more.
    expect(asked.list).toBe(3 * Math.ceil(10_000 / connector.limits.pageEntries))
    expect([asked.read, asked.stat, asked.write]).toEqual([undefined, undefined, undefined])
  })

  it('a download that is cut again and again ends whole, once', async () => {
    if (!place.address) throw new Error('no server')
    // The first connections do not live to the end of the file.
    proxy = await startFaultProxy(place.address, (n) =>
      n < 3 ? { cut: { after: 150_000, way: 'down' } } : {},
    )
    const { port } = proxy
    bench = openDaemonBench({}, undefined, () => place.open('base', port))
    await bench.start()
    const there = await place.open('base')
    const rows = Array.from({ length: 20_000 }, (_, n) => `${randomBytes(8).toString('hex')}${n},${n % 90}\n`)
    const body = `codigo,edad\n${rows.join('')}`
    await putObject(there, 'entrada/grande.csv', body)
    const done = bench.next('recepcion.archivo', ({ desenlace }) => desenlace !== null)
    await bench.remota('corte', origen)
    expect(await done).toMatchObject({ desenlace: 'aceptado', bytes: body.length })
    await bench.daemon.idle()
    expect(proxy.told.cuts).toBeGreaterThanOrEqual(2)
    expect(bench.rows()).toHaveLength(1)
    expect(await filesOf(there, 'entrada')).toEqual([expect.stringMatching(/procesado\/.*_grande\.csv$/)])
    await there.close()
  })
})
