import type { FileFormatSpec } from '@shared/model/schema'
import { clip, suggest } from './nearest'
import type { MapView } from './read'
import { isNothing } from './tree'

export const FORMAT_KEYS = ['type', 'delimiter', 'header', 'null_values', 'encoding', 'sheet'] as const
const CATALOG_TYPES = ['CSV', 'EXCEL', 'PARQUET', 'JSONL'] as const
const PACKAGE_TYPES = [...CATALOG_TYPES, 'ZIP'] as const

/** Accepted names of encodings and the one the readers use; null: detected, as the original platform did whatever it said. */
const ENCODINGS: Readonly<Record<string, string | null>> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  'utf-8-sig': null,
  'utf8-sig': null,
  auto: null,
  'utf-16': 'utf-16',
  utf16: 'utf-16',
  'utf-16le': 'utf-16le',
  'utf-16-le': 'utf-16le',
  'utf-16be': 'utf-16be',
  'utf-16-be': 'utf-16be',
  'windows-1252': 'windows-1252',
  cp1252: 'windows-1252',
  'latin-1': 'latin-1',
  latin1: 'latin-1',
  'iso-8859-1': 'latin-1',
  ascii: 'utf-8',
}

const FORMAT_HINT = 'Por ejemplo: file_format: { type: "CSV", delimiter: "|", header: false }.'

function readType(
  view: MapView,
  level: 'catalog' | 'package',
): { type: FileFormatSpec['type']; sure: boolean } {
  const allowed: readonly FileFormatSpec['type'][] = level === 'catalog' ? CATALOG_TYPES : PACKAGE_TYPES
  const text = view.required('type', `Valores posibles: ${allowed.join(', ')}.`)
  const found = allowed.find((type) => type === text)
  if (found !== undefined || text === null) return { type: found ?? 'CSV', sure: found !== undefined }
  if (text === 'ZIP') {
    view.error('type', {
      code: 'CATALOG_ZIP',
      message: 'Un catálogo es un archivo de datos; no puede ser ZIP.',
      hint: 'El tipo ZIP va en el paquete; el catálogo es CSV o EXCEL.',
    })
    return { type: 'CSV', sure: false }
  }
  view.error('type', {
    code: 'FORMAT_TYPE',
    message: `El tipo de archivo \`${clip(text)}\` no existe.`,
    hint: suggest(text, allowed),
  })
  return { type: allowed.find((type) => type === text.toUpperCase()) ?? 'CSV', sure: false }
}

/** One character, written as itself or as the two characters `\t`. */
function readDelimiter(view: MapView, needed: boolean): string | undefined {
  const place = view.get('delimiter')
  const hint = 'Escribir un solo carácter entre comillas, por ejemplo "|", "," o "\\t".'
  if (place === undefined) {
    if (needed) view.missing('delimiter', hint)
    return undefined
  }
  const text = view.scalar(place, hint)
  if (text === null) return undefined
  if (isNothing(place) || text === '') {
    // `delimiter: |` without quotes opens a block text in YAML, and gives nothing.
    if (needed)
      view.error('delimiter', {
        code: 'DELIMITER',
        message: 'El delimitador está vacío.',
        hint: 'Ponerlo entre comillas: delimiter: "|".',
      })
    return undefined
  }
  const delimiter = text === '\\t' ? '\t' : text
  if ([...delimiter].length !== 1) {
    view.error('delimiter', {
      code: 'DELIMITER',
      message: `El delimitador debe ser un solo carácter; hay ${[...delimiter].length} (\`${clip(text)}\`).`,
      hint,
    })
    return undefined
  }
  if (delimiter === '"' || delimiter === '\n' || delimiter === '\r') {
    view.error('delimiter', {
      code: 'DELIMITER',
      message: 'Las comillas y los saltos de línea no pueden ser delimitador.',
      hint,
    })
    return undefined
  }
  return delimiter
}

function readEncoding(view: MapView): string | undefined {
  const text = view.optional('encoding', 'Por ejemplo: encoding: "windows-1252".')
  if (text === undefined) return undefined
  const known = ENCODINGS[text.trim().toLowerCase().replace(/_/g, '-')]
  if (known !== undefined) return known ?? undefined
  view.warning('encoding', {
    code: 'ENCODING',
    message: `La codificación \`${clip(text)}\` no se conoce; se detectará al leer el archivo.`,
    hint: suggest(text, Object.keys(ENCODINGS)),
  })
  return undefined
}

function readSheet(view: MapView): string | number | undefined {
  const text = view.optional('sheet', 'Escribir el nombre de la hoja o su número, desde 1.')
  if (text === undefined) return undefined
  // Quotes tell a sheet named 2025 from the sheet number 2025.
  if (view.node('sheet')?.type !== 'PLAIN' || !/^-?\d+$/.test(text)) return text
  const number = Number(text)
  if (number >= 1 && number <= 10_000) return number
  view.error('sheet', {
    code: 'SHEET',
    message: 'El número de hoja empieza en 1.',
    hint: 'Si es un nombre, ponerlo entre comillas.',
  })
  return undefined
}

/** Reads `file_format` of a catalog or package; always gives a usable format. */
export function readFormat(owner: MapView, level: 'catalog' | 'package'): FileFormatSpec {
  const view = owner.map(
    'file_format',
    level === 'catalog' ? FORMAT_HINT : 'Por ejemplo: file_format: { type: "ZIP" }.',
  )
  if (view === null) return { type: level === 'package' ? 'ZIP' : 'CSV', header: false, nullValues: [] }
  view.warnUnknown(FORMAT_KEYS)
  const { type, sure } = readType(view, level)
  const delimiter = readDelimiter(view, sure && level === 'catalog' && type === 'CSV')
  const encoding = readEncoding(view)
  const sheet = readSheet(view)
  return {
    type,
    header: view.boolean('header', false),
    nullValues: view
      .texts('null_values', 'Escribir una lista: null_values: ["NULL", "-"].')
      .map((item) => item.text),
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(encoding === undefined ? {} : { encoding }),
    ...(sheet === undefined ? {} : { sheet }),
  }
}
