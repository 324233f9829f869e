import type { Duck } from '@engine/duckdb'
import { repairCsv } from '@engine/formats'
import { AppError } from '@shared/errors/app-error'
import type { PackageSpec, SageSchema } from '@shared/model/schema'
import { CheckRunner } from './check-runner'
import {
  addFieldChecks,
  type CatalogPlan,
  newCatalogPlan,
  RECORD,
  scanSql,
  tableName,
  viewSql,
} from './plan-catalog'
import { addCatalogRules, addPackageRules, type RulePlanner } from './plan-rules'
import type { CatalogSource, CheckOutcome, PlannedCheck } from './types'

export interface ScannedCatalog {
  plan: CatalogPlan
  /** The source as it was scanned in the end, repaired if it had faults. */
  source: CatalogSource
  seconds: number
}

export interface ValidatorOptions {
  schema: SageSchema
  /** Catalogs that are judged, and the package whose rules join them. */
  catalogs: string[]
  pack: PackageSpec | null
  detailCap: number
  now?: Date
  signal?: AbortSignal
}

/**
 * Judges catalogs against their schema inside one DuckDB: plan once, `scan` each file as it becomes available, `finish` when no more
 * will come. Everything it finds stays in the tables `hits` (check, catalog, record) for the lists; counts come back exact.
 */
export class Validator {
  readonly scanned = new Map<string, ScannedCatalog>()
  private readonly plans = new Map<string, CatalogPlan>()
  private readonly packageChecks: PlannedCheck[]
  private readonly runner: CheckRunner
  private readonly outcomes: CheckOutcome[] = []
  private lastId = 0
  private ready = false

  constructor(
    private readonly duck: Duck,
    private readonly options: ValidatorOptions,
  ) {
    this.runner = new CheckRunner(duck, this.plans, options.detailCap)
    const planner: RulePlanner = {
      plans: this.plans,
      nextId: this.nextId,
      now: options.now ?? new Date(),
    }
    for (const id of options.catalogs) {
      const catalog = options.schema.catalogs.get(id)
      if (catalog) this.plans.set(id, newCatalogPlan(this.plans.size, catalog))
    }
    for (const plan of this.plans.values()) {
      addFieldChecks(plan, this.nextId)
      addCatalogRules(planner, plan)
    }
    this.packageChecks = options.pack ? addPackageRules(planner, options.pack) : []
  }

  /** Number of the next check: the caller's own findings (structure) share the sequence. */
  readonly nextId = (): number => ++this.lastId

  planOf(catalog: string): CatalogPlan | undefined {
    return this.plans.get(catalog)
  }

  /** Rules in the YAML that say something about a column by name: how many checks this will run. */
  get checkCount(): number {
    return [...this.plans.values()].reduce((sum, plan) => sum + plan.checks.length, this.packageChecks.length)
  }

  /** Scans one catalog's file and judges what its own records can tell. Fails with the file's problem or `CANCELLED`. */
  async scan(given: CatalogSource): Promise<ScannedCatalog> {
    const started = performance.now()
    const plan = this.plans.get(given.catalog.id)
    if (!plan)
      throw new AppError('UNKNOWN_CATALOG', {
        kind: 'bug',
        message: `Catálogo «${given.catalog.id}» sin plan`,
      })
    if (!this.ready) {
      await this.duck.run(`CREATE TABLE hits (check_id INTEGER, cat INTEGER, ${RECORD} BIGINT)`)
      this.ready = true
    }
    const source = await this.fill(plan, given)
    const scanned = { plan, source, seconds: (performance.now() - started) / 1000 }
    this.scanned.set(given.catalog.id, scanned)
    await this.duck.run(viewSql(plan, source.plan))
    this.outcomes.push(...(await this.runner.scanChecks(plan)))
    scanned.seconds = (performance.now() - started) / 1000
    return scanned
  }

  private async fill(plan: CatalogPlan, given: CatalogSource): Promise<CatalogSource> {
    let source = given
    for (let attempt = 0; ; attempt++) {
      await this.fillOnce(plan, source)
      const [row] = await this.duck.rows(`SELECT count(*) AS n FROM ${tableName(plan)}`)
      if (Number(row?.n) === source.plan.records) return source
      if (attempt === 1) {
        throw new AppError('CSV_COUNT', {
          kind: 'bug',
          message: `Al leer «${source.file}» se contaron ${Number(row?.n)} registros y se esperaban ${source.plan.records}.`,
        })
      }
      await this.duck.run(`DROP TABLE ${tableName(plan)}`)
      source = { ...source, plan: await repairCsv(source.plan, this.options.signal) }
    }
  }

  /** A rule that breaks the scan at run time is taken out of it and judged alone afterwards, where it can only fail by itself. */
  private async fillOnce(plan: CatalogPlan, source: CatalogSource): Promise<void> {
    try {
      await this.duck.run(scanSql(plan, source))
    } catch (error) {
      const failure = AppError.from(error)
      if (failure.code !== 'DUCKDB' || !this.isolateRules(plan)) throw failure
      await this.duck.run(scanSql(plan, source))
    }
  }

  private isolateRules(plan: CatalogPlan): boolean {
    let moved = false
    plan.checks = plan.checks.map((check) => {
      if (check.how.by !== 'mask' || !check.how.compiled) return check
      moved = true
      for (const read of check.how.compiled.reads) plan.stored.add(read.column)
      return { ...check, how: { by: 'alone' as const, sql: check.how.sql, compiled: check.how.compiled } }
    })
    return moved
  }

  /** Judges what needs every catalog. `unavailable`: catalogs whose file is missing or could not be read. */
  async finish(unavailable: ReadonlySet<string>): Promise<CheckOutcome[]> {
    this.outcomes.push(...(await this.runner.packageChecks(this.packageChecks, unavailable)))
    for (const plan of this.plans.values()) {
      if (this.scanned.has(plan.catalog.id)) continue
      this.outcomes.push(...this.runner.unscanned(plan))
    }
    return this.outcomes.sort((a, b) => a.check.id - b.check.id)
  }
}
