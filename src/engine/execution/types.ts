import type { Limits } from '@engine/formats'
import type { Politica, Progress } from '@shared/model/execution'
import type { Finding, Severity } from '@shared/model/findings'
import type { Diagnostic, FieldType } from '@shared/model/schema'

export interface ExecutionRequest {
  /** The file as it lies now; it is copied into the execution folder first and never changed. */
  inputPath: string
  /** Its name as the sender wrote it: chooses the package. */
  inputName: string
  yamlText: string
  yamlName?: string
  executionId: string
  /** The execution folder: made if missing, emptied of a former half-done try. */
  dir: string
  politica: Politica
  /** Records listed per rule in the verdict (default 1,000). */
  detailCap?: number
  /** Bytes the engine may use (default a quarter of the machine, at most 2 GB). */
  memoryLimit?: number
  threads?: number
  /** What a ZIP or a gzip may expand to; what is left out is as generous as the largest real packages need. */
  limits?: Partial<Omit<Limits, 'nesting'>>
  /** Writes the accepted records as typed Parquet in `aceptados/`. */
  stage: boolean
}

export interface ExecutionHooks {
  signal?: AbortSignal
  /** At most ten calls a second. */
  onProgress?(progress: Progress): void
}

export interface FindingFilter {
  catalog?: string
  rule?: string
  checkId?: number
  severity?: Severity
  /** Only these records, both ends included. */
  records?: { from: number; to: number }
  /** Searched in value, field, message and rule; case and accents do not count. */
  search?: string
}

export type FindingSort = 'seq' | 'catalog' | 'record' | 'line' | 'field' | 'rule' | 'severity' | 'value'

export interface FindingQuery {
  filter?: FindingFilter
  sort?: FindingSort
  direction?: 'asc' | 'desc'
  limit: number
  offset: number
}

export interface RecordContext {
  columns: { name: string; type: FieldType }[]
  rows: { record: number; line: number; cells: (string | null)[]; findings: Finding[] }[]
}

export interface TryRuleInput {
  yaml: string
  level: 'field' | 'row' | 'catalog' | 'package'
  catalog?: string
  package?: string
  field?: string
  rule: string
}

export interface TryRuleOutput {
  /** null when it could not be compiled or run. */
  ok: boolean | null
  problems: { code: string; message: string; hint?: string; from: number; to: number }[]
  catalog: string | null
  failing: number
  total: number
  rows: { record: number; cells: (string | null)[] }[]
  columns: string[]
}

export interface Table {
  columns: string[]
  rows: (string | null)[][]
}

/** A table that says which record each row is. */
export interface NumberedTable extends Table {
  records: number[]
}

export interface PreviewOutput {
  problems: Diagnostic[]
  before: NumberedTable
  after: NumberedTable
  counts: { in: number; out: number; refused: number }
}
