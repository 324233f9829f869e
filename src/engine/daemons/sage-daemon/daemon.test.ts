import { existsSync, mkdirSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { emisorDatos, permisoDatos } from '@engine/casillas/workbench.fixture'
import type { MetodoEnvio } from '@shared/model/emisor'
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
    expect(bench.ran().map(({ archivo_datos, emisor_nombre }) => [archivo_datos, emisor_nombre])).toEqual([
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
    expect(bench.ran().map(({ archivo_datos }) => archivo_datos)).toEqual(['c.csv'])
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
    expect(bench.ran().map((row) => [row.archivo_datos, row.emisor_nombre])).toEqual([
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
    expect(bench.ran().map(({ recibida_en }) => recibida_en)).toEqual([waiting?.detectado_en])
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
    expect(bench.outcomes()).toEqual(['personas.csv terminado aceptado'])
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
  expect(bench.outcomes()).toEqual(['personas.csv terminado cancelado'])
  expect(bench.ran().map(({ fase }) => fase)).toEqual(['cancelada'])
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
  expect(bench.ran().map(({ fase, registros_totales: n }) => [fase, n])).toEqual([['terminada', 400_000]])
})
