import { listCalendario } from '@engine/calendario'
import { emisorDatos, permisoDatos } from '@engine/casillas/workbench.fixture'
import { listEjecuciones } from '@engine/store'
import { operations } from '@shared/contract'
import { frecuenciaSchema } from '@shared/model/frecuencia'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type DaemonBench, good, openDaemonBench, put } from './bench.fixture'

let bench: DaemonBench
beforeEach(async () => {
  bench = openDaemonBench()
  await bench.start()
})
afterEach(async () => {
  await bench.close()
  bench.remove()
})

/** Who was received, or not, today. */
function today(now: Date) {
  const dia = now.toISOString().slice(0, 10)
  const input = operations['calendario.list'].input.parse({ desde: dia, hasta: dia })
  return listCalendario(bench.store.db, input, now).items.map(({ emisorNombre, estado, archivo }) => [
    emisorNombre,
    estado,
    archivo,
  ])
}

it('equal files of two senders are each judged and answer each date, also once their executions are removed', async () => {
  const { id, carpeta } = await bench.casilla('sucursales')
  await bench.casillas.update({
    id,
    zonaHoraria: 'UTC',
    frecuencia: frecuenciaSchema.parse({ tipo: 'diario', hora: '23:59' }),
  })
  bench.store.db.prepare("UPDATE casillas_datos SET frecuencia_desde = '2020-01-01T00:00:00.000Z'").run()
  for (const nombre of ['norte', 'sur', 'este']) {
    const { id: emisorId } = await bench.emisores.create(emisorDatos(nombre))
    const datos = permisoDatos({ metodos: ['local'], subdirectorio: nombre })
    await bench.emisores.guardarPermiso({ casillaId: id, emisorId, datos })
  }
  for (const name of ['norte/sin-ventas.csv', 'sur/sin-ventas.csv', 'sur/otra-vez.csv']) {
    put(carpeta, name, good('mismo'))
    await bench.settle(id)
  }
  expect(bench.rows(id).map((row) => [row.emisor_nombre, row.nombre, row.desenlace])).toEqual([
    ['norte', 'sin-ventas.csv', 'aceptado'],
    ['sur', 'sin-ventas.csv', 'aceptado'],
    ['sur', 'otra-vez.csv', 'duplicado'],
  ])
  const now = new Date(bench.rows(id)[0]?.detectado_en ?? '')
  now.setUTCHours(23, 0, 0, 0)
  const came = [
    ['este', 'pendiente', null],
    ['norte', 'recibido', 'sin-ventas.csv'],
    ['sur', 'recibido', 'sin-ventas.csv'],
  ]
  expect(today(now)).toEqual(came)
  const last = () => bench.emisores.list().map(({ nombre, ultimoEnvio }) => [nombre, ultimoEnvio])
  const before = last()
  expect(before.map(([, at]) => at !== null)).toEqual([false, true, true])

  const { items } = listEjecuciones(bench.store.db, {
    ...{ sort: 'creadaEn', direction: 'asc', limit: 10, offset: 0 },
  })
  expect(items).toHaveLength(2)
  for (const { uuid } of items) await bench.executions.remove(uuid)
  expect(today(now)).toEqual(came)
  expect(last()).toEqual(before)
})
