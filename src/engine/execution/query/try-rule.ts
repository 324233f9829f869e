import { compileRule } from '@engine/rules'
import { type CatalogSource, type CheckOutcome, Validator } from '@engine/validation'
import { AppError } from '@shared/errors/app-error'
import type { CatalogSpec, PackageSpec, RuleSpec, SageSchema } from '@shared/model/schema'
import { frameOf } from '../rule-checker'
import { readSchema } from '../schema'
import type { ExecutionHooks, TryRuleInput, TryRuleOutput } from '../types'
import { withFolder } from './findings'
import { catalogOf, pickRecords } from './record-context'
import { openSource } from './source'

/** Failing records shown. */
const ROWS = 100

/**
 * Runs one rule on the file of a finished execution without saving anything: whether it passes, how many records fail and the first of
 * them. A rule that does not compile comes back with its problems and `ok` null. Errors: YAML_INVALID, UNKNOWN_CATALOG,
 * UNKNOWN_PACKAGE, those of the input file, CANCELLED.
 */
export async function tryRule(
  dir: string,
  input: TryRuleInput,
  hooks: ExecutionHooks = {},
): Promise<TryRuleOutput> {
  const schema = readSchema(input.yaml)
  const spec: RuleSpec = { name: 'prueba', description: '', rule: input.rule, severity: 'error', path: '' }
  const trial = trialOf(schema, input, spec)
  const compiled = compileRule(input.rule, {
    level: input.level,
    frames: trial.catalogs.map(frameOf),
    ...(input.field === undefined ? {} : { field: input.field }),
  })
  if (!compiled.ok) return nothing(compiled.problems, trial.catalogs[0])
  return withFolder(
    dir,
    async (place) => {
      const validator = new Validator(place.duck, {
        schema: { ...schema, catalogs: new Map(trial.catalogs.map((catalog) => [catalog.id, catalog])) },
        catalogs: trial.catalogs.map((catalog) => catalog.id),
        pack: trial.pack,
        detailCap: ROWS,
        ...(hooks.signal ? { signal: hooks.signal } : {}),
      })
      const read = new Set(compiled.rule.reads.map(({ catalog }) => catalog))
      const sources = new Map<string, CatalogSource>()
      for (const catalog of trial.catalogs) {
        // A package rule may need two catalogs of seven.
        if (trial.pack && !read.has(catalog.id)) continue
        const source = await openSource(place, catalog)
        sources.set(catalog.id, (await validator.scan(source)).source)
      }
      const outcomes = await validator.finish(new Set())
      return tell(outcomes, sources, compiled.rule.catalog ?? trial.catalogs[0]?.id ?? null, hooks.signal)
    },
    hooks.signal,
  )
}

const nothing = (problems: TryRuleOutput['problems'], catalog: CatalogSpec | undefined): TryRuleOutput => ({
  ok: null,
  problems,
  catalog: catalog?.id ?? null,
  failing: 0,
  total: 0,
  rows: [],
  columns: catalog?.fields.map((field) => field.name) ?? [],
})

/** The catalogs stripped of every check of their own, and the one rule put where it belongs. */
function trialOf(
  schema: SageSchema,
  input: TryRuleInput,
  spec: RuleSpec,
): { catalogs: CatalogSpec[]; pack: PackageSpec | null } {
  if (input.level === 'package') {
    const id = input.package ?? [...schema.packages.keys()][0] ?? ''
    const pack = schema.packages.get(id)
    if (!pack) {
      throw new AppError('UNKNOWN_PACKAGE', {
        kind: 'not-found',
        message: `El YAML no tiene el paquete «${id}».`,
      })
    }
    const catalogs = pack.catalogs.map((member) => bare(catalogOf(schema, member)))
    return { catalogs, pack: { ...pack, rules: [spec] } }
  }
  const catalog = bare(catalogOf(schema, input.catalog ?? [...schema.catalogs.keys()][0] ?? ''))
  if (input.level === 'row') catalog.rowRules = [spec]
  else if (input.level === 'catalog') catalog.catalogRules = [spec]
  else {
    const field = catalog.fields.find(({ name }) => name === input.field)
    if (!field) {
      throw new AppError('UNKNOWN_FIELD', {
        kind: 'not-found',
        message: `El catálogo «${catalog.id}» no tiene el campo «${input.field ?? ''}».`,
      })
    }
    field.rules = [spec]
  }
  return { catalogs: [catalog], pack: null }
}

const bare = (catalog: CatalogSpec): CatalogSpec => ({
  ...catalog,
  fields: catalog.fields.map((field) => {
    const { maxLength: _maxLength, ...rest } = field
    return { ...rest, required: false, unique: false, rules: [] }
  }),
  rowRules: [],
  catalogRules: [],
})

async function tell(
  outcomes: readonly CheckOutcome[],
  sources: ReadonlyMap<string, CatalogSource>,
  catalogId: string | null,
  signal: AbortSignal | undefined,
): Promise<TryRuleOutput> {
  const source = catalogId === null ? undefined : sources.get(catalogId)
  const outcome = outcomes.find(({ check }) => check.rule === 'prueba')
  const columns = source?.catalog.fields.map((field) => field.name) ?? []
  const total = source?.plan.total ?? 0
  const base = { catalog: catalogId, columns, total, problems: [] }
  if (outcome?.check.kind === 'rule') {
    const problem = { code: 'RULE_FAILED', message: outcome.check.message, from: 0, to: 0 }
    return { ...base, ok: null, problems: [problem], failing: 0, rows: [] }
  }
  const rows = source && outcome ? await pickRecords(source, outcome.records, signal) : []
  return { ...base, ok: outcome === undefined, failing: outcome?.recordCount ?? 0, rows }
}
