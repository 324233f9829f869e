import { type Estado, estadoSchema } from '@shared/model/execution'
import { z } from 'zod'
import type { Db } from '../db'
import { rowId } from './common'

/**
 * Submissions (view `envios`): what came for the first time, accepted or refused. A repetition, what a person cancelled, a content that
 * its sender sent before and what it may not send are none.
 */
export interface Envio {
  recibidoEn: string
  archivo: string
  archivoId: number | null
  /** null while the file waits for its turn, and once its execution was removed. */
  executionId: string | null
  estado: Estado | null
}

const envioRow = z
  .object({
    recibida_en: z.string(),
    archivo_datos: z.string(),
    archivo_id: rowId.nullable(),
    uuid: z.string().nullable(),
    estado: estadoSchema.nullable(),
  })
  .transform(
    (row): Envio => ({
      recibidoEn: row.recibida_en,
      archivo: row.archivo_datos,
      archivoId: row.archivo_id,
      executionId: row.uuid,
      estado: row.estado,
    }),
  )

/** Files without an execution yet. */
const IS_WAITING =
  'a.desenlace IS NULL AND NOT EXISTS (SELECT 1 FROM ejecuciones_yaml e WHERE e.uuid = a.ejecucion_uuid)'

/** Keeps that an execution's file came, for when the execution is removed; what was no submission leaves nothing. */
export function keepEnvio(db: Db, uuid: string): void {
  db.prepare(
    `INSERT INTO envios_sin_ejecucion (casilla_id, emisor_id, recibida_en, archivo_datos, archivo_id, estado)
       SELECT casilla_id, emisor_id, recibida_en, archivo_datos, archivo_id, estado FROM envios WHERE uuid = ?`,
  ).run(uuid)
}

const lastRow = z.object({ casilla_id: rowId, emisor_id: rowId.nullable(), fecha: z.string() })
export type LastEnvio = z.output<typeof lastRow>

/** The last one that an index finds by itself, whatever the history. */
const lastOne = (sender: string): string =>
  `(SELECT e.recibida_en FROM envios e WHERE e.casilla_id = c.id ${sender} ORDER BY e.recibida_en DESC LIMIT 1)`

const waitingOf = `FROM archivos_recibidos a WHERE ${IS_WAITING} AND (@casillaId IS NULL OR a.casilla_id = @casillaId)`

/** When each sender that may send to a casilla (or to any), and anyone (null), last sent something to it. */
export const listLastEnvios = (db: Db, casillaId: number | null): LastEnvio[] =>
  z.array(lastRow).parse(
    db
      .prepare(
        `SELECT casilla_id, emisor_id, max(fecha) AS fecha FROM (
           SELECT c.id AS casilla_id, NULL AS emisor_id, ${lastOne('')} AS fecha FROM casillas_datos c
             WHERE c.eliminado_en IS NULL AND (@casillaId IS NULL OR c.id = @casillaId)
           UNION ALL
           SELECT c.id, p.emisor_id, ${lastOne('AND e.emisor_id = p.emisor_id')}
             FROM (SELECT DISTINCT casilla_id, emisor_id FROM emisores_por_casilla) p JOIN casillas_datos c ON c.id = p.casilla_id
             WHERE c.eliminado_en IS NULL AND (@casillaId IS NULL OR c.id = @casillaId)
           UNION ALL
           SELECT a.casilla_id, NULL, max(a.detectado_en) ${waitingOf} GROUP BY a.casilla_id
           UNION ALL
           SELECT a.casilla_id, a.emisor_id, max(a.detectado_en) ${waitingOf} AND a.emisor_id IS NOT NULL GROUP BY a.casilla_id, a.emisor_id
         ) WHERE fecha IS NOT NULL GROUP BY casilla_id, emisor_id`,
      )
      .all({ casillaId }),
  )

const waitingRow = z.object({
  casilla_id: rowId,
  emisor_id: rowId.nullable(),
  id: rowId,
  nombre: z.string(),
  detectado_en: z.string(),
})
type Waiting = z.output<typeof waitingRow>

/** Answers when something came to a casilla from one sender, or from anyone (null). Instants are ISO UTC. */
export interface Envios {
  /** The first one: `from` <= instant < `to` (null: no end). */
  first(casillaId: number, emisorId: number | null, from: string, to: string | null): Envio | null
  /** The last one before an instant. */
  lastBefore(casillaId: number, emisorId: number | null, before: string): string | null
}

/** Reads what waits once: to be made for each question that a person asks. */
export function openEnvios(db: Db): Envios {
  // The first of each minute: a burst of thousands must not be walked for each date.
  const waiting = z.array(waitingRow).parse(
    db
      .prepare(
        `SELECT a.casilla_id, a.emisor_id, a.id, a.nombre, min(a.detectado_en) AS detectado_en
           FROM archivos_recibidos a WHERE ${IS_WAITING} GROUP BY a.casilla_id, a.emisor_id, substr(a.detectado_en, 1, 16) ORDER BY 5`,
      )
      .all(),
  )
  const columns = 'recibida_en, archivo_datos, archivo_id, uuid, estado'
  const firstOf = (sender: string) =>
    db.prepare(
      `SELECT ${columns} FROM envios WHERE casilla_id = @casillaId ${sender}
         AND recibida_en >= @from AND recibida_en < @to ORDER BY recibida_en LIMIT 1`,
    )
  const lastOf = (sender: string) =>
    db
      .prepare(
        `SELECT recibida_en FROM envios WHERE casilla_id = @casillaId ${sender} AND recibida_en < @before
           ORDER BY recibida_en DESC LIMIT 1`,
      )
      .pluck()
  const ofOne = 'AND emisor_id = @emisorId'
  const [first, firstBySender, last, lastBySender] = [firstOf(''), firstOf(ofOne), lastOf(''), lastOf(ofOne)]
  const isOf = (row: Waiting, casillaId: number, emisorId: number | null): boolean =>
    row.casilla_id === casillaId && (emisorId === null || row.emisor_id === emisorId)

  return {
    first(casillaId, emisorId, from, to) {
      // Past any date that is written with four digits.
      const range = { casillaId, from, to: to ?? '9999-12-31T23:59:59.999Z' }
      const found = emisorId === null ? first.get(range) : firstBySender.get({ ...range, emisorId })
      const judged = envioRow.nullable().parse(found ?? null)
      const queued = waiting.find(
        (row) => isOf(row, casillaId, emisorId) && row.detectado_en >= from && row.detectado_en < range.to,
      )
      if (!queued || (judged && judged.recibidoEn <= queued.detectado_en)) return judged
      return {
        recibidoEn: queued.detectado_en,
        archivo: queued.nombre,
        archivoId: queued.id,
        executionId: null,
        estado: null,
      }
    },
    lastBefore(casillaId, emisorId, before) {
      const range = { casillaId, before }
      const found = emisorId === null ? last.get(range) : lastBySender.get({ ...range, emisorId })
      const judged = z
        .string()
        .nullable()
        .parse(found ?? null)
      const queued = waiting.findLast(
        (row) => isOf(row, casillaId, emisorId) && row.detectado_en < before,
      )?.detectado_en
      if (queued === undefined) return judged
      return judged === null || judged < queued ? queued : judged
    },
  }
}
