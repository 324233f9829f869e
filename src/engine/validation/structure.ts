import { type CsvPlan, eachRecord, type TextFileInfo } from '@engine/formats'
import type { FileError } from '@shared/model/execution'
import type { CatalogSpec } from '@shared/model/schema'

/** Records looked at to judge the shape of a file. */
const HEAD = 200
const DELIMITERS: readonly [mark: string, name: string][] = [
  [',', 'coma «,»'],
  [';', 'punto y coma «;»'],
  ['|', 'barra «|»'],
  ['\t', 'tabulador'],
]

export interface StructureInput {
  catalog: CatalogSpec
  file: string
  /** UTF-8 text. */
  path: string
  info: TextFileInfo
  delimiter: string
  /** Its first record is its header. */
  header: boolean
  signal?: AbortSignal
}

export interface Structure {
  problems: FileError[]
  /** Column of the file that feeds each field, and how many columns the file has; null when it can't be read as this catalog. */
  shape: { columns: number[]; width: number } | null
}

export const foldName = (name: string): string =>
  name.normalize('NFD').replace(/\p{M}/gu, '').trim().toLowerCase()

const withoutMark = (text: string): string => text.replace(/^\ufeff/, '')

/** First records of a text as cells, without deciding anything about them. */
export async function headRecords(
  path: string,
  info: TextFileInfo,
  delimiter: string,
  limit: number,
  signal?: AbortSignal,
): Promise<string[][]> {
  const plan: CsvPlan = {
    name: path,
    source: path,
    path,
    numbered: false,
    delimiter,
    header: false,
    columns: 2,
    newline: '\n',
    skip: 0,
    longestRecord: info.longestLine,
    records: 0,
    total: 0,
    faults: null,
    lineOffset: null,
    info,
  }
  const rows: string[][] = []
  await eachRecord(
    plan,
    (record) => {
      rows.push(record.text().cells)
      return rows.length < limit
    },
    signal,
  )
  const first = rows[0]
  if (first?.[0] !== undefined) first[0] = withoutMark(first[0])
  return rows
}

/** Judges a file's delimiter, header and number of columns from its first records, and says how its columns feed the fields. */
export async function judgeStructure(input: StructureInput): Promise<Structure> {
  const { info, path, signal } = input
  const head = await headRecords(path, info, input.delimiter, HEAD, signal)
  if (input.catalog.fields.length > 1 && head.every((cells) => cells.length === 1 && cells[0] === '')) {
    const message = `«${input.file}» está vacío.`
    const hint = 'Comprobar que se exportó completo y volver a enviarlo.'
    return { problems: [problem(input, 'FILE_EMPTY', message, { hint })], shape: null }
  }
  const other = await otherDelimiter(input, head)
  if (other) return { problems: [other], shape: null }
  return input.header ? byHeader(input, head) : byPosition(input, head)
}

const problem = (
  input: StructureInput,
  code: string,
  message: string,
  more: Partial<FileError> = {},
): FileError => ({
  file: input.file,
  catalog: input.catalog.id,
  code,
  message,
  severity: 'error',
  ...more,
})

async function otherDelimiter(input: StructureInput, head: string[][]): Promise<FileError | null> {
  const wanted = input.catalog.fields.length
  if (wanted < 2 || head.length === 0 || head.some((cells) => cells.length > 1)) return null
  for (const [mark, name] of DELIMITERS) {
    if (mark === input.delimiter) continue
    const rows = await headRecords(input.path, input.info, mark, 20, input.signal)
    const width = rows[0]?.length ?? 0
    if (width < 2 || rows.some((cells) => cells.length !== width)) continue
    const declared = DELIMITERS.find(([own]) => own === input.delimiter)?.[1] ?? `«${input.delimiter}»`
    return problem(
      input,
      'DELIMITER',
      `«${input.file}» está separado por ${name} y el YAML dice ${declared}.`,
      {
        hint: 'Corregir file_format.delimiter en el YAML, o exportar el archivo con el separador acordado.',
        expected: declared,
        found: name,
      },
    )
  }
  return null
}

function byPosition(input: StructureInput, head: string[][]): Structure {
  const { fields } = input.catalog
  const wanted = fields.length
  const width = head[0]?.length ?? wanted
  const problems: FileError[] = []
  if (head.length > 0 && width !== wanted && head.every((cells) => cells.length === width)) {
    problems.push(columnCount(input, wanted, width))
    return { problems, shape: null }
  }
  const names = new Set(fields.map((field) => foldName(field.name)))
  const same = (head[0] ?? []).filter((cell) => names.has(foldName(cell))).length
  if (same >= Math.max(1, Math.ceil(wanted * 0.8))) {
    problems.push(
      problem(input, 'HEADER_PRESENT', `La primera fila de «${input.file}» parece el encabezado, no datos.`, {
        severity: 'warning',
        hint: 'Si el archivo trae encabezado, escribir header: true en file_format.',
      }),
    )
  }
  return { problems, shape: { columns: fields.map((_, i) => i), width: wanted } }
}

function columnCount(input: StructureInput, wanted: number, found: number): FileError {
  const few = found < wanted
  const columns = (n: number): string => (n === 1 ? '1 columna' : `${n} columnas`)
  return problem(
    input,
    few ? 'COLUMNS_MISSING' : 'COLUMNS_EXTRA',
    `«${input.file}» tiene ${few ? 'menos' : 'más'} columnas que el YAML: se esperaban ${columns(wanted)} y hay ${found}.`,
    {
      hint: few
        ? 'Comprobar que se exportaron todas las columnas y que el separador es el correcto.'
        : 'Quitar las columnas que sobran, o agregarlas al YAML.',
      expected: columns(wanted),
      found: columns(found),
    },
  )
}

function byHeader(input: StructureInput, head: string[][]): Structure {
  const { fields } = input.catalog
  const names = head[0] ?? []
  const matched = fields.map((field) => matchName(field.name, names))
  const missing = fields.filter((_, i) => matched[i]?.at === -1).map((field) => field.name)
  const problems: FileError[] = matched.flatMap(({ at, exact }, i) =>
    at === -1 || exact ? [] : [inexactName(input, fields[i]?.name ?? '', names[at] ?? '')],
  )
  const taken = new Set(matched.map(({ at }) => at))
  const repeated = names.filter((name, i) => names.indexOf(name) !== i && name !== '')
  const known = new Set(fields.map((field) => foldName(field.name)))
  const twice = repeated.filter((name) => known.has(foldName(name)))
  if (twice.length > 0) {
    problems.push(
      problem(input, 'HEADER_REPEATED', `El encabezado de «${input.file}» repite ${list(twice)}.`, {
        hint: 'Dejar cada nombre de columna una sola vez.',
        expected: list(fields.map((field) => field.name)),
        found: list(names),
      }),
    )
    return { problems, shape: null }
  }
  if (missing.length > 0) return { problems: [...problems, missingNames(input, names, missing)], shape: null }
  const extra = names.filter((_, i) => !taken.has(i))
  if (extra.length > 0) {
    problems.push(
      problem(input, 'COLUMNS_EXTRA', `«${input.file}» trae columnas que el YAML no tiene: ${list(extra)}.`, {
        hint: 'Quitar las columnas que sobran, o agregarlas al YAML.',
        expected: list(fields.map((field) => field.name)),
        found: list(names),
      }),
    )
  }
  return { problems, shape: { columns: matched.map(({ at }) => at), width: names.length } }
}

function matchName(field: string, names: string[]): { at: number; exact: boolean } {
  const exact = names.indexOf(field)
  if (exact >= 0) return { at: exact, exact: true }
  const folded = foldName(field)
  return { at: names.findIndex((name) => foldName(name) === folded), exact: false }
}

const list = (names: readonly string[]): string => {
  const shown = names.slice(0, 12).map((name) => `«${name.slice(0, 60)}»`)
  return names.length > shown.length
    ? `${shown.join(', ')} y ${names.length - shown.length} más`
    : shown.join(', ')
}

const inexactName = (input: StructureInput, wanted: string, found: string): FileError =>
  problem(input, 'HEADER_INEXACT', `En «${input.file}» la columna «${found}» se tomó como «${wanted}».`, {
    severity: 'warning',
    hint: 'Escribir el nombre igual que en el YAML: mayúsculas, acentos y espacios incluidos.',
    expected: wanted,
    found,
  })

/** A first row that is data though the YAML says header: the most frequent mistake of the original platform's users. */
function looksLikeData(input: StructureInput, names: string[], missing: string[]): boolean {
  const { fields } = input.catalog
  if (missing.length < fields.length || names.length !== fields.length) return false
  return names.some(
    (cell) => /^[-+]?[0-9]+([.,][0-9]+)?$|^[0-9]{4}-[0-9]{2}-[0-9]{2}/.test(cell) || cell === '',
  )
}

function missingNames(input: StructureInput, names: string[], missing: string[]): FileError {
  const { fields } = input.catalog
  const more = { expected: list(fields.map((field) => field.name)), found: list(names) }
  if (looksLikeData(input, names, missing)) {
    return problem(
      input,
      'HEADER_IS_DATA',
      `La primera fila de «${input.file}» parece datos y el YAML dice que es el encabezado.`,
      { ...more, hint: 'Si el archivo no trae encabezado, escribir header: false en file_format.' },
    )
  }
  return problem(input, 'COLUMNS_MISSING', `A «${input.file}» le faltan columnas: ${list(missing)}.`, {
    ...more,
    hint: 'Comprobar los nombres del encabezado: deben ser los del YAML, en cualquier orden.',
  })
}
