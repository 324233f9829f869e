import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { AppError } from '@shared/errors/app-error'
import { CsvWriter } from '../shared/csv-writer'
import { fromFs, inputError, throwIfAborted } from '../shared/errors'
import { NumberColumn } from '../shared/numbers'
import { sniffContainer } from '../shared/sniff-container'
import type { ContainerKind, ConvertedTable } from '../types'
import { cellText, type ExcelCell } from './cell-text'
import { checkBook, corruptBook, protectedBook, type SheetRef } from './workbook'

/** The reader needs the file in memory, compressed: a book of this size is some ten million cells. */
const MAX_XLSX = 256 * 1024 ** 2
/** Rows times width: a cell in the last column of every row costs nothing in the book and 16 GB as a CSV. */
const MAX_CELLS = 200_000_000
/** .xls is read whole, and its format stops at 65,536 rows anyway. */
const MAX_XLS = 64 * 1024 ** 2

export interface ExcelOptions {
  /** The book as the person knows it, for messages; default its name on disk. */
  name?: string
  /** Name, or 1-based number, of the sheet; by default the first one. */
  sheet?: string | number
  header: boolean
  /** Fields of the catalog: rows of a sheet without header are filled to this width, for Excel does not write empty cells. */
  columns: number
  /** What its bytes say it is, when they were looked at already. */
  kind?: ContainerKind
  signal?: AbortSignal
  /** Rows done so far. */
  onProgress?(rows: number): void
}

interface Row {
  /** 0-based row of the sheet. */
  index: number
  values: readonly ExcelCell[]
}

/**
 * Writes one sheet of an .xlsx (streamed) or .xls (BIFF8, whole) as a CSV at `target`. Text stays text (`00123` too), numbers are
 * written in full, dates as ISO, booleans as true/false, formulas by their saved value; hidden rows and columns count, a merged
 * range has its value in its first cell; rows without any value are left out, and each record keeps its row of the sheet.
 * Errors: EXCEL_ENCRYPTED, EXCEL_CORRUPT, EXCEL_SHEET, EXCEL_VERSION, EXCEL_TOO_BIG, FILE_EMPTY, ZIP_*, DISK_FULL, CANCELLED.
 */
export async function convertExcel(
  path: string,
  target: string,
  opts: ExcelOptions,
): Promise<ConvertedTable> {
  throwIfAborted(opts.signal)
  const name = opts.name ?? basename(path)
  const book = await openBook(path, name, opts)
  const writer = await CsvWriter.create(target)
  try {
    const { width, rowLines } = await writeRows(writer, book.rows, opts)
    const info = await writer.finish()
    if (width === 0) {
      throw inputError(
        'FILE_EMPTY',
        `La hoja «${book.sheet.name}» de «${name}» está vacía.`,
        'Comprobar la hoja elegida (file_format.sheet) y volver a enviarlo.',
      )
    }
    return {
      path: target,
      delimiter: ',',
      header: opts.header,
      info,
      rowLines,
      sheet: book.sheet.name,
      sheets: book.sheets.map((sheet) => sheet.name),
    }
  } catch (error) {
    await writer.abandon()
    throw bookError(error, name)
  }
}

/** What the readers throw, as our errors. */
function bookError(error: unknown, name: string): unknown {
  const mapped = fromFs(error, name)
  if (mapped instanceof AppError) return mapped
  const text = error instanceof Error ? error.message : String(error)
  if (error instanceof Error && error.name === 'EncryptedFileError') return protectedBook(name)
  if (/Only BIFF8/.test(text)) {
    return inputError(
      'EXCEL_VERSION',
      `«${name}» es de un Excel anterior a 1997.`,
      'Abrirlo en Excel y guardarlo como .xlsx.',
      { reason: text },
      error,
    )
  }
  return corruptBook(name, text, error)
}

interface Book {
  rows: AsyncIterable<Row> | Iterable<Row>
  sheet: SheetRef
  sheets: SheetRef[]
}

async function openBook(path: string, name: string, opts: ExcelOptions): Promise<Book> {
  try {
    const kind = opts.kind ?? (await sniffContainer(path))
    const { size } = await stat(path)
    const limit = kind === 'xls' ? MAX_XLS : MAX_XLSX
    if (size > limit) {
      throw inputError(
        'EXCEL_TOO_BIG',
        `«${name}» mide ${size} bytes; un libro de ese tipo se lee hasta ${limit}.`,
        'Guardar la hoja como CSV y enviar el CSV.',
      )
    }
    if (kind === 'xlsx' || kind === 'zip') return await openXlsx(path, name, opts)
    if (kind === 'xls') return await openXls(path, name, opts)
  } catch (error) {
    throw bookError(error, name)
  }
  throw inputError(
    'EXCEL_NOT_A_BOOK',
    `«${name}» no es un libro de Excel.`,
    'Guardarlo como .xlsx, o corregir file_format.type en el YAML.',
  )
}

async function openXlsx(path: string, name: string, opts: ExcelOptions): Promise<Book> {
  const choose = (sheets: SheetRef[]): SheetRef => chooseSheet(name, sheets, opts.sheet)
  const { sheet, sheets } = await checkBook(path, name, choose, opts.signal)
  const { streamXlsxRows } = await import('hucre/xlsx')
  return { rows: streamXlsxRows(await readFile(path), { sheet: sheet.index }), sheet, sheets }
}

async function openXls(path: string, name: string, opts: ExcelOptions): Promise<Book> {
  const bytes = await readFile(path)
  if (isProtectedOle(bytes)) throw protectedBook(name)
  const { readXls } = await import('hucre/xlsx')
  const workbook = await readXls(bytes)
  const sheets = workbook.sheets.map(({ name }, index) => ({ name, index, hidden: false }))
  const sheet = chooseSheet(name, sheets, opts.sheet)
  const values = workbook.sheets[sheet.index]?.rows ?? []
  return { rows: rowsOf(values), sheet, sheets }
}

/** The array has holes where the sheet has empty rows. */
function* rowsOf(values: readonly (readonly ExcelCell[] | undefined)[]): Generator<Row> {
  for (let index = 0; index < values.length; index++) yield { index, values: values[index] ?? [] }
}

/** `EncryptedPackage` is an .xlsx with a password; FILEPASS right after the first BOF is an .xls with one. */
function isProtectedOle(bytes: Buffer): boolean {
  if (bytes.includes(Buffer.from('EncryptedPackage', 'utf16le'))) return true
  const bof = bytes.indexOf(Buffer.from('0908100000060500', 'hex'))
  if (bof < 0) return false
  let at = bof
  for (let i = 0; i < 4 && at + 4 <= bytes.length; i++) {
    if (bytes.readUInt16LE(at) === 0x002f) return true
    at += 4 + bytes.readUInt16LE(at + 2)
  }
  return false
}

const loose = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .trim()

function chooseSheet(book: string, sheets: SheetRef[], wanted: string | number | undefined): SheetRef {
  const found =
    wanted === undefined
      ? (sheets.find((sheet) => !sheet.hidden) ?? sheets[0])
      : typeof wanted === 'number'
        ? sheets[wanted - 1]
        : (sheets.find((sheet) => sheet.name === wanted) ??
          sheets.find((sheet) => loose(sheet.name) === loose(wanted)))
  if (found) return found
  const names = sheets.slice(0, 20).map((sheet) => `«${sheet.name}»`)
  throw inputError(
    'EXCEL_SHEET',
    wanted === undefined
      ? `«${book}» no tiene hojas.`
      : `«${book}» no tiene la hoja ${typeof wanted === 'number' ? wanted : `«${wanted}»`}.`,
    `Sus hojas son: ${names.join(', ') || 'ninguna'}. Corregir file_format.sheet en el YAML o el nombre de la hoja.`,
    { sheets: sheets.slice(0, 20).map((sheet) => sheet.name) },
  )
}

async function writeRows(
  writer: CsvWriter,
  rows: Book['rows'],
  opts: ExcelOptions,
): Promise<{ width: number; rowLines: Float64Array }> {
  const lines = new NumberColumn()
  let width = 0
  let seen = 0
  let filled = 0
  let headerPending = opts.header
  let last = -1
  for await (const { index, values } of rows) {
    // A damaged book may give no number, or one that no sheet has: then it is the next one.
    last = Number.isSafeInteger(index) && index >= 0 ? index : last + 1
    // Not map: a row may have holes.
    const cells = Array.from(values, cellText)
    while (cells.length > 0 && cells[cells.length - 1] === '') cells.pop()
    if (cells.length === 0) continue
    if (width === 0) width = opts.header ? cells.length : Math.max(opts.columns, 1)
    // Excel does not write the empty cells at the end of a row: they are not missing.
    while (cells.length < width) cells.push('')
    filled += cells.length
    if (filled > MAX_CELLS) {
      throw inputError(
        'EXCEL_TOO_BIG',
        `La hoja tiene más de ${MAX_CELLS} celdas contando las vacías.`,
        'Borrar lo que haya en columnas lejanas, o guardar la hoja como CSV.',
      )
    }
    if (headerPending) headerPending = false
    else lines.push(last + 1)
    const full = writer.row(cells)
    if (full || ++seen % 5000 === 0) {
      throwIfAborted(opts.signal)
      await writer.flush()
      opts.onProgress?.(lines.length)
    }
  }
  return { width, rowLines: lines.done() }
}
