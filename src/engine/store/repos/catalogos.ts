import { z } from 'zod'
import type { Db } from '../db'
import { rowId } from './common'

const catalogoRow = z.object({
  id: rowId,
  casilla_id: rowId,
  catalogo: z.string(),
  nombre: z.string(),
  archivo: z.string(),
  campos: z.number().int(),
})
export type CatalogoRow = z.infer<typeof catalogoRow>

export interface NewCatalogo {
  catalogo: string
  nombre: string
  archivo: string
  campos: number
}

/**
 * Makes the active catalogs of a casilla those of its current YAML. A catalog that stays keeps its row, hence its
 * materializations; one that went is set aside and comes back whole if a later version brings it back.
 */
export function replaceCatalogos(db: Db, casillaId: number, catalogos: NewCatalogo[]): void {
  db.prepare('UPDATE catalogos SET is_active = 0 WHERE casilla_id = ?').run(casillaId)
  const upsert = db.prepare(
    `INSERT INTO catalogos (casilla_id, catalogo, nombre, archivo, campos, orden, is_active)
     VALUES (@casillaId, @catalogo, @nombre, @archivo, @campos, @orden, 1)
     ON CONFLICT (casilla_id, catalogo) DO UPDATE SET
       nombre = excluded.nombre, archivo = excluded.archivo, campos = excluded.campos, orden = excluded.orden, is_active = 1`,
  )
  catalogos.forEach((catalogo, orden) => {
    upsert.run({ casillaId, orden, ...catalogo })
  })
}

/** Active catalogs of one casilla, or of all, in the order of the YAML. */
export const listCatalogos = (db: Db, casillaId: number | null): CatalogoRow[] =>
  z.array(catalogoRow).parse(
    db
      .prepare(
        `SELECT id, casilla_id, catalogo, nombre, archivo, campos FROM catalogos
           WHERE is_active = 1 AND (@casillaId IS NULL OR casilla_id = @casillaId) ORDER BY casilla_id, orden`,
      )
      .all({ casillaId }),
  )
