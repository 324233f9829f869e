import { admitContainer, type ContainerKind, gzipInnerName, sniffContainer } from '@engine/formats'
import { chooseTarget, type FileKind, matchesFilename, type Target } from '@engine/sage-yaml'
import { AppError } from '@shared/errors/app-error'
import type { FileFormatSpec, SageSchema } from '@shared/model/schema'

const KINDS: Partial<Record<ContainerKind, FileKind>> = {
  zip: 'zip',
  csv: 'csv',
  jsonl: 'jsonl',
  xlsx: 'excel',
  xls: 'excel',
  parquet: 'parquet',
}

/** What only the name can tell: the kind inside a gzip before it is open, and what a file without bytes was to be. */
const ENDINGS: [ending: RegExp, kind: FileKind][] = [
  [/\.xlsx?$/i, 'excel'],
  [/\.parquet$/i, 'parquet'],
  [/\.(jsonl|ndjson)$/i, 'jsonl'],
]

/**
 * What the input is by its bytes. An empty file is told in its verdict, like any other structure (an empty ZIP has no catalog to tell it
 * of); what can't be an input at all is refused here. Errors: those of `admitContainer`.
 */
export async function admitInput(path: string, name: string): Promise<ContainerKind> {
  const kind = await sniffContainer(path)
  if (kind === 'empty' && !/\.zip$/i.test(name)) return kind
  return await admitContainer(path, name, kind)
}

const TYPE_KINDS: Partial<Record<FileFormatSpec['type'], FileKind>> = {
  CSV: 'csv',
  EXCEL: 'excel',
  PARQUET: 'parquet',
  JSONL: 'jsonl',
}

/**
 * Who judges the input. A file whose name is a catalog's, though its bytes are of another type (`ventas.xls` that is a text), goes to that
 * catalog, whose structure says what it is and what was expected. Errors: those of `chooseTarget`.
 */
export function targetOf(schema: SageSchema, kind: ContainerKind, given: string): Target {
  const file = targetFile(kind, given, schema)
  try {
    return chooseTarget(schema, file)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'TARGET_NONE' || file.kind === 'zip') throw error
    const named = [...schema.catalogs.values()].find(({ filename }) => matchesFilename(filename, file.name))
    const expected = named && TYPE_KINDS[named.format.type]
    if (expected === undefined || expected === file.kind) throw error
    return chooseTarget(schema, { ...file, kind: expected })
  }
}

/** Name and kind by which a file's package is chosen. A text with an object per line may as well be a CSV: the YAML decides. */
function targetFile(
  kind: ContainerKind,
  given: string,
  schema: SageSchema,
): { name: string; kind: FileKind } {
  const name = kind === 'gzip' ? gzipInnerName(given) : given
  const byName = kind === 'gzip' || kind === 'empty'
  const known = byName
    ? (ENDINGS.find(([ending]) => ending.test(name))?.[1] ?? 'csv')
    : (KINDS[kind] ?? 'csv')
  const readsJson = [...schema.catalogs.values()].some((catalog) => catalog.format.type === 'JSONL')
  return { name, kind: known === 'jsonl' && !readsJson ? 'csv' : known }
}
