import { AppError } from '@shared/errors/app-error'
import { MAX_RECORD_BYTES } from '../limits'
import { inputError } from '../shared/errors'
import { eachChunk } from '../shared/prepare-text'
import { RecordScanner } from '../shared/record-scanner'
import type { CsvPlan, QuoteSummary, TextFileInfo } from '../types'
import { rewriteCsv } from './repair'

export interface PlanInput {
  /** Name of the file for messages, as the person knows it. */
  name: string
  /** UTF-8 text (see `prepareText`). */
  path: string
  info: TextFileInfo
  delimiter: string
  header: boolean
  /** Columns each record must have. */
  columns: number
  /** Row of the sheet of each data record, when the text was converted from a workbook. */
  rowLines?: Float64Array | null
  recordIsLine?: boolean
  signal?: AbortSignal
}

/**
 * Decides how a prepared text is read. Costs nothing more than the inspection for a file in good order; a file with quotes whose
 * inspection did not know the delimiter costs one pass, and one that DuckDB can't read exactly (mixed line breaks, broken
 * quotes, bytes that are not UTF-8, records past 16 MiB) is rewritten next to it (`.registros`) without its faulty records.
 * Errors: FILE_EMPTY, CSV_NUL, CSV_DELIMITER_INVALID, CSV_HEADER_QUOTE, DISK_FULL, CANCELLED.
 */
export async function planCsv(input: PlanInput): Promise<CsvPlan> {
  checkDelimiter(input.delimiter)
  const { info, name } = input
  if (info.bytes === 0) throw emptyFile(name)
  if (info.hasNul) {
    throw inputError(
      'CSV_NUL',
      `«${name}» tiene bytes nulos (el primero en la línea ${info.firstNulLine ?? 1}): no es un texto, o se dañó al copiarse.`,
      'Volver a exportarlo como CSV de texto, o pedir el archivo otra vez.',
      { line: info.firstNulLine },
    )
  }
  const quotes = await quoteSummary(input)
  const plan = quotes ? quotedPlan(input, quotes) : plainPlan(input)
  if (plan.total < 0) throw emptyFile(name)
  const mustRewrite =
    (quotes !== null && (quotes.quoteFaults > 0 || endKinds(quotes) > 1 || quotes.ends.cr > 0)) ||
    info.firstBadUtf8Line !== null ||
    plan.longestRecord > MAX_RECORD_BYTES
  return mustRewrite ? await rewriteCsv(plan, input.signal) : plan
}

function emptyFile(name: string): AppError {
  return inputError(
    'FILE_EMPTY',
    `«${name}» está vacío.`,
    'Comprobar que se exportó completo y volver a enviarlo.',
  )
}

function checkDelimiter(delimiter: string): void {
  if ([...delimiter].length === 1 && !/[\n\r\0]/.test(delimiter)) return
  throw new AppError('CSV_DELIMITER_INVALID', {
    kind: 'config',
    message: `El delimitador ${JSON.stringify(delimiter)} no sirve: debe ser un solo carácter que no sea salto de línea.`,
    hint: 'Corregir file_format.delimiter en el YAML.',
  })
}

const endKinds = ({ ends }: QuoteSummary): number => [ends.lf, ends.crlf, ends.cr].filter((n) => n > 0).length

/** The quote-aware summary where it is needed: made in the inspection, or by a pass now. */
async function quoteSummary(input: PlanInput): Promise<QuoteSummary | null> {
  const { info, delimiter } = input
  const breaks = info.hasCr === 'lone' || info.hasCr === 'mixed'
  const quoted = info.hasQuote && delimiter !== '"'
  if (!breaks && !quoted) return null
  if (info.quotes !== null && info.quotes.delimiter === delimiter) return info.quotes
  const scanner = new RecordScanner({ delimiter })
  await eachChunk(input.path, input.signal, (chunk) => {
    scanner.push(chunk)
    return true
  })
  return scanner.end()
}

function base(
  input: PlanInput,
): Omit<CsvPlan, 'newline' | 'skip' | 'longestRecord' | 'records' | 'total' | 'lineOffset'> {
  return {
    name: input.name,
    source: input.path,
    path: input.path,
    numbered: false,
    delimiter: input.delimiter,
    header: input.header,
    columns: input.columns,
    faults: null,
    rowLines: input.rowLines ?? null,
    recordIsLine: input.recordIsLine ?? false,
    info: input.info,
  }
}

interface Counts {
  records: number
  blank: number
  leading: number
  inner: number
}

/** Data records and the line of each, from what was counted; in a file of one column an empty line is a record. */
function counted(
  input: PlanInput,
  { records, blank, leading, inner }: Counts,
): { total: number; offset: number | null; skip: number } {
  const skip = input.header ? leading : 0
  const single = input.columns === 1
  const total = records - (input.header ? 1 : 0) + (single ? blank - skip : 0)
  const offset = single ? skip : inner === 0 ? leading : null
  return { total, offset: offset === null ? null : offset + (input.header ? 1 : 0), skip }
}

function plainPlan(input: PlanInput): CsvPlan {
  const { info } = input
  const lines = info.newlines + (info.endsWithNewline ? 0 : 1)
  const { total, offset, skip } = counted(input, {
    records: lines - info.blankLines,
    blank: info.blankLines,
    leading: info.leadingBlankLines,
    inner: info.innerBlankLines,
  })
  return {
    ...base(input),
    newline: info.hasCr === 'crlf' ? '\r\n' : '\n',
    skip,
    longestRecord: info.longestLine,
    records: total,
    total,
    lineOffset: offset,
  }
}

function quotedPlan(input: PlanInput, quotes: QuoteSummary): CsvPlan {
  const { total, offset, skip } = counted(input, {
    records: quotes.records,
    blank: quotes.blankLines,
    leading: quotes.leadingBlankLines,
    inner: quotes.innerBlankLines,
  })
  return {
    ...base(input),
    newline: quotes.ends.crlf > 0 ? '\r\n' : '\n',
    skip,
    longestRecord: Math.max(quotes.longestRecord, input.info.quotes === null ? 0 : input.info.longestLine),
    records: total,
    total,
    lineOffset: quotes.quotedBreaks ? null : offset,
  }
}
