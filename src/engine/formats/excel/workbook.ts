import { crc32, createInflateRaw } from 'node:zlib'
import { AppError } from '@shared/errors/app-error'
import type { Entry, ZipFile } from 'yauzl'
import { inputError, throwIfAborted } from '../shared/errors'
import { openZip, zipError } from '../shared/open-zip'
import type { Limits } from '../types'
import { SharedUse } from './shared-use'

const GIB = 1024 ** 3

/** A sheet of a million rows is about 1 GiB of XML; shared strings are held in memory, so they get less (see below). */
export const EXCEL_LIMITS: Limits = {
  entries: 10_000,
  entryBytes: 2 * GIB,
  totalBytes: 4 * GIB,
  ratio: 500,
  ratioFloorBytes: 50 * 1024 ** 2,
  nesting: 0,
}
/** Parts other than sheets are read whole. */
const MAX_PART = 256 * 1024 ** 2
const MAX_SMALL = 16 * 1024 ** 2

/** A damaged ZIP is, for who sent it, a damaged book. */
function damagedBook(error: unknown, name: string): unknown {
  const damaged = error instanceof AppError && DAMAGED.has(error.code)
  return damaged ? corruptBook(name, String(error.details?.reason ?? error.message), error) : error
}
const DAMAGED: ReadonlySet<string> = new Set(['ZIP_TRUNCATED', 'ZIP_CORRUPT', 'ZIP_METHOD', 'ZIP_MULTIDISK'])

export interface SheetRef {
  name: string
  /** 0-based position in the workbook. */
  index: number
  hidden: boolean
}

export const corruptBook = (name: string, reason: string, cause?: unknown): Error =>
  inputError(
    'EXCEL_CORRUPT',
    `El libro «${name}» está dañado o incompleto.`,
    'Abrirlo en Excel, guardarlo de nuevo como .xlsx y volver a enviarlo.',
    { reason },
    cause,
  )

const binaryBook = (name: string): Error =>
  inputError(
    'EXCEL_VERSION',
    `«${name}» es un libro binario de Excel (.xlsb).`,
    'Abrirlo en Excel y guardarlo como .xlsx.',
  )

export const protectedBook = (name: string): Error =>
  inputError(
    'EXCEL_ENCRYPTED',
    `El libro «${name}» está protegido con contraseña.`,
    'Quitar la contraseña (Archivo › Información › Proteger libro) y volver a enviarlo.',
  )

/**
 * Reads an .xlsx's list of sheets and proves, inflating it once, that the parts to be read are whole, of their declared size and
 * with their XML closed: the reader itself gives a cut sheet as zero rows without a word.
 */
export async function checkBook(
  path: string,
  name: string,
  choose: (sheets: SheetRef[]) => SheetRef,
  signal?: AbortSignal,
): Promise<{ sheet: SheetRef; sheets: SheetRef[] }> {
  const { zip, entries } = await openZip(path, EXCEL_LIMITS, name).catch((error: unknown) => {
    throw damagedBook(error, name)
  })
  try {
    if (entries.has('xl/workbook.bin')) throw binaryBook(name)
    const book = entries.get('xl/workbook.xml')
    const rels = entries.get('xl/_rels/workbook.xml.rels')
    if (!book || !rels) throw corruptBook(name, 'falta xl/workbook.xml')
    const bookXml = (await inflate(zip, book, MAX_SMALL, true)).toString('utf8')
    const relsXml = (await inflate(zip, rels, MAX_SMALL, true)).toString('utf8')
    const parts = readSheets(bookXml, relsXml)
    const sheets = parts.map(({ ref }) => ref)
    const sheet = choose(sheets)
    const target = parts[sheet.index]?.path
    const shared = new SharedUse()
    for (const [part, entry] of entries) {
      throwIfAborted(signal)
      const isSheet = part === target
      const needed = isSheet || /^xl\/(sharedStrings|styles|workbook)\.xml$/i.test(part)
      if (!needed) continue
      const look = isSheet ? shared.sheet : /sharedStrings/i.test(part) ? shared.strings : undefined
      const tail = await inflate(zip, entry, isSheet ? EXCEL_LIMITS.entryBytes : MAX_PART, false, look)
      if (!/<\/[\w:]+>\s*$/.test(tail.toString('latin1'))) throw corruptBook(name, `${part} está cortado`)
      if (isSheet && !/<\/(\w+:)?worksheet>\s*$/.test(tail.toString('latin1'))) {
        throw corruptBook(name, `${part} está cortado`)
      }
    }
    if (shared.broken) throw corruptBook(name, 'una celda apunta a un texto que no está')
    if (target === undefined || !entries.has(target)) throw corruptBook(name, `falta la hoja «${sheet.name}»`)
    return { sheet, sheets }
  } catch (error) {
    throw damagedBook(zipError(error, path, name), name)
  } finally {
    zip.close()
  }
}

/** Inflates an entry under a limit: its whole content, or (checked all the same) just its last bytes. */
async function inflate(
  zip: ZipFile,
  entry: Entry,
  limit: number,
  whole: boolean,
  look?: (chunk: Buffer) => void,
): Promise<Buffer> {
  if (entry.isEncrypted()) throw new Error('encrypted entry')
  const raw = await zip.openReadStreamPromise(entry, { decodeFileData: false })
  const stream = entry.compressionMethod === 0 ? raw : raw.pipe(createInflateRaw({ chunkSize: 256 * 1024 }))
  raw.on('error', (error) => stream.destroy(error))
  const parts: Buffer[] = []
  let bytes = 0
  let crc = 0
  let tail: Buffer = Buffer.alloc(0)
  try {
    for await (const piece of stream) {
      const chunk: Buffer = Buffer.from(piece)
      bytes += chunk.length
      if (bytes > limit || bytes > entry.uncompressedSize) {
        throw inputError(
          'ZIP_BOMB',
          `Una parte del libro (${entry.fileName}) crece más de lo que declara o de lo que se puede leer.`,
          'Guardar los datos en un libro más pequeño o como CSV.',
          { entry: entry.fileName },
        )
      }
      crc = crc32(chunk, crc)
      look?.(chunk)
      if (whole) parts.push(chunk)
      tail = chunk.length >= 64 ? chunk.subarray(-64) : Buffer.concat([tail, chunk]).subarray(-64)
    }
  } finally {
    raw.destroy()
    stream.destroy()
  }
  if (bytes !== entry.uncompressedSize || crc !== entry.crc32)
    throw new Error(`${entry.fileName}: bad content`)
  return whole ? Buffer.concat(parts) : tail
}

const attribute = (tag: string, name: string): string | null => {
  const found = new RegExp(`\\s(?:[\\w]+:)?${name}\\s*=\\s*("([^"]*)"|'([^']*)')`).exec(tag)
  return found ? unescapeXml(found[2] ?? found[3] ?? '') : null
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function unescapeXml(text: string): string {
  return text.replace(/&(#x?[0-9a-f]{1,6}|\w{2,4});/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name] ?? whole
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}

function readSheets(bookXml: string, relsXml: string): { ref: SheetRef; path: string | undefined }[] {
  const targets = new Map<string, string>()
  for (const [tag] of relsXml.matchAll(/<(?:\w+:)?Relationship\s[^>]*>/g)) {
    const id = attribute(tag, 'Id')
    const target = attribute(tag, 'Target')
    if (id !== null && target !== null) targets.set(id, partPath(target))
  }
  const sheets: { ref: SheetRef; path: string | undefined }[] = []
  for (const [tag] of bookXml.matchAll(/<(?:\w+:)?sheet\s[^>]*>/g)) {
    const name = attribute(tag, 'name')
    const id = /\s\w+:id\s*=\s*["']([^"']*)["']/.exec(tag)?.[1]
    if (name === null || id === undefined) continue
    const state = attribute(tag, 'state')
    const ref = { name, index: sheets.length, hidden: state !== null && state !== 'visible' }
    sheets.push({ ref, path: targets.get(id) })
  }
  return sheets
}

function partPath(target: string): string {
  if (target.startsWith('/')) return target.slice(1)
  const parts: string[] = ['xl']
  for (const part of target.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  }
  return parts.join('/')
}
