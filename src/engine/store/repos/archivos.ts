import type { AppErrorData } from '@shared/errors/app-error'
import type { Estado, Fase } from '@shared/model/execution'
import {
  type ArchivoRecibido,
  type Desenlace,
  desenlaceSchema,
  type EstadoArchivo,
  estadoArchivoSchema,
} from '@shared/model/recepcion'
import { z } from 'zod'
import type { Db } from '../db'
import { rowId } from './common'

export const archivoRow = z.object({
  id: rowId,
  casilla_id: rowId,
  casilla_nombre: z.string(),
  emisor_id: rowId.nullable(),
  emisor_nombre: z.string().nullable(),
  metodo_envio: z.string(),
  ruta: z.string(),
  nombre: z.string(),
  bytes: z.number(),
  huella: z.string(),
  sha256: z.string().nullable(),
  estado: estadoArchivoSchema,
  desenlace: desenlaceSchema.nullable(),
  motivo: z.string().nullable(),
  intentos: z.number().int(),
  caidas: z.number().int(),
  proximo_intento: z.string().nullable(),
  prioridad: z.number().int(),
  reclamado_por: z.string().nullable(),
  reclamo_vence: z.string().nullable(),
  reclamo_remoto: z.string().nullable(),
  ejecucion_uuid: z.string().nullable(),
  duplicado_de: rowId.nullable(),
  ruta_final: z.string().nullable(),
  detectado_en: z.string(),
  modificado_en: z.string(),
  terminado_en: z.string().nullable(),
})
export type ArchivoRow = z.output<typeof archivoRow>

export const FROM_ARCHIVOS = `FROM archivos_recibidos a JOIN casillas_datos c ON c.id = a.casilla_id LEFT JOIN emisores m ON m.id = a.emisor_id`
export const SELECT_ARCHIVOS = `SELECT a.*, c.nombre AS casilla_nombre, m.nombre AS emisor_nombre ${FROM_ARCHIVOS}`

/** The row as the contract shows it: paths of the machine stay in the engine. */
export const toArchivo = (row: ArchivoRow): ArchivoRecibido => ({
  id: row.id,
  casillaId: row.casilla_id,
  casillaNombre: row.casilla_nombre,
  emisorId: row.emisor_id,
  emisorNombre: row.emisor_nombre,
  metodo: row.metodo_envio,
  nombre: row.nombre,
  bytes: row.bytes,
  sha256: row.sha256,
  estado: row.estado,
  desenlace: row.desenlace,
  motivo: row.motivo,
  intentos: row.intentos,
  proximoIntento: row.proximo_intento,
  executionId: row.ejecucion_uuid,
  duplicadoDe: row.duplicado_de,
  detectadoEn: row.detectado_en,
  terminadoEn: row.terminado_en,
})

export interface NewArchivo {
  casillaId: number
  emisorId: number | null
  metodo: string
  ruta: string
  nombre: string
  bytes: number
  huella: string
  modificadoEn: string
}

/** A file as it lies there: its original is where it was, waiting to be moved or left there for good. */
const KNOWN = `SELECT 1 FROM archivos_recibidos WHERE casilla_id = @casillaId AND ruta = @ruta AND huella = @huella`

/** False when that file, as it lies there, is already known. */
export const insertArchivo = (db: Db, archivo: NewArchivo, now: string): boolean =>
  db
    .prepare(
      `INSERT INTO archivos_recibidos (casilla_id, emisor_id, metodo_envio, ruta, nombre, bytes, huella, estado, detectado_en, modificado_en)
       SELECT @casillaId, @emisorId, @metodo, @ruta, @nombre, @bytes, @huella, 'detectado', @now, @modificadoEn
       WHERE NOT EXISTS (${KNOWN} AND ruta_final = ruta)
       ON CONFLICT (casilla_id, ruta, huella) WHERE ruta_final IS NULL DO NOTHING`,
    )
    .run({ ...archivo, now }).changes > 0

/** True when that file, as it lies there, has a row already. */
export const knowsArchivo = (db: Db, casillaId: number, ruta: string, huella: string): boolean =>
  db
    .prepare(`${KNOWN} AND ruta_final IS NULL UNION ALL ${KNOWN} AND ruta_final = ruta LIMIT 1`)
    .get({ casillaId, ruta, huella }) !== undefined

/** What this engine claims the file with where others may claim it too. */
export function setReclamo(db: Db, id: number, token: string): void {
  db.prepare('UPDATE archivos_recibidos SET reclamo_remoto = ? WHERE id = ?').run(token, id)
}

export const findArchivo = (db: Db, id: number): ArchivoRow | null =>
  archivoRow.nullable().parse(db.prepare(`${SELECT_ARCHIVOS} WHERE a.id = ?`).get(id) ?? null)

const rows = (db: Db, where: string, ...values: unknown[]): ArchivoRow[] =>
  z.array(archivoRow).parse(db.prepare(`${SELECT_ARCHIVOS} WHERE ${where} ORDER BY a.id`).all(...values))

/** Taken by someone (dead or alive) and without an outcome. */
export const listClaimed = (db: Db): ArchivoRow[] =>
  rows(db, "a.desenlace IS NULL AND a.estado <> 'detectado'")

/** Casillas with files that have an outcome and whose original is still where it was. */
export const casillasToMove = (db: Db): number[] =>
  z
    .array(rowId)
    .parse(
      db
        .prepare(
          'SELECT DISTINCT casilla_id FROM archivos_recibidos WHERE desenlace IS NOT NULL AND ruta_final IS NULL',
        )
        .pluck()
        .all(),
    )

/** Those files of a casilla, the first to end first. */
export const listToMove = (db: Db, casillaId: number, limit: number): ArchivoRow[] =>
  z
    .array(archivoRow)
    .parse(
      db
        .prepare(
          `${SELECT_ARCHIVOS} WHERE a.casilla_id = ? AND a.desenlace IS NOT NULL AND a.ruta_final IS NULL ORDER BY a.terminado_en LIMIT ?`,
        )
        .all(casillaId, limit),
    )

const nextRow = z.object({ id: rowId, ejecucion_uuid: z.string().nullable() })

/** What a casilla would do next, in order: the first ones of the queue that nobody holds and whose time has come. */
export const listReady = (db: Db, casillaId: number, now: string, limit: number) =>
  z.array(nextRow).parse(
    db
      .prepare(
        `SELECT id, ejecucion_uuid FROM archivos_recibidos
         WHERE casilla_id = @casillaId AND desenlace IS NULL AND estado <> 'materializando'
           AND (proximo_intento IS NULL OR proximo_intento <= @now)
           AND (reclamado_por IS NULL OR reclamo_vence < @now)
         ORDER BY prioridad DESC, id LIMIT @limit`,
      )
      .all({ casillaId, now, limit }),
  )

/** When the next file that waits for its time may be tried. */
export const nextDue = (db: Db, now: string): string | null =>
  z
    .string()
    .nullable()
    .parse(
      db
        .prepare(
          `SELECT min(a.proximo_intento) ${FROM_ARCHIVOS} WHERE a.desenlace IS NULL AND a.proximo_intento > ?
             AND c.is_active = 1 AND c.pausada_en IS NULL AND c.eliminado_en IS NULL`,
        )
        .pluck()
        .get(now),
    )

export interface Claim {
  owner: string
  expires: string
  uuid: string
  now: string
}

/** Takes a file for `owner` until `expires`; null when someone else has it or it has ended. */
export function claimArchivo(db: Db, id: number, claim: Claim): ArchivoRow | null {
  const taken = db
    .prepare(
      `UPDATE archivos_recibidos SET reclamado_por = @owner, reclamo_vence = @expires, intentos = intentos + 1, proximo_intento = NULL,
         motivo = NULL, estado = iif(estado = 'detectado', 'reclamado', estado), ejecucion_uuid = coalesce(ejecucion_uuid, @uuid)
       WHERE id = @id AND desenlace IS NULL AND estado <> 'materializando' AND (reclamado_por IS NULL OR reclamo_vence < @now)`,
    )
    .run({ ...claim, id }).changes
  return taken > 0 ? findArchivo(db, id) : null
}

/** Puts off the end of every claim of `owner`. */
export const renewClaims = (db: Db, owner: string, expires: string): number =>
  db
    .prepare('UPDATE archivos_recibidos SET reclamo_vence = ? WHERE reclamado_por = ? AND desenlace IS NULL')
    .run(expires, owner).changes

const FREE = 'reclamado_por = NULL, reclamo_vence = NULL'

export interface Postponed {
  motivo: string | null
  proximoIntento: string | null
  /** `detectado` starts over with a new execution; `copiado` keeps the copy and its execution. */
  estado: Extract<EstadoArchivo, 'detectado' | 'copiado'>
  /** Added to the counts of tries and of deaths of the engine. */
  intentos?: number
  caidas?: number
}

/** Lets go of a file to be tried later. */
export function postponeArchivo(db: Db, id: number, change: Postponed): void {
  db.prepare(
    `UPDATE archivos_recibidos SET estado = @estado, motivo = @motivo, proximo_intento = @proximoIntento, ${FREE},
       intentos = max(0, intentos + @intentos), caidas = caidas + @caidas,
       ejecucion_uuid = iif(@estado = 'detectado', NULL, ejecucion_uuid), sha256 = iif(@estado = 'detectado', NULL, sha256)
     WHERE id = @id AND desenlace IS NULL`,
  ).run({ intentos: 0, caidas: 0, ...change, id })
}

/** Lets go of the file that an execution judges, as if its try had not begun. */
export function releaseArchivoOf(db: Db, uuid: string): void {
  const id = openArchivoOf(db, uuid)
  if (id !== null)
    postponeArchivo(db, id, { estado: 'copiado', motivo: null, proximoIntento: null, intentos: -1 })
}

/** The file changed before it was taken: the row follows it. False when that content already has a row. */
export const rekeyArchivo = (
  db: Db,
  id: number,
  found: { bytes: number; huella: string; modificadoEn: string },
): boolean =>
  db
    .prepare(
      'UPDATE OR IGNORE archivos_recibidos SET bytes = @bytes, huella = @huella, modificado_en = @modificadoEn WHERE id = @id',
    )
    .run({ ...found, id }).changes > 0

export function markCopied(db: Db, id: number, sha256: string, bytes: number): void {
  db.prepare(
    "UPDATE archivos_recibidos SET estado = 'copiado', sha256 = ?, bytes = ? WHERE id = ? AND desenlace IS NULL",
  ).run(sha256, bytes, id)
}

export function markValidating(db: Db, uuid: string): void {
  db.prepare(
    "UPDATE archivos_recibidos SET estado = 'validando' WHERE ejecucion_uuid = ? AND desenlace IS NULL",
  ).run(uuid)
}

/** Every check of its file is done; what is left is to hand on what was accepted and to write it down. */
export function markValidated(db: Db, uuid: string): void {
  db.prepare(
    "UPDATE archivos_recibidos SET estado = 'validado' WHERE ejecucion_uuid = ? AND estado = 'validando'",
  ).run(uuid)
}

export interface ArchivoEnd {
  desenlace: Desenlace
  /** In quarantine it waits for a person; else it has ended. */
  cuarentena?: boolean
  motivo: string | null
  duplicadoDe?: number | null
  /** Where its original stays; '' when none is left to move. */
  rutaFinal?: string
  now: string
}

/** Gives a file its only outcome; one that has one stays as it is (false). It keeps no execution that never was. */
export const endArchivo = (db: Db, id: number, end: ArchivoEnd): boolean =>
  db
    .prepare(
      `UPDATE archivos_recibidos SET estado = @estado, desenlace = @desenlace, motivo = @motivo, duplicado_de = @duplicadoDe,
         ruta_final = @rutaFinal, terminado_en = @now, proximo_intento = NULL, ${FREE},
         ejecucion_uuid = (SELECT e.uuid FROM ejecuciones_yaml e WHERE e.uuid = archivos_recibidos.ejecucion_uuid) WHERE id = @id AND desenlace IS NULL`,
    )
    .run({
      id,
      estado: end.cuarentena ? 'cuarentena' : 'terminado',
      desenlace: end.desenlace,
      motivo: end.motivo,
      duplicadoDe: end.duplicadoDe ?? null,
      rutaFinal: end.rutaFinal ?? null,
      now: end.now,
    }).changes > 0

/** The open file that an execution judges. */
export const openArchivoOf = (db: Db, uuid: string): number | null =>
  rowId
    .nullable()
    .parse(
      db
        .prepare('SELECT id FROM archivos_recibidos WHERE ejecucion_uuid = ? AND desenlace IS NULL')
        .pluck()
        .get(uuid) ?? null,
    )

export const DESENLACE: Record<Estado, Desenlace> = {
  Éxito: 'aceptado',
  Parcial: 'parcial',
  Fallido: 'rechazado',
}

/** How an execution ends, as far as its file is concerned. */
export interface JudgedEnd {
  fase: Fase
  estado?: Estado
  error?: AppErrorData
  now: string
}

/**
 * Ends the file of an execution with it, in the same transaction; null when it has none that is open. What its sender must mend is
 * refused; what may be mended here (a setting, the disk, a fault of ours) waits in quarantine.
 */
export function endArchivoOf(db: Db, uuid: string, end: JudgedEnd): number | null {
  const id = openArchivoOf(db, uuid)
  if (id === null) return null
  const { error, now } = end
  if (end.fase === 'terminada' && end.estado) {
    endArchivo(db, id, { desenlace: DESENLACE[end.estado], motivo: null, now })
  } else if (end.fase === 'cancelada') {
    endArchivo(db, id, { desenlace: 'cancelado', motivo: 'Una persona canceló su ejecución.', now })
  } else if (error?.kind === 'input' || error?.kind === 'unsupported') {
    endArchivo(db, id, { desenlace: 'rechazado', motivo: error.message, now })
  } else {
    endArchivo(db, id, { desenlace: 'error', cuarentena: true, motivo: error?.message ?? null, now })
  }
  return id
}

/** One of a batch, so that moving thousands of originals does not cost a commit each. */
export function setMoved(db: Db, moved: readonly { id: number; rutaFinal: string }[]): void {
  const update = db.prepare('UPDATE archivos_recibidos SET ruta_final = ? WHERE id = ?')
  for (const { id, rutaFinal } of moved) update.run(rutaFinal, id)
}

/**
 * The file of the casilla, by the same sender, that has the same content and makes this one superfluous: one on its way, accepted, or
 * refused by the YAML the casilla still has (another YAML may judge it otherwise). Two senders with equal files each sent their own.
 */
export const findSameContent = (
  db: Db,
  { casilla_id, emisor_id, id }: ArchivoRow,
  sha256: string,
): number | null =>
  rowId.nullable().parse(
    db
      .prepare(
        `SELECT a.id ${FROM_ARCHIVOS} LEFT JOIN ejecuciones_yaml e ON e.uuid = a.ejecucion_uuid
           WHERE a.casilla_id = @casilla_id AND a.emisor_id IS @emisor_id AND a.sha256 = @sha256 AND a.id <> @id
             AND (a.desenlace IS NULL OR a.desenlace IN ('aceptado', 'parcial')
               OR (a.desenlace = 'rechazado' AND e.yaml_version = c.yaml_version AND e.politica = c.politica))
           ORDER BY a.id LIMIT 1`,
      )
      .pluck()
      .get({ casilla_id, emisor_id, sha256, id }) ?? null,
  )

/** Takes a file out of quarantine, where it lies now; false when it is not there. */
export const reviveArchivo = (
  db: Db,
  id: number,
  place: { ruta: string; bytes: number; huella: string },
): boolean =>
  db
    .prepare(
      `UPDATE OR IGNORE archivos_recibidos SET estado = 'detectado', desenlace = NULL, motivo = NULL, terminado_en = NULL, intentos = 0,
         caidas = 0, proximo_intento = NULL, ejecucion_uuid = NULL, sha256 = NULL, ruta = @ruta, bytes = @bytes, huella = @huella,
         ruta_final = NULL, ${FREE} WHERE id = @id AND estado = 'cuarentena'`,
    )
    .run({ ...place, id }).changes > 0

/** Puts the waiting files of a casilla (or one of them) first and lets them be tried now. */
export const hurryArchivos = (db: Db, casillaId: number, archivoId: number | null): number =>
  db
    .prepare(
      `UPDATE archivos_recibidos SET prioridad = 1, proximo_intento = NULL
       WHERE casilla_id = @casillaId AND desenlace IS NULL AND estado <> 'materializando' AND reclamado_por IS NULL
         AND (@archivoId IS NULL OR id = @archivoId)`,
    )
    .run({ casillaId, archivoId }).changes

/** The place of a casilla's files is back: those that were put off may be tried now. */
export function wakeArchivos(db: Db, casillaId: number): void {
  db.prepare(
    'UPDATE archivos_recibidos SET proximo_intento = NULL WHERE casilla_id = ? AND desenlace IS NULL AND proximo_intento IS NOT NULL',
  ).run(casillaId)
}

/** Ends what a removed casilla still had waiting; its originals stay where they are. What was judged ends by its own outcome. */
export const endOfRemoved = (db: Db, now: string): number =>
  db
    .prepare(
      `UPDATE archivos_recibidos SET estado = 'terminado', desenlace = 'cancelado', motivo = 'La casilla se eliminó.', ruta_final = '',
         terminado_en = @now, ${FREE}
       WHERE desenlace IS NULL AND estado <> 'materializando' AND reclamado_por IS NULL
         AND casilla_id IN (SELECT id FROM casillas_datos WHERE eliminado_en IS NOT NULL)`,
    )
    .run({ now }).changes
