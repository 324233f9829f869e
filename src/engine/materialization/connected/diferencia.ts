import type { Ensayo } from '@shared/model/materializacion'
import { onlyCounts } from '../service/diferencia'
import type { LoadResult, TableJob } from '../types'

/** Rows up to which a load is compared whole, to tell what it changed: past that it would cost as much as the load. */
const MOST_COMPARED = 100_000
/** Of a longer one, the first of each table: so few that a database looks for them by their key, however large the table. */
const FIRST_COMPARED = 2_000

export const isCompared = (jobs: readonly TableJob[]): boolean =>
  jobs.reduce((sum, { source }) => sum + source.filas, 0) <= MOST_COMPARED

/** The rows of a load that are compared with what is there before it. */
export function toCompare(jobs: readonly TableJob[]): readonly TableJob[] {
  if (isCompared(jobs)) return jobs
  return jobs.map(({ tabla, source }) => {
    if (source.filas <= FIRST_COMPARED) return { tabla, source }
    const sql = `SELECT * FROM (${source.sql}) LIMIT ${FIRST_COMPARED}`
    return { tabla, source: { ...source, sql, filas: FIRST_COMPARED } }
  })
}

/**
 * What a load did: its own counts, with the changes that were seen of the rows compared (`compared` null: none could be). A table that had
 * them already was not changed and is left out.
 */
export function diferenciaOf(compared: Ensayo | null, { tablas }: Pick<LoadResult, 'tablas'>): Ensayo {
  return {
    problemas: compared?.problemas ?? [],
    tablas: tablas.flatMap(({ repetida, tabla, catalogo, ...counts }) => {
      if (repetida) return []
      const seen = compared?.tablas.find((one) => one.tabla === tabla && one.catalogo === catalogo)
      if (!seen) return [onlyCounts({ tabla, catalogo, ...counts })]
      const partial = seen.leidas < counts.leidas ? { comparadas: seen.leidas } : {}
      return [{ ...seen, ...counts, ...partial }]
    }),
  }
}
