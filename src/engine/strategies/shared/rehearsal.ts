import type { Statement } from '@engine/destinations/types'
import type { PlanContext, Rehearsal } from '../types'
import { names } from './steps'

/** Changes of each kind that a rehearsal shows. */
export const SAMPLED = 50

/** Of a strategy that inserts every row and removes those of the target that meet `where` (all, without one). */
export function insertsAll(context: PlanContext, removes: { where: Statement | null } | null): Rehearsal {
  const nothing: Rehearsal = { stage: [], check: [], drop: [], counts: [], todas: true, samples: [] }
  if (!removes) return nothing
  const { dialect, target } = context
  const { sql, params } = removes.where ?? { sql: '', params: [] }
  const from = `${dialect.table(target)} t${sql === '' ? '' : ` WHERE ${sql}`}`
  return {
    ...nothing,
    counts: [{ of: 'eliminadas', statement: { sql: `SELECT count(*) FROM ${from}`, params } }],
    samples: [
      { cambio: 'eliminada', statement: { sql: firstOf(context, listed(context, 't'), from), params } },
    ],
  }
}

/** The columns of the plan of one alias. */
export const listed = (context: PlanContext, alias: 's' | 't'): string =>
  names(context)
    .map((name) => `${alias}.${context.dialect.ident(name)}`)
    .join(', ')

/** The first rows of a FROM, by the first column shown. */
export const firstOf = ({ dialect }: PlanContext, columns: string, from: string): string =>
  dialect.firstRows(`SELECT ${columns} FROM ${from}`, '1', SAMPLED)
