import { z } from 'zod'

/**
 * A text that must never be shown, logged or kept in clear. Forms draw it masked and never get it back; the engine's redactor learns
 * what was typed in it before anything else sees it. The mark is in the schema's metadata (`secret: true`), so that it also stands in
 * its JSON schema.
 */
export const secret = (schema: z.ZodString = z.string().min(1).max(65_536)): z.ZodString =>
  schema.meta({ secret: true })

export const isSecretField = (schema: z.core.$ZodType): boolean =>
  z.globalRegistry.get(schema)?.secret === true

const childOf = (schema: z.core.$ZodType): z.core.$ZodType | null => {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly
  )
    return schema.def.innerType
  return schema instanceof z.ZodPipe ? schema.def.in : null
}

/** What stands in the secret fields of `value`, as `schema` marks them; nothing of a value that does not have its shape. */
export function secretValues(schema: z.core.$ZodType, value: unknown): string[] {
  if (value === undefined || value === null) return []
  if (isSecretField(schema)) return typeof value === 'string' ? [value] : []
  const inner = childOf(schema)
  if (inner !== null) return secretValues(inner, value)
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => secretValues(option, value))
  if (typeof value !== 'object') return []
  if (schema instanceof z.ZodArray)
    return Array.isArray(value) ? value.flatMap((item) => secretValues(schema.element, item)) : []
  if (schema instanceof z.ZodRecord)
    return Object.values(value).flatMap((item) => secretValues(schema.valueType, item))
  if (schema instanceof z.ZodObject)
    return Object.entries(schema.shape).flatMap(([key, field]) =>
      isSchema(field) ? secretValues(field, Reflect.get(value, key)) : [],
    )
  return []
}

const isSchema = (field: unknown): field is z.core.$ZodType => field instanceof z.core.$ZodType
