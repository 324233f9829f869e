import { compileRule, compileTransformValue, type FrameSpec } from '@engine/rules'
import type { RuleFinding, RuleWhere } from '@engine/sage-yaml'
import type { CatalogSpec, RuleSpec, TransformationSpec } from '@shared/model/schema'

/** A catalog as expressions see it, when only their meaning matters. */
export const frameOf = (catalog: CatalogSpec): FrameSpec => ({
  catalog: catalog.id,
  relation: '"v"',
  columns: catalog.fields.map(({ name, type }) => ({ name, type })),
})

/** Judges one expression of a YAML by compiling it, as an execution will: what `parseSageYaml` takes as `checkRules`. */
export function checkRule(rule: RuleSpec, where: RuleWhere): RuleFinding[] {
  const result = compileWhere(rule, where)
  if (result === null || result.ok) return []
  return result.problems.map((problem) => ({ severity: 'error', ...problem }))
}

function compileWhere(rule: RuleSpec, where: RuleWhere) {
  const { catalog } = where
  if (where.level === 'transformation') {
    if (!catalog) return null
    const columns = columnsBefore(catalog, rule.path)
    return compileTransformValue(rule.rule, { ...frameOf(catalog), columns })
  }
  const frames =
    where.level === 'package'
      ? (where.package?.catalogs ?? []).flatMap((id) => {
          const member = where.schema.catalogs.get(id)
          return member ? [frameOf(member)] : []
        })
      : catalog
        ? [frameOf(catalog)]
        : []
  return compileRule(rule.rule, {
    level: where.level,
    frames,
    ...(where.field ? { field: where.field.name } : {}),
  })
}

/** The columns as a transformation finds them, after those before it. */
function columnsBefore(catalog: CatalogSpec, path: string): FrameSpec['columns'] {
  let columns = frameOf(catalog).columns
  for (const step of catalog.transformations) {
    if (path === step.path || path.startsWith(`${step.path}.`)) break
    columns = columnsAfter(columns, step)
  }
  return columns
}

function columnsAfter(columns: FrameSpec['columns'], step: TransformationSpec): FrameSpec['columns'] {
  switch (step.kind) {
    case 'set':
      return [...columns.filter(({ name }) => name !== step.column), { name: step.column, type: step.type }]
    case 'drop':
      return columns.filter(({ name }) => !step.columns.includes(name))
    case 'rename':
      return columns.map((column) => ({
        ...column,
        name: Object.hasOwn(step.names, column.name) ? (step.names[column.name] ?? column.name) : column.name,
      }))
    case 'map':
      return columns.map((column) => (column.name === step.column ? { ...column, type: 'texto' } : column))
    case 'filter':
      return columns
  }
}
