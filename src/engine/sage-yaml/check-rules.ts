import type { CatalogSpec, FieldSpec, PackageSpec, RuleSpec, SageSchema } from '@shared/model/schema'
import type { PendingRule, ReadCatalogs, RuleLevel } from './read-catalogs'
import type { Reporter } from './reporter'
import { scalarRange } from './scalar-offsets'

export interface RuleWhere {
  level: RuleLevel
  catalog?: CatalogSpec
  package?: PackageSpec
  field?: FieldSpec
  schema: SageSchema
}

/** What a checker says of an expression; `from` and `to` are offsets in the expression. */
export interface RuleFinding {
  severity: 'error' | 'warning'
  code: string
  message: string
  hint?: string
  from: number
  to: number
}

/** Judges one expression. Given to `parseSageYaml`, which turns its offsets into places of the file. */
export type RuleChecker = (rule: RuleSpec, where: RuleWhere) => RuleFinding[]

/** Rules judged at most: past it a file is not a schema but an attack on the compiler. */
const MAX_RULES = 20_000

function usable(rule: PendingRule, schema: SageSchema, known: ReadCatalogs): boolean {
  if (rule.catalog !== undefined) return !known.unsure.has(rule.catalog.id)
  const spec = rule.packageId === undefined ? undefined : schema.packages.get(rule.packageId)
  return spec !== undefined && spec.catalogs.length > 0 && spec.catalogs.every((id) => !known.unsure.has(id))
}

/** Calls the checker for every rule and transformation expression, and reports what it says at its place in the YAML. */
export function checkRules(
  text: string,
  pending: readonly PendingRule[],
  schema: SageSchema,
  known: ReadCatalogs,
  reporter: Reporter,
  check: RuleChecker,
): void {
  for (const rule of pending.slice(0, MAX_RULES)) {
    if (!usable(rule, schema, known)) continue
    const where: RuleWhere = { level: rule.level, schema }
    if (rule.catalog !== undefined) where.catalog = rule.catalog
    if (rule.field !== undefined) where.field = rule.field
    const owner = rule.packageId === undefined ? undefined : schema.packages.get(rule.packageId)
    if (owner !== undefined) where.package = owner
    const path = rule.level === 'transformation' ? rule.spec.path : `${rule.spec.path}.rule`
    for (const found of check(rule.spec, where)) {
      const { severity, code, message, hint, from, to } = found
      const range = scalarRange(text, rule.node, from, to)
      reporter.rule({
        severity,
        code,
        message,
        hint,
        path,
        range,
        expression: { text: rule.spec.rule, from, to },
      })
    }
  }
}
