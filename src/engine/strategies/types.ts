import type {
  ColumnSpec,
  CountedStatement,
  Counter,
  Dialect,
  Statement,
  TableRef,
} from '@engine/destinations/types'
import type {
  Estrategia,
  ProblemaMaterializacion,
  TablaMaterializada,
  TipoEstrategia,
} from '@shared/model/materializacion'

/** A check that reads rows back: an empty list is good; each row of it is a record number and the values of the key. */
export interface ListingCheck {
  do: 'check'
  kind: 'repetidas'
  columnas: readonly string[]
  statement: Statement
}

export type Step =
  | ({ do: 'sql' } & CountedStatement)
  /** A query of one row of numbers, each added to its counter. */
  | { do: 'tally'; what: string; statement: Statement; counts: readonly Counter[] }
  /** A query of one number, added to a counter. */
  | { do: 'count'; what: string; statement: Statement; counts: Counter }
  /** Bulk load of the run's rows; all of them must arrive. */
  | { do: 'load'; into: TableRef; numbered: boolean; counts?: Counter }
  /** The number of rows that the stage holds must be that of the run. */
  | { do: 'check'; kind: 'filas'; statement: Statement }
  | ListingCheck

/** What a strategy does to one table, in the phases of a load (ADR 6). Data only: the executor runs it, tests read it. */
export interface TablePlan {
  /** Before the transaction: the stage is made and loaded. Empty when the load goes straight into the table. */
  stage: Step[]
  check: Step[]
  /** In the transaction; of several tables, in the reverse order of their references. */
  clear: Step[]
  /** In the transaction, in the order of their references. */
  write: Step[]
  /** When a step of `write` fails with CLAVE_REPETIDA: what names the records. */
  explain?: ListingCheck[]
  /** Rows of the stage (alias `s`) that `write` leaves out. */
  salvo?: Statement
  drop: Step[]
  /** Other writers must wait (the plan reads or removes rows that are there). */
  exclusive: boolean
}

/** What a load would do, asked without doing it. Over a stage with the rows of the run, or without one when all of them are inserted. */
export interface Rehearsal {
  stage: Step[]
  check: Step[]
  drop: Step[]
  /** Each a query of one number; `todas`: every row of the run is inserted. */
  counts: { of: Counter | 'sinCambio'; statement: Statement }[]
  todas: boolean
  /** First changes, at most SAMPLED of each: the columns of the plan as they are; of an update, then as they would be. */
  samples: { cambio: 'insertada' | 'actualizada' | 'eliminada'; statement: Statement }[]
}

export interface PlanContext {
  target: TableRef
  stage: TableRef
  /** Those that are written: of the mapping, without what drift leaves out. */
  columnas: readonly ColumnSpec[]
  dialect: Dialect
  /** Control UUID of the load, its time (ISO, UTC), and the ledger of the destination. */
  carga: string
  en: string
  ledger: TableRef
  /** The target has a unique index of exactly the key, and is one table. */
  claveUnica: boolean
}

export interface PlanInput<T extends TipoEstrategia> extends PlanContext {
  estrategia: EstrategiaOf<T>
}

export type EstrategiaOf<T extends TipoEstrategia> = Extract<Estrategia, { tipo: T }>

/** The plug of a strategy. */
export interface Strategy<T extends TipoEstrategia> {
  tipo: T
  /** Key that the table is made with when it is missing. */
  key(estrategia: EstrategiaOf<T>): readonly string[] | null
  /** Tables beside the target that the plan writes to, made or evolved before it. */
  extraTables(input: PlanInput<T>): { ref: TableRef; columnas: readonly ColumnSpec[] }[]
  /** What is wrong with its parameters for this table: keys that are not mapped, values that do not read as their column. */
  check(estrategia: EstrategiaOf<T>, tabla: TablaMaterializada): StrategyProblem[]
  plan(input: PlanInput<T>): TablePlan
  rehearse(input: PlanInput<T>): Rehearsal
}

export type StrategyProblem = Omit<ProblemaMaterializacion, 'tabla'>
