import { type Duck, quoteLiteral } from '@engine/duckdb'
import { type CatalogSource, RECORD, typedSql, Validator } from '@engine/validation'
import type { CatalogSpec, Diagnostic, SageSchema } from '@shared/model/schema'
import { readSchema } from '../schema'
import { applyTransformations, type Transformed, type TransformProblem } from '../stage/transformations'
import type { ExecutionHooks, NumberedTable, PreviewOutput } from '../types'
import { findingsSource, withFolder } from './findings'
import { catalogOf } from './record-context'
import { openSource } from './source'

/**
 * The first accepted records of a catalog of a finished execution, before and after the transformations of a YAML, and how many go in,
 * come out and are refused in all. A step that does not compile is told in `problems` and left out. Errors: YAML_INVALID,
 * UNKNOWN_CATALOG, those of the input file, CANCELLED.
 */
export async function previewTransformations(
  dir: string,
  input: { yaml: string; catalog: string; limit: number },
  hooks: ExecutionHooks = {},
): Promise<PreviewOutput> {
  const schema = readSchema(input.yaml)
  const catalog = catalogOf(schema, input.catalog)
  return withFolder(
    dir,
    async (place) => {
      const { duck } = place
      const source = await openSource(place, catalog)
      await materialise(duck, dir, schema, catalog, source)
      const first = `(SELECT * FROM accepted ORDER BY ${RECORD} LIMIT ${input.limit})`
      const shown = applyTransformations(catalog, first, { numbered: true })
      // Written in the same way on both sides, so that what differs is what a step changed.
      const read = applyTransformations({ ...catalog, transformations: [] }, first, { numbered: true })
      const whole = applyTransformations(catalog, 'accepted')
      const refused = await sumCounts(
        duck,
        whole.refusals.map(({ from, condition }) => `SELECT count(*) AS n FROM ${from} WHERE ${condition}`),
      )
      return {
        problems: shown.problems.map((item) => diagnosticOf(item)),
        before: await table(duck, read),
        after: await table(duck, shown),
        counts: {
          in: await sumCounts(duck, ['SELECT count(*) AS n FROM accepted']),
          out: await sumCounts(duck, [`SELECT count(*) AS n FROM ${whole.from}`]),
          refused,
        },
      }
    },
    hooks.signal,
  )
}

/** The table `accepted`: the catalog's records without an error in the finished execution, in order, typed. */
async function materialise(
  duck: Duck,
  dir: string,
  schema: SageSchema,
  catalog: CatalogSpec,
  source: CatalogSource,
): Promise<void> {
  const plain = {
    ...catalog,
    fields: catalog.fields.map((field) => ({ ...field, rules: [] })),
    rowRules: [],
    catalogRules: [],
  }
  const validator = new Validator(duck, {
    schema: { ...schema, catalogs: new Map([[catalog.id, plain]]) },
    catalogs: [catalog.id],
    pack: null,
    detailCap: 1,
  })
  const scanned = await validator.scan({ ...source, catalog: plain })
  const refused = `SELECT DISTINCT record FROM ${findingsSource(dir)} WHERE severity = 'error' AND record IS NOT NULL AND catalog = ${quoteLiteral(catalog.id)}`
  await duck.run(
    `CREATE TABLE accepted AS SELECT * FROM (${typedSql(scanned.plan, scanned.source, true)}) WHERE ${RECORD} NOT IN (${refused})`,
  )
}

async function sumCounts(duck: Duck, queries: string[]): Promise<number> {
  let total = 0
  for (const sql of queries) {
    const [row] = await duck.rows(sql)
    total += Number(row?.n ?? 0)
  }
  return total
}

/** A cell as a person reads it: decimals with their digits, a date without the midnight that nobody wrote. */
function cellText({ type }: Transformed['columns'][number], i: number): string {
  if (type === 'decimal') return `x${i}`
  if (type !== 'fecha') return `CAST(c${i} AS VARCHAR)`
  return `CASE WHEN c${i} = date_trunc('day', c${i}) THEN strftime(c${i}, '%Y-%m-%d') ELSE CAST(c${i} AS VARCHAR) END`
}

async function table(duck: Duck, { columns, from }: Transformed): Promise<NumberedTable> {
  const records: number[] = []
  const rows: (string | null)[][] = []
  const cells = columns.map(cellText)
  await duck.each(
    `SELECT ${[RECORD, ...cells].join(', ')} FROM ${from} ORDER BY ${RECORD}`,
    ([record, ...values]) => {
      records.push(Number(record))
      rows.push(values.map((value) => (value === null || value === undefined ? null : String(value))))
    },
  )
  return { columns: columns.map(({ name }) => name), rows, records }
}

const diagnosticOf = ({ spec, problems }: TransformProblem): Diagnostic => {
  const [first] = problems
  return {
    severity: 'error',
    code: first?.code ?? 'TRANSFORMATION',
    message: first?.message ?? 'La transformación no se puede aplicar.',
    ...(first?.hint ? { hint: first.hint } : {}),
    path: spec.path,
    position: { line: 1, column: 1, offset: 0, endOffset: 0 },
    ...(first ? { expression: { text: expressionOf(spec), from: first.from, to: first.to } } : {}),
  }
}

const expressionOf = (spec: TransformProblem['spec']): string =>
  spec.kind === 'set' ? spec.value : spec.kind === 'filter' ? spec.condition : ''
