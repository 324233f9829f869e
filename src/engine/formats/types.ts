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
  hasCr: 'none' | 'crlf' | 'lone' | 'mixed'
  /** Some line is empty; null when that was not looked for (files with lone CR). */
  emptyLines: boolean | null
  bytes: number
  /** First physical line that is not UTF-8 when the file is UTF-8 only in part. */
  firstBadUtf8Line: number | null
}

export interface ExtractedFile extends TextFileInfo {
  path: string
  /** Name of the entry inside the ZIP. */
  name: string
}

export interface ExtractOptions {
  limits?: Limits
  signal?: AbortSignal
  /** Declared encoding by entry name, when the YAML fixes it. */
  encoding?(name: string): string | undefined
  onProgress?(done: number, total: number): void
  onEntry?(name: string, path: string): void
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

/** How a delimited text is read: every dialect choice made, none left to a sniffer. */
export interface CsvPlan {
  path: string
  /** One character. */
  delimiter: string
  header: boolean
  /** Declared number of columns: the relation has exactly `k0`..`k{columns-1}`, all VARCHAR. */
  columns: number
  info: TextFileInfo
  /** Prefix of the two reject tables, unique per scan; default `rechazos`. */
  rejects?: string
}

export interface RecordText {
  record: number
  line: number
  raw: string
  cells: string[]
}
