import { type EmisorDatos, type MetodoEnvio, metodoEnvioSchema, tipoEmisorSchema } from '@shared/model/emisor'
import { type Frecuencia, frecuenciaSchema } from '@shared/model/frecuencia'
import { z } from 'zod'
import type { Db } from '../db'
import { flag, json, rowId } from './common'

const emisorRow = z.object({
  id: rowId,
  nombre: z.string(),
  organizacion: z.string(),
  tipo_emisor: tipoEmisorSchema,
  codigo_interno: z.string().nullable(),
  email_corporativo: z.string(),
  telefono: z.string(),
  is_active: flag,
  creado_en: z.string(),
  eliminado_en: z.string().nullable(),
  ultimo_envio: z.string().nullable(),
})
export type EmisorRow = z.output<typeof emisorRow>

const SELECT_EMISORES = `SELECT m.*,
    (SELECT e.recibida_en FROM envios e WHERE e.emisor_id = m.id ORDER BY e.recibida_en DESC LIMIT 1) AS ultimo_envio
  FROM emisores m`

/** Living senders, by name. */
export const listEmisores = (db: Db): EmisorRow[] =>
  z
    .array(emisorRow)
    .parse(db.prepare(`${SELECT_EMISORES} WHERE m.eliminado_en IS NULL ORDER BY plano(m.nombre), m.id`).all())

/** Also a removed one (its `eliminado_en` says so); null when it never was. */
export const findEmisor = (db: Db, id: number): EmisorRow | null =>
  emisorRow.nullable().parse(db.prepare(`${SELECT_EMISORES} WHERE m.id = ?`).get(id) ?? null)

/** The living sender that has an internal code. */
export const findEmisorByCode = (db: Db, codigo: string): EmisorRow | null =>
  emisorRow
    .nullable()
    .parse(
      db.prepare(`${SELECT_EMISORES} WHERE m.codigo_interno = ? AND m.eliminado_en IS NULL`).get(codigo) ??
        null,
    )

const columnsOf = (datos: EmisorDatos, now: string) => ({
  nombre: datos.nombre,
  organizacion: datos.organizacion,
  tipo: datos.tipo,
  codigo: datos.codigoInterno === '' ? null : datos.codigoInterno,
  email: datos.email,
  telefono: datos.telefono,
  activo: Number(datos.activo),
  now,
})

export const insertEmisor = (db: Db, datos: EmisorDatos, now: string): number =>
  Number(
    db
      .prepare(
        `INSERT INTO emisores (nombre, organizacion, tipo_emisor, codigo_interno, email_corporativo, telefono, is_active, creado_en, actualizado_en)
         VALUES (@nombre, @organizacion, @tipo, @codigo, @email, @telefono, @activo, @now, @now)`,
      )
      .run(columnsOf(datos, now)).lastInsertRowid,
  )

export function updateEmisor(db: Db, id: number, datos: EmisorDatos, now: string): void {
  db.prepare(
    `UPDATE emisores SET nombre = @nombre, organizacion = @organizacion, tipo_emisor = @tipo, codigo_interno = @codigo,
       email_corporativo = @email, telefono = @telefono, is_active = @activo, actualizado_en = @now
     WHERE id = @id AND eliminado_en IS NULL`,
  ).run({ ...columnsOf(datos, now), id })
}

/** Its row stays, so that what it sent keeps saying who sent it; its permissions go. */
export function removeEmisor(db: Db, id: number, now: string): boolean {
  const removed = db
    .prepare('UPDATE emisores SET eliminado_en = ?, is_active = 0 WHERE id = ? AND eliminado_en IS NULL')
    .run(now, id).changes
  db.prepare('DELETE FROM emisores_por_casilla WHERE emisor_id = ?').run(id)
  return removed > 0
}

const permisoRow = z.object({
  casilla_id: rowId,
  casilla_nombre: z.string(),
  emisor_id: rowId,
  emisor_nombre: z.string(),
  emisor_activo: flag,
  organizacion: z.string(),
  metodos: json(z.array(metodoEnvioSchema)),
  subdirectorio: z.string(),
  responsable_nombre: z.string(),
  responsable_email: z.string(),
  responsable_telefono: z.string(),
  responsable_activo: flag,
  configuracion_frecuencia: json(frecuenciaSchema).nullable(),
  frecuencia_desde: z.string().nullable(),
  creado_en: z.string(),
})
export type PermisoRow = z.output<typeof permisoRow>

/** One row per method is stored, all alike but for it: what is told is one permission with its methods. */
const SELECT_PERMISOS = `SELECT p.casilla_id, c.nombre AS casilla_nombre, p.emisor_id, m.nombre AS emisor_nombre, m.is_active AS emisor_activo,
    m.organizacion, json_group_array(p.metodo_envio ORDER BY p.id) AS metodos, max(p.subdirectorio) AS subdirectorio,
    max(p.responsable_nombre) AS responsable_nombre, max(p.responsable_email) AS responsable_email,
    max(p.responsable_telefono) AS responsable_telefono, max(p.responsable_activo) AS responsable_activo,
    max(p.configuracion_frecuencia) AS configuracion_frecuencia, max(p.frecuencia_desde) AS frecuencia_desde, min(p.creado_en) AS creado_en
  FROM emisores_por_casilla p JOIN emisores m ON m.id = p.emisor_id JOIN casillas_datos c ON c.id = p.casilla_id
  WHERE m.eliminado_en IS NULL AND c.eliminado_en IS NULL`
const GROUP_PERMISOS = 'GROUP BY p.casilla_id, p.emisor_id'

/** The permissions of a casilla (or of all), by the name of the sender. */
export const listPermisos = (db: Db, casillaId: number | null): PermisoRow[] =>
  z
    .array(permisoRow)
    .parse(
      db
        .prepare(
          `${SELECT_PERMISOS} AND (@casillaId IS NULL OR p.casilla_id = @casillaId) ${GROUP_PERMISOS} ORDER BY plano(m.nombre), p.emisor_id`,
        )
        .all({ casillaId }),
    )

export const findPermiso = (db: Db, casillaId: number, emisorId: number): PermisoRow | null =>
  permisoRow
    .nullable()
    .parse(
      db
        .prepare(`${SELECT_PERMISOS} AND p.casilla_id = ? AND p.emisor_id = ? ${GROUP_PERMISOS}`)
        .get(casillaId, emisorId) ?? null,
    )

export interface NewPermiso {
  casillaId: number
  emisorId: number
  metodos: readonly MetodoEnvio[]
  subdirectorio: string
  responsable: { nombre: string; email: string; telefono: string; activo: boolean }
  frecuencia: Frecuencia | null
  /** Since when that frequency holds. */
  frecuenciaDesde: string | null
}

/** Adds the permission or changes it; what is kept beside a method that stays (its parameters) is not touched. */
export function putPermiso(db: Db, permiso: NewPermiso, now: string): void {
  const { casillaId, emisorId, responsable } = permiso
  const values = {
    casillaId,
    emisorId,
    subdirectorio: permiso.subdirectorio,
    nombre: responsable.nombre,
    email: responsable.email,
    telefono: responsable.telefono,
    activo: Number(responsable.activo),
    frecuencia: permiso.frecuencia === null ? null : JSON.stringify(permiso.frecuencia),
    desde: permiso.frecuenciaDesde,
    now,
  }
  const creado = z
    .string()
    .nullable()
    .parse(
      db
        .prepare('SELECT min(creado_en) FROM emisores_por_casilla WHERE casilla_id = ? AND emisor_id = ?')
        .pluck()
        .get(casillaId, emisorId),
    )
  db.prepare(
    `DELETE FROM emisores_por_casilla WHERE casilla_id = ? AND emisor_id = ?
       AND metodo_envio NOT IN (SELECT value FROM json_each(?))`,
  ).run(casillaId, emisorId, JSON.stringify(permiso.metodos))
  const put = db.prepare(
    `INSERT INTO emisores_por_casilla (emisor_id, casilla_id, metodo_envio, subdirectorio, responsable_nombre, responsable_email,
       responsable_telefono, responsable_activo, configuracion_frecuencia, frecuencia_desde, creado_en, actualizado_en)
     VALUES (@emisorId, @casillaId, @metodo, @subdirectorio, @nombre, @email, @telefono, @activo, @frecuencia, @desde, @creado, @now)
     ON CONFLICT (casilla_id, emisor_id, metodo_envio) DO UPDATE SET subdirectorio = excluded.subdirectorio,
       responsable_nombre = excluded.responsable_nombre, responsable_email = excluded.responsable_email,
       responsable_telefono = excluded.responsable_telefono, responsable_activo = excluded.responsable_activo,
       configuracion_frecuencia = excluded.configuracion_frecuencia, frecuencia_desde = excluded.frecuencia_desde,
       actualizado_en = excluded.actualizado_en`,
  )
  for (const metodo of permiso.metodos) put.run({ ...values, metodo, creado: creado ?? now })
}

export const deletePermiso = (db: Db, casillaId: number, emisorId: number): boolean =>
  db
    .prepare('DELETE FROM emisores_por_casilla WHERE casilla_id = ? AND emisor_id = ?')
    .run(casillaId, emisorId).changes > 0
