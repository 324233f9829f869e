import { compileTransformValue, type RuleProblem } from '@engine/rules'
import { RECORD } from '@engine/validation'
import type { FieldType } from '@shared/model/schema'

export interface TypedColumn {
  name: string
  type: FieldType
}

export type CompiledFilter = { ok: true; relation: string } | { ok: false; problems: RuleProblem[] }

/**
 * The rows of a relation (`_rec` and `x<i>` per column, as staged) for which an expression of the rule language is true; null is not true.
 * It sees the typed columns and the order of the records, as the transformation `filter` does.
 */
export function filterRows(
  expression: string,
  frame: { catalog: string; relation: string; columns: readonly TypedColumn[] },
  now: Date,
): CompiledFilter {
  const columns = [...frame.columns]
  const typed = columns.map(({ type }, i) =>
    type === 'decimal'
      ? `TRY_CAST(x${i} AS DOUBLE) AS c${i}, false AS b${i}`
      : `x${i} AS c${i}, false AS b${i}`,
  )
  const relation = `(SELECT *, ${typed.join(', ')} FROM ${frame.relation})`
  const result = compileTransformValue(expression, { catalog: frame.catalog, relation, columns }, now)
  if (!result.ok) return result
  const kept = [RECORD, ...columns.map((_, i) => `x${i}`)].join(', ')
  return {
    ok: true,
    relation: `(SELECT ${kept} FROM (SELECT *, coalesce(CAST(${result.sql} AS BOOLEAN), false) AS pasa FROM ${relation}) WHERE pasa)`,
  }
}
