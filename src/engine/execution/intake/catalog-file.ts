import type { Duck } from '@engine/duckdb'
import {
  type ContainerKind,
  type CsvPlan,
  type Inspection,
  joinPlans,
  type Limits,
  planCsv,
  type ReadyTable,
  readyTable,
  type TextFileInfo,
} from '@engine/formats'
import { type CatalogSource, judgeStructure, type Structure } from '@engine/validation'
import { AppError } from '@shared/errors/app-error'
import type { FileError } from '@shared/model/execution'
import type { CatalogSpec } from '@shared/model/schema'

/** A catalog's file where it lies now: as received, or as it came out of the ZIP. */
export interface ArrivedFile {
  /** Name as received. */
  file: string
  path: string
  /** Out of a ZIP: its text is UTF-8 already and was looked at on the way. */
  extracted?: { kind: ContainerKind; info: TextFileInfo; damaged?: AppError | undefined }
  /** Received as it is: what its bytes say it is. */
  kind?: ContainerKind
  /** Received as it is: what the copy saw. */
  inspection?: Inspection
}

export interface OpenContext {
  duck: Duck
  /** Folder for what is derived from the files. */
  workDir: string
  /** What a gzip may expand to. */
  limits?: Limits
  /** First part of the names of what is derived, unique in `workDir`. */
  id: string
  signal?: AbortSignal
}

export interface OpenedCatalog {
  problems: FileError[]
  encoding: string | null
  /** The sheet of a workbook. */
  sheet: string | null
  /** null when the file can't be read as this catalog. */
  source: CatalogSource | null
}

/** The delimiter a catalog's texts are read with. */
export const delimiterOf = (catalog: CatalogSpec): string => catalog.format.delimiter ?? ','

/** A problem of one file as a line of the verdict; failures that are not the file's fault go on as errors. */
export function fileProblem(error: unknown, file: string | null, catalog: string | null): FileError {
  const failure = AppError.from(error)
  if (failure.kind !== 'input' && failure.kind !== 'unsupported') throw failure
  // Of the machine, not of the file: the same file would pass with room.
  if (failure.code === 'DISK_FULL') throw failure
  return {
    file,
    catalog,
    code: failure.code,
    message: failure.message,
    ...(failure.hint ? { hint: failure.hint } : {}),
    severity: 'error',
  }
}

/** What was assumed of a text's letters, and the first line that does not agree with the rest. */
function encodingNote(catalog: CatalogSpec, file: string, info: TextFileInfo): FileError[] {
  const { encoding, otherEncodingLine: line } = info
  const warning = (code: string, message: string, hint: string): FileError[] => [
    { file, catalog: catalog.id, code, message, hint, severity: 'warning' },
  ]
  if (encoding === 'windows-1252' && catalog.format.encoding === undefined) {
    const mixed =
      line === null ? '' : ` Mezcla codificaciones: la primera línea que parece UTF-8 es la ${line}.`
    return warning(
      'ENCODING_ASSUMED',
      `«${file}» no está en UTF-8: se leyó como Windows-1252.${mixed}`,
      'Exportar en UTF-8, o escribir encoding en file_format.',
    )
  }
  if (encoding === 'windows-1252' || line === null) return []
  return warning(
    'ENCODING_MIXED',
    `«${file}» mezcla codificaciones: se leyó como UTF-8 y la primera línea que no lo es es la ${line}.`,
    'Exportar de nuevo el archivo entero en UTF-8; si todo él está en otra codificación, escribir encoding en file_format.',
  )
}

interface OpenedFile {
  problems: FileError[]
  /** Of a text as received; what was converted has none. */
  encoding: string | null
  sheet: string | null
  plan: CsvPlan | null
  columns: number[]
}

/**
 * Judges a catalog's files before their scan: kind, text, delimiter, header, columns. Gives their problems and, if they can be read,
 * how: several files of one catalog (`ventas_*.csv`) are read as one.
 */
export async function openCatalog(
  catalog: CatalogSpec,
  files: readonly ArrivedFile[],
  context: OpenContext,
): Promise<OpenedCatalog> {
  const opened: OpenedFile[] = []
  for (const [i, file] of files.entries())
    opened.push(await openOne(catalog, file, context, `${context.id}-${i}`))
  const problems = opened.flatMap((one) => one.problems)
  // Several files may come in several encodings.
  const encodings = new Set(opened.flatMap((one) => one.encoding ?? []))
  const told = {
    encoding: encodings.size === 0 ? null : [...encodings].join(', '),
    sheet: opened.find((one) => one.sheet)?.sheet ?? null,
  }
  const [first] = opened
  const [only] = files
  if (!first?.plan || !only) return { problems, ...told, source: null }
  if (opened.length === 1) {
    return {
      problems,
      ...told,
      source: { catalog, file: only.file, plan: first.plan, columns: first.columns },
    }
  }
  const plans = opened.flatMap((one) => one.plan ?? [])
  if (plans.length < opened.length) return { problems, ...told, source: null }
  try {
    const differs = opened.findIndex((one) => one.columns.join() !== first.columns.join())
    if (differs > 0) throw columnsDiffer(files[differs]?.file ?? '', only.file)
    const source = { catalog, file: catalog.filename, plan: joinPlans(plans), columns: first.columns }
    return { problems, ...told, source }
  } catch (error) {
    return {
      problems: [...problems, fileProblem(error, catalog.filename, catalog.id)],
      ...told,
      source: null,
    }
  }
}

const columnsDiffer = (file: string, first: string): AppError =>
  new AppError('CSV_PARTS_DIFFER', {
    kind: 'input',
    message: `«${file}» no trae las columnas en el orden de «${first}»: no se pueden leer como uno.`,
    hint: 'Enviar todos los archivos del catálogo con las columnas en el mismo orden.',
  })

async function openOne(
  catalog: CatalogSpec,
  arrived: ArrivedFile,
  context: OpenContext,
  id: string,
): Promise<OpenedFile> {
  const { file } = arrived
  const { signal } = context
  const stop = signal ? { signal } : {}
  try {
    const table = await tableOf(catalog, arrived, context, id)
    const { path, info, delimiter, header } = table
    const early = { ...table, name: file, columns: catalog.fields.length, ...stop }
    // What can't be a text at all is told before its columns are.
    if (info.bytes === 0 || info.hasNul) await planCsv(early)
    const structure: Structure = await judgeStructure({
      catalog,
      file,
      path,
      info,
      delimiter,
      header,
      ...stop,
    })
    const received = textReceived(catalog, arrived, table)
    const problems = [...(received ? encodingNote(catalog, file, received) : []), ...structure.problems]
    const told = { problems, encoding: received?.encoding ?? null, sheet: table.sheet ?? null }
    if (!structure.shape) return { ...told, plan: null, columns: [] }
    const plan = await planCsv({ ...early, columns: structure.shape.width })
    return { ...told, plan, columns: structure.shape.columns }
  } catch (error) {
    const problems = [fileProblem(error, file, catalog.id)]
    return { problems, encoding: null, sheet: null, plan: null, columns: [] }
  }
}

/** What was seen of a text as it came; null for what is not a text. */
function textReceived(catalog: CatalogSpec, arrived: ArrivedFile, table: ReadyTable): TextFileInfo | null {
  const { type } = catalog.format
  if (type !== 'CSV' && type !== 'JSONL') return null
  if (arrived.extracted && TEXTS.has(arrived.extracted.kind)) return arrived.extracted.info
  return table.received ?? table.info
}

const TEXTS: ReadonlySet<ContainerKind> = new Set(['csv', 'jsonl'])

async function tableOf(
  catalog: CatalogSpec,
  arrived: ArrivedFile,
  context: OpenContext,
  id: string,
): Promise<ReadyTable> {
  const { extracted, inspection } = arrived
  if (extracted?.damaged) throw extracted.damaged
  const kind = arrived.kind ?? extracted?.kind
  const { format } = catalog
  if (extracted && format.type === 'CSV' && TEXTS.has(extracted.kind)) {
    return {
      path: arrived.path,
      info: extracted.info,
      delimiter: delimiterOf(catalog),
      header: format.header,
    }
  }
  // An extracted text is UTF-8 by now, whatever the YAML says of the file as received.
  const { encoding, ...rest } = format
  const asReceived =
    extracted && TEXTS.has(extracted.kind) ? rest : { ...rest, ...(encoding ? { encoding } : {}) }
  return readyTable({
    name: arrived.file,
    path: arrived.path,
    workDir: context.workDir,
    id,
    format: asReceived,
    columns: catalog.fields.length,
    duck: context.duck,
    ...(kind ? { kind } : {}),
    ...(inspection ? { inspection } : {}),
    ...(context.limits ? { limits: context.limits } : {}),
    ...(context.signal ? { signal: context.signal } : {}),
  })
}
