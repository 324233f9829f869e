import { inputError } from '../shared/errors'
import type { CsvFaults, CsvPart, CsvPlan } from '../types'

/**
 * Several files of one catalog (`ventas_*.csv`) read as one: records are numbered through them in the order given, lines are those
 * of each file, and `fileOfRecord` tells where a record came from. Each may have its own encoding, delimiter and line breaks.
 * Error: CSV_PARTS_DIFFER when they don't have the same number of columns. The order of the columns must be the same in all: the caller, who
 * reads the headers, sees to it.
 */
export function joinPlans(plans: readonly CsvPlan[]): CsvPlan {
  const [first] = plans
  if (first === undefined) throw new RangeError('joinPlans needs a plan')
  const parts: CsvPart[] = []
  let before = 0
  for (const plan of plans) {
    if (plan.columns !== first.columns) throw differ(first, plan)
    parts.push({ plan, before })
    before += plan.total
  }
  const sum = (value: (plan: CsvPlan) => number): number =>
    plans.reduce((total, plan) => total + value(plan), 0)
  return {
    ...first,
    parts,
    // One part with its own numbers obliges all to carry them.
    numbered: plans.some((plan) => plan.numbered),
    longestRecord: Math.max(...plans.map((plan) => plan.longestRecord)),
    records: sum((plan) => plan.records),
    total: before,
    faults: joinFaults(parts),
    lineOffset: null,
    rowLines: null,
    recordIsLine: false,
    info: {
      ...first.info,
      bytes: sum((plan) => plan.info.bytes),
      newlines: sum((plan) => plan.info.newlines),
    },
  }
}

function differ(first: CsvPlan, other: CsvPlan): Error {
  return inputError(
    'CSV_PARTS_DIFFER',
    `«${other.name}» tiene ${other.columns} columnas y «${first.name}» tiene ${first.columns}: no se pueden leer como uno.`,
    'Enviar todos los archivos del catálogo con las mismas columnas.',
  )
}

function joinFaults(parts: readonly CsvPart[]): CsvFaults | null {
  if (parts.every(({ plan }) => plan.faults === null)) return null
  const count = parts.reduce((total, { plan }) => total + (plan.faults?.count ?? 0), 0)
  const all: CsvFaults = {
    count,
    record: new Float64Array(count),
    line: new Float64Array(count),
    kind: new Uint8Array(count),
    cells: new Float64Array(count),
  }
  let at = 0
  for (const { plan, before } of parts) {
    const own = plan.faults
    if (!own) continue
    all.record.set(
      own.record.map((record) => record + before),
      at,
    )
    all.line.set(own.line, at)
    all.kind.set(own.kind, at)
    all.cells.set(own.cells, at)
    at += own.count
  }
  return all
}

/** The file a record came from, and its number and place there. */
export function fileOfRecord(plan: CsvPlan, record: number): { file: string; record: number } {
  const part = plan.parts?.findLast(({ before }) => before < record)
  return part ? { file: part.plan.name, record: record - part.before } : { file: plan.name, record }
}
