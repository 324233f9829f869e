import { type Duck, quoteIdent } from '@engine/duckdb'
import { AppError } from '@shared/errors/app-error'
import { BITS, type CatalogPlan, maskCount, maskTest, RECORD, viewName } from './plan-catalog'
import { failedRule, notJudged } from './plan-rules'
import type { CheckOutcome, PlannedCheck } from './types'

/** Failures that end the execution; any other, while a rule runs, is an error of that rule. */
const FATAL = new Set(['CANCELLED', 'DISK_FULL', 'MEMORY_LIMIT'])

/** Runs planned checks over scanned catalogs: counts, the first records, and the full list into `hits`. */
export class CheckRunner {
  constructor(
    private readonly duck: Duck,
    private readonly plans: ReadonlyMap<string, CatalogPlan>,
    private readonly detailCap: number,
  ) {}

  async scanChecks(plan: CatalogPlan): Promise<CheckOutcome[]> {
    const outcomes = await this.masked(plan)
    for (const check of plan.checks) {
      if (check.how.by === 'mask') continue
      const outcome = await this.one(plan, check)
      if (outcome) outcomes.push(outcome)
    }
    return outcomes
  }

  async packageChecks(
    checks: readonly PlannedCheck[],
    unavailable: ReadonlySet<string>,
  ): Promise<CheckOutcome[]> {
    const outcomes: CheckOutcome[] = []
    for (const check of checks) {
      const outcome = await this.packageCheck(check, unavailable)
      if (outcome) outcomes.push(outcome)
    }
    return outcomes
  }

  private async packageCheck(
    check: PlannedCheck,
    unavailable: ReadonlySet<string>,
  ): Promise<CheckOutcome | null> {
    if (check.how.by === 'given') return given(check)
    const reads = check.how.by === 'frame' || check.how.by === 'value' ? check.how.compiled.reads : []
    const absent = reads.map((read) => read.catalog).find((id) => unavailable.has(id))
    if (absent !== undefined) return skipped(check, absent)
    const catalog = check.recordsOf ?? reads[0]?.catalog ?? ''
    return this.one(this.plans.get(catalog), check)
  }

  /** What is said of a catalog's checks when its file could not be scanned: errors of its rules, and package rules left unjudged. */
  unscanned(plan: CatalogPlan): CheckOutcome[] {
    return plan.checks.flatMap((check) => {
      if (check.how.by === 'given') return [given(check)]
      return check.scope === 'package' ? [skipped(check, plan.catalog.id)] : []
    })
  }

  private async masked(plan: CatalogPlan): Promise<CheckOutcome[]> {
    const view = viewName(plan)
    const masks = Array.from({ length: maskCount(plan) }, (_, m) => m)
    const [any] = await this.duck.rows(
      `SELECT ${masks.map((m) => `coalesce(bit_or(m${m}), 0)::DOUBLE AS m${m}`).join(', ')} FROM ${view}`,
    )
    const failed = plan.checks.filter(
      ({ how }) =>
        how.by === 'mask' && isSet(Number(any?.[`m${Math.floor(how.bit / BITS)}`] ?? 0), how.bit % BITS),
    )
    const outcomes: CheckOutcome[] = []
    for (const check of failed) {
      if (check.how.by !== 'mask') continue
      outcomes.push(
        await this.listed(plan, check, `SELECT ${RECORD} FROM ${view} WHERE ${maskTest(check.how.bit)}`),
      )
    }
    return outcomes
  }

  private async one(plan: CatalogPlan | undefined, check: PlannedCheck): Promise<CheckOutcome | null> {
    try {
      return await this.run(plan, check)
    } catch (error) {
      const failure = AppError.from(error)
      if (FATAL.has(failure.code)) throw failure
      return given(failedRule(check, firstLine(failure.message)))
    }
  }

  private async run(plan: CatalogPlan | undefined, check: PlannedCheck): Promise<CheckOutcome | null> {
    const { how } = check
    if (how.by === 'given') return given(check)
    if (how.by === 'value') {
      const from = plan ? ` FROM ${viewName(plan)}` : ''
      return this.single(check, `SELECT ${plan ? 'count(*) AS n, ' : ''}(${how.sql}) AS ok${from}`)
    }
    if (how.by === 'frame') {
      if (how.compiled.shape === 'value') {
        return this.single(check, `SELECT * FROM (${how.compiled.sql}) AS r(ok)`)
      }
      return plan
        ? this.nonEmpty(await this.listed(plan, check, `SELECT ${RECORD} FROM (${how.compiled.sql})`))
        : null
    }
    if (!plan) return null
    const view = viewName(plan)
    if (how.by === 'unique') return this.nonEmpty(await this.repeated(plan, check, how.column))
    return this.nonEmpty(await this.listed(plan, check, `SELECT ${RECORD} FROM ${view} WHERE ${how.sql}`))
  }

  private async single(check: PlannedCheck, sql: string): Promise<CheckOutcome | null> {
    const [row] = await this.duck.rows(sql)
    return row?.ok === true ? null : { check, count: 1, recordCount: 0, records: [] }
  }

  private nonEmpty(outcome: CheckOutcome): CheckOutcome | null {
    return outcome.recordCount === 0 ? null : outcome
  }

  /** Repetitions after the first. Counted first: a list is made only where there is something to list. */
  private async repeated(plan: CatalogPlan, check: PlannedCheck, column: number): Promise<CheckOutcome> {
    const view = viewName(plan)
    const c = quoteIdent(`c${column}`)
    const [row] = await this.duck.rows(`SELECT count(${c}) - count(DISTINCT ${c}) AS n FROM ${view}`)
    if (Number(row?.n) === 0) return { check, count: 0, recordCount: 0, records: [] }
    return this.listed(
      plan,
      check,
      `SELECT ${RECORD} FROM (SELECT ${RECORD}, ${c} AS v FROM ${view} WHERE ${c} IN (SELECT ${c} FROM ${view} GROUP BY ${c} HAVING count(*) > 1)) ` +
        `QUALIFY row_number() OVER (PARTITION BY v ORDER BY ${RECORD}) > 1`,
    )
  }

  private async listed(plan: CatalogPlan, check: PlannedCheck, select: string): Promise<CheckOutcome> {
    await this.duck.run(`INSERT INTO hits SELECT ${check.id}, ${plan.index}, ${RECORD} FROM (${select})`)
    const where = `FROM hits WHERE check_id = ${check.id}`
    const [total] = await this.duck.rows(`SELECT count(*) AS n ${where}`)
    const recordCount = Number(total?.n ?? 0)
    const rows =
      recordCount === 0
        ? []
        : await this.duck.rows(`SELECT ${RECORD} ${where} ORDER BY 1 LIMIT ${this.detailCap}`)
    return {
      check,
      count: check.countsOnce ? Math.min(recordCount, 1) : recordCount,
      recordCount,
      records: rows.map((row) => Number(row[RECORD])),
    }
  }
}

/** A bit of a mask that is a double: 50 bits, so plain arithmetic is exact where `&` is not. */
const isSet = (mask: number, bit: number): boolean => Math.floor(mask / 2 ** bit) % 2 === 1

const given = (check: PlannedCheck): CheckOutcome => ({ check, count: 1, recordCount: 0, records: [] })
const skipped = (check: PlannedCheck, absent: string): CheckOutcome => ({
  check: notJudged(check, absent),
  count: 0,
  recordCount: 0,
  records: [],
})
const firstLine = (text: string): string => text.split('\n', 1)[0]?.slice(0, 300) ?? text
