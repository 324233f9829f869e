import { parseSageYaml } from '@engine/sage-yaml'
import { AppError } from '@shared/errors/app-error'
import type { SageSchema } from '@shared/model/schema'

/** The schema of a YAML, or YAML_INVALID with every diagnostic and the first one in words. */
export function readSchema(text: string, name = 'input.yaml'): SageSchema {
  const { schema, diagnostics } = parseSageYaml(text, { fileName: name })
  const errors = diagnostics.filter((item) => item.severity === 'error')
  if (schema) return schema
  const [first] = errors
  const more = errors.length > 1 ? ` Hay ${errors.length - 1} errores más.` : ''
  throw new AppError('YAML_INVALID', {
    kind: 'input',
    message: first
      ? `El YAML «${name}» tiene errores. Línea ${first.position.line}, columna ${first.position.column}: ${first.message}${more}`
      : `El YAML «${name}» no se puede leer.`,
    ...(first?.hint ? { hint: first.hint } : {}),
    details: { diagnostics },
  })
}
