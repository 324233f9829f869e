import { compileRule, compileTransformValue, type FrameSpec } from '@engine/rules'
import type { RuleFinding, RuleWhere } from '@engine/sage-yaml'
import type { CatalogSpec, RuleSpec } from '@shared/model/schema'

const frameOf = (catalog: CatalogSpec): FrameSpec => ({
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
    return catalog ? compileTransformValue(rule.rule, frameOf(catalog)) : null
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
