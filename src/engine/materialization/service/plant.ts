import { randomUUID } from 'node:crypto'
import { type Db, endCarga, findCargada, insertCarga, type MaterializacionRow } from '@engine/store'
import type { AppErrorData } from '@shared/errors/app-error'
import { doublesRows } from './order'

const repeated = (former: string): AppErrorData => ({
  code: 'CARGA_REPETIDA',
  kind: 'conflict',
  message: `Este archivo ya se cargó con otra ejecución («${former}»): sus registros quedarían dos veces.`,
  hint: 'Reintentar si se quieren añadir de todos modos.',
  retryable: false,
})

interface Planting {
  executionId: string
  /** A person asked for this one by name. */
  asked: boolean
  rehacer: boolean
  now: string
}

/**
 * The load of an execution through a materialization, inside a write; null when it already waits, runs or failed there. A repetition of
 * what was loaded is set aside where it would double the rows, unless a person asked for it.
 */
export function plantCarga(
  tx: Db,
  materializacion: MaterializacionRow,
  { executionId, asked, rehacer, now }: Planting,
): string | null {
  const uuid = randomUUID()
  const { id: materializacionId, destino_id: destinoId } = materializacion
  if (!insertCarga(tx, { uuid, materializacionId, destinoId, executionId, rehacer }, now)) return null
  const former =
    asked || !doublesRows(materializacion.configuracion)
      ? null
      : findCargada(tx, materializacionId, executionId)
  if (former) endCarga(tx, uuid, 'cancelado', repeated(former.archivo_datos), now)
  return uuid
}
