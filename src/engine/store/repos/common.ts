import { z } from 'zod'
import type { Db } from '../db'

export const rowId = z.number().int().positive()

/** SQLite has no booleans. */
export const flag = z
  .number()
  .refine((n) => n === 0 || n === 1)
  .transform((n) => n === 1)

/** A column of JSON text, read through `schema`. */
export const json = <T extends z.ZodType>(schema: T) =>
  z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text)
      } catch {
        context.addIssue({ code: 'custom', message: 'no es JSON' })
        return z.NEVER
      }
    })
    .pipe(schema)

/** One page of a list and how many rows its filter has in all. Every part is SQL of ours; what a person gave is in `filter`, bound. */
export function pageOf<T extends z.ZodType>(
  db: Db,
  row: T,
  { select, from, where, sort, id }: Record<'select' | 'from' | 'where' | 'sort' | 'id', string>,
  filter: Record<string, unknown>,
  { direction, limit, offset }: { direction: 'asc' | 'desc'; limit: number; offset: number },
): { items: z.output<T>[]; total: number } {
  const way = direction === 'asc' ? 'ASC' : 'DESC'
  const items = db
    .prepare(`${select} ${where} ORDER BY ${sort} ${way}, ${id} ${way} LIMIT @limit OFFSET @offset`)
    .all({ ...filter, limit, offset })
  const total = db.prepare(`SELECT count(*) ${from} ${where}`).pluck().get(filter)
  return { items: z.array(row).parse(items), total: z.number().parse(total) }
}
