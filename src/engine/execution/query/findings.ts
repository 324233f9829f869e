import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Duck, openDuck, quoteIdent, quoteLiteral } from '@engine/duckdb'
import { AppError } from '@shared/errors/app-error'
import { type Finding, findingSchema } from '@shared/model/findings'
import { FINDINGS_FILE } from '../listing/findings'
import { neutralizeFormulaSql } from '../report/formula'
import type { FindingFilter, FindingQuery, FindingSort } from '../types'
import type { Workplace } from './source'

const QUERY_MEMORY = 512 * 1024 * 1024
const EXPORT_FILE = 'hallazgos.csv'

const COLUMNS = 'seq, check_id, catalog, file, record, line, field, value, rule, severity, message'

function findingOf(row: Record<string, unknown>): Finding {
  const number = (value: unknown): number | null =>
    value === null || value === undefined ? null : Number(value)
  return findingSchema.parse({
    ...row,
    seq: Number(row.seq),
    checkId: Number(row.check_id),
    record: number(row.record),
    line: number(row.line),
  })
}

/** First findings of each check, for the reports: at most `perCheck` of each and `most` in all. */
export async function sampleFindings(duck: Duck, perCheck: number, most: number): Promise<Finding[]> {
  const rows = await duck.rows(
    `SELECT ${COLUMNS} FROM ordered QUALIFY row_number() OVER (PARTITION BY check_id ORDER BY seq) <= ${perCheck} ORDER BY seq LIMIT ${most}`,
  )
  return rows.map(findingOf)
}

/** The findings of a finished execution as a relation. */
export const findingsSource = (dir: string): string =>
  `read_parquet(${quoteLiteral(join(dir, FINDINGS_FILE))})`

function whereSql(filter: FindingFilter): string {
  const terms: string[] = []
  const equal = (column: string, value: string | undefined): void => {
    if (value !== undefined) terms.push(`${quoteIdent(column)} = ${text(value)}`)
  }
  equal('catalog', filter.catalog)
  equal('rule', filter.rule)
  equal('severity', filter.severity)
  if (filter.checkId !== undefined) terms.push(`check_id = ${Math.trunc(filter.checkId)}`)
  if (filter.records) terms.push(`record BETWEEN ${filter.records.from} AND ${filter.records.to}`)
  const search = filter.search?.trim()
  if (search) {
    const folded = (sql: string): string => `strip_accents(lower(${sql}))`
    terms.push(`contains(${folded("concat_ws(' ', value, field, message, rule)")}, ${folded(text(search))})`)
  }
  return terms.length > 0 ? `WHERE ${terms.join(' AND ')}` : ''
}

const text = (value: string): string => quoteLiteral(value.replaceAll('\0', ''))

const SORTS: Record<FindingSort, string> = {
  seq: 'seq',
  catalog: 'catalog',
  record: 'record',
  line: 'line',
  field: 'field',
  rule: 'rule',
  severity: "CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END",
  value: 'value',
}

/** Opens a small engine on a finished execution folder, for one question. */
export async function withFolder<T>(
  dir: string,
  work: (place: Workplace) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const stop = signal ? { signal } : {}
  const workDir = join(dir, 'tmp', `pregunta-${randomUUID()}`)
  await mkdir(workDir, { recursive: true })
  const duck = await openDuck({ dir, memoryLimit: QUERY_MEMORY, ...stop })
  try {
    return await work({ dir, duck, workDir, ...stop })
  } finally {
    await rm(workDir, { recursive: true, force: true })
    await duck.close()
  }
}

function requireFindings(dir: string): void {
  if (existsSync(join(dir, FINDINGS_FILE))) return
  throw new AppError('FINDINGS_MISSING', {
    kind: 'not-found',
    message: 'Esta ejecución no tiene lista de hallazgos: no terminó, o su carpeta se movió.',
    hint: 'Volver a ejecutarla.',
  })
}

/** A page of the findings of a finished execution. Errors: FINDINGS_MISSING. */
export async function queryFindings(
  dir: string,
  query: FindingQuery,
): Promise<{ items: Finding[]; total: number }> {
  requireFindings(dir)
  return withFolder(dir, async ({ duck }) => {
    const where = whereSql(query.filter ?? {})
    const [count] = await duck.rows(`SELECT count(*) AS n FROM ${findingsSource(dir)} ${where}`)
    const way = query.direction === 'desc' ? 'DESC' : 'ASC'
    const order = `${SORTS[query.sort ?? 'seq']} ${way} NULLS LAST, seq ${way}`
    const rows = await duck.rows(
      `SELECT ${COLUMNS} FROM ${findingsSource(dir)} ${where} ORDER BY ${order} LIMIT ${Math.trunc(query.limit)} OFFSET ${Math.trunc(query.offset)}`,
    )
    return { items: rows.map(findingOf), total: Number(count?.n ?? 0) }
  })
}

/** Writes the findings that pass a filter to `hallazgos.csv` in the execution folder. Errors: FINDINGS_MISSING, DISK_FULL. */
export async function exportFindings(
  dir: string,
  filter: FindingFilter,
): Promise<{ file: string; rows: number }> {
  requireFindings(dir)
  return withFolder(dir, async ({ duck }) => {
    const where = whereSql(filter)
    const [count] = await duck.rows(`SELECT count(*) AS n FROM ${findingsSource(dir)} ${where}`)
    const texts = ['field', 'value', 'rule', 'severity', 'message'].map(
      (name) => `${neutralizeFormulaSql(name)} AS ${name}`,
    )
    await duck.run(
      `COPY (SELECT ${neutralizeFormulaSql('catalog')} AS "\ufeffcatalog", record, line, ${texts.join(', ')} FROM ${findingsSource(dir)} ${where} ORDER BY seq)
       TO ${quoteLiteral(join(dir, EXPORT_FILE))} (FORMAT csv, HEADER true, DELIMITER ',', QUOTE '"', ESCAPE '"')`,
    )
    return { file: EXPORT_FILE, rows: Number(count?.n ?? 0) }
  })
}
