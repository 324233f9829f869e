import { open, rm } from 'node:fs/promises'
import { AppError } from '@shared/errors/app-error'
import { splitCells } from '../shared/cell-walker'
import { writeAll } from '../shared/copy-with-hash'
import { fromFs, inputError } from '../shared/errors'
import { eachChunk } from '../shared/prepare-text'
import { RecordScanner, type ScannedRecord, type ScannerOptions } from '../shared/record-scanner'
import { type CsvFaults, type CsvPart, type CsvPlan, FAULT_KINDS, type FaultKind } from '../types'
import { joinPlans } from './join'

/** Up to this many ragged records the file is read as it stands and numbers are corrected in SQL; past it, a numbered copy is cheaper. */
const IN_PLACE = 256

/** Growing columns of faults. */
class FaultList {
  count = 0
  #record = new Float64Array(64)
  #line = new Float64Array(64)
  #kind = new Uint8Array(64)
  #cells = new Float64Array(64)

  add(record: number, line: number, kind: FaultKind, cells: number): void {
    if (this.count === this.#record.length) this.#grow()
    this.#record[this.count] = record
    this.#line[this.count] = line
    this.#kind[this.count] = FAULT_KINDS.indexOf(kind)
    this.#cells[this.count] = cells
    this.count++
  }

  #grow(): void {
    const size = this.count * 2
    const wider = (old: Float64Array): Float64Array<ArrayBuffer> => {
      const next = new Float64Array(size)
      next.set(old)
      return next
    }
    this.#record = wider(this.#record)
    this.#line = wider(this.#line)
    this.#cells = wider(this.#cells)
    const kind = new Uint8Array(size)
    kind.set(this.#kind)
    this.#kind = kind
  }

  done(): CsvFaults {
    return {
      count: this.count,
      record: this.#record.subarray(0, this.count),
      line: this.#line.subarray(0, this.count),
      kind: this.#kind.subarray(0, this.count),
      cells: this.#cells.subarray(0, this.count),
    }
  }
}

/**
 * What to do when a scan accepted another number of records than `plan.records`: finds every record that does not fit and gives
 * a plan that leaves them out and knows them. Called again on its own result, it stops relying on the file as it stands and
 * rewrites it; if even then the counts differ it throws (CSV_COUNT_MISMATCH), for a lost record is never let pass.
 */
export async function repairCsv(plan: CsvPlan, signal?: AbortSignal): Promise<CsvPlan> {
  if (plan.parts) return await repairParts(plan, plan.parts, signal)
  if (plan.numbered) throw mismatch(plan)
  if (plan.faults !== null) return await rewriteCsv(plan, signal)
  const found = await findFaults(plan, signal)
  // No fault, and yet DuckDB read another number: it is not to be trusted with the file as it stands.
  return found === null || found.count === 0 ? await rewriteCsv(plan, signal) : withFaults(plan, found)
}

function mismatch(plan: CsvPlan): AppError {
  return new AppError('CSV_COUNT_MISMATCH', {
    kind: 'bug',
    message: `«${plan.name}»: los registros leídos no son los ${plan.records} que tiene el archivo.`,
    hint: 'Es un fallo del producto: enviar el archivo a soporte.',
  })
}

const withFaults = (plan: CsvPlan, faults: CsvFaults): CsvPlan => ({
  ...plan,
  faults,
  records: plan.total - faults.count,
})

/** The ragged records of a file, or null when it has other faults or too many and must be rewritten. */
async function findFaults(plan: CsvPlan, signal: AbortSignal | undefined): Promise<CsvFaults | null> {
  const faults = new FaultList()
  let ragged = true
  const scanner = new RecordScanner({
    ...scannerOptions(plan),
    onRecord(record) {
      noteFault(plan, faults, record)
      if (record.fault === 'few' || record.fault === 'many' || record.fault === null)
        return faults.count <= IN_PLACE
      ragged = false
      return false
    },
  })
  await scanFile(plan.source, scanner, signal)
  return ragged && faults.count <= IN_PLACE ? faults.done() : null
}

/** The count of several files does not say which one is wrong: each is looked at, and on the second call each is rewritten. */
async function repairParts(
  plan: CsvPlan,
  parts: CsvPart[],
  signal: AbortSignal | undefined,
): Promise<CsvPlan> {
  if (parts.every((part) => part.plan.numbered)) throw mismatch(plan)
  const repaired: CsvPlan[] = []
  for (const { plan: part } of parts) {
    if (part.numbered) repaired.push(part)
    else if (plan.faults !== null) repaired.push(await rewriteCsv(part, signal))
    else {
      const found = await findFaults(part, signal)
      repaired.push(found === null ? await rewriteCsv(part, signal) : withFaults(part, found))
    }
  }
  return joinPlans(repaired)
}

export const scannerOptions = (plan: CsvPlan): ScannerOptions => ({
  delimiter: plan.delimiter,
  columns: plan.columns,
  blankIsRecord: plan.columns === 1,
  skipLeadingBlank: plan.header,
  checkUtf8: plan.info.firstBadUtf8Line !== null,
})

/** Feeds a scanner from a file until it has enough. */
export async function scanFile(path: string, scanner: RecordScanner, signal?: AbortSignal): Promise<void> {
  await eachChunk(path, signal, (chunk) => {
    scanner.push(chunk)
    return !scanner.stopped
  })
  if (!scanner.stopped) scanner.end()
}

/** The line a person finds the record on: of the text, or of what it was converted from. */
export const lineOf = (plan: CsvPlan, record: number, textLine: number): number =>
  plan.recordIsLine ? record : (plan.rowLines?.[record - 1] ?? textLine)

function noteFault(plan: CsvPlan, faults: FaultList, record: ScannedRecord): void {
  if (record.fault === null) return
  const number = record.ordinal - (plan.header ? 1 : 0)
  if (number > 0) {
    faults.add(number, lineOf(plan, number, record.faultLine), record.fault, record.cells)
    return
  }
  // The header's own width is judged by name, not here.
  if (record.fault === 'few' || record.fault === 'many') return
  throw headerFault(plan.name, record.fault, record.faultLine)
}

/** The refusal of a file whose header can't be read. */
export const headerFault = (name: string, fault: FaultKind, line: number): AppError =>
  inputError(
    'CSV_HEADER_QUOTE',
    `El encabezado de «${name}» no se puede leer: ${headerWords(fault)} (línea ${line}).`,
    'Corregir la primera línea del archivo y volver a enviarlo.',
    { line },
  )

function headerWords(fault: FaultKind): string {
  if (fault === 'encoding') return 'tiene caracteres dañados'
  if (fault === 'long') return 'es demasiado largo'
  return fault === 'quote' ? 'tiene una comilla mal escrita' : 'tiene una comilla sin cerrar'
}

/** Writes the good records, each with its number, to `.registros` beside the source, and lists the others. */
export async function rewriteCsv(plan: CsvPlan, signal?: AbortSignal): Promise<CsvPlan> {
  const target = `${plan.source}.registros`
  const faults = new FaultList()
  let parts: Buffer[] = []
  let longest = 0
  const scanner = new RecordScanner({
    ...scannerOptions(plan),
    onRecord(record) {
      noteFault(plan, faults, record)
      const number = record.ordinal - (plan.header ? 1 : 0)
      if (record.fault !== null || number === 0) return true
      const line = numberedLine(plan, number, record)
      for (const part of line) parts.push(part)
      longest = Math.max(longest, line[1].length + 24)
      return true
    },
  })
  await rm(target, { force: true })
  const output = await open(target, 'wx').catch((error: unknown) => {
    throw fromFs(error, target)
  })
  try {
    const flush = async (): Promise<void> => {
      if (parts.length === 0) return
      await writeAll(output, Buffer.concat(parts))
      parts = []
    }
    await eachChunk(plan.source, signal, async (chunk) => {
      scanner.push(chunk)
      await flush()
      return true
    })
    scanner.end()
    await flush()
    await output.close()
  } catch (error) {
    await output.close().catch(() => undefined)
    await rm(target, { force: true })
    throw fromFs(error, target)
  }
  const total = scanner.summary.records - (plan.header ? 1 : 0)
  return {
    ...plan,
    path: target,
    numbered: true,
    newline: '\n',
    longestRecord: longest,
    total,
    records: total - faults.count,
    faults: faults.done(),
    lineOffset: scanner.summary.quotedBreaks ? null : plan.lineOffset,
  }
}

const NEWLINE = Buffer.from('\n')

function numberedLine(plan: CsvPlan, number: number, record: ScannedRecord): [Buffer, Buffer, Buffer] {
  const raw = record.raw()
  const head = Buffer.from(`${number}${plan.delimiter}`)
  if (plan.delimiter === '"' || !raw.includes(34)) return [head, raw, NEWLINE]
  // Quotes written the one way every reader understands.
  const cells = splitCells(raw.toString('utf8'), plan.delimiter).slice(0, plan.columns)
  return [
    head,
    Buffer.from(cells.map((cell) => quoteCell(cell, plan.delimiter)).join(plan.delimiter)),
    NEWLINE,
  ]
}

const quoteCell = (cell: string, delimiter: string): string =>
  cell.includes('"') || cell.includes(delimiter) || cell.includes('\n') || cell.includes('\r')
    ? `"${cell.replaceAll('"', '""')}"`
    : cell
