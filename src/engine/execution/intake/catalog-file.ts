import type { Duck } from '@engine/duckdb'
import {
  type ContainerKind,
  type CsvPlan,
  type Inspection,
  joinPlans,
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
  extracted?: { kind: ContainerKind; info: TextFileInfo }
  /** Received as it is: what its bytes say it is. */
  kind?: ContainerKind
  /** Received as it is: what the copy saw. */
  inspection?: Inspection
}

export interface OpenContext {
  duck: Duck
  /** Folder for what is derived from the files. */
  workDir: string
  /** First part of the names of what is derived, unique in `workDir`. */
  id: string
  signal?: AbortSignal
}

export interface OpenedCatalog {
  problems: FileError[]
  encoding: string | null
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

function encodingNote(catalog: CatalogSpec, file: string, info: TextFileInfo): FileError[] {
  if (info.encoding !== 'windows-1252' || catalog.format.encoding !== undefined) return []
  return [
    {
      file,
      catalog: catalog.id,
      code: 'ENCODING_ASSUMED',
      message: `«${file}» no está en UTF-8: se leyó como Windows-1252.`,
      hint: 'Exportar en UTF-8, o escribir encoding en file_format.',
      severity: 'warning',
    },
  ]
}

interface OpenedFile {
  problems: FileError[]
  info: TextFileInfo | null
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
  const encoding = opened.find((one) => one.info)?.info?.encoding ?? null
  const [first] = opened
  const [only] = files
  if (!first?.plan || !only) return { problems, encoding, source: null }
  if (opened.length === 1) {
    return {
      problems,
      encoding,
      source: { catalog, file: only.file, plan: first.plan, columns: first.columns },
    }
  }
  const plans = opened.flatMap((one) => one.plan ?? [])
  if (plans.length < opened.length) return { problems, encoding, source: null }
  try {
    const differs = opened.findIndex((one) => one.columns.join() !== first.columns.join())
    if (differs > 0) throw columnsDiffer(files[differs]?.file ?? '', only.file)
    const source = { catalog, file: catalog.filename, plan: joinPlans(plans), columns: first.columns }
    return { problems, encoding, source }
  } catch (error) {
    return {
      problems: [...problems, fileProblem(error, catalog.filename, catalog.id)],
      encoding,
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
    const problems = [...encodingNote(catalog, file, info), ...structure.problems]
    if (!structure.shape) return { problems, info, plan: null, columns: [] }
    const plan = await planCsv({ ...early, columns: structure.shape.width })
    return { problems, info, plan, columns: structure.shape.columns }
  } catch (error) {
    return { problems: [fileProblem(error, file, catalog.id)], info: null, plan: null, columns: [] }
  }
}

const TEXTS: ReadonlySet<ContainerKind> = new Set(['csv', 'jsonl'])

async function tableOf(
  catalog: CatalogSpec,
  arrived: ArrivedFile,
  context: OpenContext,
  id: string,
): Promise<ReadyTable> {
  const { extracted, inspection } = arrived
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
    ...(context.signal ? { signal: context.signal } : {}),
  })
}
