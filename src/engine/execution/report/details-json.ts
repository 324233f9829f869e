import type { Verdict } from '@shared/model/execution'
import type { Finding, Severity } from '@shared/model/findings'
import { elapsedSeconds } from './words'

const LEVELS: Readonly<Record<Severity, string>> = { error: 'ERROR', warning: 'WARNING', message: 'MESSAGE' }
/** A cell can hold megabytes; the whole of it stays in rechazados/. */
const LONGEST_VALUE = 4000

interface LogEntry {
  timestamp: string
  level: string
  message: string
  details: Record<string, unknown>
  file: string | null
  line: number | null
  rule: string | null
  value: string | null
}

const cut = (value: string | null): string | null =>
  value !== null && value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}…` : value

const logOfFinding = (finding: Finding, timestamp: string): LogEntry => ({
  timestamp,
  level: LEVELS[finding.severity],
  message: finding.message,
  details: {
    catalog: finding.catalog,
    field: finding.field,
    record: finding.record,
    check_id: finding.checkId,
  },
  file: finding.file,
  line: finding.line,
  rule: finding.rule,
  value: cut(finding.value),
})

function logs(verdict: Verdict, sample: readonly Finding[]): LogEntry[] {
  const timestamp = verdict.finishedAt
  const ofFiles = verdict.fileErrors.map((error) => ({
    timestamp,
    level: LEVELS[error.severity],
    message: error.message,
    details: {
      code: error.code,
      catalog: error.catalog,
      expected: error.expected,
      found: error.found,
      hint: error.hint,
    },
    file: error.file,
    line: null,
    rule: 'structure',
    value: null,
  }))
  const listed = new Set(sample.map((finding) => finding.checkId))
  // A check that lists no record (a single value, a rule that could not run) is told once.
  const ofChecks = verdict.checks
    .filter((check) => check.count > 0 && check.kind !== 'structure' && !listed.has(check.id))
    .map((check) => ({
      timestamp,
      level: LEVELS[check.severity],
      message: check.message,
      details: { [check.scope]: check.target, field: check.field, count: check.count, check_id: check.id },
      file:
        verdict.files.find((file) => check.scope === 'catalog' && file.catalog === check.target)?.file ??
        null,
      line: null,
      rule: check.rule,
      value: null,
    }))
  return [...ofFiles, ...ofChecks, ...sample.map((finding) => logOfFinding(finding, timestamp))]
}

/**
 * details.json: the keys that integrations of the original platform read (SAGE_YAML, "Outcome of an execution"), and after them
 * what this platform adds.
 */
export function detailsJson(verdict: Verdict, sample: readonly Finding[]): string {
  const { totals } = verdict
  const stats = verdict.files.map((file) => {
    const { catalog, state, records, errors, warnings, messages, refused, encoding, sheet } = file
    const added = {
      catalog,
      state,
      messages,
      refused,
      bytes: file.bytes,
      encoding,
      ...(sheet === undefined ? {} : { sheet }),
    }
    return [
      file.file,
      { records, errors, warnings, processing_time: file.processingSeconds, ...added },
    ] as const
  })
  const missing = verdict.files.filter((file) => file.state === 'faltante')
  const missingCatalogs = new Set(missing.map((file) => file.catalog))
  const document = {
    general_info: {
      timestamp: verdict.finishedAt,
      start_time: verdict.startedAt,
      end_time: verdict.finishedAt,
      execution_time_seconds: elapsedSeconds(verdict),
      config_file: 'input.yaml',
      execution_id: verdict.executionId,
      schema_name: verdict.schemaName,
      schema_version: verdict.schemaVersion,
      package: verdict.packageId,
      input_file: verdict.inputFile,
      input_bytes: verdict.inputBytes,
      input_sha256: verdict.inputSha256,
    },
    summary: {
      total_records: totals.records,
      total_errors: totals.errors,
      total_warnings: totals.warnings,
      success_rate: totals.successRate,
      status: verdict.estado,
      total_messages: totals.messages,
      refused_records: totals.refused,
    },
    // fromEntries defines each key, so a file called __proto__ is one more file.
    file_stats: Object.fromEntries(stats),
    format_errors: verdict.fileErrors.filter(
      (error) => error.catalog === null || !missingCatalogs.has(error.catalog),
    ),
    missing_files: missing.map((file) => ({
      file: file.file,
      catalog: file.catalog,
      package: verdict.packageId,
    })),
    skipped_rules: verdict.checks
      .filter((check) => check.kind === 'rule')
      .map((check) => ({
        rule: check.rule,
        [check.scope]: check.target,
        field: check.field,
        message: check.message,
      })),
    logs: logs(verdict, sample),
    checks: verdict.checks,
    detail_cap: verdict.detailCap,
  }
  return `${JSON.stringify(document, null, 2)}\n`
}
