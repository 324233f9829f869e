import type { CsvPlan } from '@engine/formats'
import type { CompiledRule } from '@engine/rules'
import type { CheckKind, Severity } from '@shared/model/findings'
import type { CatalogSpec } from '@shared/model/schema'

/** A catalog's file, its structure already judged: ready to be scanned. */
export interface CatalogSource {
  catalog: CatalogSpec
  /** Name of the file as received. */
  file: string
  plan: CsvPlan
  /** Column of the file (0-based) that feeds each field of the catalog. */
  columns: number[]
}

/** A check of one catalog or package before it is run. */
export interface PlannedCheck {
  id: number
  scope: 'catalog' | 'package'
  target: string
  kind: CheckKind
  rule: string
  field: string | null
  severity: Severity
  message: string
  /** Fields of `recordsOf` whose text explains a finding, by position. */
  valueFields: number[]
  recordsOf: string | null
  /** How it is judged: a bit of the scan's mask, uniqueness of a stored column, a compiled rule, or nothing left to run. */
  how:
    | { by: 'mask'; bit: number; sql: string; compiled?: CompiledRule }
    | { by: 'unique'; column: number }
    | { by: 'alone'; sql: string; compiled: CompiledRule }
    | { by: 'value'; sql: string; compiled: CompiledRule }
    | { by: 'frame'; compiled: CompiledRule }
    | { by: 'given' }
  /** A catalog or package rule counts one finding however many records it lists. */
  countsOnce: boolean
}

/** What a check found. Only failed checks (and rules that could not be judged) reach the verdict. */
export interface CheckOutcome {
  check: PlannedCheck
  count: number
  recordCount: number
  records: number[]
}
