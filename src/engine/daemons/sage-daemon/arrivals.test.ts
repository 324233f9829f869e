import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { requireCasilla } from '@engine/casillas'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bad, type DaemonBench, good, openDaemonBench, put, tree } from './bench.fixture'
import { LocalOrigin } from './local/local-origin'
import { lookAt } from './local/seen-file'
import { noteFiles } from './note-files'

let bench: DaemonBench
beforeEach(async () => {
  bench = openDaemonBench()
  await bench.start()
})
afterEach(async () => {
  await bench.close()
  bench.remove()
})

describe('a file that arrives', () => {
  it('and is refused is told, each of many that come together', async () => {
    const { id, carpeta } = await bench.casilla('malos')
    const names = Array.from({ length: 20 }, (_, i) => `personas_${String(i).padStart(2, '0')}.csv`)
    const told = new Set<string>()
    const all = bench.next('recepcion.archivo', ({ nombre, desenlace }) => {
      if (desenlace === 'rechazado') told.add(nombre)
      return told.size === names.length
    })
    for (const [i, name] of names.entries()) put(carpeta, name, bad(i))
    await bench.settle(id)
    await all
    expect([...told].sort()).toEqual(names)
  })

  it('says at each step how far it is', async () => {
    const { id, carpeta } = await bench.casilla('pasos')
    const steps: string[] = []
    const ended = (async () => {
      for (const step of ['validar', 'informar'] as const) {
        await bench.next('execution.progress', (progress) => progress.step === step)
        steps.push(`${step}: ${bench.rows(id)[0]?.estado}`)
      }
    })()
    put(carpeta, 'personas.csv', good(1))
    await bench.settle(id)
    await ended
    expect([...steps, bench.rows(id)[0]?.estado]).toEqual([
      'validar: validando',
      'informar: validado',
      'terminado',
    ])
  })

  it('is seen by itself, judged once, and its original taken where its outcome says', async () => {
    const { id, carpeta } = await bench.casilla('uno')
    const done = bench.next('recepcion.archivo', ({ desenlace }) => desenlace !== null)
    put(carpeta, 'personas.csv', good(1))
    expect(await done).toMatchObject({
      desenlace: 'aceptado',
      estado: 'terminado',
      metodo: 'local',
      intentos: 1,
    })
    await bench.daemon.idle()
    put(carpeta, 'personas.csv', bad(1))
    await bench.settle(id)
    expect(bench.outcomes()).toEqual(['personas.csv terminado aceptado', 'personas.csv terminado rechazado'])
    const [first, second] = tree(carpeta)
    expect(first).toMatch(/^procesado\/\d{8}_\d{6}_personas\.csv$/)
    expect(second).toMatch(/^rechazado\/\d{8}_\d{6}_personas\.csv$/)
    expect(readFileSync(join(carpeta, first ?? ''), 'utf8')).toBe(good(1))
    expect(bench.rows().map(({ ruta_final }) => ruta_final)).toEqual([
      join(carpeta, first ?? ''),
      join(carpeta, second ?? ''),
    ])
    const rows = bench.ran()
    expect(rows.map(({ estado, registros_totales: n, metodo_envio: m }) => [estado, n, m])).toEqual([
      ['Éxito', 2, 'local'],
      ['Fallido', 1, 'local'],
    ])
    expect(rows.map(({ archivo_id }) => archivo_id)).toEqual(bench.rows().map((row) => row.id))
    expect(rows[0]?.sha256).toBe(bench.rows()[0]?.sha256)
  })

  it('is left alone when its name says so, in its own folders, or when it is a link', async () => {
    const { id, carpeta } = await bench.casilla('dos', { ignorar: ['borrador*'] })
    const outside = put(bench.dir, 'secreto.csv', good('secreto'))
    symlinkSync(outside, join(carpeta, 'enlace.csv'))
    mkdirSync(join(bench.dir, 'otra'))
    put(join(bench.dir, 'otra'), 'personas.csv', good('otra'))
    symlinkSync(join(bench.dir, 'otra'), join(carpeta, 'carpeta-enlazada'))
    for (const name of [
      '.oculto.csv',
      '~$personas.csv',
      'a.csv.part',
      'b.tmp',
      'c.crdownload',
      'd.csv.filepart',
      'borrador.csv',
      'foto.png',
    ])
      put(carpeta, name, good(name))
    for (const folder of ['procesado', 'RECHAZADO', 'cuarentena', '.git'])
      put(carpeta, `${folder}/x.csv`, good(folder))
    put(carpeta, 'personas.csv', good('si'))
    await bench.settle(id)
    expect(bench.outcomes()).toEqual(['personas.csv terminado aceptado'])
    expect(existsSync(outside)).toBe(true)
  })

  it('is waited for while it grows, and taken whole', async () => {
    const { id, carpeta } = await bench.casilla('tres', { asentamientoMs: 300 })
    const told = bench.next('recepcion.archivo', () => true)
    const path = put(carpeta, 'personas.csv', 'codigo,edad\n')
    let text = 'codigo,edad\n'
    for (let i = 0; i < 20; i++) {
      text += `p${i},${i}\n`
      writeFileSync(path, text)
      await new Promise(setImmediate)
    }
    expect((await told).bytes).toBe(text.length)
    await bench.daemon.idle()
    expect(bench.ran().map(({ registros_totales: n }) => n)).toEqual([20])
    expect(bench.rows(id)).toHaveLength(1)
  })

  it('with the same content is skipped, and says of which; or judged again where that is the policy', async () => {
    const { id, carpeta } = await bench.casilla('cuatro')
    put(carpeta, 'personas.csv', good(1))
    await bench.settle(id)
    put(carpeta, 'personas-otra-vez.csv', good(1))
    await bench.settle(id)
    const [first, second] = bench.rows()
    expect(second).toMatchObject({ desenlace: 'duplicado', duplicado_de: first?.id, sha256: first?.sha256 })
    expect(second?.motivo).toContain('personas.csv')
    expect(tree(carpeta).filter((name) => name.startsWith('procesado/'))).toHaveLength(2)
    expect(bench.ran()).toHaveLength(1)
    const again = await bench.casilla('cinco', { duplicados: 'procesar' })
    for (const name of ['a.csv', 'b.csv']) put(again.carpeta, name, good(1))
    await bench.settle(again.id)
    expect(bench.outcomes(again.id)).toEqual(['a.csv terminado aceptado', 'b.csv terminado aceptado'])
  })

  it('refused once is judged again after the YAML changed, and only then', async () => {
    const { id, carpeta } = await bench.casilla('seis')
    for (const name of ['a.csv', 'b.csv']) {
      put(carpeta, name, bad(1))
      await bench.settle(id)
    }
    expect(bench.rows().map(({ desenlace }) => desenlace)).toEqual(['rechazado', 'duplicado'])
    const { text, version } = bench.casillas.yaml(id)
    await bench.casillas.saveYaml({
      id,
      text: text.replace('type: entero', 'type: texto'),
      baseVersion: version,
      nota: '',
    })
    put(carpeta, 'c.csv', bad(1))
    await bench.settle(id)
    expect(bench.rows().map(({ desenlace }) => desenlace)).toEqual(['rechazado', 'duplicado', 'aceptado'])
    expect(tree(carpeta).map((name) => name.split('/')[0])).toEqual(['procesado', 'rechazado', 'rechazado'])
  })

  it('that no reader can open is refused with its reason, and one that vanished is told', async () => {
    const { id, carpeta } = await bench.casilla('siete')
    await bench.reception.pausar(id, true)
    put(carpeta, 'roto.zip', 'PK\u0003\u0004 y nada de lo que sigue a un ZIP')
    put(carpeta, 'fugaz.csv', good(9))
    await bench.daemon.scanNow(id)
    expect(bench.outcomes().sort()).toEqual(['fugaz.csv detectado null', 'roto.zip detectado null'])
    rmSync(join(carpeta, 'fugaz.csv'))
    await bench.reception.pausar(id, false)
    await bench.daemon.idle()
    const of = (name: string) => bench.rows().find(({ nombre }) => nombre === name)
    expect(of('fugaz.csv')).toMatchObject({ desenlace: 'desaparecido', ruta_final: '' })
    expect(of('roto.zip')).toMatchObject({ estado: 'terminado', desenlace: 'rechazado' })
    expect(of('roto.zip')?.motivo).toBeTruthy()
    expect(tree(carpeta)).toEqual([expect.stringMatching(/^rechazado\/.*_roto\.zip$/)])
  })

  it('replaced before its turn is taken as what it is now, once', async () => {
    const { id, carpeta } = await bench.casilla('ocho')
    await bench.reception.pausar(id, true)
    put(carpeta, 'personas.csv', bad(1))
    await bench.daemon.scanNow(id)
    put(bench.dir, 'nuevo.csv', good('nuevo', 5))
    renameSync(join(bench.dir, 'nuevo.csv'), join(carpeta, 'personas.csv'))
    await bench.reception.pausar(id, false)
    await bench.settle(id)
    await bench.settle(id)
    expect(bench.ran().map(({ estado, registros_totales: n }) => [estado, n])).toEqual([['Éxito', 5]])
    expect(bench.rows().filter(({ desenlace }) => desenlace === 'aceptado')).toHaveLength(1)
    expect(
      bench.rows().every(({ desenlace }) => desenlace === 'aceptado' || desenlace === 'desaparecido'),
    ).toBe(true)
  })

  it('seen just before it was taken away is not received twice, but is when it is brought back', async () => {
    const { id, carpeta } = await bench.casilla('vuelve', { duplicados: 'procesar' })
    const path = put(carpeta, 'personas.csv', good(1))
    const look = { takes: () => true, withInode: true, deep: true, onLink: () => undefined }
    const seen = await lookAt(carpeta, path, look)
    if (!seen) throw new Error('not seen')
    await bench.settle(id)
    const { store, daemon } = bench
    const casilla = requireCasilla(store.db, id)
    const origin = new LocalOrigin(bench.deps.log, { rescanMs: 1_000, reachMs: 1_000 })
    const note = () => noteFiles({ store, mover: daemon.mover, origin }, casilla, [seen])
    expect(await note()).toBe(0)
    expect(bench.rows(id)).toHaveLength(1)
    renameSync(bench.rows(id)[0]?.ruta_final ?? '', path)
    // The watcher may be the one that notes it.
    await note()
    daemon.nudge(id)
    await bench.settle(id)
    expect(bench.outcomes(id)).toEqual(['personas.csv terminado aceptado', 'personas.csv terminado aceptado'])
  })

  it('keeps its content apart when many have one name in one second', async () => {
    const { id, carpeta } = await bench.casilla('nueve')
    for (const sub of ['a', 'b', 'c']) put(carpeta, `${sub}/personas.csv`, good(sub))
    await bench.settle(id)
    const moved = tree(join(carpeta, 'procesado'))
    expect(moved).toHaveLength(3)
    expect(new Set(moved.map((name) => readFileSync(join(carpeta, 'procesado', name), 'utf8'))).size).toBe(3)
  })
})
