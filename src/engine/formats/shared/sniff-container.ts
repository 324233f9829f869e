import { open } from 'node:fs/promises'
import { AppError } from '@shared/errors/app-error'
import type { ContainerKind } from '../types'
import { fromFs, inputError } from './errors'

const HEAD = 4096

/** First bytes of what is accepted and, so that the refusal can name it, of what people send by mistake. */
const MAGIC: [bytes: Buffer, kind: ContainerKind, label: string][] = [
  [Buffer.from('PK\x03\x04'), 'zip', 'ZIP'],
  // An empty ZIP is its end record alone; a split one says so.
  [Buffer.from('PK\x05\x06'), 'zip', 'ZIP'],
  [Buffer.from('PK\x07\x08'), 'zip', 'ZIP'],
  [Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'xls', 'Excel 97-2003'],
  [Buffer.from('1f8b', 'hex'), 'gzip', 'gzip'],
  [Buffer.from('377abcaf271c', 'hex'), '7z', '7z'],
  [Buffer.from('PAR1'), 'parquet', 'Parquet'],
  [Buffer.from('%PDF'), 'binary', 'PDF'],
  [Buffer.from('89504e47', 'hex'), 'binary', 'PNG'],
  [Buffer.from('ffd8ff', 'hex'), 'binary', 'JPEG'],
  [Buffer.from('Rar!\x1a\x07', 'latin1'), 'binary', 'RAR'],
  [Buffer.from('7f454c46', 'hex'), 'binary', 'ejecutable'],
  [Buffer.from('SQLite format 3\0'), 'binary', 'SQLite'],
  [Buffer.from('fd377a585a00', 'hex'), 'binary', 'xz'],
  [Buffer.from('28b52ffd', 'hex'), 'binary', 'Zstandard'],
]

const starts = (head: Buffer, magic: Buffer): boolean => head.subarray(0, magic.length).equals(magic)

/** What the first bytes say; `zip` may still be a workbook. */
export function sniffBytes(head: Buffer): ContainerKind {
  if (head.length === 0) return 'empty'
  if (isOpenDocument(head)) return 'binary'
  const known = MAGIC.find(([magic]) => starts(head, magic))
  if (known) return known[1]
  return textKind(head)
}

/** A LibreOffice document is a ZIP too; its first entry, by its own rules, says so without compressing it. */
const isOpenDocument = (head: Buffer): boolean =>
  head.toString('latin1', 30, 90).startsWith('mimetypeapplication/vnd.oasis.opendocument.')

/** The name of a kind of file that is not accepted, when its first bytes tell. */
export const foreignLabel = (head: Buffer): string | null =>
  isOpenDocument(head)
    ? 'documento de LibreOffice'
    : (MAGIC.find(([magic, kind]) => kind === 'binary' && starts(head, magic))?.[2] ?? null)

function textKind(head: Buffer): ContainerKind {
  const mark = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)
  if (!mark && (utf16Zeros(head) ? false : controls(head) > head.length * 0.1)) return 'binary'
  const text = head
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trimStart()
  // One object per line: the first line alone must be a whole object, or the head must end inside it.
  const first = text.split('\n', 1)[0] ?? ''
  if (first.startsWith('{') && (isObject(first) || !text.includes('\n'))) return 'jsonl'
  return 'csv'
}

function isObject(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null
  } catch {
    return false
  }
}

function utf16Zeros(head: Buffer): boolean {
  let even = 0
  let odd = 0
  for (let i = 0; i + 1 < head.length; i += 2) {
    if (head[i] === 0) even++
    if (head[i + 1] === 0) odd++
  }
  const pairs = head.length >> 1
  return pairs > 0 && Math.max(even, odd) > pairs * 0.7 && Math.min(even, odd) < pairs * 0.05
}

/** Bytes that no text holds. A few are let pass: a damaged text gets a better message later, with its line. */
function controls(head: Buffer): number {
  let count = 0
  for (const byte of head) {
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 1 && byte !== 12) count++
  }
  return count
}

async function readAt(path: string, from: number, length: number): Promise<{ bytes: Buffer; size: number }> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw fromFs(error, path)
  })
  try {
    const stat = await file.stat()
    if (!stat.isFile()) {
      throw inputError('FILE_NOT_REGULAR', `«${path}» no es un archivo.`, 'Elegir un archivo de datos.')
    }
    const start = from < 0 ? Math.max(0, stat.size + from) : from
    const bytes = Buffer.alloc(Math.min(length, Math.max(0, stat.size - start)))
    const { bytesRead } = await file.read(bytes, 0, bytes.length, start)
    return { bytes: bytes.subarray(0, bytesRead), size: stat.size }
  } catch (error) {
    throw fromFs(error, path)
  } finally {
    await file.close()
  }
}

export const readHead = async (path: string): Promise<Buffer> => (await readAt(path, 0, HEAD)).bytes

/**
 * What a file is, by its bytes and never by its name. A workbook is a ZIP whose central directory names `xl/`; the end of the
 * file tells it without opening it.
 */
export async function sniffContainer(path: string): Promise<ContainerKind> {
  const kind = sniffBytes(await readHead(path))
  if (kind !== 'zip') return kind
  const { bytes } = await readAt(path, -64 * 1024, 64 * 1024)
  const workbook = bytes.includes('xl/workbook') || bytes.includes('[Content_Types].xml')
  return workbook && bytes.includes('xl/') ? 'xlsx' : 'zip'
}

/**
 * Refuses what can't be an input at all, by a name a person knows; `kind` is what was sniffed, when it was.
 * Errors: FILE_EMPTY, FILE_7Z, FILE_NOT_ZIP, FILE_BINARY, and those of opening the file.
 */
export async function admitContainer(
  path: string,
  name: string,
  sniffed?: ContainerKind,
): Promise<ContainerKind> {
  const kind = sniffed ?? (await sniffContainer(path))
  if (kind === 'empty') {
    throw inputError(
      'FILE_EMPTY',
      `«${name}» está vacío.`,
      'Comprobar que se exportó completo y volver a enviarlo.',
    )
  }
  if (kind === '7z') {
    throw new AppError('FILE_7Z', {
      kind: 'unsupported',
      message: `«${name}» es un 7z, que no se abre aquí.`,
      hint: 'Descomprimirlo y enviar los archivos sueltos o en un ZIP.',
    })
  }
  if (kind === 'csv' && /\.zip$/i.test(name)) {
    throw inputError(
      'FILE_NOT_ZIP',
      `«${name}» se llama ZIP pero su contenido no lo es.`,
      'Volver a comprimir los archivos y enviarlo completo.',
    )
  }
  if (kind === 'binary') {
    const label = foreignLabel(await readHead(path))
    throw new AppError('FILE_BINARY', {
      kind: 'unsupported',
      message: `«${name}» no es un archivo de datos${label === null ? '' : `: es un ${label}`}.`,
      hint: 'Se admiten CSV, ZIP, gzip, Excel, Parquet y JSON por líneas.',
    })
  }
  return kind
}
