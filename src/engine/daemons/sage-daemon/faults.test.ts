import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type DaemonBench, good, openDaemonBench, put, tree } from './bench.fixture'

let bench: DaemonBench
beforeEach(async () => {
  bench = openDaemonBench()
  await bench.start()
})
afterEach(async () => {
  await bench.close()
  bench.remove()
})

describe('faults', () => {
  it('that pass are tried again; that stay end in quarantine, from where a person brings it back', async () => {
    const { carpeta } = await bench.casilla('fallas', { maxIntentos: 3 })
    // No room for the copy: a file stands where the folder of executions should be.
    const folder = join(bench.dataDir, 'ejecuciones')
    rmSync(folder, { recursive: true, force: true })
    writeFileSync(folder, '')
    const quarantined = bench.next('recepcion.archivo', ({ estado }) => estado === 'cuarentena')
    put(carpeta, 'personas.csv', good(1))
    const told = await quarantined
    expect(told).toMatchObject({ desenlace: 'error', intentos: 3 })
    expect(told.motivo).toContain('3 veces')
    await bench.daemon.idle()
    expect(tree(carpeta)).toEqual([expect.stringMatching(/^cuarentena\/\d{8}_\d{6}_personas\.csv$/)])
    expect(bench.daemon.states()).toMatchObject([{ cuarentena: 1, enCola: 0 }])
    rmSync(folder)
    expect(await bench.reception.reintentar([told.id, 999])).toBe(1)
    await bench.daemon.idle()
    expect(bench.outcomes()).toEqual(['personas.csv terminado aceptado'])
    expect(tree(carpeta)).toEqual([expect.stringMatching(/^procesado\/\d{8}_\d{6}_personas\.csv$/)])
    expect(bench.ran()).toHaveLength(1)
  })

  it('that pass in time leave no trace but the count', async () => {
    const { carpeta } = await bench.casilla('pasajera', { maxIntentos: 20 })
    const folder = join(bench.dataDir, 'ejecuciones')
    rmSync(folder, { recursive: true, force: true })
    writeFileSync(folder, '')
    const waits = bench.next('recepcion.archivo', ({ proximoIntento }) => proximoIntento !== null)
    const done = bench.next('recepcion.archivo', ({ desenlace }) => desenlace !== null)
    put(carpeta, 'personas.csv', good(1))
    expect((await waits).motivo).toBeTruthy()
    rmSync(folder)
    const told = await done
    expect(told).toMatchObject({ desenlace: 'aceptado', motivo: null })
    expect(told.intentos).toBeGreaterThan(1)
  })

  it('of the folder are told, and its files taken when it is back', async () => {
    const { id, carpeta } = await bench.casilla('lejos')
    const away = bench.next('recepcion.casilla', ({ estado }) => estado === 'sin_acceso')
    renameSync(carpeta, `${carpeta}-fuera`)
    await bench.daemon.scanNow(id)
    expect((await away).motivo).toContain('no existe')
    put(`${carpeta}-fuera`, 'personas.csv', good(1))
    const done = bench.next('recepcion.archivo', ({ desenlace }) => desenlace !== null)
    renameSync(`${carpeta}-fuera`, carpeta)
    expect((await done).desenlace).toBe('aceptado')
    expect(bench.daemon.states()).toMatchObject([{ estado: 'vigilando', motivo: null }])
  })

  it('of a folder that is away with files waiting spend no try of theirs, and nothing is made in its place', async () => {
    const { id, carpeta } = await bench.casilla('desconectada')
    await bench.reception.pausar(id, true)
    for (const n of [1, 2, 3]) put(carpeta, `personas_${n}.csv`, good(n))
    await bench.daemon.scanNow(id)
    const waits = bench.next('recepcion.archivo', ({ proximoIntento }) => proximoIntento !== null)
    renameSync(carpeta, `${carpeta}-fuera`)
    // The watching has not noticed yet: the files are gone for, and found away with their folder.
    await bench.reception.pausar(id, false)
    expect((await waits).motivo).toContain('no está conectada')
    await bench.daemon.scanNow(id)
    expect(existsSync(carpeta)).toBe(false)
    expect(bench.rows(id).map(({ estado, intentos, desenlace }) => [estado, intentos, desenlace])).toEqual(
      [1, 2, 3].map(() => ['detectado', 0, null]),
    )
    renameSync(`${carpeta}-fuera`, carpeta)
    await bench.settle(id)
    expect(bench.outcomes(id)).toEqual([1, 2, 3].map((n) => `personas_${n}.csv terminado aceptado`))
    expect(bench.rows(id).map(({ intentos }) => intentos)).toEqual([1, 1, 1])
  })

  it('of an original that can not be moved do not receive it twice', async () => {
    const { id, carpeta } = await bench.casilla('quieta')
    writeFileSync(join(carpeta, 'procesado'), 'una persona puso aquí un archivo')
    put(carpeta, 'personas.csv', good(1))
    await bench.settle(id)
    await bench.settle(id)
    expect(bench.outcomes()).toEqual(['personas.csv terminado aceptado'])
    expect(bench.rows()[0]?.ruta_final).toBeNull()
    rmSync(join(carpeta, 'procesado'))
    await bench.daemon.mover.sweep()
    expect(tree(carpeta)).toEqual([expect.stringMatching(/^procesado\/.*_personas\.csv$/)])
    expect(bench.ran()).toHaveLength(1)
  })
})
