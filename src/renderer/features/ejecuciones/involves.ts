import type { Finding } from '@shared/model/findings'

/**
 * Whether a finding speaks of a column: its field, or, for a rule over several fields, one of those its value names
 * (`cantidad=-3; precio=12.50`).
 */
export function involves(finding: Pick<Finding, 'field' | 'value'>, column: string): boolean {
  if (finding.field !== null) return finding.field === column
  const value = finding.value ?? ''
  return value.startsWith(`${column}=`) || value.includes(`; ${column}=`)
}
