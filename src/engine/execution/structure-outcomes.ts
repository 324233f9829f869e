import type { CheckOutcome, PlannedCheck, Validator } from '@engine/validation'
import type { FileError } from '@shared/model/execution'
import { faultsMessage } from './listing/faults'

interface StructureOutcomes {
  outcomes: CheckOutcome[]
  links: { checkId: number; error: FileError }[]
}

/** File problems and records that don't fit, as checks of kind `structure`. */
export function structureOutcomes(
  errors: readonly FileError[],
  validator: Validator,
  target: { packageId: string | null; catalogs: string[] },
  cap: number,
): StructureOutcomes {
  const result: StructureOutcomes = { outcomes: [], links: [] }
  const fallback = target.packageId ?? target.catalogs[0] ?? ''
  for (const error of errors) {
    const check = structureCheck(validator, error.catalog ?? fallback, error.severity, error.message, null)
    if (error.catalog === null && target.packageId !== null) check.scope = 'package'
    result.outcomes.push({ check, count: 1, recordCount: 0, records: [] })
    result.links.push({ checkId: check.id, error })
  }
  for (const [id, { source }] of validator.scanned) {
    const { faults, columns } = source.plan
    if (!faults || faults.count === 0) continue
    const message = faultsMessage(faults, columns)
    const check = structureCheck(validator, id, 'error', message, id)
    const records = Array.from(faults.record.subarray(0, Math.min(cap, faults.count)))
    result.outcomes.push({ check, count: faults.count, recordCount: faults.count, records })
  }
  return result
}

const structureCheck = (
  validator: Validator,
  target: string,
  severity: 'error' | 'warning',
  message: string,
  recordsOf: string | null,
): PlannedCheck => ({
  id: validator.nextId(),
  scope: 'catalog',
  target,
  kind: 'structure',
  rule: 'structure',
  field: null,
  severity,
  message,
  valueFields: [],
  recordsOf,
  how: { by: 'given' },
  countsOnce: false,
})
