import { type MaterializacionConfig, materializacionConfigSchema } from '@shared/model/materializacion'
import { z } from 'zod'
import type { Db } from '../db'
import { flag, json, rowId } from './common'

const materializacionRow = z.object({
  id: rowId,
  casilla_id: rowId,
  casilla_nombre: z.string(),
  zona_horaria: z.string(),
  destino_id: z.number().int().min(0),
  destino_nombre: z.string(),
  destino_tipo: z.string(),
  nombre: z.string(),
  descripcion: z.string(),
  configuracion: json(materializacionConfigSchema),
  estado: z.enum(['pendiente', 'activo', 'inactivo']),
  ordenada: flag,
  automatica: flag,
  programada_hasta: z.string().nullable(),
  ultima_materializacion: z.string().nullable(),
  pendientes: z.number().int(),
  fallidas: z.number().int(),
  creado_en: z.string(),
  actualizado_en: z.string(),
})
export type MaterializacionRow = z.output<typeof materializacionRow>

const OPEN = `estado IN ('en_espera', 'en_proceso', 'error')`
const count = (which: string): string =>
  `(SELECT count(*) FROM materializaciones_ejecuciones l WHERE l.materializacion_id = m.id AND l.${OPEN} AND ${which})`

/** Those of living casillas. A row of the original platform, without tables, is no materialization here. */
const SELECT = `SELECT m.*, c.nombre AS casilla_nombre, c.zona_horaria, d.nombre AS destino_nombre,
    json_extract(d.configuracion, '$.tipo') AS destino_tipo,
    ${count("l.estado <> 'error'")} AS pendientes, ${count("l.estado = 'error'")} AS fallidas
  FROM materializaciones m JOIN casillas_datos c ON c.id = m.casilla_id JOIN destinos d ON d.id = m.destino_id
  WHERE c.eliminado_en IS NULL AND m.estado <> 'pendiente'`

/** By casilla and name. */
export const listMaterializaciones = (db: Db, casillaId: number | null): MaterializacionRow[] =>
  z
    .array(materializacionRow)
    .parse(
      db
        .prepare(
          `${SELECT} AND (@casillaId IS NULL OR m.casilla_id = @casillaId) ORDER BY plano(c.nombre), plano(m.nombre), m.id`,
        )
        .all({ casillaId }),
    )

export const findMaterializacion = (db: Db, id: number): MaterializacionRow | null =>
  materializacionRow.nullable().parse(db.prepare(`${SELECT} AND m.id = ?`).get(id) ?? null)

/** Whether a person, or the console itself, ever set one up that is still there. */
export const hasMaterializaciones = (db: Db, casillaId: number): boolean =>
  db
    .prepare("SELECT 1 FROM materializaciones WHERE casilla_id = ? AND estado <> 'pendiente'")
    .get(casillaId) !== undefined

/** Names of the tables of a destination that other materializations write to, those of removed casillas too. */
export const listTablasDe = (db: Db, destinoId: number, salvo: number | null): string[] =>
  z.array(z.string()).parse(
    db
      .prepare(
        `SELECT DISTINCT json_extract(t.value, '$.tabla') FROM materializaciones m, json_each(m.configuracion, '$.tablas') t
             WHERE m.destino_id = @destinoId AND m.id IS NOT @salvo`,
      )
      .pluck()
      .all({ destinoId, salvo }),
  )

export interface MaterializacionDatos {
  casillaId: number
  destinoId: number
  nombre: string
  descripcion: string
  activa: boolean
  automatica: boolean
  /** The order of its loads changes the result. */
  ordenada: boolean
  /** From when the dates of `programada` count. */
  programadaDesde: string | null
  config: MaterializacionConfig
}

const columnsOf = (datos: MaterializacionDatos, now: string) => ({
  casillaId: datos.casillaId,
  destinoId: datos.destinoId,
  nombre: datos.nombre,
  descripcion: datos.descripcion,
  estado: datos.activa ? 'activo' : 'inactivo',
  automatica: Number(datos.automatica),
  ordenada: Number(datos.ordenada),
  programada: datos.programadaDesde,
  configuracion: JSON.stringify(datos.config),
  now,
})

export const insertMaterializacion = (db: Db, datos: MaterializacionDatos, now: string): number =>
  Number(
    db
      .prepare(
        `INSERT INTO materializaciones (casilla_id, destino_id, nombre, descripcion, configuracion, estado, automatica, ordenada,
           programada_hasta, creado_en, actualizado_en)
         VALUES (@casillaId, @destinoId, @nombre, @descripcion, @configuracion, @estado, @automatica, @ordenada, @programada, @now, @now)`,
      )
      .run(columnsOf(datos, now)).lastInsertRowid,
  )

export function updateMaterializacion(db: Db, id: number, datos: MaterializacionDatos, now: string): void {
  db.prepare(
    `UPDATE materializaciones SET casilla_id = @casillaId, destino_id = @destinoId, nombre = @nombre, descripcion = @descripcion,
       configuracion = @configuracion, estado = @estado, automatica = @automatica, ordenada = @ordenada,
       programada_hasta = @programada, actualizado_en = @now WHERE id = @id`,
  ).run({ ...columnsOf(datos, now), id })
}

export function setMaterializacionActiva(db: Db, id: number, activa: boolean, now: string): void {
  db.prepare('UPDATE materializaciones SET estado = ?, actualizado_en = ? WHERE id = ?').run(
    activa ? 'activo' : 'inactivo',
    now,
    id,
  )
}

/** The tables that an automatic one follows now. */
export function setMaterializacionConfig(db: Db, id: number, config: MaterializacionConfig): void {
  db.prepare('UPDATE materializaciones SET configuracion = ? WHERE id = ? AND automatica = 1').run(
    JSON.stringify(config),
    id,
  )
}

/** The scheduled dates up to this one are done. */
export function setProgramadaHasta(db: Db, id: number, hasta: string): void {
  db.prepare('UPDATE materializaciones SET programada_hasta = ? WHERE id = ?').run(hasta, id)
}

export function setUltimaMaterializacion(db: Db, id: number, now: string): void {
  db.prepare('UPDATE materializaciones SET ultima_materializacion = ? WHERE id = ?').run(now, id)
}

/** Its loads go with it. */
export const deleteMaterializacion = (db: Db, id: number): boolean =>
  db.prepare('DELETE FROM materializaciones WHERE id = ?').run(id).changes > 0
