import type { Executions } from '@engine/casillas'
import type { Log } from '@engine/logging'
import { type ArchivoRow, deleteEjecucion, listClaimed, postponeArchivo, type Store } from '@engine/store'
import type { AppErrorData } from '@shared/errors/app-error'
import { backoffMs } from './retry'

/** A file under which the engine died this often is taken for what killed it. */
export const MOST_DEATHS = 10

const KILLER: AppErrorData = {
  code: 'ENGINE_DIED',
  kind: 'bug',
  message: `El motor se cerró ${MOST_DEATHS} veces mientras validaba este archivo.`,
  hint: 'Revisar el archivo, y el registro del motor, antes de sacarlo de la cuarentena.',
  retryable: false,
}

interface RecoverDeps {
  store: Store
  log: Log
  executions: Executions
  retryBaseMs: number
}

/**
 * Settles every file that a dead engine held. This process has the lock of the data folder, so whoever held a claim is dead, whatever
 * its lease says. What had a whole verdict ends; what had a whole copy goes on from it; the rest starts over.
 */
export async function recoverFiles(deps: RecoverDeps): Promise<number> {
  const held = listClaimed(deps.store.db).filter((row) => row.reclamado_por !== null)
  for (const row of held) await recoverOne(deps, row)
  if (held.length > 0) {
    deps.log.info('intake.recovered', 'Archivos retomados tras un cierre del motor', {
      archivos: held.length,
    })
  }
  return held.length
}

async function recoverOne({ store, executions, retryBaseMs }: RecoverDeps, row: ArchivoRow): Promise<void> {
  const uuid = row.estado === 'reclamado' ? null : row.ejecucion_uuid
  const left = uuid === null ? 'gone' : await executions.resume(uuid)
  if (left === 'ended') return
  if (left === 'gone') {
    await store.write((tx) => {
      if (uuid !== null) deleteEjecucion(tx, uuid)
      postponeArchivo(tx, row.id, { estado: 'detectado', motivo: null, proximoIntento: null, intentos: -1 })
    })
    return
  }
  const died = row.estado === 'validando' || row.estado === 'validado' ? 1 : 0
  const deaths = row.caidas + died
  if (uuid !== null && died > 0 && deaths >= MOST_DEATHS) {
    await executions.giveUp(uuid, KILLER)
    return
  }
  // From the second death on others go first: one that kills the engine must not stop all.
  const wait = deaths > 1 ? new Date(Date.now() + backoffMs(deaths - 1, retryBaseMs)).toISOString() : null
  await store.write((tx) =>
    postponeArchivo(tx, row.id, {
      ...{ estado: 'copiado', motivo: null, intentos: -1 },
      proximoIntento: wait,
      caidas: died,
    }),
  )
}
