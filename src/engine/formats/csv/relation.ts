import { quoteLiteral } from '../../duckdb'
import type { CsvPart, CsvPlan } from '../types'

/** DuckDB's own default; raised only for files that need it, because its buffers grow with it. */
const DEFAULT_LINE = 2_000_000

/**
 * The `read_csv(...)` call of a plan, to stand in a FROM: columns `k0`..`k{columns-1}`, all VARCHAR, in the file's order; empty
 * cells (quoted or not) are NULL, everything else is the text as it came. Records that don't fit are left out, so the caller
 * compares `count(*)` with `plan.records` (see CsvPlan). Nothing is left for DuckDB to guess.
 */
export function csvRelationSql(plan: CsvPlan): string {
  if (plan.parts) return joinedSql(plan, plan.parts)
  const columns = Array.from({ length: plan.columns }, (_, i) => `'k${i}': 'VARCHAR'`)
  if (plan.numbered) columns.unshift(`'record': 'BIGINT'`)
  const quote = plan.delimiter === '"' ? `''` : `'"'`
  const options = [
    'auto_detect=false',
    `columns={${columns.join(', ')}}`,
    `delim=${quoteLiteral(plan.delimiter)}`,
    `quote=${quote}`,
    `escape=${quote}`,
    `new_line=${plan.newline === '\r\n' ? `'\\r\\n'` : `'\\n'`}`,
    `header=${plan.header && !plan.numbered}`,
    `skip=${plan.numbered ? 0 : plan.skip}`,
    `comment=''`,
    `nullstr=''`,
    `encoding='utf-8'`,
    `compression='none'`,
    // No strict_mode: said explicitly, DuckDB 1.5.6 reads zero rows of a \r\n file with a \n inside quotes.
    'null_padding=false',
    'ignore_errors=true',
    ...lineSize(plan),
  ]
  return `read_csv(${quoteLiteral(plan.path)}, ${options.join(', ')})`
}

/** The files one after another: a UNION ALL keeps their order, and `row_number()` over it runs through them. */
function joinedSql(plan: CsvPlan, parts: readonly CsvPart[]): string {
  const columns = Array.from({ length: plan.columns }, (_, i) => `k${i}`).join(', ')
  const selects = parts.map(({ plan: part, before }) =>
    plan.numbered
      ? `SELECT record + ${before} AS record, ${columns} FROM ${csvRecordsSql(part)}`
      : `SELECT ${columns} FROM ${csvRelationSql(part)}`,
  )
  return `(${selects.join(' UNION ALL ')})`
}

function lineSize(plan: CsvPlan): string[] {
  // The copy's record number and a margin for how DuckDB counts the line break.
  const longest = plan.longestRecord + 64
  if (longest <= DEFAULT_LINE) return []
  return [`max_line_size=${longest}`, `buffer_size=${Math.max(32_000_000, longest * 2)}`]
}

/**
 * A subquery with `record` (1-based data record of the file as received) and `k0`.. . Numbering makes DuckDB read every column
 * in one thread of order, so it costs about twice the plain scan: use it to list and to stage, not to count.
 */
export function csvRecordsSql(plan: CsvPlan): string {
  if (plan.parts && plan.numbered) return joinedSql(plan, plan.parts)
  if (plan.numbered) return `(SELECT * FROM ${csvRelationSql(plan)})`
  const numbered = `SELECT row_number() OVER () AS rn, * FROM ${csvRelationSql(plan)}`
  const columns = Array.from({ length: plan.columns }, (_, i) => `k${i}`).join(', ')
  return `(SELECT ${recordSql(plan, 'rn')} AS record, ${columns} FROM (${numbered}))`
}

/** The true record of an accepted row's number: the faulty records before it are added back. */
export function recordSql(plan: CsvPlan, rowNumber: string): string {
  const faults = plan.faults
  if (!faults || faults.count === 0 || plan.numbered) return rowNumber
  // Accepted rows before the i-th fault: once passed, i+1 records are missing.
  const before: number[] = []
  for (let i = 0; i < faults.count; i++) before.push((faults.record[i] ?? 0) - 1 - i)
  return `(${rowNumber} + ${choose(before, rowNumber, 0, before.length)})`
}

/** How many of `before` are below the row number, as nested CASE: a binary search in SQL. */
function choose(before: number[], rowNumber: string, from: number, to: number): string {
  if (from === to) return String(from)
  const middle = (from + to) >> 1
  const right = choose(before, rowNumber, middle + 1, to)
  const left = choose(before, rowNumber, from, middle)
  return `CASE WHEN ${rowNumber} > ${before[middle] ?? 0} THEN ${right} ELSE ${left} END`
}
