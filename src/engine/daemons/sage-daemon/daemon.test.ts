import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { requireCasilla } from '@engine/casillas'
import { emisorDatos, permisoDatos } from '@engine/casillas/workbench.fixture'
import { listEjecuciones } from '@engine/store'
import type { MetodoEnvio } from '@shared/model/emisor'
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

const outcomes = (id?: number): string[] =>
  bench.rows(id).map(({ nombre, estado, desenlace }) => `${nombre} ${estado} ${desenlace}`)

const executions = () =>
  listEjecuciones(bench.store.db, { sort: 'creadaEn', direction: 'asc', limit: 5000, offset: 0 }).items

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
    expect(outcomes()).toEqual(['personas.csv terminado aceptado', 'personas.csv terminado rechazado'])
    const [first, second] = tree(carpeta)
    expect(first).toMatch(/^procesado\/\d{8}_\d{6}_personas\.csv$/)
    expect(second).toMatch(/^rechazado\/\d{8}_\d{6}_personas\.csv$/)
    expect(readFileSync(join(carpeta, first ?? ''), 'utf8')).toBe(good(1))
    expect(bench.rows().map(({ ruta_final }) => ruta_final)).toEqual([
      join(carpeta, first ?? ''),
      join(carpeta, second ?? ''),
    ])
    const rows = executions()
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
    expect(outcomes()).toEqual(['personas.csv terminado aceptado'])
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
    expect(executions().map(({ registros_totales: n }) => n)).toEqual([20])
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
    expect(executions()).toHaveLength(1)
    const again = await bench.casilla('cinco', { duplicados: 'procesar' })
    for (const name of ['a.csv', 'b.csv']) put(again.carpeta, name, good(1))
    await bench.settle(again.id)
    expect(outcomes(again.id)).toEqual(['a.csv terminado aceptado', 'b.csv terminado aceptado'])
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
    expect(outcomes().sort()).toEqual(['fugaz.csv detectado null', 'roto.zip detectado null'])
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
    expect(executions().map(({ estado, registros_totales: n }) => [estado, n])).toEqual([['Éxito', 5]])
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
    expect(outcomes(id)).toEqual(['personas.csv terminado aceptado', 'personas.csv terminado aceptado'])
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

describe('order, senders and turns', () => {
  it('takes files in the order they arrived, and those of each sender as theirs', async () => {
    const { id, carpeta } = await bench.casilla('orden')
    const norte = await bench.emisores.create(emisorDatos('Norte'))
    const datos = permisoDatos({ metodos: ['local'], subdirectorio: 'norte' })
    await bench.emisores.guardarPermiso({ casillaId: id, emisorId: norte.id, datos })
    await bench.reception.pausar(id, true)
    const names = ['z.csv', 'norte/m.csv', 'a.csv', 'norte/b.csv']
    for (const name of names) {
      put(carpeta, name, good(name))
      await bench.daemon.scanNow(id)
    }
    await bench.reception.pausar(id, false)
    await bench.daemon.idle()
    expect(executions().map(({ archivo_datos, emisor_nombre }) => [archivo_datos, emisor_nombre])).toEqual([
      ['z.csv', null],
      ['m.csv', 'Norte'],
      ['a.csv', null],
      ['b.csv', 'Norte'],
    ])
  })

  it('looks only into the folder itself when sub-folders are left out, until they are not', async () => {
    const { id, carpeta } = await bench.casilla('a', { subcarpetas: false })
    put(carpeta, 'dentro/personas.csv', good('x'))
    put(carpeta, 'personas.csv', good('y'))
    await bench.settle(id)
    expect(bench.rows(id).map((row) => row.ruta)).toEqual([join(carpeta, 'personas.csv')])
    const { vigilancia } = bench.casillas.get(id)
    await bench.casillas.update({ id, vigilancia: { ...vigilancia, subcarpetas: true } })
    await bench.daemon.refresh()
    await bench.settle(id)
    const both = bench.rows(id)
    expect(both.map((row) => row.desenlace)).toEqual(['aceptado', 'aceptado'])
    const judged = { archivo: 'personas.csv', estado: 'Éxito', registros: 2, errores: 0 }
    expect(bench.casillas.get(id).recientes).toMatchObject([judged, judged])
    const found = bench.reception.archivos({
      archivoId: both[1]?.id ?? 0,
      sort: 'detectadoEn',
      direction: 'desc',
      limit: 10,
      offset: 0,
    })
    expect(found).toMatchObject({ total: 1, items: [{ id: both[1]?.id }] })
  })

  it('refuses what a sender may not send, without reading it, and says why', async () => {
    const { id, carpeta } = await bench.casilla('permisos')
    const send = async (emisorId: number, subdirectorio: string, metodos: MetodoEnvio[]) =>
      bench.emisores.guardarPermiso({
        casillaId: id,
        emisorId,
        datos: permisoDatos({ metodos, subdirectorio }),
      })
    const norte = await bench.emisores.create(emisorDatos('Norte'))
    const sur = await bench.emisores.create(emisorDatos('Sur', { activo: false }))
    await send(norte.id, 'norte', ['sftp', 'email'])
    await send(sur.id, 'sur', ['local'])
    for (const name of ['norte/a.csv', 'sur/b.csv', 'c.csv']) put(carpeta, name, good(name))
    await bench.settle(id)
    const told = bench.rows().map((row) => [row.nombre, row.desenlace, row.emisor_nombre, row.motivo])
    expect(told.sort()).toEqual([
      [
        'a.csv',
        'rechazado',
        'Norte',
        'El emisor «Norte» no puede enviar por carpeta vigilada: tiene permitido SFTP, correo.',
      ],
      ['b.csv', 'rechazado', 'Sur', 'El emisor «Sur» está inactivo: activarlo para recibir lo que envía.'],
      ['c.csv', 'aceptado', null, null],
    ])
    // No execution was made, none is named, and the originals are where refused ones go.
    expect(executions().map(({ archivo_datos }) => archivo_datos)).toEqual(['c.csv'])
    const refused = bench.rows().filter(({ desenlace }) => desenlace === 'rechazado')
    expect(refused.map(({ ejecucion_uuid }) => ejecucion_uuid)).toEqual([null, null])
    expect(
      tree(carpeta)
        .map((name) => name.replace(/\d{8}_\d{6}_/, ''))
        .sort(),
    ).toEqual(['procesado/c.csv', 'rechazado/a.csv', 'rechazado/b.csv'])
    // Allowed now: the same content sent again is judged.
    await bench.emisores.update(sur.id, emisorDatos('Sur'))
    put(carpeta, 'sur/b.csv', good('sur/b.csv'))
    await bench.settle(id)
    expect(executions().map((row) => [row.archivo_datos, row.emisor_nombre])).toEqual([
      ['c.csv', null],
      ['b.csv', 'Sur'],
    ])
  })

  it('makes the sub-folders of its senders in the folder the casilla has now', async () => {
    const { id } = await bench.casilla('antes')
    const norte = await bench.emisores.create(emisorDatos('Norte'))
    const datos = permisoDatos({ metodos: ['local'], subdirectorio: 'norte/lima' })
    await bench.emisores.guardarPermiso({ casillaId: id, emisorId: norte.id, datos })
    const path = join(bench.dir, 'despues')
    mkdirSync(path)
    await bench.casillas.update({ id, carpeta: { path } })
    await bench.daemon.refresh()
    await bench.daemon.idle()
    expect(existsSync(join(path, 'norte/lima'))).toBe(true)
    put(path, 'norte/lima/a.csv', good(1))
    await bench.settle(id)
    expect(bench.rows().map(({ emisor_nombre }) => emisor_nombre)).toEqual(['Norte'])
  })

  it('counts a file as come when it came, not when its turn did', async () => {
    const { id, carpeta } = await bench.casilla('tarde')
    await bench.reception.pausar(id, true)
    put(carpeta, 'personas.csv', good(1))
    await bench.daemon.scanNow(id)
    const [waiting] = bench.rows()
    await bench.reception.pausar(id, false)
    await bench.daemon.idle()
    expect(executions().map(({ recibida_en }) => recibida_en)).toEqual([waiting?.detectado_en])
    expect(bench.casillas.get(id).puntualidad.ultimoEnvio).toBe(waiting?.detectado_en)
  })

  it('gives every casilla its turn, and the one with priority more', async () => {
    const plain = await bench.casilla('llana')
    const high = await bench.casilla('alta', {}, 10)
    for (const { id } of [plain, high]) await bench.reception.pausar(id, true)
    for (const { id, carpeta } of [plain, high]) {
      for (let i = 0; i < 10; i++) put(carpeta, `${i}.csv`, good(`${id}-${i}`))
      await bench.daemon.scanNow(id)
    }
    // Both at once, as one change.
    bench.store.db.prepare('UPDATE casillas_datos SET pausada_en = NULL').run()
    await bench.daemon.refresh()
    await bench.daemon.idle()
    const order = bench
      .rows()
      .sort((a, b) => ((a.terminado_en ?? '') < (b.terminado_en ?? '') ? -1 : 1))
      .map(({ casilla_id }) => casilla_id)
    expect(order.slice(0, 10).filter((id) => id === high.id)).toHaveLength(8)
    expect(order.slice(0, 10)).toContain(plain.id)
  })

  it('notes what arrives while paused and takes it when it goes on; inactive takes nothing', async () => {
    const { id, carpeta } = await bench.casilla('pausa')
    await bench.reception.pausar(id, true)
    put(carpeta, 'personas.csv', good(1))
    await bench.settle(id)
    expect(bench.daemon.states()).toMatchObject([{ casillaId: id, estado: 'pausada', enCola: 1, enCurso: 0 }])
    await bench.reception.pausar(id, false)
    await bench.daemon.idle()
    expect(outcomes()).toEqual(['personas.csv terminado aceptado'])
    await bench.casillas.update({ id, activa: false })
    await bench.daemon.refresh()
    put(carpeta, 'otra.csv', good(2))
    await bench.settle(id)
    expect(bench.daemon.states()).toMatchObject([{ estado: 'inactiva' }])
    expect(bench.rows()).toHaveLength(1)
  })
})

describe('looked at every so often', () => {
  it('finds what no event told', async () => {
    const { carpeta } = await bench.casilla('red', { sondeo: true, sondeoMs: 500 })
    const done = bench.next('recepcion.archivo', ({ desenlace }) => desenlace !== null)
    const path = put(carpeta, 'personas.csv', good(1))
    utimesSync(path, new Date('2020-01-01'), new Date('2020-01-01'))
    expect((await done).desenlace).toBe('aceptado')
  })
})

it('cancels a file that runs or waits, once, with its execution', async () => {
  const { id, carpeta } = await bench.casilla('cancelar')
  const started = bench.next('execution.changed', ({ fase }) => fase === 'en_curso')
  put(carpeta, 'personas.csv', good('grande', 400_000))
  const { id: uuid } = await started
  await bench.executions.cancel(uuid)
  await bench.daemon.idle()
  await bench.settle(id)
  expect(outcomes()).toEqual(['personas.csv terminado cancelado'])
  expect(executions().map(({ fase }) => fase)).toEqual(['cancelada'])
  expect(tree(carpeta)).toEqual([expect.stringMatching(/^rechazado\/.*_personas\.csv$/)])
})

it('closed under a running file, goes on with the same execution', async () => {
  const { carpeta } = await bench.casilla('cierre')
  const started = bench.next('execution.changed', ({ fase }) => fase === 'en_curso')
  put(carpeta, 'personas.csv', good('grande', 400_000))
  const { id: uuid } = await started
  await bench.close()
  bench = openDaemonBench({}, bench.dir)
  expect(bench.rows()).toMatchObject([
    { estado: 'copiado', desenlace: null, intentos: 0, reclamado_por: null },
  ])
  await bench.start()
  await bench.daemon.idle()
  expect(bench.rows()).toMatchObject([{ desenlace: 'aceptado', ejecucion_uuid: uuid }])
  expect(executions().map(({ fase, registros_totales: n }) => [fase, n])).toEqual([['terminada', 400_000]])
})
