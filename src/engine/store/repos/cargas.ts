import { type AppErrorData, appErrorDataSchema } from '@shared/errors/app-error'
import { type Carga, cargaSchema, type EstadoCarga, estadoCargaSchema } from '@shared/model/materializacion'
import { z } from 'zod'
import { type Db, likeAnywhere } from '../db'
import { flag, json, pageOf, rowId } from './common'

const tablas = cargaSchema.shape.tablas

const cargaRow = z.object({
  id: rowId,
  uuid: z.uuid(),
  materializacion_id: rowId,
  materializacion_nombre: z.string(),
  ordenada: flag,
  casilla_id: rowId,
  casilla_nombre: z.string(),
  destino_id: z.number().int().min(0),
  destino_nombre: z.string(),
  ejecucion_uuid: z.uuid(),
  archivo_datos: z.string(),
  recibida_en: z.string(),
  ejecucion_id: rowId,
  estado: estadoCargaSchema,
  intentos: z.number().int(),
  caidas: z.number().int(),
  proximo_intento: z.string().nullable(),
  retenida_por: z.string().nullable(),
  rehacer: flag,
  repetida: flag,
  leidas: z.number().int(),
  insertadas: z.number().int(),
  actualizadas: z.number().int(),
  eliminadas: z.number().int(),
  bytes: z.number(),
  tablas: json(tablas),
  error: json(appErrorDataSchema).nullable(),
  creado_en: z.string(),
  iniciada_en: z.string().nullable(),
  terminada_en: z.string().nullable(),
})
export type CargaRow = z.output<typeof cargaRow>

/** As the partial indexes say it: SQLite uses them only when it reads the same words. */
const OPEN = `estado IN ('en_espera', 'en_proceso', 'error')`

/** An earlier load of the same materialization that failed, or waits to be tried again: what stands before `l` where order matters. */
const HOLDER = `materializaciones_ejecuciones h WHERE h.materializacion_id = l.materializacion_id AND h.${OPEN}
  AND (h.recibida_en, h.ejecucion_id) < (l.recibida_en, l.ejecucion_id)
  AND (h.estado = 'error' OR (h.estado = 'en_espera' AND h.proximo_intento IS NOT NULL))`
const IS_HELD = `(m.ordenada = 1 AND EXISTS (SELECT 1 FROM ${HOLDER}))`

const FROM = `FROM materializaciones_ejecuciones l JOIN materializaciones m ON m.id = l.materializacion_id
  JOIN casillas_datos c ON c.id = m.casilla_id JOIN destinos d ON d.id = l.destino_id`
const SELECT = `SELECT l.*, m.nombre AS materializacion_nombre, m.ordenada, m.casilla_id, c.nombre AS casilla_nombre,
    d.nombre AS destino_nombre, iif(l.estado = 'en_espera' AND m.ordenada = 1,
      (SELECT h.archivo_datos FROM ${HOLDER} ORDER BY h.recibida_en, h.ejecucion_id LIMIT 1), NULL) AS retenida_por
  ${FROM}`

export const toCarga = (row: CargaRow): Carga => ({
  id: row.uuid,
  materializacionId: row.materializacion_id,
  materializacionNombre: row.materializacion_nombre,
  casillaId: row.casilla_id,
  casillaNombre: row.casilla_nombre,
  destinoId: row.destino_id,
  destinoNombre: row.destino_nombre,
  executionId: row.ejecucion_uuid,
  archivo: row.archivo_datos,
  estado: row.estado,
  intentos: row.intentos,
  proximoIntento: row.proximo_intento,
  retenidaPor: row.retenida_por,
  repetida: row.repetida,
  totales: {
    leidas: row.leidas,
    insertadas: row.insertadas,
    actualizadas: row.actualizadas,
    eliminadas: row.eliminadas,
  },
  bytes: row.bytes,
  tablas: row.tablas,
  error: row.error,
  creadaEn: row.creado_en,
  iniciadaEn: row.iniciada_en,
  terminadaEn: row.terminada_en,
})

export const findCarga = (db: Db, uuid: string): CargaRow | null =>
  cargaRow.nullable().parse(db.prepare(`${SELECT} WHERE l.uuid = ?`).get(uuid) ?? null)

/** The newest load of each materialization, or of one. */
export const listUltimas = (db: Db, materializacionId: number | null): CargaRow[] =>
  z.array(cargaRow).parse(
    db
      .prepare(
        `${SELECT} WHERE l.id IN (SELECT (SELECT max(u.id) FROM materializaciones_ejecuciones u WHERE u.materializacion_id = x.id)
             FROM materializaciones x WHERE @materializacionId IS NULL OR x.id = @materializacionId)`,
      )
      .all({ materializacionId }),
  )

export interface NewCarga {
  uuid: string
  materializacionId: number
  destinoId: number
  executionId: string
  /** Also if it was loaded before. */
  rehacer: boolean
}

/** False when that execution already waits, runs or failed there. The execution says which file, and its place in the order. */
export const insertCarga = (db: Db, carga: NewCarga, now: string): boolean =>
  db
    .prepare(
      `INSERT INTO materializaciones_ejecuciones (uuid, materializacion_id, destino_id, ejecucion_uuid, archivo_datos, recibida_en,
         ejecucion_id, rehacer, creado_en)
       SELECT @uuid, @materializacionId, @destinoId, e.uuid, e.archivo_datos, e.recibida_en, e.id, @rehacer, @now
       FROM ejecuciones_yaml e WHERE e.uuid = @executionId
       ON CONFLICT (materializacion_id, ejecucion_uuid) WHERE ${OPEN} DO NOTHING`,
    )
    .run({ ...carga, rehacer: Number(carga.rehacer), now }).changes > 0

/** False when it waits no more. From here on it writes to the destination that its materialization has now. */
export const startCarga = (db: Db, uuid: string, now: string): boolean =>
  db
    .prepare(
      `UPDATE materializaciones_ejecuciones SET estado = 'en_proceso', intentos = intentos + 1, proximo_intento = NULL, iniciada_en = ?,
         destino_id = (SELECT m.destino_id FROM materializaciones m WHERE m.id = materializacion_id)
       WHERE uuid = ? AND estado = 'en_espera'`,
    )
    .run(now, uuid).changes > 0

export interface CargaDone {
  repetida: boolean
  totales: Carga['totales']
  bytes: number
  tablas: Carga['tablas']
}

export function completeCarga(db: Db, uuid: string, done: CargaDone, now: string): void {
  db.prepare(
    `UPDATE materializaciones_ejecuciones SET estado = 'completado', repetida = @repetida, leidas = @leidas, insertadas = @insertadas,
       actualizadas = @actualizadas, eliminadas = @eliminadas, bytes = @bytes, tablas = @tablas, error = NULL, proximo_intento = NULL,
       terminada_en = @now WHERE uuid = @uuid`,
  ).run({
    uuid,
    ...done.totales,
    repetida: Number(done.repetida),
    bytes: done.bytes,
    tablas: JSON.stringify(done.tablas),
    now,
  })
}

/** Waits again, until `proximoIntento` when there is one. `spent`: this try counts; `died`: the engine died in it. */
export function postponeCarga(
  db: Db,
  uuid: string,
  change: { proximoIntento: string | null; error: AppErrorData | null; spent: boolean; died?: boolean },
): void {
  db.prepare(
    `UPDATE materializaciones_ejecuciones SET estado = 'en_espera', proximo_intento = @proximo, error = @error, iniciada_en = NULL,
       intentos = max(0, intentos - @unspent), caidas = caidas + @died WHERE uuid = @uuid AND estado = 'en_proceso'`,
  ).run({
    uuid,
    proximo: change.proximoIntento,
    error: change.error && JSON.stringify(change.error),
    unspent: Number(!change.spent),
    died: Number(change.died ?? false),
  })
}

/** Ends one that is open; false when it is not. */
export const endCarga = (
  db: Db,
  uuid: string,
  estado: 'error' | 'cancelado',
  error: AppErrorData | null,
  now: string,
): boolean =>
  db
    .prepare(
      `UPDATE materializaciones_ejecuciones SET estado = @estado, error = coalesce(@error, error), proximo_intento = NULL,
         terminada_en = @now WHERE uuid = @uuid AND ${OPEN}`,
    )
    .run({ uuid, estado, error: error && JSON.stringify(error), now }).changes > 0

/** A person asks again: all its tries are before it. False when it is running, done, or another of its execution is open. */
export const reviveCarga = (db: Db, uuid: string): boolean =>
  db
    .prepare(
      `UPDATE OR IGNORE materializaciones_ejecuciones SET estado = 'en_espera', intentos = 0, caidas = 0, proximo_intento = NULL,
         error = NULL, iniciada_en = NULL, terminada_en = NULL
       WHERE uuid = ? AND (estado IN ('error', 'cancelado') OR (estado = 'en_espera' AND proximo_intento IS NOT NULL))`,
    )
    .run(uuid).changes > 0

/** Lets those be tried now that were put off because of one of these errors. */
export const hurryCargas = (db: Db, codes: readonly string[]): number =>
  db
    .prepare(
      `UPDATE materializaciones_ejecuciones SET proximo_intento = NULL WHERE estado = 'en_espera' AND proximo_intento IS NOT NULL
         AND json_extract(error, '$.code') IN (SELECT value FROM json_each(?))`,
    )
    .run(JSON.stringify(codes)).changes

/** What a dead engine was loading. */
export const listEnProceso = (db: Db): CargaRow[] =>
  z.array(cargaRow).parse(db.prepare(`${SELECT} WHERE l.estado = 'en_proceso' ORDER BY l.id`).all())

/** Materializations that have something to load now, as far as time goes. */
export const listLanes = (db: Db, now: string): number[] =>
  z.array(rowId).parse(
    db
      .prepare(
        `SELECT m.id FROM materializaciones m JOIN casillas_datos c ON c.id = m.casilla_id
           WHERE m.estado = 'activo' AND c.eliminado_en IS NULL AND EXISTS (SELECT 1 FROM materializaciones_ejecuciones l
           WHERE l.materializacion_id = m.id AND l.${OPEN} AND l.estado = 'en_espera'
             AND (l.proximo_intento IS NULL OR l.proximo_intento <= @now)) ORDER BY m.id`,
      )
      .pluck()
      .all({ now }),
  )

/**
 * The load that a materialization does next. Where order matters it is the first that is open, once nothing that came before it is still
 * being judged; else the first that waits.
 */
export function nextCarga(db: Db, materializacionId: number, now: string): CargaRow | null {
  const ordenada = db
    .prepare('SELECT ordenada FROM materializaciones WHERE id = @materializacionId')
    .pluck()
    .get({ materializacionId })
  const which =
    ordenada === 1
      ? `l.id = (SELECT h.id FROM materializaciones_ejecuciones h WHERE h.materializacion_id = @materializacionId AND h.${OPEN}
           ORDER BY h.recibida_en, h.ejecucion_id LIMIT 1)
         AND NOT EXISTS (SELECT 1 FROM ejecuciones_yaml e WHERE e.fase IN ('en_espera', 'en_curso')
           AND e.casilla_id = m.casilla_id AND (e.recibida_en, e.id) < (l.recibida_en, l.ejecucion_id))`
      : `l.materializacion_id = @materializacionId AND l.${OPEN}`
  const found = db
    .prepare(
      `${SELECT} WHERE ${which} AND l.estado = 'en_espera' AND (l.proximo_intento IS NULL OR l.proximo_intento <= @now)
       ORDER BY l.recibida_en, l.ejecucion_id LIMIT 1`,
    )
    .get({ materializacionId, now })
  return cargaRow.nullable().parse(found ?? null)
}

/** When the next load that was put off may be tried. */
export const nextCargaDue = (db: Db, now: string): string | null =>
  z
    .string()
    .nullable()
    .parse(
      db
        .prepare(
          `SELECT min(l.proximo_intento) FROM materializaciones_ejecuciones l JOIN materializaciones m ON m.id = l.materializacion_id
             WHERE l.estado = 'en_espera' AND l.proximo_intento IS NOT NULL AND l.proximo_intento > @now AND m.estado = 'activo'`,
        )
        .pluck()
        .get({ now }),
    )

/** Loads that wait, run, or failed and may be tried again: an execution is kept for them. */
export const openCargasOf = (db: Db, executionId: string): CargaRow[] =>
  z
    .array(cargaRow)
    .parse(
      db
        .prepare(`${SELECT} WHERE l.ejecucion_uuid = @executionId AND l.${OPEN} ORDER BY l.id`)
        .all({ executionId }),
    )

/** Ends what the materializations of a removed casilla still had waiting; gives what it ended. */
export function cancelCargasOfRemoved(db: Db, error: AppErrorData, now: string): string[] {
  const uuids = z.array(z.string()).parse(
    db
      .prepare(
        `SELECT l.uuid FROM materializaciones_ejecuciones l WHERE l.${OPEN} AND l.estado <> 'en_proceso' AND l.materializacion_id IN (
             SELECT m.id FROM materializaciones m JOIN casillas_datos c ON c.id = m.casilla_id WHERE c.eliminado_en IS NOT NULL)`,
      )
      .pluck()
      .all(),
  )
  for (const uuid of uuids) endCarga(db, uuid, 'cancelado', error, now)
  return uuids
}

export interface SinCargar {
  materializacionId: number
  /** Between which instants they were received, both inclusive. */
  desde: string | null
  hasta: string | null
  /** Accepted after this instant. */
  aceptadasDesde: string | null
}

/** Accepted executions of a casilla that a materialization has not loaded into its destination and does not wait for, oldest first. */
export const listSinCargar = (db: Db, query: SinCargar): string[] =>
  z.array(z.string()).parse(
    db
      .prepare(
        `SELECT e.uuid FROM materializaciones m JOIN ejecuciones_yaml e ON e.casilla_id = m.casilla_id
           WHERE m.id = @materializacionId AND e.fase = 'terminada' AND e.estado IN ('Éxito', 'Parcial')
             AND (@desde IS NULL OR e.recibida_en >= @desde) AND (@hasta IS NULL OR e.recibida_en <= @hasta)
             AND (@aceptadasDesde IS NULL OR e.terminada_en > @aceptadasDesde)
             AND NOT EXISTS (SELECT 1 FROM materializaciones_ejecuciones l WHERE l.ejecucion_uuid = e.uuid
               AND l.materializacion_id = m.id AND l.estado <> 'cancelado' AND l.destino_id = m.destino_id)
           ORDER BY e.recibida_en, e.id`,
      )
      .pluck()
      .all(query),
  )

/** The first execution of the chain of repetitions that was already loaded through a materialization; null when none was. */
export const findCargada = (db: Db, materializacionId: number, executionId: string): CargaRow | null =>
  cargaRow.nullable().parse(
    db
      .prepare(
        `WITH RECURSIVE antes (uuid) AS (
           SELECT repite_a FROM ejecuciones_yaml WHERE uuid = @executionId
           UNION SELECT e.repite_a FROM ejecuciones_yaml e JOIN antes a ON e.uuid = a.uuid
         ) ${SELECT} WHERE l.ejecucion_uuid IN (SELECT uuid FROM antes WHERE uuid IS NOT NULL)
           AND l.materializacion_id = @materializacionId AND l.estado = 'completado' LIMIT 1`,
      )
      .get({ materializacionId, executionId }) ?? null,
  )

export interface CargaQuery {
  materializacionId?: number
  casillaId?: number
  executionId?: string
  estado?: EstadoCarga
  search?: string
  sort: 'creadaEn' | 'archivo' | 'estado' | 'insertadas' | 'bytes'
  direction: 'asc' | 'desc'
  limit: number
  offset: number
}

const SORTS: Record<CargaQuery['sort'], string> = {
  creadaEn: 'l.creado_en',
  archivo: 'plano(l.archivo_datos)',
  estado: 'l.estado',
  insertadas: 'l.insertadas',
  bytes: 'l.bytes',
}

const WHERE = `WHERE (@materializacionId IS NULL OR l.materializacion_id = @materializacionId)
  AND (@casillaId IS NULL OR m.casilla_id = @casillaId)
  AND (@executionId IS NULL OR l.ejecucion_uuid = @executionId)
  AND (@estado IS NULL OR l.estado = @estado)
  AND (@busca IS NULL OR plano(l.archivo_datos) LIKE @busca ESCAPE '\\' OR plano(m.nombre) LIKE @busca ESCAPE '\\'
    OR plano(c.nombre) LIKE @busca ESCAPE '\\' OR plano(d.nombre) LIKE @busca ESCAPE '\\'
    OR plano(json_extract(l.error, '$.message')) LIKE @busca ESCAPE '\\' OR l.uuid LIKE @busca ESCAPE '\\')`

/** One page of the loads and how many the filter has in all. */
export function listCargas(db: Db, query: CargaQuery): { items: CargaRow[]; total: number } {
  const filter = {
    materializacionId: query.materializacionId ?? null,
    casillaId: query.casillaId ?? null,
    executionId: query.executionId ?? null,
    estado: query.estado ?? null,
    busca: query.search?.trim() ? likeAnywhere(query.search.trim()) : null,
  }
  const statement = { select: SELECT, from: FROM, where: WHERE, sort: SORTS[query.sort], id: 'l.id' }
  return pageOf(db, cargaRow, statement, filter, query)
}

/** A load that is about to be done: whoever waits for it may wait. */
export const IS_DUE = `l.${OPEN} AND m.estado = 'activo' AND (l.estado = 'en_proceso'
  OR (l.estado = 'en_espera' AND l.proximo_intento IS NULL AND NOT ${IS_HELD}))`
export const FROM_CARGAS = FROM
