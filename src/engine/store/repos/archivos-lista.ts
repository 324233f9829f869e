import type { Desenlace, EstadoArchivo } from '@shared/model/recepcion'
import { z } from 'zod'
import { type Db, likeAnywhere } from '../db'
import { type ArchivoRow, archivoRow, FROM_ARCHIVOS, SELECT_ARCHIVOS } from './archivos'
import { pageOf, rowId } from './common'

const countsRow = z.object({
  casilla_id: rowId,
  en_cola: z.number().int(),
  en_curso: z.number().int(),
  cuarentena: z.number().int(),
  ultimo: z.string().nullable(),
})
export type ArchivoCounts = z.output<typeof countsRow>

/** How many files each casilla (or one) has waiting, in hand and in quarantine. */
export const countArchivos = (db: Db, casillaId: number | null): Map<number, ArchivoCounts> =>
  new Map(
    z
      .array(countsRow)
      .parse(
        db
          .prepare(
            `SELECT c.id AS casilla_id,
               (SELECT count(*) FROM archivos_recibidos a WHERE a.casilla_id = c.id AND a.desenlace IS NULL AND a.reclamado_por IS NULL
                 AND a.estado <> 'materializando') AS en_cola,
               (SELECT count(*) FROM archivos_recibidos a WHERE a.casilla_id = c.id AND a.desenlace IS NULL
                 AND (a.reclamado_por IS NOT NULL OR a.estado = 'materializando')) AS en_curso,
               (SELECT count(*) FROM archivos_recibidos a WHERE a.casilla_id = c.id AND a.estado = 'cuarentena') AS cuarentena,
               (SELECT detectado_en FROM archivos_recibidos a WHERE a.casilla_id = c.id ORDER BY a.id DESC LIMIT 1) AS ultimo
             FROM casillas_datos c WHERE c.eliminado_en IS NULL AND (@casillaId IS NULL OR c.id = @casillaId)`,
          )
          .all({ casillaId }),
      )
      .map((row) => [row.casilla_id, row]),
  )

export interface ArchivoQuery {
  archivoId?: number
  casillaId?: number
  emisorId?: number
  estado?: EstadoArchivo
  desenlace?: Desenlace
  abiertos?: boolean
  search?: string
  sort: 'detectadoEn' | 'nombre' | 'estado' | 'bytes'
  direction: 'asc' | 'desc'
  limit: number
  offset: number
}

const SORTS: Record<ArchivoQuery['sort'], string> = {
  detectadoEn: 'a.detectado_en',
  nombre: 'plano(a.nombre)',
  estado: 'coalesce(a.desenlace, a.estado)',
  bytes: 'a.bytes',
}

const WHERE = `WHERE (@archivoId IS NULL OR a.id = @archivoId) AND (@casillaId IS NULL OR a.casilla_id = @casillaId)
  AND (@emisorId IS NULL OR a.emisor_id = @emisorId)
  AND (@estado IS NULL OR a.estado = @estado)
  AND (@desenlace IS NULL OR a.desenlace = @desenlace)
  AND (@abiertos = 0 OR a.desenlace IS NULL)
  AND (@busca IS NULL OR plano(a.nombre) LIKE @busca ESCAPE '\\' OR plano(c.nombre) LIKE @busca ESCAPE '\\'
    OR plano(m.nombre) LIKE @busca ESCAPE '\\' OR plano(a.motivo) LIKE @busca ESCAPE '\\' OR a.sha256 LIKE @busca ESCAPE '\\')`

/** One page of the received files and how many the filter has in all. */
export function listArchivos(db: Db, query: ArchivoQuery): { items: ArchivoRow[]; total: number } {
  const filter = {
    archivoId: query.archivoId ?? null,
    casillaId: query.casillaId ?? null,
    emisorId: query.emisorId ?? null,
    estado: query.estado ?? null,
    desenlace: query.desenlace ?? null,
    abiertos: query.abiertos ? 1 : 0,
    busca: query.search?.trim() ? likeAnywhere(query.search.trim()) : null,
  }
  const statement = {
    select: SELECT_ARCHIVOS,
    from: FROM_ARCHIVOS,
    where: WHERE,
    sort: SORTS[query.sort],
    id: 'a.id',
  }
  return pageOf(db, archivoRow, statement, filter, query)
}
