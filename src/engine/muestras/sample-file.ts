import { link } from 'node:fs/promises'
import { join } from 'node:path'
import type { Duck } from '@engine/duckdb'
import {
  admitContainer,
  type ContainerKind,
  copyWithHash,
  extractGzip,
  extractZip,
  gzipInnerName,
  innerNames,
  listZip,
  prepareText,
  readyTable,
  type TextFileInfo,
} from '@engine/formats'
import { AppError } from '@shared/errors/app-error'
import type { FormatoMuestra } from '@shared/model/muestra'

/** Files of a ZIP that are looked at: more is not a delivery of catalogs. */
const ENTRIES_MOST = 60

export interface SampleWork {
  duck: Duck
  /** Inside the folder that `duck` may reach. */
  dir: string
  signal?: AbortSignal
}

/** One file of a sample where it can be read. */
export interface SampleFile {
  /** As it came: inside a ZIP, its inner name. */
  origin: string
  path: string
  kind: ContainerKind
  /** Known when it came out of a container and is a text, UTF-8 by now. */
  info?: TextFileInfo
}

export interface OpenedSample {
  packed: boolean
  files: SampleFile[]
  notices: string[]
}

const stop = ({ signal }: SampleWork): { signal?: AbortSignal } => (signal ? { signal } : {})

const nothingInside = (name: string): AppError =>
  new AppError('SAMPLE_EMPTY', {
    kind: 'input',
    message: `«${name}» no tiene archivos de datos dentro.`,
    hint: 'Elegir como muestra un ZIP con los archivos que se van a recibir.',
  })

/**
 * The files of a sample: itself, what a gzip holds, or those of a ZIP. The sample is never changed nor written beside.
 * Errors: those of opening each format, SAMPLE_EMPTY, SAMPLE_TOO_MANY.
 */
export async function openSample(path: string, name: string, work: SampleWork): Promise<OpenedSample> {
  const kind = await admitContainer(path, name)
  if (kind === 'zip') return await openZip(path, name, work)
  // What is derived from it is written beside: beside a link of ours, not in the person's folder.
  const own = join(work.dir, 'muestra')
  await link(path, own).catch(async () => void (await copyWithHash(path, own, stop(work))))
  if (kind !== 'gzip') return { packed: false, files: [{ origin: name, path: own, kind }], notices: [] }
  const inner = await extractGzip(own, join(work.dir, 'muestra.abierta'), stop(work))
  const text = inner.kind === 'csv' || inner.kind === 'jsonl'
  return {
    packed: false,
    files: [
      { origin: gzipInnerName(name), path: inner.path, kind: inner.kind, ...(text ? { info: inner } : {}) },
    ],
    notices: [],
  }
}

async function openZip(path: string, name: string, work: SampleWork): Promise<OpenedSample> {
  const inner = innerNames((await listZip(path)).map((entry) => entry.name))
  if (inner.size === 0) throw nothingInside(name)
  if (inner.size > ENTRIES_MOST) {
    throw new AppError('SAMPLE_TOO_MANY', {
      kind: 'input',
      message: `«${name}» tiene ${inner.size} archivos; de una muestra se leen hasta ${ENTRIES_MOST}.`,
      hint: 'Elegir una muestra con un archivo de cada catálogo.',
    })
  }
  const targets = new Map([...inner.keys()].map((entry, i) => [entry, `${i}.dat`]))
  const dir = join(work.dir, 'zip')
  const extracted = await extractZip(path, dir, (entry) => targets.get(entry) ?? null, stop(work))
  const files: SampleFile[] = []
  const notices: string[] = []
  for (const [entry, origin] of inner) {
    const file = extracted.get(entry)
    if (!file) continue
    if (formatOf(file.kind) === null) {
      notices.push(`«${origin}» no es un archivo de datos y se dejó fuera.`)
      continue
    }
    if (file.damaged) {
      notices.push(file.damaged.message)
      continue
    }
    const text = file.kind === 'csv' || file.kind === 'jsonl'
    files.push({ origin, path: file.path, kind: file.kind, ...(text ? { info: file } : {}) })
  }
  if (files.length === 0) throw nothingInside(name)
  return { packed: true, files, notices }
}

/** How a YAML declares what the bytes are; null for what no catalog can be. */
export function formatOf(kind: ContainerKind): FormatoMuestra | null {
  switch (kind) {
    case 'csv':
      return 'CSV'
    case 'jsonl':
      return 'JSONL'
    case 'xlsx':
    case 'xls':
      return 'EXCEL'
    case 'parquet':
      return 'PARQUET'
    default:
      return null
  }
}

/** A UTF-8 text with records, whatever the file was. */
export interface SampleText {
  path: string
  info: TextFileInfo
  /** Encoding it came in; null for what is not a text. */
  encoding: string | null
  /** null: the file itself, whose delimiter and header are still to be decided. */
  converted: { sheet: string | null; sheets: string[] } | null
}

/** Turns one file of a sample into a text: a CSV as it is (transcoded if need be), the rest converted. */
export async function sampleText(
  file: SampleFile,
  format: FormatoMuestra,
  work: SampleWork,
  options: { id: string; sheet?: string; header: boolean; columns: number },
): Promise<SampleText> {
  if (format === 'CSV') {
    const text = file.info
      ? { path: file.path, info: file.info }
      : await prepareText(file.path, { name: file.origin, ...stop(work) })
    return { ...text, encoding: text.info.encoding, converted: null }
  }
  const table = await readyTable({
    name: file.origin,
    path: file.path,
    workDir: work.dir,
    id: options.id,
    format: {
      type: format,
      header: options.header,
      ...(options.sheet === undefined ? {} : { sheet: options.sheet }),
    },
    columns: options.columns,
    duck: work.duck,
    kind: file.kind,
    ...stop(work),
  })
  return {
    path: table.path,
    info: table.info,
    encoding: table.received?.encoding ?? null,
    converted: { sheet: table.sheet ?? null, sheets: table.sheets ?? [] },
  }
}
