import { z } from 'zod'
import type { Db } from '../db'
import { json, rowId } from './common'

/** Every stored setting as written: the registry decides what is still valid. */
export const readConfiguracion = (db: Db): Map<string, unknown> =>
  new Map(
    z
      .array(z.object({ clave: z.string(), valor: json(z.unknown()) }))
      .parse(db.prepare('SELECT clave, valor FROM configuracion').all())
      .map((row) => [row.clave, row.valor]),
  )

export function writeConfiguracion(db: Db, clave: string, valor: unknown, now: string): void {
  db.prepare(
    `INSERT INTO configuracion (clave, valor, actualizado_en) VALUES (?, ?, ?)
     ON CONFLICT (clave) DO UPDATE SET valor = excluded.valor, actualizado_en = excluded.actualizado_en`,
  ).run(clave, JSON.stringify(valor), now)
}

/** True the first time ever for `nombre`; to be called in the transaction that plants it. */
export const claimSemilla = (db: Db, nombre: string, now: string): boolean =>
  db.prepare('INSERT OR IGNORE INTO semillas (nombre, aplicada_en) VALUES (?, ?)').run(nombre, now).changes >
  0

export interface AuditEntry {
  accion: string
  objeto: string
  objetoId: string | null
  detalle?: Record<string, unknown>
  actor?: string
}

/** Part of the same transaction as the change it tells about. `detalle` must carry no secret. */
export function writeAuditoria(db: Db, entry: AuditEntry, now: string): void {
  db.prepare(
    'INSERT INTO auditoria (fecha, actor, accion, objeto, objeto_id, detalle) VALUES (?, ?, ?, ?, ?, ?)',
  ).run(
    now,
    entry.actor ?? 'local',
    entry.accion,
    entry.objeto,
    entry.objetoId,
    JSON.stringify(entry.detalle ?? {}),
  )
}

const auditRow = z.object({
  id: rowId,
  fecha: z.string(),
  actor: z.string(),
  accion: z.string(),
  objeto: z.string(),
  objeto_id: z.string().nullable(),
  detalle: json(z.record(z.string(), z.unknown())),
})

/** Newest first. */
export const listAuditoria = (db: Db, limit: number): z.output<typeof auditRow>[] =>
  z.array(auditRow).parse(db.prepare('SELECT * FROM auditoria ORDER BY id DESC LIMIT ?').all(limit))
