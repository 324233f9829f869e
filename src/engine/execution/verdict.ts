import type { Duck } from '@engine/duckdb'
import { type CheckOutcome, RECORD, type ScannedCatalog } from '@engine/validation'
import type { Estado, FileError, FileStat, Politica, Verdict } from '@shared/model/execution'
import type { CheckResult } from '@shared/model/findings'

export interface CatalogFile {
  catalog: string
  file: string
  state: FileStat['state']
  bytes: number
  encoding: string | null
  /** The sheet of a workbook that was read. */
  sheet?: string
}

export interface VerdictInput {
  head: Pick<
    Verdict,
    | 'executionId'
    | 'packageId'
    | 'packageName'
    | 'schemaName'
    | 'schemaVersion'
    | 'inputFile'
    | 'inputBytes'
    | 'inputSha256'
    | 'startedAt'
    | 'detailCap'
  >
  politica: Politica
  files: CatalogFile[]
  scanned: ReadonlyMap<string, ScannedCatalog>
  outcomes: CheckOutcome[]
  fileErrors: FileError[]
  timings: Record<string, number>
}

const resultOf = ({ check, count, recordCount, records }: CheckOutcome): CheckResult => ({
  id: check.id,
  scope: check.scope,
  target: check.target,
  recordsOf: check.recordsOf,
  kind: check.kind,
  rule: check.rule,
  field: check.field,
  severity: check.severity,
  message: check.message,
  count,
  recordCount,
  records,
})

/** Distinct records with at least one error, faulty ones included, by catalog. */
export async function refusedCounts(
  duck: Duck,
  scanned: ReadonlyMap<string, ScannedCatalog>,
  outcomes: readonly CheckOutcome[],
): Promise<Map<string, number>> {
  const refused = new Map<string, number>()
  for (const [id, { source }] of scanned) refused.set(id, source.plan.faults?.count ?? 0)
  const errors = outcomes.filter(({ check, recordCount }) => check.severity === 'error' && recordCount > 0)
  if (errors.length === 0 || scanned.size === 0) return refused
  const ids = errors.map(({ check }) => check.id).join(', ')
  const rows = await duck.rows(
    `SELECT cat, count(DISTINCT ${RECORD}) AS n FROM hits WHERE check_id IN (${ids}) GROUP BY cat`,
  )
  for (const [id, { plan }] of scanned) {
    const row = rows.find((item) => item.cat === plan.index)
    if (row) refused.set(id, (refused.get(id) ?? 0) + Number(row.n))
  }
  return refused
}

const sum = (outcomes: readonly CheckOutcome[], severity: string): number =>
  outcomes.reduce((total, { check, count }) => total + (check.severity === severity ? count : 0), 0)

/** Puts together everything the reports and the console show. */
export function buildVerdict(input: VerdictInput, refused: ReadonlyMap<string, number>): Verdict {
  const { outcomes, scanned } = input
  const records: Record<string, number> = {}
  // In the order of the files, which is the package's: the scans of a ZIP end in any order.
  for (const { catalog } of input.files) {
    const read = scanned.get(catalog)
    if (read) records[catalog] = read.source.plan.total
  }
  const files = input.files.map((file) => fileStat(file, input, refused))
  const errors = sum(outcomes, 'error')
  const warnings = sum(outcomes, 'warning')
  const total = Object.values(records).reduce((a, b) => a + b, 0)
  const refusedTotal = [...refused.values()].reduce((a, b) => a + b, 0)
  const rate =
    total === 0 ? (errors === 0 ? 100 : 0) : Math.floor(((total - refusedTotal) / total) * 10_000) / 100
  return {
    ...input.head,
    estado: estadoOf(errors, warnings, accepted(input, refused)),
    finishedAt: new Date().toISOString(),
    records,
    totals: {
      records: total,
      errors,
      warnings,
      messages: sum(outcomes, 'message'),
      refused: refusedTotal,
      successRate: rate,
    },
    checks: outcomes.map(resultOf),
    files,
    fileErrors: input.fileErrors,
    timings: input.timings,
  }
}

function fileStat(file: CatalogFile, input: VerdictInput, refused: ReadonlyMap<string, number>): FileStat {
  const own = input.outcomes.filter(({ check }) => check.scope === 'catalog' && check.target === file.catalog)
  const scanned = input.scanned.get(file.catalog)
  return {
    ...file,
    records: scanned?.source.plan.total ?? 0,
    errors: sum(own, 'error'),
    warnings: sum(own, 'warning'),
    messages: sum(own, 'message'),
    refused: refused.get(file.catalog) ?? 0,
    processingSeconds: scanned?.seconds ?? 0,
  }
}

/** Catalogs with an error of their own or of a package rule that lists their records. */
export const catalogsWithErrors = (outcomes: readonly CheckOutcome[]): Set<string> =>
  new Set(
    outcomes.flatMap(({ check, count }) => {
      if (check.severity !== 'error' || count === 0) return []
      return check.scope === 'catalog' ? [check.target] : check.recordsOf ? [check.recordsOf] : []
    }),
  )

/** Whether the policy lets any record through when there are errors. */
function accepted(input: VerdictInput, refused: ReadonlyMap<string, number>): boolean {
  if (input.politica === 'todo_o_nada') return false
  if (input.politica === 'por_catalogo') {
    const bad = catalogsWithErrors(input.outcomes)
    return [...input.scanned.keys()].some((id) => !bad.has(id))
  }
  return [...input.scanned].some(([id, { source }]) => source.plan.total > (refused.get(id) ?? 0))
}

function estadoOf(errors: number, warnings: number, someAccepted: boolean): Estado {
  if (errors > 0) return someAccepted ? 'Parcial' : 'Fallido'
  return warnings > 0 ? 'Parcial' : 'Éxito'
}
