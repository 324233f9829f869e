import { z } from 'zod'

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
