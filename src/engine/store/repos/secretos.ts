import { lugarClaveSchema, tipoSecretoSchema, valorInfoSchema } from '@shared/model/secreto'
import { z } from 'zod'
import type { Db } from '../db'
import { json, rowId } from './common'

const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array)

export const envolturaSchema = z.strictObject({
  kdf: z.literal('scrypt'),
  // Bounded: a store from elsewhere must not ask for all the memory there is.
  N: z
    .number()
    .int()
    .min(2 ** 15)
    .max(2 ** 20),
  r: z.number().int().min(8).max(16),
  p: z.number().int().min(1).max(4),
  sal: z.base64(),
  nonce: z.base64(),
  cifrado: z.base64(),
  etiqueta: z.base64(),
})
export type Envoltura = z.infer<typeof envolturaSchema>

const claveRow = z.object({
  id: z.string(),
  lugar: lugarClaveSchema,
  estado: z.enum(['nueva', 'activa', 'retirada', 'perdida', 'destruida']),
  verificacion: bytes,
  envoltura: json(envolturaSchema).nullable(),
  creado_en: z.string(),
  activada_en: z.string().nullable(),
})
export type ClaveRow = z.output<typeof claveRow>

/** Every data key there ever was, oldest first. */
export const listClaves = (db: Db): ClaveRow[] =>
  z.array(claveRow).parse(db.prepare('SELECT * FROM claves_datos ORDER BY creado_en, id').all())

export const findClave = (db: Db, id: string): ClaveRow | null =>
  claveRow.nullable().parse(db.prepare('SELECT * FROM claves_datos WHERE id = ?').get(id) ?? null)

/** The key that seals what is saved now; null before the first, or once it was given up as lost. */
export const findClaveActiva = (db: Db): ClaveRow | null =>
  claveRow.nullable().parse(db.prepare(`SELECT * FROM claves_datos WHERE estado = 'activa'`).get() ?? null)

export interface NewClave {
  id: string
  lugar: ClaveRow['lugar']
  verificacion: Uint8Array
  envoltura: Envoltura | null
}

/** As `nueva`: named in the store before it is kept anywhere, so that none is forgotten in a keychain. */
export function insertClave(db: Db, clave: NewClave, now: string): void {
  const envoltura = clave.envoltura === null ? null : JSON.stringify(clave.envoltura)
  db.prepare(
    `INSERT INTO claves_datos (id, lugar, estado, verificacion, envoltura, creado_en)
     VALUES (@id, @lugar, 'nueva', @verificacion, @envoltura, @now)`,
  ).run({ ...clave, envoltura, now })
}

/** False when the active key is not `former` any more, or someone discarded the new one meanwhile. */
export function activateClave(db: Db, id: string, former: string | null, now: string): boolean {
  if ((findClaveActiva(db)?.id ?? null) !== former) return false
  if (former !== null)
    db.prepare(`UPDATE claves_datos SET estado = 'retirada', retirada_en = ? WHERE id = ?`).run(now, former)
  return (
    db
      .prepare(`UPDATE claves_datos SET estado = 'activa', activada_en = ? WHERE id = ? AND estado = 'nueva'`)
      .run(now, id).changes === 1
  )
}

export const hasUnused = (db: Db): boolean =>
  db.prepare(`SELECT 1 FROM claves_datos WHERE estado = 'nueva'`).get() !== undefined

/** Keys that were prepared and never came into use (or that one): their places may forget them. One in use is never touched. */
export const retireUnused = (db: Db, now: string, id: string | null = null): void => {
  db.prepare(
    `UPDATE claves_datos SET estado = 'retirada', retirada_en = @now WHERE estado = 'nueva' AND (@id IS NULL OR id = @id)`,
  ).run({ now, id })
}

/** Retired keys with nothing sealed under them. */
export const listRetired = (db: Db): ClaveRow[] =>
  z.array(claveRow).parse(
    db
      .prepare(
        `SELECT * FROM claves_datos c WHERE c.estado = 'retirada'
           AND NOT EXISTS (SELECT 1 FROM secretos_nube s WHERE s.clave_id = c.id)`,
      )
      .all(),
  )

export const markDestroyed = (db: Db, id: string): void => {
  db.prepare(
    `UPDATE claves_datos SET estado = 'destruida', envoltura = NULL WHERE id = ? AND estado = 'retirada'`,
  ).run(id)
}

export const markLost = (db: Db, id: string, now: string): boolean =>
  db
    .prepare(`UPDATE claves_datos SET estado = 'perdida', retirada_en = ? WHERE id = ? AND estado = 'activa'`)
    .run(now, id).changes === 1

export const writeEnvoltura = (db: Db, id: string, envoltura: Envoltura): void => {
  db.prepare('UPDATE claves_datos SET envoltura = ? WHERE id = ?').run(JSON.stringify(envoltura), id)
}

const secretoRow = z.object({
  id: rowId,
  uuid: z.string(),
  nombre: z.string(),
  tipo: tipoSecretoSchema,
  descripcion: z.string(),
  valores: json(z.array(valorInfoSchema)),
  clave_id: z.string(),
  clave_estado: z.string(),
  nonce: bytes,
  cifrado: bytes,
  etiqueta: bytes,
  creado_en: z.string(),
  actualizado_en: z.string(),
  rotado_en: z.string(),
  vence_en: z.string().nullable(),
  rotar_cada_dias: z.number().int().nullable(),
  recordar_dias: z.number().int(),
})
export type SecretoRow = z.output<typeof secretoRow>

const SELECT_SECRETOS = `SELECT s.*, c.estado AS clave_estado
  FROM secretos_nube s JOIN claves_datos c ON c.id = s.clave_id`

/** By name. */
export const listSecretos = (db: Db): SecretoRow[] =>
  z.array(secretoRow).parse(db.prepare(`${SELECT_SECRETOS} ORDER BY plano(s.nombre), s.id`).all())

export const findSecreto = (db: Db, id: number): SecretoRow | null =>
  secretoRow.nullable().parse(db.prepare(`${SELECT_SECRETOS} WHERE s.id = ?`).get(id) ?? null)

/** Case and accents do not tell two names apart. */
export const findSecretoByName = (db: Db, nombre: string): SecretoRow | null =>
  secretoRow
    .nullable()
    .parse(db.prepare(`${SELECT_SECRETOS} WHERE plano(s.nombre) = plano(?)`).get(nombre) ?? null)

export type SecretoColumns = Omit<SecretoRow, 'id' | 'clave_estado'>

const columnsOf = ({ valores, ...rest }: SecretoColumns) => ({ ...rest, valores: JSON.stringify(valores) })

export const insertSecreto = (db: Db, columns: SecretoColumns): number =>
  Number(
    db
      .prepare(
        `INSERT INTO secretos_nube (uuid, nombre, tipo, descripcion, valores, clave_id, nonce, cifrado, etiqueta, creado_en,
           actualizado_en, rotado_en, vence_en, rotar_cada_dias, recordar_dias)
         VALUES (@uuid, @nombre, @tipo, @descripcion, @valores, @clave_id, @nonce, @cifrado, @etiqueta, @creado_en,
           @actualizado_en, @rotado_en, @vence_en, @rotar_cada_dias, @recordar_dias)`,
      )
      .run(columnsOf(columns)).lastInsertRowid,
  )

export function updateSecreto(db: Db, id: number, columns: SecretoColumns): void {
  db.prepare(
    `UPDATE secretos_nube SET nombre = @nombre, tipo = @tipo, descripcion = @descripcion, valores = @valores, clave_id = @clave_id,
       nonce = @nonce, cifrado = @cifrado, etiqueta = @etiqueta, actualizado_en = @actualizado_en, rotado_en = @rotado_en,
       vence_en = @vence_en, rotar_cada_dias = @rotar_cada_dias, recordar_dias = @recordar_dias
     WHERE id = @id`,
  ).run({ ...columnsOf(columns), id })
}

/** Under another key: what it holds and when it last changed stay. */
export function resealSecreto(
  db: Db,
  id: number,
  sealed: Pick<SecretoRow, 'clave_id' | 'nonce' | 'cifrado' | 'etiqueta'>,
): void {
  db.prepare(
    `UPDATE secretos_nube SET clave_id = @clave_id, nonce = @nonce, cifrado = @cifrado, etiqueta = @etiqueta WHERE id = @id`,
  ).run({ ...sealed, id })
}

export const deleteSecreto = (db: Db, id: number): boolean =>
  db.prepare('DELETE FROM secretos_nube WHERE id = ?').run(id).changes > 0

export const countSecretos = (db: Db): { total: number; perdidos: number } =>
  z.object({ total: z.number(), perdidos: z.number() }).parse(
    db
      .prepare(
        `SELECT count(*) AS total, coalesce(sum(c.estado = 'perdida'), 0) AS perdidos
           FROM secretos_nube s JOIN claves_datos c ON c.id = s.clave_id`,
      )
      .get(),
  )
