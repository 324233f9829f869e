import { join } from 'node:path'
import { type Duck, quoteLiteral } from '@engine/duckdb'
import { type CheckOutcome, RECORD, type ScannedCatalog } from '@engine/validation'
import type { FileError } from '@shared/model/execution'
import { neutralizeFormulaSql } from '../report/formula'
import { type ListedRows, listCatalog } from './list-catalog'
import { MAX_VALUE } from './row-file'

export const FINDINGS_FILE = 'findings.parquet'
export const ERRORS_FILE = 'errores.csv'

export interface ListingInput {
  dir: string
  temp: string
  outcomes: CheckOutcome[]
  scanned: ScannedCatalog[]
  /** File problems, each with the check that carries it. */
  structure: { checkId: number; error: FileError }[]
  signal?: AbortSignal
  onCatalog?(done: number): void
}

/**
 * Writes the whole list of findings: `findings.parquet` for the console, `errores.csv` for people (formulas neutralised, UTF-8 mark for
 * Excel), `rechazados/<catalog>.csv`. Everything goes through DuckDB, so the list may be larger than memory.
 */
export async function writeFindings(duck: Duck, input: ListingInput): Promise<void> {
  await duck.run(`CREATE TABLE findings (check_id INTEGER, catalog VARCHAR, file VARCHAR, record BIGINT, line BIGINT,
    field VARCHAR, value VARCHAR, rule VARCHAR, severity VARCHAR, message VARCHAR)`)
  await insertChecks(duck, input.outcomes)
  const names = refusedNames(input.scanned)
  for (const [index, scanned] of input.scanned.entries()) {
    const name = names[index] ?? `${index}.csv`
    const folders = { temp: input.temp, refused: join(input.dir, 'rechazados') }
    const listed = await listCatalog(duck, scanned, folders, name, input.signal)
    await insertListed(duck, input.outcomes, scanned, listed)
    input.onCatalog?.(index + 1)
  }
  await insertSingles(duck, input)
  await duck.run(
    `CREATE VIEW ordered AS SELECT row_number() OVER (ORDER BY check_id, record NULLS FIRST) - 1 AS seq, * FROM findings`,
  )
  await duck.run(
    `COPY (SELECT * FROM ordered ORDER BY seq) TO ${quoteLiteral(join(input.dir, FINDINGS_FILE))} (FORMAT parquet, COMPRESSION zstd)`,
  )
  await writeErrors(duck, input.dir)
}

export const refusedNames = (scanned: readonly ScannedCatalog[]): string[] =>
  fileNames(scanned.map(({ plan }) => plan.catalog.id)).map((name) => `${name}.csv`)

/** Names of files, without extension, for catalogs: an id can hold anything a YAML key can, a file name can't. */
export function fileNames(ids: readonly string[]): string[] {
  const taken = new Set<string>()
  return ids.map((id) => {
    const base = safeName(id)
    let name = base
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${base}-${n}`
    taken.add(name.toLowerCase())
    return name
  })
}

export const safeName = (id: string): string => {
  const plain = id.replace(/[^\p{L}\p{N}._ -]/gu, '_').replace(/^[. ]+|[. ]+$/g, '')
  return plain === '' ? '_' : plain.slice(0, 100)
}

async function insertChecks(duck: Duck, outcomes: readonly CheckOutcome[]): Promise<void> {
  await duck.run(
    'CREATE TABLE checks (check_id INTEGER, target VARCHAR, rule VARCHAR, field VARCHAR, severity VARCHAR, message VARCHAR)',
  )
  for (let at = 0; at < outcomes.length; at += 200) {
    const rows = outcomes.slice(at, at + 200).map(({ check }) => {
      const texts = [check.target, check.rule, check.field, check.severity, check.message].map(literal)
      return `(${check.id}, ${texts.join(', ')})`
    })
    await duck.run(`INSERT INTO checks VALUES ${rows.join(', ')}`)
  }
}

/** Text from a YAML or a file name as a literal; a NUL, which SQL can't carry, is shown as its picture. */
const literal = (text: string | null): string =>
  text === null ? 'NULL' : quoteLiteral(text.replaceAll('\0', '␀'))

async function insertListed(
  duck: Duck,
  outcomes: readonly CheckOutcome[],
  scanned: ScannedCatalog,
  listed: ListedRows,
): Promise<void> {
  const { plan } = scanned
  const place = `${literal(plan.catalog.id)}, file`
  if (listed.rows) {
    await duck.run(
      `INSERT INTO findings SELECT check_id, ${place}, ${RECORD}, line, field, ${valueSql(outcomes, scanned)}, rule, severity, message
       FROM (SELECT * FROM hits WHERE cat = ${plan.index}) JOIN checks USING (check_id) JOIN ${listed.rows} USING (${RECORD})`,
    )
  }
  if (!listed.faults) return
  const check = outcomes.find(
    ({ check: { kind, target, recordsOf } }) =>
      kind === 'structure' && target === plan.catalog.id && recordsOf === plan.catalog.id,
  )?.check
  if (!check) return
  await duck.run(
    `INSERT INTO findings SELECT ${check.id}, ${place}, ${RECORD}, line, NULL, value, 'structure', ${literal(check.severity)}, message FROM ${listed.faults}`,
  )
}

/** The text that explains a finding: the cell of a check of one field, `field=text` of each field a wider rule reads. */
function valueSql(outcomes: readonly CheckOutcome[], { plan, source }: ScannedCatalog): string {
  const cases = outcomes.flatMap(({ check }) => {
    if (check.recordsOf !== plan.catalog.id || check.valueFields.length === 0) return []
    const cell = (i: number): string => `k${source.columns[i] ?? i}`
    const [only] = check.valueFields
    if (check.valueFields.length === 1 && only !== undefined) return [`WHEN ${check.id} THEN ${cell(only)}`]
    const parts = check.valueFields
      .slice(0, 8)
      .map((i) => `${literal(`${plan.catalog.fields[i]?.name ?? ''}=`)} || coalesce(${cell(i)}, '')`)
    return [`WHEN ${check.id} THEN left(concat_ws('; ', ${parts.join(', ')}), ${MAX_VALUE})`]
  })
  return cases.length > 0 ? `CASE check_id ${cases.join(' ')} END` : 'NULL'
}

/** Findings that stand for a whole file, a single value, or a rule that could not be judged. */
async function insertSingles(duck: Duck, input: ListingInput): Promise<void> {
  const structure = new Map(input.structure.map(({ checkId, error }) => [checkId, error]))
  for (const { check, recordCount } of input.outcomes) {
    if (recordCount > 0) continue
    const error = structure.get(check.id)
    const catalog = error?.catalog ?? check.target
    await duck.run(
      `INSERT INTO findings VALUES (${check.id}, ${literal(catalog)}, ${literal(error?.file ?? null)}, NULL, NULL, ${literal(check.field)},
       ${literal(error?.found ?? null)}, ${literal(check.rule)}, ${literal(check.severity)}, ${literal(check.message)})`,
    )
  }
}

async function writeErrors(duck: Duck, dir: string): Promise<void> {
  const texts = ['field', 'value', 'rule', 'severity', 'message'].map(
    (name) => `${neutralizeFormulaSql(name)} AS ${name}`,
  )
  await duck.run(
    `COPY (SELECT ${neutralizeFormulaSql('catalog')} AS "\ufeffcatalog", record, line, ${texts.join(', ')} FROM ordered ORDER BY seq)
     TO ${quoteLiteral(join(dir, ERRORS_FILE))} (FORMAT csv, HEADER true, DELIMITER ',', QUOTE '"', ESCAPE '"')`,
  )
}
