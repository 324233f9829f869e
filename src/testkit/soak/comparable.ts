import type { Verdict } from '@shared/model/execution'

/** What two runs of the same file must say alike: all of the verdict but its clocks and its own name. */
export function comparable(verdict: Verdict): string {
  const { estado, inputSha256, packageId, totals, records, checks, fileErrors } = verdict
  const files = verdict.files.map(({ processingSeconds: _clock, ...file }) => file)
  return JSON.stringify({ estado, inputSha256, packageId, totals, records, checks, fileErrors, files })
}
