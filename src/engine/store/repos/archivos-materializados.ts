import { estadoSchema } from '@shared/model/execution'
import { z } from 'zod'
import type { Db } from '../db'
import { DESENLACE, endArchivo } from './archivos'
import { FROM_CARGAS, IS_DUE } from './cargas'
import { rowId } from './common'

/** What an execution accepted is handed on: the outcome of its file waits for that. Nobody holds it meanwhile. */
export function markMaterializando(db: Db, uuid: string): void {
  db.prepare(
    `UPDATE archivos_recibidos SET estado = 'materializando', reclamado_por = NULL, reclamo_vence = NULL
     WHERE ejecucion_uuid = ? AND desenlace IS NULL`,
  ).run(uuid)
}

const handedRow = z.object({ id: rowId, estado: estadoSchema, abiertas: z.number().int() })

/**
 * Ends the files that wait for their loads and need wait no more: every load ended, was put off, or stands behind one that was. What was
 * accepted stays so: a load that failed is a matter of its destination. `executionId`: only the file of that execution. Gives their ids.
 */
export function endMaterializados(db: Db, executionId: string | null, now: string): number[] {
  // Each by its own index: thousands of files may wait at once.
  const which = executionId === null ? '' : 'a.ejecucion_uuid = @executionId AND a.desenlace IS NULL AND '
  const rows = z.array(handedRow).parse(
    db
      .prepare(
        `SELECT a.id, e.estado, (SELECT count(*) FROM materializaciones_ejecuciones p WHERE p.ejecucion_uuid = e.uuid
             AND p.estado IN ('en_espera', 'en_proceso', 'error')) AS abiertas
           FROM archivos_recibidos a JOIN ejecuciones_yaml e ON e.uuid = a.ejecucion_uuid
           WHERE ${which}a.estado = 'materializando'
             AND NOT EXISTS (SELECT 1 ${FROM_CARGAS} WHERE l.ejecucion_uuid = e.uuid AND ${IS_DUE})`,
      )
      .all({ executionId }),
  )
  for (const { id, estado, abiertas } of rows) {
    const motivo = abiertas === 0 ? null : abiertas === 1 ? 'Falta una carga.' : `Faltan ${abiertas} cargas.`
    endArchivo(db, id, { desenlace: DESENLACE[estado], motivo, now })
  }
  return rows.map(({ id }) => id)
}
