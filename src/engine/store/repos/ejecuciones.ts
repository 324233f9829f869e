import { type AppErrorData, appErrorDataSchema } from '@shared/errors/app-error'
import {
  type Ejecucion,
  type Estado,
  estadoSchema,
  type Fase,
  faseSchema,
  politicaSchema,
} from '@shared/model/execution'
import { z } from 'zod'
import { type Db, likeAnywhere } from '../db'
import { json, pageOf, rowId } from './common'

const ejecucionRow = z.object({
  uuid: z.uuid(),
  casilla_id: rowId.nullable(),
  casilla_nombre: z.string().nullable(),
  yaml_version: z.number().int().nullable(),
  nombre_yaml: z.string(),
  archivo_datos: z.string(),
  ruta_origen: z.string(),
  ruta_directorio: z.string(),
  metodo_envio: z.string(),
  emisor_id: rowId.nullable(),
  emisor_nombre: z.string().nullable(),
  archivo_id: rowId.nullable(),
  politica: politicaSchema,
  fase: faseSchema,
  estado: estadoSchema.nullable(),
  bytes: z.number(),
  sha256: z.string().nullable(),
  registros_totales: z.number().int(),
  errores_detectados: z.number().int(),
  warnings_detectados: z.number().int(),
  error: json(appErrorDataSchema).nullable(),
  repite_a: z.string().nullable(),
  fecha_ejecucion: z.string(),
  recibida_en: z.string(),
  iniciada_en: z.string().nullable(),
  terminada_en: z.string().nullable(),
})
export type EjecucionRow = z.output<typeof ejecucionRow>

const FROM = `FROM ejecuciones_yaml e LEFT JOIN casillas_datos c ON c.id = e.casilla_id LEFT JOIN emisores m ON m.id = e.emisor_id`
const SELECT = `SELECT e.uuid, e.casilla_id, c.nombre AS casilla_nombre, e.yaml_version, e.nombre_yaml, e.archivo_datos,
  e.ruta_origen, e.ruta_directorio, e.metodo_envio, e.emisor_id, m.nombre AS emisor_nombre, e.archivo_id, e.politica, e.fase, e.estado, e.bytes, e.sha256, e.registros_totales,
  e.errores_detectados, e.warnings_detectados, e.error, e.repite_a, e.fecha_ejecucion, e.recibida_en, e.iniciada_en, e.terminada_en
  ${FROM}`

/** The row as the contract shows it: paths of the machine stay in the engine. */
export const toEjecucion = (row: EjecucionRow): Ejecucion => ({
  id: row.uuid,
  casillaId: row.casilla_id,
  casillaNombre: row.casilla_nombre,
  yamlVersion: row.yaml_version,
  nombreYaml: row.nombre_yaml,
  archivo: row.archivo_datos,
  bytes: row.bytes,
  sha256: row.sha256,
  fase: row.fase,
  estado: row.estado,
  registros: row.registros_totales,
  errores: row.errores_detectados,
  warnings: row.warnings_detectados,
  metodoEnvio: row.metodo_envio,
  emisorId: row.emisor_id,
  emisorNombre: row.emisor_nombre,
  creadaEn: row.fecha_ejecucion,
  iniciadaEn: row.iniciada_en,
  terminadaEn: row.terminada_en,
  error: row.error,
})

export interface NewEjecucion {
  uuid: string
  casillaId: number
  yamlVersion: number
  nombreYaml: string
  archivo: string
  origen: string
  directorio: string
  metodoEnvio: string
  politica: EjecucionRow['politica']
  bytes: number
  repiteA: string | null
  emisorId: number | null
  /** The received file it judges; null when a person sent it. */
  archivoId: number | null
  /** When what it judges came, ISO. */
  recibidaEn: string
  now: string
}

export function insertEjecucion(db: Db, ejecucion: NewEjecucion): void {
  db.prepare(
    `INSERT INTO ejecuciones_yaml (uuid, casilla_id, yaml_version, nombre_yaml, archivo_datos, ruta_origen, ruta_directorio,
       metodo_envio, politica, bytes, repite_a, emisor_id, archivo_id, fecha_ejecucion, recibida_en)
     VALUES (@uuid, @casillaId, @yamlVersion, @nombreYaml, @archivo, @origen, @directorio,
       @metodoEnvio, @politica, @bytes, @repiteA, @emisorId, @archivoId, @now, @recibidaEn)`,
  ).run(ejecucion)
}

export const findEjecucion = (db: Db, uuid: string): EjecucionRow | null =>
  ejecucionRow.nullable().parse(db.prepare(`${SELECT} WHERE e.uuid = ?`).get(uuid) ?? null)

/** Executions that no one ended, oldest first. */
export const listOpen = (db: Db): EjecucionRow[] =>
  z
    .array(ejecucionRow)
    .parse(db.prepare(`${SELECT} WHERE e.fase IN ('en_espera', 'en_curso') ORDER BY e.id`).all())

export const countRunning = (db: Db): number =>
  z.number().parse(db.prepare("SELECT count(*) FROM ejecuciones_yaml WHERE fase = 'en_curso'").pluck().get())

/** The last execution of each casilla. */
export const listLast = (db: Db): EjecucionRow[] =>
  z
    .array(ejecucionRow)
    .parse(
      db
        .prepare(
          `${SELECT} WHERE e.id IN (SELECT max(id) FROM ejecuciones_yaml WHERE casilla_id IS NOT NULL GROUP BY casilla_id)`,
        )
        .all(),
    )

export function markStarted(db: Db, uuid: string, now: string): void {
  db.prepare(
    "UPDATE ejecuciones_yaml SET fase = 'en_curso', iniciada_en = ? WHERE uuid = ? AND fase = 'en_espera'",
  ).run(now, uuid)
}

/** Back to waiting, as if it had not started: the file it judges is tried again by the same execution. */
export function reopenEjecucion(db: Db, uuid: string): void {
  db.prepare(
    "UPDATE ejecuciones_yaml SET fase = 'en_espera', iniciada_en = NULL WHERE uuid = ? AND fase IN ('en_espera', 'en_curso')",
  ).run(uuid)
}

export interface EjecucionEnd {
  fase: Exclude<Fase, 'en_espera' | 'en_curso'>
  estado?: Estado
  registros?: number
  errores?: number
  warnings?: number
  bytes?: number
  sha256?: string
  error?: AppErrorData
  now: string
}

/** Ends an open execution; one that already ended stays as it is (false). */
export function markEnded(db: Db, uuid: string, end: EjecucionEnd): boolean {
  const result = db
    .prepare(
      `UPDATE ejecuciones_yaml SET fase = @fase, estado = @estado, registros_totales = @registros,
         errores_detectados = @errores, warnings_detectados = @warnings, bytes = coalesce(@bytes, bytes),
         sha256 = coalesce(@sha256, sha256), error = @error, terminada_en = @now
       WHERE uuid = @uuid AND fase IN ('en_espera', 'en_curso')`,
    )
    .run({
      uuid,
      fase: end.fase,
      estado: end.estado ?? null,
      registros: end.registros ?? 0,
      errores: end.errores ?? 0,
      warnings: end.warnings ?? 0,
      bytes: end.bytes ?? null,
      sha256: end.sha256 ?? null,
      error: end.error ? JSON.stringify(end.error) : null,
      now: end.now,
    })
  return result.changes > 0
}

export const deleteEjecucion = (db: Db, uuid: string): boolean =>
  db.prepare('DELETE FROM ejecuciones_yaml WHERE uuid = ?').run(uuid).changes > 0

export interface EjecucionQuery {
  casillaId?: number
  emisorId?: number
  metodo?: string
  estado?: Estado
  fase?: Fase
  search?: string
  /** ISO date or date-time, both inclusive. */
  from?: string
  to?: string
  sort: 'creadaEn' | 'archivo' | 'estado' | 'registros' | 'errores' | 'warnings' | 'casilla'
  direction: 'asc' | 'desc'
  limit: number
  offset: number
}

const SORTS: Record<EjecucionQuery['sort'], string> = {
  creadaEn: 'e.fecha_ejecucion',
  archivo: 'plano(e.archivo_datos)',
  estado: 'coalesce(e.estado, e.fase)',
  registros: 'e.registros_totales',
  errores: 'e.errores_detectados',
  warnings: 'e.warnings_detectados',
  casilla: 'plano(c.nombre)',
}

const WHERE = `WHERE (@casillaId IS NULL OR e.casilla_id = @casillaId)
  AND (@emisorId IS NULL OR e.emisor_id = @emisorId)
  AND (@metodo IS NULL OR e.metodo_envio = @metodo)
  AND (@estado IS NULL OR e.estado = @estado)
  AND (@fase IS NULL OR e.fase = @fase)
  AND (@desde IS NULL OR e.fecha_ejecucion >= @desde)
  AND (@hasta IS NULL OR e.fecha_ejecucion <= @hasta)
  AND (@busca IS NULL OR plano(e.archivo_datos) LIKE @busca ESCAPE '\\' OR plano(c.nombre) LIKE @busca ESCAPE '\\' OR plano(m.nombre) LIKE @busca ESCAPE '\\'
    OR plano(e.nombre_yaml) LIKE @busca ESCAPE '\\' OR plano(coalesce(e.estado, replace(e.fase, '_', ' '))) LIKE @busca ESCAPE '\\'
    OR e.uuid LIKE @busca ESCAPE '\\' OR e.sha256 LIKE @busca ESCAPE '\\')`

const wholeDay = (to: string): string => (/^\d{4}-\d{2}-\d{2}$/.test(to) ? `${to}T23:59:59.999Z` : to)

/** One page of the history and how many rows the filter has in all. */
export function listEjecuciones(db: Db, query: EjecucionQuery): { items: EjecucionRow[]; total: number } {
  const filter = {
    casillaId: query.casillaId ?? null,
    emisorId: query.emisorId ?? null,
    metodo: query.metodo ?? null,
    estado: query.estado ?? null,
    fase: query.fase ?? null,
    desde: query.from || null,
    hasta: query.to ? wholeDay(query.to) : null,
    busca: query.search?.trim() ? likeAnywhere(query.search.trim()) : null,
  }
  const statement = { select: SELECT, from: FROM, where: WHERE, sort: SORTS[query.sort], id: 'e.id' }
  return pageOf(db, ejecucionRow, statement, filter, query)
}

const recentRow = z.object({
  casilla_id: rowId,
  uuid: z.string(),
  archivo_datos: z.string(),
  estado: z.string(),
  registros_totales: z.number().int(),
  errores_detectados: z.number().int(),
  terminada_en: z.string(),
})
export type RecentRow = z.output<typeof recentRow>

/** The last `limit` judged executions of each casilla (or of one), oldest first. */
export const listRecent = (db: Db, casillaId: number | null, limit: number): RecentRow[] =>
  z.array(recentRow).parse(
    db
      .prepare(
        `SELECT e.casilla_id, e.uuid, e.archivo_datos, e.estado, e.registros_totales, e.errores_detectados, e.terminada_en
         FROM casillas_datos c CROSS JOIN ejecuciones_yaml e
         WHERE (@casillaId IS NULL OR c.id = @casillaId)
           AND e.id IN (SELECT id FROM ejecuciones_yaml WHERE casilla_id = c.id AND fase = 'terminada' ORDER BY id DESC LIMIT @limit)
         ORDER BY e.id`,
      )
      .all({ casillaId, limit }),
  )
