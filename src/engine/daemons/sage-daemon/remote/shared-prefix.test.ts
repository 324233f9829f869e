import type { Connector } from '@engine/connectors'
import { cephMissing, haveCeph } from '@testkit/ceph'
import { sshdMissing } from '@testkit/connectors/sshd'
import { afterEach, describe, expect, it } from 'vitest'
import { type DaemonBench, good, openDaemonBench } from '../bench.fixture'
import { CLAIMS_FOLDER, Claims } from './claims'
import { filesOf, localPlace, type Place, putObject, s3Place, sftpPlace } from './places.fixture'

const KINDS = [
  { kind: 'local', start: localPlace, missing: null },
  { kind: 'sftp', start: sftpPlace, missing: sshdMissing },
  { kind: 's3', start: s3Place, missing: haveCeph() ? null : cephMissing },
]
const FILES = 12

for (const { kind, start, missing } of KINDS) {
  describe.skipIf(missing)(`engines that share a prefix on ${kind}${missing ? `: ${missing}` : ''}`, () => {
    let place: Place | null = null
    let there: Connector
    let test = 0
    let benches: DaemonBench[] = []
    afterEach(async () => {
      for (const bench of benches) {
        await bench.close()
        bench.remove()
      }
      benches = []
      await there.close()
      await place?.stop()
      place = null
    }, 120_000)

    async function engines(count: number, claimMs: number) {
      const here = await start()
      place = here
      const base = `compartida-${++test}`
      benches = Array.from({ length: count }, () =>
        openDaemonBench({ claimMs }, undefined, () => here.open(base)),
      )
      for (const bench of benches) await bench.start()
      there = await here.open(base)
    }

    it('judge each file once between them, and leave each original once', async () => {
      await engines(2, 60_000)
      for (let n = 0; n < FILES; n++) await putObject(there, `entrada/p${n}.csv`, good(n))
      const origen = { prefijo: 'entrada' }
      const ids = await Promise.all(benches.map((bench, n) => bench.remota(`motor ${n}`, origen)))
      await Promise.all(benches.map((bench, n) => bench.settle(ids[n] ?? 0)))
      // What one left to the other it looks for again.
      for (const [n, bench] of benches.entries()) {
        await bench.reception.procesarAhora(ids[n] ?? 0, null)
        await bench.daemon.idle()
      }
      const all = benches.flatMap((bench) => bench.rows())
      const accepted = all.filter(({ desenlace }) => desenlace === 'aceptado').map(({ nombre }) => nombre)
      expect(accepted.sort()).toEqual(Array.from({ length: FILES }, (_, n) => `p${n}.csv`).sort())
      for (const { desenlace } of all) expect(['aceptado', 'desaparecido']).toContain(desenlace)
      const left = await filesOf(there, 'entrada')
      expect(left.map((path) => path.replace(/\d{8}_\d{6}_/, '')).sort()).toEqual(
        accepted.map((name) => `entrada/procesado/${name}`).sort(),
      )
    })

    it('take over what a dead one had claimed, and no sooner', async () => {
      await engines(1, 400)
      const [bench] = benches
      if (!bench) throw new Error('no engine')
      await putObject(there, 'entrada/personas.csv', good(1))
      const dead = new Claims(400)
      await dead.take({ connector: there, folder: 'entrada', relative: 'personas.csv', token: 'muerto' })
      const waits = bench.next('recepcion.archivo', ({ motivo }) => motivo !== null)
      const done = bench.next('recepcion.archivo', ({ desenlace }) => desenlace !== null)
      await bench.remota('heredera', { prefijo: 'entrada' })
      expect((await waits).motivo).toContain('Otra instancia')
      expect(await done).toMatchObject({ desenlace: 'aceptado', intentos: 1 })
      await bench.daemon.idle()
      expect(await filesOf(there, `entrada/${CLAIMS_FOLDER}`).catch(() => [])).toEqual([])
    })
  })
}
