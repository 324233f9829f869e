import { type RawEntry, rawZip } from '../hostile/zip-bytes'

export interface RawSheet {
  name: string
  /** XML of its rows: what stands inside `<sheetData>`. */
  rows: string
  /** XML after `<sheetData>`: merged cells, say. */
  after?: string
  state?: 'hidden' | 'veryHidden'
}

export interface RawBook {
  sheets: RawSheet[]
  /** Texts that cells of type `s` point at, as XML of each `<si>`. */
  strings?: string[]
  /** Format codes of the styles: style 0 is General, style i the i-th of these. */
  formats?: string[]
  /** Dates count from 1904, as old Macs had it. */
  date1904?: boolean
}

const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
const DOC = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'

export const xmlText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

const rels = (list: [type: string, target: string][]): string =>
  `<Relationships xmlns="${PACKAGE}/relationships">${list
    .map(([type, target], i) => `<Relationship Id="rId${i + 1}" Type="${DOC}/${type}" Target="${target}"/>`)
    .join('')}</Relationships>`

function styles(formats: string[]): string {
  const codes = formats.map((code, i) => `<numFmt numFmtId="${164 + i}" formatCode="${xmlText(code)}"/>`)
  const cells = formats.map((_, i) => `<xf numFmtId="${164 + i}" applyNumberFormat="1"/>`)
  return `<styleSheet ${MAIN}><numFmts count="${codes.length}">${codes.join('')}</numFmts><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="${cells.length + 1}"><xf numFmtId="0"/>${cells.join('')}</cellXfs></styleSheet>`
}

/** The entries of an .xlsx written part by part, so that a test says exactly what a cell holds. */
export function bookEntries(book: RawBook): RawEntry[] {
  const { sheets, strings, formats, date1904 } = book
  const entry = (name: string, xml: string): RawEntry => ({
    name,
    data: Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>${xml}`),
  })
  const parts: [type: string, target: string][] = sheets.map((_, i) => [
    'worksheet',
    `worksheets/sheet${i + 1}.xml`,
  ])
  if (strings) parts.push(['sharedStrings', 'sharedStrings.xml'])
  if (formats) parts.push(['styles', 'styles.xml'])
  const list = sheets.map(
    ({ name, state }, i) =>
      `<sheet name="${xmlText(name)}" sheetId="${i + 1}"${state ? ` state="${state}"` : ''} r:id="rId${i + 1}"/>`,
  )
  return [
    entry('[Content_Types].xml', `<Types xmlns="${PACKAGE}/content-types"></Types>`),
    entry('_rels/.rels', rels([['officeDocument', 'xl/workbook.xml']])),
    entry(
      'xl/workbook.xml',
      `<workbook ${MAIN} xmlns:r="${DOC}">${date1904 ? '<workbookPr date1904="1"/>' : ''}<sheets>${list.join('')}</sheets></workbook>`,
    ),
    entry('xl/_rels/workbook.xml.rels', rels(parts)),
    ...(strings
      ? [
          entry(
            'xl/sharedStrings.xml',
            `<sst ${MAIN}>${strings.map((si) => `<si>${si}</si>`).join('')}</sst>`,
          ),
        ]
      : []),
    ...(formats ? [entry('xl/styles.xml', styles(formats))] : []),
    ...sheets.map(({ rows, after }, i) =>
      entry(
        `xl/worksheets/sheet${i + 1}.xml`,
        `<worksheet ${MAIN}><sheetData>${rows}</sheetData>${after ?? ''}</worksheet>`,
      ),
    ),
  ]
}

export const bookBytes = (book: RawBook): Buffer => rawZip(bookEntries(book))

/** A cell of XML: a number as it is, a text inline; `s` is its style. */
export type RawCell = string | number | { xml: string } | null

const column = (i: number): string =>
  i < 26 ? String.fromCharCode(65 + i) : column(Math.floor(i / 26) - 1) + column(i % 26)

/** Rows from the given row of the sheet on; a null cell is not written, as Excel does. */
export function rowsXml(rows: (RawCell[] | null)[], from = 1): string {
  return rows
    .map((cells, r) => {
      if (cells === null) return ''
      const row = from + r
      const inside = cells.map((cell, i) => cellXml(`${column(i)}${row}`, cell)).join('')
      return `<row r="${row}">${inside}</row>`
    })
    .join('')
}

function cellXml(at: string, cell: RawCell): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return `<c r="${at}"><v>${cell}</v></c>`
  if (typeof cell === 'string')
    return `<c r="${at}" t="inlineStr"><is><t xml:space="preserve">${xmlText(cell)}</t></is></c>`
  return cell.xml.replace('<c', `<c r="${at}"`)
}

/** A cell of a style. */
export const styled = (value: number | string, style: number): RawCell => ({
  xml: `<c s="${style}"><v>${value}</v></c>`,
})

/** A book of one sheet, `Hoja1`. */
export const sheetBytes = (
  rows: (RawCell[] | null)[],
  { after, ...more }: Pick<RawSheet, 'after'> & Omit<RawBook, 'sheets'> = {},
): Buffer =>
  bookBytes({ sheets: [{ name: 'Hoja1', rows: rowsXml(rows), ...(after ? { after } : {}) }], ...more })
