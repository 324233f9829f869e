import { type Duck, quoteLiteral } from '@engine/duckdb'
import { type CatalogSource, RECORD, typedSql, Validator } from '@engine/validation'
import type { CatalogSpec, Diagnostic, SageSchema } from '@shared/model/schema'
import { readSchema } from '../schema'
import { applyTransformations, type TransformProblem } from '../stage/transformations'
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
      const shown = applyTransformations(
        catalog,
        `(SELECT * FROM accepted ORDER BY ${RECORD} LIMIT ${input.limit})`,
        { numbered: true },
      )
      const whole = applyTransformations(catalog, 'accepted')
      const refused = await sumCounts(
        duck,
        whole.refusals.map(({ from, condition }) => `SELECT count(*) AS n FROM ${from} WHERE ${condition}`),
      )
      return {
        problems: shown.problems.map((item) => diagnosticOf(item)),
        before: await table(
          duck,
          catalog.fields.map((field) => field.name),
          `SELECT ${[RECORD, ...catalog.fields.map((_, i) => `x${i}`)].join(', ')} FROM accepted ORDER BY ${RECORD} LIMIT ${input.limit}`,
        ),
        after: await table(
          duck,
          shown.columns.map((column) => column.name),
          `SELECT ${[RECORD, ...shown.columns.map(({ type }, i) => `CAST(${type === 'decimal' ? 'x' : 'c'}${i} AS VARCHAR)`)].join(', ')} FROM ${shown.from} ORDER BY ${RECORD}`,
        ),
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

/** Rows of a query whose first column is the record's number. */
async function table(duck: Duck, columns: string[], sql: string): Promise<NumberedTable> {
  const records: number[] = []
  const rows: (string | null)[][] = []
  await duck.each(sql, ([record, ...cells]) => {
    records.push(Number(record))
    rows.push(cells.map((cell) => (cell === null || cell === undefined ? null : String(cell))))
  })
  return { columns, rows, records }
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
