import { politicaSchema } from '@shared/model/execution'
import { type Frecuencia, frecuenciaSchema } from '@shared/model/frecuencia'
import {
  alTerminarSchema,
  type OrigenRemoto,
  type Vigilancia,
  vigilanciaSchema,
} from '@shared/model/recepcion'
import { z } from 'zod'
import type { Db } from '../db'
import { flag, json, rowId } from './common'

const casillaRow = z.object({
  id: rowId,
  nombre: z.string(),
  descripcion: z.string(),
  nombre_yaml: z.string(),
  politica: politicaSchema,
  is_active: flag,
  yaml_version: z.number().int(),
  muestra: z.string().nullable(),
  zona_horaria: z.string(),
  carpeta: z.string().nullable(),
  proveedor_id: rowId.nullable(),
  prefijo: z.string().nullable(),
  al_terminar: alTerminarSchema.nullable(),
  vigilancia: json(vigilanciaSchema),
  configuracion_frecuencia: json(frecuenciaSchema).nullable(),
  frecuencia_desde: z.string().nullable(),
  prioridad: z.number().int(),
  pausada_en: z.string().nullable(),
  creado_en: z.string(),
  actualizado_en: z.string(),
  eliminado_en: z.string().nullable(),
})
export type CasillaRow = z.output<typeof casillaRow>

export interface NewCasilla {
  nombre: string
  descripcion: string
  nombreYaml: string
  politica: CasillaRow['politica']
  muestra: string | null
  now: string
}

/** Inserted at YAML version 1: the version itself must follow in the same transaction (deferred foreign key). */
export function insertCasilla(db: Db, casilla: NewCasilla): number {
  const result = db
    .prepare(
      `INSERT INTO casillas_datos (nombre, descripcion, nombre_yaml, politica, yaml_version, muestra, creado_en, actualizado_en)
       VALUES (@nombre, @descripcion, @nombreYaml, @politica, 1, @muestra, @now, @now)`,
    )
    .run(casilla)
  return Number(result.lastInsertRowid)
}

/** Where a casilla receives from a provider; null when it does not. */
export const origenRemotoOf = ({ proveedor_id, prefijo, al_terminar }: CasillaRow): OrigenRemoto | null =>
  proveedor_id === null || prefijo === null
    ? null
    : { proveedorId: proveedor_id, prefijo, alTerminar: al_terminar ?? 'mover' }

/** Living casillas, by name. */
export const listCasillas = (db: Db): CasillaRow[] =>
  z
    .array(casillaRow)
    .parse(
      db.prepare('SELECT * FROM casillas_datos WHERE eliminado_en IS NULL ORDER BY plano(nombre), id').all(),
    )

/** Also a removed one (its `eliminado_en` says so); null when it never was. */
export const findCasilla = (db: Db, id: number): CasillaRow | null =>
  casillaRow.nullable().parse(db.prepare('SELECT * FROM casillas_datos WHERE id = ?').get(id) ?? null)

export interface CasillaChange {
  nombre?: string
  descripcion?: string
  politica?: CasillaRow['politica']
  activa?: boolean
  zonaHoraria?: string
  /** null stops watching. */
  carpeta?: string | null
  /** null receives from no provider. */
  origenRemoto?: OrigenRemoto | null
  vigilancia?: Vigilancia
  frecuencia?: Frecuencia | null
  prioridad?: number
}

const asJson = (value: unknown): string | null | undefined =>
  value === undefined || value === null ? value : JSON.stringify(value)

/** Absent keys keep their value. */
export function updateCasilla(db: Db, id: number, change: CasillaChange, now: string): void {
  const frecuencia = asJson(change.frecuencia)
  const columns = {
    nombre: change.nombre,
    descripcion: change.descripcion,
    politica: change.politica,
    is_active: change.activa === undefined ? undefined : Number(change.activa),
    zona_horaria: change.zonaHoraria,
    carpeta: change.carpeta,
    ...(change.origenRemoto === undefined
      ? {}
      : {
          proveedor_id: change.origenRemoto?.proveedorId ?? null,
          prefijo: change.origenRemoto?.prefijo ?? null,
          al_terminar: change.origenRemoto?.alTerminar ?? null,
        }),
    vigilancia: asJson(change.vigilancia),
    configuracion_frecuencia: frecuencia,
    prioridad: change.prioridad,
  }
  const given = Object.entries(columns).filter(([, value]) => value !== undefined)
  const sets = [...given.map(([column]) => `${column} = @${column}`), 'actualizado_en = @now']
  // What was due before a frequency was chosen is not missed.
  if (frecuencia !== undefined)
    sets.push(
      'frecuencia_desde = iif(configuracion_frecuencia IS @configuracion_frecuencia, frecuencia_desde, @now)',
    )
  db.prepare(`UPDATE casillas_datos SET ${sets.join(', ')} WHERE id = @id AND eliminado_en IS NULL`).run({
    ...Object.fromEntries(given),
    id,
    now,
  })
}

/** null goes on. */
export function setPausada(db: Db, id: number, pausadaEn: string | null, now: string): void {
  db.prepare('UPDATE casillas_datos SET pausada_en = ?, actualizado_en = ? WHERE id = ?').run(
    pausadaEn,
    now,
    id,
  )
}

export function setYamlVersion(db: Db, id: number, version: number, now: string): void {
  db.prepare('UPDATE casillas_datos SET yaml_version = ?, actualizado_en = ? WHERE id = ?').run(
    version,
    now,
    id,
  )
}

/** Its row stays, so that its executions keep saying which casilla and which YAML judged them. */
export const removeCasilla = (db: Db, id: number, now: string): boolean =>
  db
    .prepare(
      'UPDATE casillas_datos SET eliminado_en = ?, is_active = 0 WHERE id = ? AND eliminado_en IS NULL',
    )
    .run(now, id).changes > 0
