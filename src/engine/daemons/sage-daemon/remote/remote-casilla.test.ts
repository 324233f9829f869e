import { emisorDatos, permisoDatos } from '@engine/casillas/workbench.fixture'
import type { Connector } from '@engine/connectors'
import { cephMissing, haveCeph } from '@testkit/ceph'
import { sshdMissing } from '@testkit/connectors/sshd'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bad, type DaemonBench, good, openDaemonBench } from '../bench.fixture'
import {
  azurePlace,
  filesOf,
  gcsPlace,
  getObject,
  localPlace,
  minioPlace,
  type Place,
  putObject,
  s3Place,
  sftpPlace,
} from './places.fixture'

const noCeph = haveCeph() ? null : cephMissing
const KINDS = [
  { kind: 'local', start: localPlace, missing: null, metodo: 'bucket', tags: false },
  { kind: 'sftp', start: sftpPlace, missing: sshdMissing, metodo: 'sftp', tags: false },
  { kind: 's3', start: s3Place, missing: noCeph, metodo: 'bucket', tags: true },
  { kind: 'minio', start: minioPlace, missing: noCeph, metodo: 'bucket', tags: true },
  { kind: 'azure', start: azurePlace, missing: null, metodo: 'bucket', tags: true },
  { kind: 'gcs', start: gcsPlace, missing: null, metodo: 'bucket', tags: true },
]

for (const { kind, start, missing, metodo, tags } of KINDS) {
  describe.skipIf(missing)(`a casilla on ${kind}${missing ? `: ${missing}` : ''}`, () => {
    let place: Place
    let test = 0
    let base: string
    let there: Connector
    let bench: DaemonBench
    beforeAll(async () => {
      place = await start()
    }, 120_000)
    afterAll(() => place?.stop())
    beforeEach(async () => {
      base = `base-${++test}`
      there = await place.open(base)
      bench = openDaemonBench({}, undefined, () => place.open(base))
      await bench.start()
    })
    afterEach(async () => {
      await bench.close()
      bench.remove()
      await there.close()
    })

    it('receives, judges and takes away what its sender leaves', async () => {
      await putObject(there, 'data/5/personas.csv', good(1))
      const id = await bench.remota('uno', { prefijo: 'data/5' })
      await bench.settle(id)
      await putObject(there, 'data/5/personas.csv', bad(1))
      await bench.settle(id)
      expect(bench.outcomes()).toEqual([
        'personas.csv terminado aceptado',
        'personas.csv terminado rechazado',
      ])
      expect(bench.rows()).toMatchObject([{ metodo_envio: metodo }, { metodo_envio: metodo }])
      const [first, second, ...more] = await filesOf(there, 'data/5')
      expect(first).toMatch(/^data\/5\/procesado\/\d{8}_\d{6}_personas\.csv$/)
      expect(second).toMatch(/^data\/5\/rechazado\/\d{8}_\d{6}_personas\.csv$/)
      expect(more).toEqual([])
      expect(await getObject(there, first ?? '')).toBe(good(1))
      expect(bench.rows().map(({ ruta_final }) => ruta_final)).toEqual([
        `proveedor://1/${first}`,
        `proveedor://1/${second}`,
      ])
      expect(bench.ran().map(({ registros_totales: n }) => n)).toEqual([2, 1])
      expect(bench.daemon.states()).toMatchObject([{ estado: 'vigilando', motivo: null }])
    })

    // Files of a disk or of SFTP carry none.
    if (tags)
      it('that tags leaves the original where it is, is not given it again, nor is another engine', async () => {
        await putObject(there, 'entrada/personas.csv', good(1))
        const origen = { prefijo: 'entrada', alTerminar: 'etiquetar' } as const
        const id = await bench.remota('etiqueta', origen)
        await bench.settle(id)
        await bench.settle(id)
        expect(bench.outcomes()).toEqual(['personas.csv terminado aceptado'])
        expect(await filesOf(there, 'entrada')).toEqual(['entrada/personas.csv'])
        expect(await there.getTags?.('entrada/personas.csv')).toMatchObject({ 'sage-estado': 'procesado' })
        const other = openDaemonBench({}, undefined, () => place.open(base))
        try {
          await other.start()
          const otherId = await other.remota('otra', origen)
          await other.settle(otherId)
          await other.settle(otherId)
          expect(other.outcomes()).toEqual(['personas.csv terminado desaparecido'])
          // The first engine looks every so often too: the new one is for the other.
          await bench.reception.pausar(id, true)
          await putObject(there, 'entrada/personas.csv', good(2))
          await other.settle(otherId)
          expect(other.outcomes().at(-1)).toBe('personas.csv terminado aceptado')
        } finally {
          await other.close()
          other.remove()
        }
      })

    it('leaves alone what is half written, hidden, ignored or its own; takes sub-folders as their senders', async () => {
      for (const name of [
        ...['a.csv.part', '.oculto.csv', '.git/x.csv', 'b.tmp', 'borrador.csv', 'foto.png'],
        ...['procesado/20260101_000000_x.csv', 'RECHAZADO/x.csv'],
      ])
        await putObject(there, `entrada/${name}`, good(name))
      const id = await bench.remota('dos', { prefijo: 'entrada' }, { ignorar: ['borrador*'] })
      const { id: norte } = await bench.emisores.create(emisorDatos('Norte'))
      const metodos = [metodo === 'sftp' ? ('sftp' as const) : ('bucket' as const)]
      await bench.emisores.guardarPermiso({
        ...{ casillaId: id, emisorId: norte },
        datos: permisoDatos({ metodos, subdirectorio: 'norte' }),
      })
      await putObject(there, 'entrada/norte/personas.csv', good('norte'))
      await putObject(there, 'entrada/otra/personas.csv', good('otra'))
      await bench.settle(id)
      expect(bench.rows().map(({ nombre, emisor_id, desenlace }) => [nombre, emisor_id, desenlace])).toEqual([
        ['personas.csv', norte, 'aceptado'],
        ['personas.csv', null, 'aceptado'],
      ])
      expect(await filesOf(there, 'entrada')).toHaveLength(10)
    })
  })
}
