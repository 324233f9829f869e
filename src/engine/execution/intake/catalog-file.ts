import { type ContainerKind, planCsv, type TextFileInfo } from '@engine/formats'
import { type CatalogSource, judgeStructure } from '@engine/validation'
import { AppError } from '@shared/errors/app-error'
import type { FileError } from '@shared/model/execution'
import type { CatalogSpec } from '@shared/model/schema'

export interface CatalogInput {
  catalog: CatalogSpec
  /** Name as received. */
  file: string
  /** UTF-8 text. */
  path: string
  info: TextFileInfo
  /** What its first bytes say it is, when that was looked at. */
  kind?: ContainerKind
  signal?: AbortSignal
}

export interface OpenedCatalog {
  problems: FileError[]
  /** null when the file can't be read as this catalog. */
  source: CatalogSource | null
}

/** The delimiter a catalog is read with. */
export const delimiterOf = (catalog: CatalogSpec): string => catalog.format.delimiter ?? ','

/** A problem of one file as a line of the verdict; failures that are not the file's fault go on as errors. */
export function fileProblem(error: unknown, file: string | null, catalog: string | null): FileError {
  const failure = AppError.from(error)
  if (failure.kind !== 'input' && failure.kind !== 'unsupported') throw failure
  return {
    file,
    catalog,
    code: failure.code,
    message: failure.message,
    ...(failure.hint ? { hint: failure.hint } : {}),
    severity: 'error',
  }
}

const TEXT_KINDS: ReadonlySet<ContainerKind> = new Set(['csv', 'jsonl', 'empty'])

const notText = (file: string, kind: ContainerKind): AppError =>
  new AppError('FILE_TYPE', {
    kind: 'input',
    message: `«${file}» no es un CSV: su contenido es ${kind === 'binary' ? 'binario' : kind.toUpperCase()}.`,
    hint: 'Expórtelo como CSV de texto.',
  })

const encodingNote = (input: CatalogInput): FileError[] => {
  const { info, catalog, file } = input
  if (info.encoding !== 'windows-1252' || catalog.format.encoding !== undefined) return []
  return [
    {
      file,
      catalog: catalog.id,
      code: 'ENCODING_ASSUMED',
      message: `«${file}» no está en UTF-8: se leyó como Windows-1252.`,
      hint: 'Exporte en UTF-8, o escriba encoding en file_format.',
      severity: 'warning',
    },
  ]
}

/** Judges a catalog's file before its scan: text, delimiter, header, columns. Gives its problems and, if it can be read, how. */
export async function openCatalogFile(input: CatalogInput): Promise<OpenedCatalog> {
  const { catalog, file, path, info, signal } = input
  const delimiter = delimiterOf(catalog)
  try {
    const early = {
      name: file,
      path,
      info,
      delimiter,
      header: catalog.format.header,
      columns: catalog.fields.length,
    }
    if (input.kind !== undefined && !TEXT_KINDS.has(input.kind)) throw notText(file, input.kind)
    // What can't be a text at all is told before its columns are.
    if (info.bytes === 0 || info.hasNul) await planCsv(early)
    const structure = await judgeStructure({
      catalog,
      file,
      path,
      info,
      delimiter,
      ...(signal ? { signal } : {}),
    })
    const problems = [...encodingNote(input), ...structure.problems]
    if (!structure.shape) return { problems, source: null }
    const plan = await planCsv({ ...early, columns: structure.shape.width, ...(signal ? { signal } : {}) })
    return { problems, source: { catalog, file, plan, columns: structure.shape.columns } }
  } catch (error) {
    return { problems: [fileProblem(error, file, catalog.id)], source: null }
  }
}
