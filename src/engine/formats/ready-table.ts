import { join } from 'node:path'
import type { FileFormatSpec } from '@shared/model/schema'
import type { Duck } from '../duckdb'
import { convertExcel } from './excel/convert-excel'
import { extractGzip } from './gzip/extract-gzip'
import { convertJsonl } from './jsonl/convert-jsonl'
import { convertParquet } from './parquet/convert-parquet'
import { inputError } from './shared/errors'
import { inspectText, settleText } from './shared/prepare-text'
import { admitContainer } from './shared/sniff-container'
import type { Inspection } from './shared/text-inspector'
import type { ContainerKind, Limits, TextFileInfo } from './types'

export interface TableRequest {
  /** Name as received, for messages. */
  name: string
  /** The file, or the extracted entry. */
  path: string
  /** Folder for what is derived from it, inside the one `duck` may reach. */
  workDir: string
  /** First part of the derived files' names, unique in `workDir`. */
  id: string
  /** How the YAML declares it; `columns` is the number of its fields. */
  format: Pick<FileFormatSpec, 'type' | 'delimiter' | 'header' | 'encoding' | 'sheet'>
  columns: number
  duck: Duck
  /** What a gzip may expand to. */
  limits?: Limits
  /** What its bytes say it is, when they were looked at already. */
  kind?: ContainerKind
  /** What was seen while it was copied, when it was: spares a pass over a CSV. */
  inspection?: Inspection
  signal?: AbortSignal
}

/** A UTF-8 CSV, whatever it was: spread it into `planCsv`. `delimiter` and `header` are its own, not the YAML's. */
export interface ReadyTable {
  path: string
  info: TextFileInfo
  delimiter: string
  header: boolean
  rowLines?: Float64Array | null
  recordIsLine?: boolean
  /** The text it was converted from, as it came. */
  received?: TextFileInfo
  /** The sheet that was read, and all there are. */
  sheet?: string
  sheets?: string[]
}

const KINDS: Record<FileFormatSpec['type'], readonly ContainerKind[]> = {
  // Text is text: a CSV may begin with a brace, and a broken JSON line still says what is wrong with it.
  CSV: ['csv', 'jsonl'],
  JSONL: ['jsonl', 'csv'],
  EXCEL: ['xlsx', 'xls'],
  PARQUET: ['parquet'],
  ZIP: [],
}

const LABELS: Partial<Record<ContainerKind, string>> = {
  csv: 'un texto',
  jsonl: 'un texto',
  xlsx: 'un libro de Excel',
  xls: 'un libro de Excel',
  parquet: 'un Parquet',
  zip: 'un ZIP',
  gzip: 'un gzip',
}

const DECLARED: Record<FileFormatSpec['type'], string> = {
  CSV: 'un CSV',
  JSONL: 'JSON por líneas',
  EXCEL: 'un libro de Excel',
  PARQUET: 'un Parquet',
  ZIP: 'un ZIP',
}

/**
 * Turns the file of one catalog into the UTF-8 CSV that is scanned: CSV as it is (transcoded if need be), Excel, Parquet and JSON lines
 * converted, any of them inside a gzip. What it is is told by its bytes; what the YAML declares must agree.
 * Errors: FILE_TYPE, FILE_EMPTY, FILE_7Z, FILE_BINARY and those of each format.
 */
export async function readyTable(request: TableRequest): Promise<ReadyTable> {
  const kind = await admitContainer(request.path, request.name, request.kind)
  if (kind !== 'gzip') return await convert(request, kind)
  const { delimiter, encoding } = request.format
  const inner = await extractGzip(request.path, join(request.workDir, `${request.id}.abierto`), {
    name: request.name,
    ...(request.limits ? { limits: request.limits } : {}),
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(encoding === undefined ? {} : { encoding }),
    ...(request.signal ? { signal: request.signal } : {}),
  })
  const { inspection: _compressed, ...rest } = request
  if (inner.kind === 'csv' || inner.kind === 'jsonl') {
    if (KINDS[request.format.type].includes(inner.kind))
      return await ofText({ ...rest, path: inner.path }, inner)
    throw wrongType(request, inner.kind)
  }
  return await convert(
    { ...rest, path: inner.path },
    await admitContainer(inner.path, request.name, inner.kind),
  )
}

function wrongType(request: TableRequest, kind: ContainerKind): Error {
  const wanted = DECLARED[request.format.type]
  const found = LABELS[kind] ?? 'otra cosa'
  return inputError(
    'FILE_TYPE',
    `«${request.name}» es ${found} y el YAML espera ${wanted}.`,
    'Enviar el archivo en el formato acordado, o corregir file_format.type en el YAML.',
    { expected: request.format.type, found: kind },
  )
}

async function convert(request: TableRequest, kind: ContainerKind): Promise<ReadyTable> {
  const { format, signal, path, name } = request
  if (!KINDS[format.type].includes(kind)) throw wrongType(request, kind)
  const target = join(request.workDir, `${request.id}.tabla.csv`)
  const stop = signal ? { signal } : {}
  if (format.type === 'EXCEL') {
    return await convertExcel(path, target, {
      name,
      kind,
      header: format.header,
      columns: request.columns,
      ...(format.sheet === undefined ? {} : { sheet: format.sheet }),
      ...stop,
    })
  }
  if (format.type === 'PARQUET') return await convertParquet(request.duck, path, target, { name, ...stop })
  const found = request.inspection ?? (await inspectText(path, textOptions(request)))
  const text = await settleText(path, found, textOptions(request))
  return await ofText({ ...request, path: text.path }, text.info, name)
}

function textOptions({ name, format, signal }: TableRequest): {
  name: string
  delimiter: string
  encoding?: string
  signal?: AbortSignal
} {
  return {
    name,
    delimiter: format.delimiter ?? ',',
    ...(format.encoding === undefined ? {} : { encoding: format.encoding }),
    ...(signal ? { signal } : {}),
  }
}

async function ofText(request: TableRequest, info: TextFileInfo, name = request.name): Promise<ReadyTable> {
  const { format, path, signal } = request
  if (format.type !== 'JSONL')
    return { path, info, delimiter: format.delimiter ?? ',', header: format.header }
  const target = join(request.workDir, `${request.id}.tabla.csv`)
  const table = await convertJsonl(path, target, { name, ...(signal ? { signal } : {}) })
  return { ...table, received: info }
}
