import type { FieldType } from '@shared/model/schema'

export interface ColumnSpec {
  name: string
  type: FieldType
}

/**
 * A catalog as the compiled SQL sees it. `relation` is the SQL name of a relation that has `_rec` BIGINT (1-based
 * record), `c0..cN` typed columns in the order of `columns` (texto VARCHAR, entero BIGINT, decimal DOUBLE, fecha
 * TIMESTAMP, booleano BOOLEAN; null = empty or bad cell) and `b0..bN` BOOLEAN (the cell did not read as its type).
 */
export interface FrameSpec {
  catalog: string
  relation: string
  columns: ColumnSpec[]
}

export type RuleLevel = 'field' | 'row' | 'catalog' | 'package'

export interface RuleContext {
  level: RuleLevel
  /** One frame for field, row and catalog rules; every catalog of the package otherwise. */
  frames: FrameSpec[]
  /** The field a field rule belongs to: the rule sees only records where it is not null. */
  field?: string
  /** What `pd.Timestamp.now()` means; the clock when it is not given. */
  now?: Date
}

/** Why an expression was refused. `from` and `to` are offsets in the expression. */
export interface RuleProblem {
  code: string
  message: string
  hint?: string
  from: number
  to: number
}

/**
 * `scan`: `sql` is a BOOLEAN expression. Shape rows: over `c0..`/`b0..` of one catalog, row-local, true = passes, never
 * NULL. Shape value: aggregates over that catalog's relation, to be put in a select list together with other rules'.
 * `frame`: `sql` is a full SELECT. Shape rows: `_rec` of the failing records of `catalog`. Shape value: one BOOLEAN `ok`.
 * The taint of bad cells and the not-null filter of field rules are already inside.
 */
export type CompiledRule = {
  shape: 'rows' | 'value'
  /** The catalog whose records the rule lists. */
  catalog: string | null
  reads: { catalog: string; column: number }[]
} & ({ stage: 'scan'; sql: string } | { stage: 'frame'; sql: string })

export type CompileResult = { ok: true; rule: CompiledRule } | { ok: false; problems: RuleProblem[] }

export type TransformResult =
  | { ok: true; sql: string; type: FieldType; reads: number[] }
  | { ok: false; problems: RuleProblem[] }

/** One function or operator of the language, as the reference and the editor show it. */
export interface LanguageEntry {
  name: string
  family: string
  /** What it is called on: texto, fecha, columna, df, np, pd, grupo... */
  on: string
  signature: string
  /** Spanish. */
  help: string
  example: string
}
