import { splitCells } from '../shared/cell-walker'
import { RecordScanner } from '../shared/record-scanner'
import type { CsvPart, CsvPlan, FaultKind, RecordText } from '../types'
import { lineOf, scanFile, scannerOptions } from './repair'

/** Most text of one record that is given back: a page of the grid must stay small whatever the file holds. */
const MAX_RAW = 64 * 1024

/**
 * The physical line on which each record starts (1-based both; `records` ascending). Arithmetic when every record is one line;
 * otherwise one pass that stops at the last record asked for.
 */
export async function recordLines(
  plan: CsvPlan,
  records: readonly number[],
  signal?: AbortSignal,
): Promise<Map<number, number>> {
  if (plan.parts) return await partLines(plan.parts, records, signal)
  const lines = new Map<number, number>()
  const { lineOffset, rowLines } = plan
  if (rowLines || plan.recordIsLine) {
    for (const record of records) lines.set(record, lineOf(plan, record, record))
    return lines
  }
  if (lineOffset !== null) {
    for (const record of records) lines.set(record, record + lineOffset)
    return lines
  }
  if (records.length === 0) return lines
  let next = 0
  const headerRows = plan.header ? 1 : 0
  const { columns: _columns, checkUtf8: _utf8, ...options } = scannerOptions(plan)
  const scanner = new RecordScanner({
    ...options,
    onRecord(record) {
      const number = record.ordinal - headerRows
      while (next < records.length && (records[next] ?? 0) <= number) {
        if (records[next] === number) lines.set(number, record.line)
        next++
      }
      return next < records.length
    },
  })
  await scanFile(plan.source, scanner, signal)
  return lines
}

async function partLines(
  parts: readonly CsvPart[],
  records: readonly number[],
  signal: AbortSignal | undefined,
): Promise<Map<number, number>> {
  const lines = new Map<number, number>()
  for (const { plan, before } of parts) {
    const own = records.filter((record) => record > before && record <= before + plan.total)
    const found = await recordLines(
      plan,
      own.map((record) => record - before),
      signal,
    )
    for (const [record, line] of found) lines.set(record + before, line)
  }
  return lines
}

/** Records `from`..`to` (inclusive) as received, with their cells: the context of a refused row, and the refused rows themselves. */
export async function readRecords(
  plan: CsvPlan,
  from: number,
  to: number,
  signal?: AbortSignal,
): Promise<RecordText[]> {
  const found: RecordText[] = []
  await eachRecord(
    plan,
    (record) => {
      if (record.record >= from && record.record <= to) found.push(record.text())
      return record.record < to
    },
    signal,
  )
  return found
}

export interface VisitedRecord {
  record: number
  /** Line in its own file. */
  line: number
  /** What keeps it from being read as records are; the number of cells is not looked at. */
  fault: FaultKind | null
  text(limit?: number): RecordText
}

async function eachPartRecord(
  parts: readonly CsvPart[],
  visit: (record: VisitedRecord) => boolean,
  signal: AbortSignal | undefined,
): Promise<void> {
  let going = true
  for (const { plan, before } of parts) {
    if (!going) return
    await eachRecord(
      plan,
      (own) => {
        const record = own.record + before
        going = visit({
          record,
          line: own.line,
          fault: own.fault,
          text: (limit) => ({ ...own.text(limit), record }),
        })
        return going
      },
      signal,
    )
  }
}

/** Streams the data records as received; `text()` costs only when called. `visit` returns false to stop. */
export async function eachRecord(
  plan: CsvPlan,
  visit: (record: VisitedRecord) => boolean,
  signal?: AbortSignal,
): Promise<void> {
  if (plan.parts) {
    await eachPartRecord(plan.parts, visit, signal)
    return
  }
  const headerRows = plan.header ? 1 : 0
  const { columns: _columns, checkUtf8: _utf8, ...options } = scannerOptions(plan)
  const scanner = new RecordScanner({
    ...options,
    onRecord(scanned) {
      const record = scanned.ordinal - headerRows
      if (record < 1) return true
      const line = lineOf(plan, record, scanned.line)
      return visit({
        record,
        line,
        fault: scanned.fault,
        text(limit = MAX_RAW) {
          const raw = scanned.raw().subarray(0, limit).toString('utf8')
          return { record, line, raw, cells: splitCells(raw, plan.delimiter) }
        },
      })
    },
  })
  await scanFile(plan.source, scanner, signal)
}
