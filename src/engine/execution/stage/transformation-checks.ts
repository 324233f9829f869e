import type { Duck } from '@engine/duckdb'
import { type CheckOutcome, type PlannedCheck, RECORD, type ScannedCatalog } from '@engine/validation'
import type { TransformationSpec } from '@shared/model/schema'
import { acceptedSql } from './stage'
import { applyTransformations, type TransformProblem } from './transformations'

interface CheckInput {
  scanned: readonly ScannedCatalog[]
  outcomes: readonly CheckOutcome[]
  nextId(): number
  /** Records listed by number in each outcome, at most. */
  detailCap: number
}

/**
 * What the business rules of the YAML refuse, as findings: a step that does not compile is one error of the rule; a value that
 * `map` does not know and `otherwise: error` refuses is an error of its record. Only records without an error are looked at, since
 * only those are transformed; a catalog without such steps costs nothing. The records go to the table `hits`.
 */
export async function checkTransformations(duck: Duck, input: CheckInput): Promise<CheckOutcome[]> {
  const found: CheckOutcome[] = []
  for (const scanned of input.scanned) {
    const { catalog } = scanned.plan
    if (catalog.transformations.length === 0) continue
    const { problems, refusals } = applyTransformations(catalog, acceptedSql(scanned, input.outcomes, true), {
      numbered: true,
    })
    for (const problem of problems) found.push(given(brokenStep(input.nextId(), scanned, problem), [], 1))
    for (const { spec, from, condition } of refusals) {
      const check = unknownValue(input.nextId(), scanned, spec)
      const outcome = await refusedRecords(
        duck,
        check,
        scanned,
        `${from} WHERE ${condition}`,
        input.detailCap,
      )
      if (outcome) found.push(outcome)
    }
  }
  return found
}

async function refusedRecords(
  duck: Duck,
  check: PlannedCheck,
  { plan }: ScannedCatalog,
  refused: string,
  cap: number,
): Promise<CheckOutcome | null> {
  await duck.run(`INSERT INTO hits SELECT ${check.id}, ${plan.index}, ${RECORD} FROM ${refused}`)
  const [row] = await duck.rows(`SELECT count(*) AS n FROM hits WHERE check_id = ${check.id}`)
  const count = Number(row?.n ?? 0)
  if (count === 0) return null
  const listed = await duck.rows(
    `SELECT ${RECORD}::DOUBLE AS r FROM hits WHERE check_id = ${check.id} ORDER BY ${RECORD} LIMIT ${cap}`,
  )
  return given(
    check,
    listed.map((item) => Number(item.r)),
    count,
  )
}

const given = (check: PlannedCheck, records: number[], count: number): CheckOutcome => ({
  check,
  count,
  recordCount: check.recordsOf === null ? 0 : count,
  records,
})

const base = (id: number, { plan }: ScannedCatalog) => ({
  id,
  scope: 'catalog' as const,
  target: plan.catalog.id,
  severity: 'error' as const,
  valueFields: [],
  how: { by: 'given' as const },
})

function brokenStep(id: number, scanned: ScannedCatalog, { spec, problems }: TransformProblem): PlannedCheck {
  const reasons = problems.map(({ message, hint }) => `${message}${hint ? ` ${hint}` : ''}`)
  return {
    ...base(id, scanned),
    kind: 'rule',
    rule: nameOf(spec),
    field: null,
    message: `La transformación «${nameOf(spec)}» no se puede aplicar: ${reasons.join(' ')}`,
    recordsOf: null,
    countsOnce: true,
  }
}

function unknownValue(id: number, scanned: ScannedCatalog, spec: TransformationSpec): PlannedCheck {
  const { catalog } = scanned.plan
  const column = spec.kind === 'map' ? spec.column : ''
  const field = catalog.fields.findIndex(({ name }) => name === column)
  return {
    ...base(id, scanned),
    kind: 'row',
    rule: nameOf(spec),
    field: field < 0 ? null : column,
    message: `El valor de «${column}» no está entre los que la transformación traduce.`,
    valueFields: field < 0 ? [] : [field],
    recordsOf: catalog.id,
    countsOnce: false,
  }
}

function nameOf(spec: TransformationSpec): string {
  switch (spec.kind) {
    case 'set':
      return `set ${spec.column}`
    case 'map':
      return `map ${spec.column}`
    default:
      return spec.kind
  }
}
