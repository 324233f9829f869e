import {
  configProveedorSchema,
  type PruebaProveedor,
  pruebaProveedorSchema,
  type RedProveedor,
  redProveedorSchema,
} from '@shared/model/proveedor'
import { type SecretoUso, secretoUsoSchema } from '@shared/model/secreto'
import { z } from 'zod'
import type { Db } from '../db'
import { json, rowId } from './common'

const proveedorRow = z.object({
  id: rowId,
  nombre: z.string(),
  descripcion: z.string(),
  tipo: z.string(),
  configuracion: json(configProveedorSchema),
  red: json(redProveedorSchema),
  secreto_id: rowId.nullable(),
  ultima_prueba: json(pruebaProveedorSchema).nullable(),
  creado_en: z.string(),
  actualizado_en: z.string(),
  eliminado_en: z.string().nullable(),
})
export type ProveedorRow = z.output<typeof proveedorRow>

const SELECT = `SELECT p.*, (SELECT prueba FROM proveedores_pruebas t WHERE t.proveedor_id = p.id ORDER BY t.id DESC LIMIT 1)
    AS ultima_prueba FROM proveedores_nube p`
/** Tests kept of each one. */
const PRUEBAS_MAX = 50

/** Living providers, by name. */
export const listProveedores = (db: Db): ProveedorRow[] =>
  z
    .array(proveedorRow)
    .parse(db.prepare(`${SELECT} WHERE p.eliminado_en IS NULL ORDER BY plano(p.nombre), p.id`).all())

/** Also a removed one (its `eliminado_en` says so); null when it never was. */
export const findProveedor = (db: Db, id: number): ProveedorRow | null =>
  proveedorRow.nullable().parse(db.prepare(`${SELECT} WHERE p.id = ?`).get(id) ?? null)

/** Another one with each change of what it is; null when it is not there, or no longer. */
export const proveedorVersion = (db: Db, id: number): string | null =>
  z
    .string()
    .nullable()
    .parse(
      db
        .prepare('SELECT actualizado_en FROM proveedores_nube WHERE id = ? AND eliminado_en IS NULL')
        .pluck()
        .get(id) ?? null,
    )

/** The living provider of that name. */
export const findProveedorByName = (db: Db, nombre: string): number | null =>
  rowId
    .nullable()
    .parse(
      db
        .prepare('SELECT id FROM proveedores_nube WHERE nombre = ? AND eliminado_en IS NULL')
        .pluck()
        .get(nombre) ?? null,
    )

/** Which credentials living providers have. */
export const listProveedorSecretos = (db: Db): SecretoUso[] =>
  z.array(secretoUsoSchema).parse(
    db
      .prepare(
        `SELECT secreto_id AS secretoId, 'proveedor' AS tipo, id, nombre FROM proveedores_nube
         WHERE secreto_id IS NOT NULL AND eliminado_en IS NULL ORDER BY id`,
      )
      .all(),
  )

export interface ProveedorDatos {
  nombre: string
  descripcion: string
  tipo: string
  config: Record<string, unknown>
  red: RedProveedor
  secretoId: number | null
}

const columnsOf = ({ config, red, ...datos }: ProveedorDatos, now: string) => ({
  ...datos,
  configuracion: JSON.stringify(config),
  red: JSON.stringify(red),
  now,
})

export const insertProveedor = (db: Db, datos: ProveedorDatos, now: string): number =>
  Number(
    db
      .prepare(
        `INSERT INTO proveedores_nube (nombre, descripcion, tipo, configuracion, red, secreto_id, creado_en, actualizado_en)
         VALUES (@nombre, @descripcion, @tipo, @configuracion, @red, @secretoId, @now, @now)`,
      )
      .run(columnsOf(datos, now)).lastInsertRowid,
  )

export function updateProveedor(db: Db, id: number, datos: ProveedorDatos, now: string): void {
  db.prepare(
    `UPDATE proveedores_nube SET nombre = @nombre, descripcion = @descripcion, tipo = @tipo, configuracion = @configuracion,
       red = @red, secreto_id = @secretoId, actualizado_en = @now
     WHERE id = @id AND eliminado_en IS NULL`,
  ).run({ ...columnsOf(datos, now), id })
}

/** Its row stays, without its credential. */
export const removeProveedor = (db: Db, id: number, now: string): boolean =>
  db
    .prepare(
      'UPDATE proveedores_nube SET eliminado_en = ?, secreto_id = NULL WHERE id = ? AND eliminado_en IS NULL',
    )
    .run(now, id).changes > 0

export function insertPruebaProveedor(db: Db, proveedorId: number, prueba: PruebaProveedor): void {
  db.prepare('INSERT INTO proveedores_pruebas (proveedor_id, prueba) VALUES (?, ?)').run(
    proveedorId,
    JSON.stringify(prueba),
  )
  db.prepare(
    `DELETE FROM proveedores_pruebas WHERE proveedor_id = @proveedorId AND id NOT IN
       (SELECT id FROM proveedores_pruebas WHERE proveedor_id = @proveedorId ORDER BY id DESC LIMIT ${PRUEBAS_MAX})`,
  ).run({ proveedorId })
}

/** Latest first. */
export const listPruebasProveedor = (db: Db, proveedorId: number): PruebaProveedor[] =>
  z
    .array(json(pruebaProveedorSchema))
    .parse(
      db
        .prepare('SELECT prueba FROM proveedores_pruebas WHERE proveedor_id = ? ORDER BY id DESC')
        .pluck()
        .all(proveedorId),
    )
