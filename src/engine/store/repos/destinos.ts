import {
  type DestinoConfig,
  destinoConfigSchema,
  type PruebaDestino,
  pruebaDestinoSchema,
} from '@shared/model/destino'
import { type SecretoUso, secretoUsoSchema } from '@shared/model/secreto'
import { z } from 'zod'
import type { Db } from '../db'
import { json, rowId } from './common'

/** The embedded destination has id 0. */
const destinoId = z.number().int().min(0)

const destinoRow = z.object({
  id: destinoId,
  nombre: z.string(),
  descripcion: z.string(),
  configuracion: json(destinoConfigSchema),
  secreto_id: rowId.nullable(),
  ultima_prueba: json(pruebaDestinoSchema).nullable(),
  creado_en: z.string(),
  actualizado_en: z.string(),
  eliminado_en: z.string().nullable(),
  usos: z.number().int(),
})
export type DestinoRow = z.output<typeof destinoRow>

const SELECT = `SELECT d.*, (SELECT count(*) FROM materializaciones m JOIN casillas_datos c ON c.id = m.casilla_id
    WHERE m.destino_id = d.id AND c.eliminado_en IS NULL) AS usos FROM destinos d`

/** Living destinations: the embedded one first, then by name. */
export const listDestinos = (db: Db): DestinoRow[] =>
  z
    .array(destinoRow)
    .parse(
      db.prepare(`${SELECT} WHERE d.eliminado_en IS NULL ORDER BY d.id > 0, plano(d.nombre), d.id`).all(),
    )

/** Also a removed one (its `eliminado_en` says so); null when it never was. */
export const findDestino = (db: Db, id: number): DestinoRow | null =>
  destinoRow.nullable().parse(db.prepare(`${SELECT} WHERE d.id = ?`).get(id) ?? null)

/** The living destination of that name. */
export const findDestinoByName = (db: Db, nombre: string): number | null =>
  destinoId
    .nullable()
    .parse(
      db.prepare('SELECT id FROM destinos WHERE nombre = ? AND eliminado_en IS NULL').pluck().get(nombre) ??
        null,
    )

/** Which credentials living destinations have. */
export const listDestinoSecretos = (db: Db): SecretoUso[] =>
  z.array(secretoUsoSchema).parse(
    db
      .prepare(
        `SELECT secreto_id AS secretoId, 'destino' AS tipo, id, nombre FROM destinos
             WHERE secreto_id IS NOT NULL AND eliminado_en IS NULL ORDER BY id`,
      )
      .all(),
  )

export interface DestinoDatos {
  nombre: string
  descripcion: string
  config: DestinoConfig
  secretoId: number | null
}

const columnsOf = ({ config, ...datos }: DestinoDatos, now: string) => ({
  ...datos,
  configuracion: JSON.stringify(config),
  now,
})

export const insertDestino = (db: Db, datos: DestinoDatos, now: string): number =>
  Number(
    db
      .prepare(
        `INSERT INTO destinos (nombre, descripcion, configuracion, secreto_id, creado_en, actualizado_en)
         VALUES (@nombre, @descripcion, @configuracion, @secretoId, @now, @now)`,
      )
      .run(columnsOf(datos, now)).lastInsertRowid,
  )

/** What was tested was the former configuration: the result goes when that changes. */
export function updateDestino(db: Db, id: number, datos: DestinoDatos, now: string): void {
  db.prepare(
    `UPDATE destinos SET nombre = @nombre, descripcion = @descripcion, actualizado_en = @now,
       ultima_prueba = iif(configuracion = @configuracion AND secreto_id IS @secretoId, ultima_prueba, NULL),
       configuracion = @configuracion, secreto_id = @secretoId
     WHERE id = @id AND id > 0 AND eliminado_en IS NULL`,
  ).run({ ...columnsOf(datos, now), id })
}

export function setPrueba(db: Db, id: number, prueba: PruebaDestino): void {
  db.prepare('UPDATE destinos SET ultima_prueba = ? WHERE id = ?').run(JSON.stringify(prueba), id)
}

/** Its row stays, without its credential, so that the loads keep saying where they wrote. */
export const removeDestino = (db: Db, id: number, now: string): boolean =>
  db
    .prepare(
      'UPDATE destinos SET eliminado_en = ?, secreto_id = NULL WHERE id = ? AND id > 0 AND eliminado_en IS NULL',
    )
    .run(now, id).changes > 0
