import type { AppError } from '@shared/errors/app-error'

/** Limits on what a container may expand to; `ratio` counts only once an entry passes `ratioFloorBytes`. */
export interface Limits {
  entries: number
  entryBytes: number
  totalBytes: number
  ratio: number
  ratioFloorBytes: number
  /** A container inside a container is never opened. */
  nesting: 0
}

export interface CopyResult {
  path: string
  bytes: number
  sha256: string
}

export interface CopyOptions {
  signal?: AbortSignal
  onProgress?(done: number, total: number): void
  /** Sees every chunk as it goes by (a TextInspector, say), so that a plain CSV is read once. */
  onChunk?(chunk: Buffer): void
}

export type ContainerKind =
  | 'zip'
  | 'csv'
  | 'xlsx'
  | 'xls'
  | 'gzip'
  | '7z'
  | 'parquet'
  | 'jsonl'
  | 'binary'
  | 'empty'

export interface ZipEntry {
  name: string
  bytes: number
}

export type TextEncoding = 'utf-8' | 'utf-8-bom' | 'utf-16le' | 'utf-16be' | 'windows-1252'

/** What a quote-aware pass over the records tells; header included in `records`. */
export interface QuoteSummary {
  /** Delimiter the pass was made with. */
  delimiter: string
  /** Records, header included, blank lines not (in a file of one column the blank lines are records too: see `blankLines`). */
  records: number
  /** Empty lines outside quotes. */
  blankLines: number
  leadingBlankLines: number
  /** Empty lines with text before and after. */
  innerBlankLines: number
  /** Some quoted cell holds a line break, so record and line part ways. */
  quotedBreaks: boolean
  /** Records whose quotes don't close or are followed by text. */
  quoteFaults: number
  /** How the records end, by kind of line break. */
  ends: { lf: number; crlf: number; cr: number }
  longestRecord: number
}

/** What one pass over a text file tells about it; counts are of the UTF-8 text that is read in the end. */
export interface TextFileInfo {
  /** Encoding of the file as received. */
  encoding: TextEncoding
  /** True when the text at `path` is our UTF-8 copy, not the received bytes. */
  transcoded: boolean
  /** Number of `\n` bytes. */
  newlines: number
  endsWithNewline: boolean
  hasQuote: boolean
  hasNul: boolean
  /** Physical line of the first NUL byte. */
  firstNulLine: number | null
  hasCr: 'none' | 'crlf' | 'lone' | 'mixed'
  /** Some line is empty; null when that was not looked for (files with lone CR). */
  emptyLines: boolean | null
  /** Empty lines, and how many of them come before the first text. Exact only without quotes and without lone CR. */
  blankLines: number
  leadingBlankLines: number
  innerBlankLines: number
  /** Longest physical line in bytes, its `\n` included. */
  longestLine: number
  bytes: number
  /** First physical line that is not UTF-8 when the file is UTF-8 only in part. */
  firstBadUtf8Line: number | null
  /** First physical line of the file as received that is in another encoding than the rest: UTF-8 among Windows-1252, or not UTF-8. */
  otherEncodingLine: number | null
  /** Quote-aware summary, when the inspection knew the delimiter and found quotes. */
  quotes: QuoteSummary | null
}

export interface ExtractedFile extends TextFileInfo {
  path: string
  /** Name of the entry inside the ZIP. */
  name: string
  /** What its first bytes say it is; the text facts above mean something for `csv` and `jsonl` only. */
  kind: ContainerKind
  /** Its letters are damaged: of this file alone, so the others of its ZIP are read all the same. */
  damaged?: AppError
}

export interface ExtractOptions {
  limits?: Limits
  signal?: AbortSignal
  /** Declared encoding by entry name, when the YAML fixes it. */
  encoding?(name: string): string | undefined
  /** Delimiter by entry name: lets the quote-aware pass run while inflating. */
  delimiter?(name: string): string | undefined
  onProgress?(done: number, total: number): void
  /** As soon as one entry is ready, so that it can be judged while the others inflate. */
  onEntry?(name: string, path: string, file: ExtractedFile): void
}

export interface MatchResult {
  /** catalog -> entries that feed it (several only for a pattern), ascending by name. */
  matched: Map<string, string[]>
  /** Matches that were not exact: case or accents differ. */
  inexact: { catalog: string; filename: string; entry: string }[]
  missing: { catalog: string; filename: string }[]
  /** More than one entry fits a plain filename: never guessed. */
  ambiguous: { catalog: string; filename: string; entries: string[] }[]
  extra: string[]
}

/** Why a record does not fit the structure. */
export type FaultKind = 'few' | 'many' | 'unclosed' | 'quote' | 'encoding' | 'long'
export const FAULT_KINDS: readonly FaultKind[] = ['few', 'many', 'unclosed', 'quote', 'encoding', 'long']

/** Records that don't fit, ascending by record; columns of numbers, because there can be millions. */
export interface CsvFaults {
  count: number
  /** 1-based data record; 0 is the header. */
  record: Float64Array
  /** Physical line: where the record starts or, for `unclosed`, where the quote opens. */
  line: Float64Array
  /** Index into FAULT_KINDS. */
  kind: Uint8Array
  /** Cells found. */
  cells: Float64Array
}

/**
 * How a delimited text is read: every dialect choice made, none left to a sniffer. Made by `planCsv`; the protocol is:
 * scan `csvRelationSql(plan)` with a `count(*)` in the same query; when the count differs from `plan.records`, take
 * `plan = await repairCsv(plan)` (it finds the faulty records) and scan again.
 */
export interface CsvPlan {
  /** Name for messages. */
  name: string
  /** UTF-8 text as received (or transcoded): lines and raw records are read from here. */
  source: string
  /** What DuckDB reads: `source`, or a rewritten copy of it without the faulty records. */
  path: string
  /** The copy starts each record with its number. */
  numbered: boolean
  /** One character. */
  delimiter: string
  header: boolean
  /** Declared number of columns: the relation has exactly `k0`..`k{columns-1}`, all VARCHAR. */
  columns: number
  newline: '\n' | '\r\n'
  /** Blank lines before the header, skipped. */
  skip: number
  longestRecord: number
  /** Records the scan must accept: data records less faults. */
  records: number
  /** Data records of the file, faulty ones included. */
  total: number
  /** null until `repairCsv` has looked for them. */
  faults: CsvFaults | null
  /** Line = record + offset for every record, when that holds. */
  lineOffset: number | null
  /** For what was not a text when it came (a workbook): the row of the sheet of each data record; it is then the record's line. */
  rowLines?: Float64Array | null
  /** What has no lines at all (Parquet): the line of a record is its number. */
  recordIsLine?: boolean
  /** Several files read as one, in this order (see `joinPlans`); what stands above is then of the first one or of their sum. */
  parts?: CsvPart[]
  info: TextFileInfo
}

/** One file of several; its plan numbers its own records from 1. */
export interface CsvPart {
  plan: CsvPlan
  /** Records of the files before it. */
  before: number
}

/** A workbook, Parquet or JSON lines turned into a CSV that the same path reads: give it to `planCsv` as it is. */
export interface ConvertedTable {
  /** UTF-8, comma, quotes where needed. */
  path: string
  delimiter: ','
  /** Its first record is a header, whatever the YAML says of the original. */
  header: boolean
  info: TextFileInfo
  rowLines: Float64Array | null
  recordIsLine?: boolean
  /** The sheet that was read, and all there are. */
  sheet?: string
  sheets?: string[]
}

export interface RecordText {
  record: number
  line: number
  raw: string
  cells: string[]
}
