import { type Dialect, REGISTRO, type Statement, type TableRef } from '@engine/destinations/types'
import type { ListingCheck, PlanContext, Step, TablePlan } from '../types'

/** Records that a refusal names, and one more that says there are others. */
export const LISTED = 20

const plain = (sql: string): Statement => ({ sql, params: [] })
export const names = ({ columnas }: PlanContext): string[] => columnas.map(({ nombre }) => nombre)

const countOf = (dialect: Dialect, table: TableRef): Statement =>
  plain(`SELECT count(*) FROM ${dialect.table(table)}`)

/** Makes the stage, loads it and compares its rows with those of the run. */
export function staged(input: PlanContext): Pick<TablePlan, 'stage' | 'drop'> & { rows: Step } {
  const { dialect, stage, target } = input
  const make = dialect
    .createStage(stage, target, names(input))
    .map((statement): Step => ({ do: 'sql', what: 'crear la etapa', statement }))
  return {
    stage: [...make, { do: 'load', into: stage, numbered: true }],
    rows: { do: 'check', kind: 'filas', statement: countOf(dialect, stage) },
    drop: [{ do: 'sql', what: 'quitar la etapa', statement: dialect.dropStage(stage) }],
  }
}

/**
 * What writes the run's rows into the target and nothing else: straight into it where the bulk load is part of the transaction, else
 * by way of a stage.
 */
export function filled(input: PlanContext): Pick<TablePlan, 'stage' | 'check' | 'drop'> & { fill: Step } {
  const { dialect, target } = input
  if (dialect.capabilities.cargaTransaccional) {
    const fill: Step = { do: 'load', into: target, numbered: false, counts: 'insertadas' }
    return { stage: [], check: [], drop: [], fill }
  }
  const { stage: steps, rows, drop } = staged(input)
  return { stage: steps, check: [rows], drop, fill: insertAll(input) }
}

export const insertAll = (input: PlanContext): Step => ({
  do: 'sql',
  what: 'insertar las filas',
  counts: 'insertadas',
  statement: input.dialect.insertSelect(input.target, names(input), input.stage),
})

/** The rows that a step without a count of its own is about to remove. */
export const countBefore = ({ dialect, target }: PlanContext): Step => ({
  do: 'count',
  what: 'contar las filas que se quitan',
  counts: 'eliminadas',
  statement: countOf(dialect, target),
})

/** No repeat in a key, by the server's own equality; the records are read back to be named. Nulls are refused before they are sent. */
export function repeatedKeys({ dialect, stage }: PlanContext, clave: readonly string[]): ListingCheck {
  const order = `s.${dialect.ident(REGISTRO)}`
  return {
    ...{ do: 'check', kind: 'repetidas', columnas: clave },
    statement: plain(dialect.firstRows(dialect.repeatedKeys(stage, clave), order, LISTED + 1)),
  }
}
