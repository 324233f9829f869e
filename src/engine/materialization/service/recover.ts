import { backoffMs } from '@engine/daemons/sage-daemon/retry'
import { endCarga, listEnProceso, postponeCarga } from '@engine/store'
import type { AppErrorData } from '@shared/errors/app-error'
import type { LoadChanges } from './changes'
import type { ServiceDeps } from './deps'

/** A load under which the engine died this often is taken for what killed it. */
export const MOST_DEATHS = 10

const KILLER: AppErrorData = {
  code: 'ENGINE_DIED',
  kind: 'bug',
  message: `El motor se cerró ${MOST_DEATHS} veces durante esta carga.`,
  hint: 'Revisar el registro del motor antes de reintentarla.',
  retryable: false,
}

/**
 * What a dead engine was loading waits again. Whether it had been written is in the ledger of its destination, so nothing is written
 * twice. From the second death on others go first.
 */
export async function recoverLoads(
  { store, log }: ServiceDeps,
  changes: LoadChanges,
  retryBaseMs: number,
): Promise<number> {
  const rows = listEnProceso(store.db)
  if (rows.length === 0) return 0
  await changes.write((tx) => {
    const now = Date.now()
    for (const { uuid, caidas, error } of rows) {
      const deaths = caidas + 1
      if (deaths >= MOST_DEATHS) {
        endCarga(tx, uuid, 'error', KILLER, new Date(now).toISOString())
        continue
      }
      const wait = deaths > 1 ? new Date(now + backoffMs(deaths - 1, retryBaseMs)).toISOString() : null
      postponeCarga(tx, uuid, { proximoIntento: wait, error, spent: false, died: true })
    }
    return {
      cargas: rows.map(({ uuid }) => uuid),
      materializaciones: rows.map((row) => row.materializacion_id),
    }
  })
  log.info('carga.recovered', 'Cargas retomadas tras un cierre del motor', { cargas: rows.length })
  return rows.length
}
