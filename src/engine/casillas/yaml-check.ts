import { outlineOf, parseSageYaml, type RuleChecker } from '@engine/sage-yaml'
import type { OperationOutput } from '@shared/contract'
import { AppError } from '@shared/errors/app-error'
import type { SageSchema } from '@shared/model/schema'

type YamlCheck = OperationOutput<'yaml.check'>

/** The catalogs and packages of a schema as the contract tells them. */
function contractOutline(schema: SageSchema): NonNullable<YamlCheck['outline']> {
  const outline = outlineOf(schema)
  return {
    name: outline.name,
    version: outline.version,
    description: outline.description,
    author: outline.author,
    catalogs: outline.catalogs.map((catalog) => ({
      id: catalog.id,
      name: catalog.name,
      filename: catalog.filename,
      type: catalog.type,
      delimiter: catalog.delimiter,
      header: catalog.header,
      fields: catalog.fields,
      rules:
        catalog.rowRules + catalog.catalogRules + catalog.fields.reduce((sum, field) => sum + field.rules, 0),
    })),
    packages: outline.packages.map(({ id, name, type, catalogs, rules }) => ({
      id,
      name,
      type,
      catalogs,
      rules,
    })),
  }
}

/** Every mistake of a YAML, and its outline where it could be read. */
export function checkYaml(text: string, checkRules: RuleChecker): YamlCheck {
  const { schema, diagnostics } = parseSageYaml(text, { checkRules })
  return {
    valid: schema !== null && !diagnostics.some((item) => item.severity === 'error'),
    diagnostics,
    outline: schema === null ? null : contractOutline(schema),
  }
}

/**
 * The schema of a YAML that is to be kept.
 * @throws AppError YAML_INVALID, with every diagnostic in `details.diagnostics`
 */
export function requireYaml(text: string, fileName: string, checkRules: RuleChecker): SageSchema {
  const { schema, diagnostics } = parseSageYaml(text, { fileName, checkRules })
  const errors = diagnostics.filter((item) => item.severity === 'error')
  if (schema !== null && errors.length === 0) return schema
  const [first] = errors
  const more = errors.length > 1 ? ` Y ${errors.length - 1} más.` : ''
  throw new AppError('YAML_INVALID', {
    kind: 'input',
    message: first
      ? `El YAML «${fileName}» no se puede guardar. Línea ${first.position.line}, columna ${first.position.column}: ${first.message}${more}`
      : `El YAML «${fileName}» no se puede leer.`,
    ...(first?.hint ? { hint: first.hint } : {}),
    details: { diagnostics },
  })
}
