import { type CsvPlan, eachRecord, type FaultKind, headerFault, type TextFileInfo } from '@engine/formats'
import type { FileError } from '@shared/model/execution'
import type { CatalogSpec } from '@shared/model/schema'

/** Records looked at to judge the shape of a file. */
const HEAD = 200
/** Records that must agree before another delimiter is told. */
const AGREE = 20
const DELIMITERS: readonly [mark: string, name: string][] = [
  [',', 'coma «,»'],
  [';', 'punto y coma «;»'],
  ['|', 'barra «|»'],
  ['\t', 'tabulador'],
  ['^', 'acento circunflejo «^»'],
  ['~', 'virgulilla «~»'],
  [':', 'dos puntos «:»'],
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

/** First records of a text as cells, without deciding anything about them; `onFault` is told of the first if it can't be read. */
export async function headRecords(
  path: string,
  info: TextFileInfo,
  delimiter: string,
  limit: number,
  signal?: AbortSignal,
  onFault?: (fault: FaultKind, line: number) => void,
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
      if (rows.length === 0 && record.fault !== null) onFault?.(record.fault, record.line)
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
  const head = await headRecords(path, info, input.delimiter, HEAD, signal, (fault, line) => {
    if (input.header) throw headerFault(input.file, fault, line)
  })
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

/** True when the declared delimiter reads something of the file: a field's name in the header, or a record of the right width. */
function declaredReads({ catalog, header }: StructureInput, head: string[][]): boolean {
  const wanted = catalog.fields.length
  const [first = []] = head
  if (!header) return head.some((cells) => cells.length === wanted)
  const names = new Set(catalog.fields.map((field) => foldName(field.name)))
  return first.length > 1 && first.some((cell) => names.has(foldName(cell)))
}

/**
 * The delimiter that the file plainly uses instead of the declared one: its first records all have the same width with it. Decimal commas
 * (`1;a;2,5` read by commas) must not hide it, so what counts is whether the declared one reads anything.
 */
async function otherDelimiter(input: StructureInput, head: string[][]): Promise<FileError | null> {
  const wanted = input.catalog.fields.length
  if (wanted < 2 || head.length === 0 || declaredReads(input, head)) return null
  const single = head.every((cells) => cells.length === 1)
  for (const [mark, name] of DELIMITERS) {
    if (mark === input.delimiter) continue
    const rows = await headRecords(input.path, input.info, mark, AGREE, input.signal)
    const width = rows[0]?.length ?? 0
    if (width < 2 || rows.some((cells) => cells.length !== width)) continue
    // Of another width it is told only when the declared one separates nothing at all.
    if (width !== wanted && !single) continue
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
  const names = withoutEmptyEnd(head[0] ?? [])
  const columns = matchNames(
    fields.map((field) => field.name),
    names,
  )
  const missing = fields.filter((_, i) => columns[i] === -1).map((field) => field.name)
  const problems: FileError[] = columns.flatMap((at, i) => {
    const wanted = fields[i]?.name ?? ''
    const found = names[at]
    return found === undefined || found === wanted ? [] : [inexactName(input, wanted, found)]
  })
  const repeated = repeatedNames(input, names, columns)
  if (repeated) return { problems: [...problems, repeated], shape: null }
  if (missing.length > 0) return { problems: [...problems, missingNames(input, head, missing)], shape: null }
  const extra = names.filter((_, i) => !columns.includes(i))
  if (extra.length > 0) {
    problems.push(
      problem(input, 'COLUMNS_EXTRA', `«${input.file}» trae columnas que el YAML no tiene: ${list(extra)}.`, {
        hint: 'Quitar las columnas que sobran, o agregarlas al YAML.',
        expected: list(fields.map((field) => field.name)),
        found: list(names),
      }),
    )
  }
  return { problems, shape: { columns, width: names.length } }
}

/** Lines that end in a delimiter name columns without a name; their cells, if empty, are no surplus either. */
function withoutEmptyEnd(names: string[]): string[] {
  let width = names.length
  while (width > 1 && names[width - 1]?.trim() === '') width--
  return names.slice(0, width)
}

/** Column of each field, -1 when there is none. Exact names first, so that `ID` never takes the column of `id`. */
function matchNames(fields: readonly string[], names: readonly string[]): number[] {
  const columns = fields.map((field) => names.indexOf(field))
  const taken = new Set(columns)
  return columns.map((at, i) => {
    if (at >= 0) return at
    const folded = foldName(fields[i] ?? '')
    const found = names.findIndex((name, column) => !taken.has(column) && foldName(name) === folded)
    taken.add(found)
    return found
  })
}

/** Names of fields that stand more than once, or twice alike where none is written as in the YAML: which one is meant is not guessed. */
function repeatedNames(input: StructureInput, names: string[], columns: number[]): FileError | null {
  const { fields } = input.catalog
  const wanted = new Set(fields.map((field) => field.name))
  const taken = new Set(columns)
  const inexact = new Set(
    columns.flatMap((at) => (at < 0 || wanted.has(names[at] ?? '') ? [] : [foldName(names[at] ?? '')])),
  )
  const twice = names.filter((name, i) => {
    if (wanted.has(name)) return names.indexOf(name) !== i
    return !taken.has(i) && inexact.has(foldName(name))
  })
  if (twice.length === 0) return null
  return problem(
    input,
    'HEADER_REPEATED',
    `El encabezado de «${input.file}» repite ${list([...new Set(twice)])}.`,
    {
      hint: 'Dejar cada nombre de columna una sola vez.',
      expected: list(fields.map((field) => field.name)),
      found: list(names),
    },
  )
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

const DATA = /^[-+]?[0-9][0-9.,]*%?$|^[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}/

/**
 * A first row that is data though the YAML says header: the most frequent mistake of the original platform's users. No name is a field's,
 * and some cell is a number, a date or empty, or says what another row says in the same column.
 */
function looksLikeData(input: StructureInput, head: string[][], missing: string[]): boolean {
  const [names = [], ...rows] = head
  const { fields } = input.catalog
  if (missing.length < fields.length || names.length !== fields.length) return false
  return names.some(
    (cell, i) => cell.trim() === '' || DATA.test(cell.trim()) || rows.some((row) => row[i] === cell),
  )
}

function missingNames(input: StructureInput, head: string[][], missing: string[]): FileError {
  const { fields } = input.catalog
  const more = { expected: list(fields.map((field) => field.name)), found: list(head[0] ?? []) }
  if (looksLikeData(input, head, missing)) {
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
