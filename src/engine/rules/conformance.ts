import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { type FieldType, fieldTypeSchema } from '@shared/model/schema'
import { z } from 'zod'
import { compileRule } from './compile-rule'
import { ident, quoteText } from './plan/sql'
import type { CompiledRule, FrameSpec } from './types'

const ruleSchema = z.object({
  id: z.string(),
  level: z.enum(['field', 'row', 'catalog', 'package']),
  catalog: z.string().nullish(),
  field: z.string().nullish(),
  rule: z.string(),
  failing: z.array(z.number()).optional(),
  ok: z.boolean().optional(),
})
const dataSchema = z.record(z.string(), z.record(z.string(), fieldTypeSchema))

export type ConformanceRule = z.infer<typeof ruleSchema>

export interface ConformanceOptions {
  rulesFile: string
  dataDir: string
  schemaFile: string
}

export interface ConformanceResult {
  passed: number
  failed: number
  /** One line a mismatch: rule id, expression, expected and got. */
  lines: string[]
}

const TYPED: Record<FieldType, (cell: string) => string> = {
  texto: (cell) => cell,
  entero: (cell) =>
    `coalesce(TRY_CAST(${cell} AS BIGINT), CASE WHEN regexp_full_match(${cell}, '[+-]?[0-9]+[.]0*') THEN TRY_CAST(${cell} AS DECIMAL(38, 6))::BIGINT END)`,
  decimal: (cell) => `TRY_CAST(${cell} AS DOUBLE)`,
  fecha: (cell) => `TRY_CAST(${cell} AS TIMESTAMP)`,
  booleano: (cell) =>
    `CASE WHEN lower(${cell}) IN ('true', '1', 'verdadero', 'sí', 'si') THEN TRUE WHEN lower(${cell}) IN ('false', '0', 'falso', 'no') THEN FALSE END`,
}

/** Loads `<dir>/<catalog>.csv` (all text, empty is null) as the relation that compiled rules read. */
export async function loadCatalog(
  connection: DuckDBConnection,
  dir: string,
  catalog: string,
  types: Record<string, FieldType>,
): Promise<FrameSpec> {
  const file = quoteText(join(dir, `${catalog}.csv`))
  const header = await firstLine(join(dir, `${catalog}.csv`))
  const names = header
    .replace(/^\uFEFF/, '')
    .split(',')
    .map((name) => name.replace(/^"(.*)"$/, '$1'))
  const columns = names.map((name) => ({ name, type: types[name] ?? ('texto' as const) }))
  const csvTypes = `{${names.map((name) => `${quoteText(name)}: 'VARCHAR'`).join(', ')}}`
  const typed = columns.map(({ name, type }, i) => `${TYPED[type](ident(name))} AS c${i}`)
  const bad = columns.map(({ name }, i) => `(${ident(name)} IS NOT NULL AND c${i} IS NULL) AS b${i}`)
  const relation = ident(`_cat_${catalog}`)
  const raw = `SELECT row_number() OVER () AS _rec, * FROM read_csv(${file}, header = true, delim = ',', quote = '"', escape = '"', columns = ${csvTypes}, nullstr = '', parallel = false)`
  await connection.run(
    `CREATE TABLE ${relation} AS SELECT _rec, ${columns.map((_, i) => `c${i}, b${i}`).join(', ')} FROM (SELECT *, ${typed.join(', ')}, ${bad.join(', ')} FROM (${raw}))`,
  )
  return { catalog, relation, columns }
}

async function firstLine(path: string): Promise<string> {
  const lines = createInterface({ input: createReadStream(path, 'utf8') })
  for await (const line of lines) {
    lines.close()
    return line
  }
  return ''
}

/** Runs a compiled rule as the validator does: failing records, or the single value. */
export async function runCompiled(
  connection: DuckDBConnection,
  rule: CompiledRule,
  frames: FrameSpec[],
): Promise<{ failing: number[] } | { ok: boolean }> {
  const relation = frames.find((frame) => frame.catalog === rule.catalog)?.relation ?? ''
  if (rule.shape === 'value') {
    const sql = rule.stage === 'scan' ? `SELECT ${rule.sql} AS ok FROM ${relation}` : rule.sql
    const rows = (await connection.runAndReadAll(sql)).getRows()
    return { ok: rows[0]?.[0] === true }
  }
  const sql = rule.stage === 'scan' ? `SELECT _rec FROM ${relation} WHERE NOT (${rule.sql})` : rule.sql
  const rows = (await connection.runAndReadAll(sql)).getRows()
  return { failing: rows.map((row) => Number(row[0])).sort((a, b) => a - b) }
}

/**
 * Runs a file of rules in the form of `shared/conformance/rules.jsonl` against its data. Throws when a file can't be read;
 * a rule that does not compile or run is a mismatch, never a failure of the run.
 */
export async function runConformance(options: ConformanceOptions): Promise<ConformanceResult> {
  const schema = dataSchema.parse(JSON.parse(await readFile(options.schemaFile, 'utf8')))
  const text = await readFile(options.rulesFile, 'utf8')
  const rules = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => ruleSchema.parse(JSON.parse(line)))
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  const connection = await instance.connect()
  try {
    const frames: FrameSpec[] = []
    for (const [catalog, types] of Object.entries(schema))
      frames.push(await loadCatalog(connection, options.dataDir, catalog, types))
    const result: ConformanceResult = { passed: 0, failed: 0, lines: [] }
    for (const rule of rules) {
      const problem = await judge(connection, rule, frames)
      if (problem === null) result.passed++
      else {
        result.failed++
        result.lines.push(`${rule.id}  ${rule.rule}\n  ${problem}`)
      }
    }
    return result
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

async function judge(
  connection: DuckDBConnection,
  rule: ConformanceRule,
  frames: FrameSpec[],
): Promise<string | null> {
  const expected = rule.failing ? `failing ${brief(rule.failing)}` : `ok ${rule.ok}`
  const own = rule.level === 'package' ? frames : frames.filter((frame) => frame.catalog === rule.catalog)
  const context = { level: rule.level, frames: own, ...(rule.field ? { field: rule.field } : {}) }
  try {
    const compiled = compileRule(rule.rule, context)
    if (!compiled.ok) {
      const problem = compiled.problems[0]
      return `expected ${expected}, got refusal at ${problem?.from}-${problem?.to}: ${problem?.message}${problem?.hint ? ` (${problem.hint})` : ''}`
    }
    const got = await runCompiled(connection, compiled.rule, frames)
    if ('ok' in got) return rule.ok === got.ok ? null : `expected ${expected}, got ok ${got.ok}`
    if (
      rule.failing &&
      rule.failing.length === got.failing.length &&
      rule.failing.every((n, i) => n === got.failing[i])
    )
      return null
    return `expected ${expected}, got failing ${brief(got.failing)}`
  } catch (error) {
    return `expected ${expected}, got error: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`
  }
}

const brief = (records: number[]): string =>
  `${records.length} [${records.slice(0, 30).join(', ')}${records.length > 30 ? ', …' : ''}]`
