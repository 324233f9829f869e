import { type CompileResult, compileRule, type FrameSpec } from '@engine/rules'
import type { CatalogSpec, PackageSpec, RuleSpec } from '@shared/model/schema'
import { type CatalogPlan, nextBit, viewName } from './plan-catalog'
import type { PlannedCheck } from './types'

export interface RulePlanner {
  plans: Map<string, CatalogPlan>
  nextId(): number
  now: Date
}

const frameOf = (plan: CatalogPlan): FrameSpec => ({
  catalog: plan.catalog.id,
  relation: viewName(plan),
  columns: plan.catalog.fields.map(({ name, type }) => ({ name, type })),
})

/** Compiles a catalog's field, row and catalog rules into checks. */
export function addCatalogRules(planner: RulePlanner, plan: CatalogPlan): void {
  const frames = [frameOf(plan)]
  const { catalog } = plan
  const add = (spec: RuleSpec, level: 'field' | 'row' | 'catalog', field?: string): void => {
    const result = compileRule(spec.rule, { level, frames, now: planner.now, ...(field ? { field } : {}) })
    plan.checks.push(
      checkOf(planner, spec, result, { scope: 'catalog', target: catalog.id, level, field }, plan),
    )
  }
  for (const field of catalog.fields) for (const rule of field.rules) add(rule, 'field', field.name)
  for (const rule of catalog.rowRules) add(rule, 'row')
  for (const rule of catalog.catalogRules) add(rule, 'catalog')
}

/**
 * Compiles a package's rules. One that a single catalog's scan can judge joins that catalog's checks; the others come back, to be run
 * once every catalog is there.
 */
export function addPackageRules(planner: RulePlanner, pack: PackageSpec): PlannedCheck[] {
  const frames = pack.catalogs.flatMap((id) => {
    const plan = planner.plans.get(id)
    return plan ? [frameOf(plan)] : []
  })
  const later: PlannedCheck[] = []
  for (const spec of pack.rules) {
    const result = compileRule(spec.rule, { level: 'package', frames, now: planner.now })
    const plan = result.ok ? planner.plans.get(result.rule.catalog ?? '') : undefined
    const check = checkOf(
      planner,
      spec,
      result,
      { scope: 'package', target: pack.id, level: 'package' },
      plan,
    )
    if (check.how.by === 'mask' && plan) plan.checks.push(check)
    else later.push(check)
  }
  return later
}

/** The check of a rule that could not be judged because a catalog it reads has no usable file: told, never counted. */
export const notJudged = (check: PlannedCheck, absent: string): PlannedCheck => ({
  ...check,
  kind: 'rule',
  severity: 'message',
  message: `No se evaluó la regla «${check.rule}»: falta el catálogo «${absent}» o no se pudo leer.`,
  recordsOf: null,
  how: { by: 'given' },
})

/** The check of a rule that failed while it ran: one error of the rule. */
export const failedRule = (check: PlannedCheck, reason: string): PlannedCheck => ({
  ...check,
  kind: 'rule',
  severity: 'error',
  message: `La regla «${check.rule}» no se pudo evaluar con estos datos: ${reason}`,
  recordsOf: null,
  countsOnce: true,
  how: { by: 'given' },
})

interface Where {
  scope: 'catalog' | 'package'
  target: string
  level: 'field' | 'row' | 'catalog' | 'package'
  field?: string | undefined
}

/** An error of the rule itself: one, wherever it was written. */
function ruleError(planner: RulePlanner, spec: RuleSpec, where: Where, message: string): PlannedCheck {
  return {
    id: planner.nextId(),
    scope: where.scope,
    target: where.target,
    kind: 'rule',
    rule: spec.name,
    field: where.field ?? null,
    severity: 'error',
    message,
    valueFields: [],
    recordsOf: null,
    how: { by: 'given' },
    countsOnce: true,
  }
}

function checkOf(
  planner: RulePlanner,
  spec: RuleSpec,
  result: CompileResult,
  where: Where,
  plan: CatalogPlan | undefined,
): PlannedCheck {
  if (!result.ok) {
    const reasons = result.problems.map(
      (problem) =>
        `${problem.message}${problem.hint ? ` ${problem.hint}` : ''} (posición ${problem.from + 1} de «${spec.rule}»)`,
    )
    return ruleError(
      planner,
      spec,
      where,
      `La regla «${spec.name}» no se puede evaluar: ${reasons.join(' ')}`,
    )
  }
  const { rule } = result
  for (const read of rule.reads) {
    if (rule.stage === 'frame' || rule.shape === 'value')
      planner.plans.get(read.catalog)?.stored.add(read.column)
  }
  return {
    id: planner.nextId(),
    scope: where.scope,
    target: where.target,
    kind: where.level,
    rule: spec.name,
    field: where.field ?? soleField(result, plan?.catalog),
    severity: spec.severity,
    message: spec.description || spec.name,
    valueFields: valueFields(result, where.field, plan?.catalog),
    recordsOf: rule.shape === 'rows' ? rule.catalog : null,
    how: howOf(rule, plan),
    countsOnce: where.level === 'catalog' || where.level === 'package',
  }
}

function howOf(
  rule: Extract<CompileResult, { ok: true }>['rule'],
  plan: CatalogPlan | undefined,
): PlannedCheck['how'] {
  if (rule.stage === 'frame') return { by: 'frame', compiled: rule }
  if (rule.shape === 'value' || !plan) return { by: 'value', sql: rule.sql, compiled: rule }
  return { by: 'mask', bit: nextBit(plan), sql: `NOT (${rule.sql})`, compiled: rule }
}

const ownReads = (
  result: Extract<CompileResult, { ok: true }>,
  catalog: CatalogSpec | undefined,
): number[] => [
  ...new Set(result.rule.reads.filter((read) => read.catalog === catalog?.id).map((read) => read.column)),
]

function valueFields(
  result: Extract<CompileResult, { ok: true }>,
  field: string | undefined,
  catalog: CatalogSpec | undefined,
): number[] {
  if (field === undefined) return ownReads(result, catalog)
  const own = catalog?.fields.findIndex(({ name }) => name === field) ?? -1
  return own < 0 ? [] : [own]
}

function soleField(
  result: Extract<CompileResult, { ok: true }>,
  catalog: CatalogSpec | undefined,
): string | null {
  const reads = ownReads(result, catalog)
  const [only] = reads
  return reads.length === 1 && only !== undefined ? (catalog?.fields[only]?.name ?? null) : null
}
