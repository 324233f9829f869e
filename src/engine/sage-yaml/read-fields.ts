import { FIELD_TYPES, type FieldSpec, type FieldType } from '@shared/model/schema'
import { clip, foldName, nearest, suggest } from './nearest'
import { type MapView, viewOf } from './read'
import { type ReadRule, readRules } from './read-rules'
import { isNothing } from './tree'

export const FIELD_KEYS = [
  'name',
  'type',
  'required',
  'unique',
  'validation_rules',
  'format',
  'decimal',
  'thousands',
  'trim',
  'default',
  'max_length',
] as const
const FIELD_HINT = 'Por ejemplo: - { name: codigo, type: texto, required: true }.'
const SYNONYMS: Readonly<Record<string, FieldType>> = {
  string: 'texto',
  str: 'texto',
  text: 'texto',
  varchar: 'texto',
  char: 'texto',
  cadena: 'texto',
  object: 'texto',
  int: 'entero',
  integer: 'entero',
  bigint: 'entero',
  int64: 'entero',
  float: 'decimal',
  double: 'decimal',
  number: 'decimal',
  numeric: 'decimal',
  numero: 'decimal',
  real: 'decimal',
  money: 'decimal',
  moneda: 'decimal',
  date: 'fecha',
  datetime: 'fecha',
  timestamp: 'fecha',
  hora: 'fecha',
  bool: 'booleano',
  boolean: 'booleano',
  logico: 'booleano',
}
const DIRECTIVES = 'dmYyHMSfbBpIjaAzZe%-'

export interface ReadField {
  spec: FieldSpec
  rules: ReadRule[]
}

/** Reads a type name; after a mistake, the type most likely meant. */
export function readType(view: MapView, hint = `Valores posibles: ${FIELD_TYPES.join(', ')}.`): FieldType {
  const text = view.required('type', hint)
  if (text === null) return 'texto'
  const found = FIELD_TYPES.find((type) => type === text)
  if (found !== undefined) return found
  const meant = SYNONYMS[foldName(text)] ?? FIELD_TYPES.find((type) => type === nearest(text, FIELD_TYPES))
  view.error('type', {
    code: 'FIELD_TYPE',
    message: `El tipo \`${clip(text)}\` no existe.`,
    hint: meant === undefined ? suggest(text, FIELD_TYPES) : `¿quisiste decir \`${meant}\`?`,
  })
  return meant ?? 'texto'
}

/** `dd/mm/yyyy` as people write it, in the directives that the format takes. */
const asDirectives = (text: string): string =>
  text
    .replace(/y{4}|a{4}/gi, '%Y')
    .replace(/y{2}|a{2}/gi, '%y')
    .replace(/d{1,2}/gi, '%d')
    .replace(/hh/gi, '%H')
    .replace(/:mm/g, ':%M')
    .replace(/(?<!%)m{1,2}/gi, '%m')
    .replace(/:s{1,2}/gi, ':%S')

function readDateFormat(view: MapView, type: FieldType): string | undefined {
  const text = view.optional('format', 'Por ejemplo: format: "%d/%m/%Y".')
  if (text === undefined) return undefined
  if (type !== 'fecha') {
    view.warning('format', {
      code: 'KEY_NOT_FOR_TYPE',
      message: `\`format\` solo sirve en campos fecha; este es ${type}.`,
      hint: 'Borrar la clave o cambiar el tipo.',
    })
    return undefined
  }
  if (!text.includes('%')) {
    view.error('format', {
      code: 'DATE_FORMAT',
      message: `El formato de fecha \`${clip(text)}\` no usa directivas.`,
      hint: `¿quisiste decir \`${clip(asDirectives(text))}\`?`,
    })
    return undefined
  }
  const bad = [...text.matchAll(/%(.?)/gs)].find(
    (m) => m[1] === '' || m[1] === undefined || !DIRECTIVES.includes(m[1]),
  )
  if (bad === undefined) return text
  view.error('format', {
    code: 'DATE_FORMAT',
    message: `La directiva \`${clip(bad[0])}\` no se conoce en un formato de fecha.`,
    hint: 'Se usan %d, %m, %Y, %y, %H, %M, %S, %f, %b, %p.',
  })
  return undefined
}

function readMark(view: MapView, key: 'decimal' | 'thousands', type: FieldType): string | undefined {
  const hint = `Escribir un solo signo entre comillas: ${key}: "${key === 'decimal' ? ',' : '.'}".`
  const text = view.optional(key, hint)
  if (text === undefined) return undefined
  if (type !== 'decimal' && type !== 'entero') {
    view.warning(key, {
      code: 'KEY_NOT_FOR_TYPE',
      message: `\`${key}\` solo sirve en campos decimal o entero; este es ${type}.`,
      hint: 'Borrar la clave o cambiar el tipo.',
    })
    return undefined
  }
  if ([...text].length === 1 && !/[\d+\-eE\s]/.test(text.replace(/[\u0020\u00a0\u202f]/, ''))) return text
  view.error(key, {
    code: 'NUMBER_MARK',
    message: `\`${clip(text)}\` no puede ser el separador \`${key}\`.`,
    hint,
  })
  return undefined
}

function readMaxLength(view: MapView): number | undefined {
  const text = view.optional('max_length', 'Escribir un número entero mayor que cero.')
  if (text === undefined) return undefined
  if (/^\d{1,9}$/.test(text) && Number(text) > 0) return Number(text)
  view.error('max_length', {
    code: 'MAX_LENGTH',
    message: `\`max_length\` debe ser un entero mayor que cero; hay \`${clip(text)}\`.`,
    hint: 'Por ejemplo: max_length: 20.',
  })
  return undefined
}

const READS: Readonly<Record<FieldType, RegExp>> = {
  texto: /^/,
  entero: /^\s*[+-]?\d[\d.,' ]*\s*$/,
  decimal: /^\s*[+-]?[\d.,' ]*\d[\d.,' ]*(e[+-]?\d+)?\s*$/i,
  fecha: /^\s*\d/,
  booleano: /^\s*(true|false|1|0|verdadero|falso|s[ií]|no)\s*$/i,
}

function readDefault(view: MapView, type: FieldType): string | undefined {
  const place = view.get('default')
  if (place === undefined || isNothing(place)) return undefined
  const text = view.scalar(place, 'Escribir el valor como aparecería en el archivo.')
  if (text === null) return undefined
  if (READS[type].test(text)) return text
  view.error('default', {
    code: 'DEFAULT',
    message: `El valor por defecto \`${clip(text)}\` no es de tipo ${type}.`,
    hint: 'Escribir un valor que se lea como el tipo del campo.',
  })
  return undefined
}

function readExtras(view: MapView, type: FieldType): Partial<FieldSpec> {
  const extras: Partial<FieldSpec> = {}
  const format = readDateFormat(view, type)
  const decimal = readMark(view, 'decimal', type)
  const thousands = readMark(view, 'thousands', type)
  const value = readDefault(view, type)
  const maxLength = readMaxLength(view)
  if (thousands !== undefined && thousands === (decimal ?? '.')) {
    view.error('thousands', {
      code: 'NUMBER_MARK',
      message: `El separador de miles y el decimal son el mismo (\`${thousands}\`).`,
      hint: 'Si los miles llevan punto, escribir también decimal: ",".',
    })
  }
  if (format !== undefined) extras.format = format
  if (decimal !== undefined) extras.decimal = decimal
  if (thousands !== undefined) extras.thousands = thousands
  if (view.has('trim')) extras.trim = view.boolean('trim', false)
  if (value !== undefined) extras.default = value
  if (maxLength !== undefined) extras.maxLength = maxLength
  return extras
}

/** Reads `fields` of a catalog. */
export function readFields(owner: MapView): ReadField[] {
  if (!owner.has('fields')) {
    owner.missing('fields', `Un catálogo lista sus campos en orden. ${FIELD_HINT}`)
    return []
  }
  const before = owner.ctx.reporter.blockingCount
  const places = owner.list('fields', `Escribir una lista de campos. ${FIELD_HINT}`)
  if (places.length === 0 && owner.ctx.reporter.blockingCount === before) {
    owner.ctx.reporter.error({
      code: 'EMPTY_FIELDS',
      path: `${owner.path}.fields`,
      range: owner.keyRange('fields'),
      message: 'El catálogo no tiene campos.',
      hint: FIELD_HINT,
    })
  }
  const fields: ReadField[] = []
  const lines = new Map<string, number>()
  for (const place of places) {
    const view = viewOf(owner.ctx, place, place.range, FIELD_HINT)
    if (view === null) continue
    view.warnUnknown(FIELD_KEYS)
    const name = view.required('name', 'Es el nombre de la columna.')
    const type = readType(view)
    const rules = readRules(view, 'validation_rules')
    const base = {
      name: name ?? '',
      type,
      required: view.boolean('required', false),
      unique: view.boolean('unique', false),
    }
    const spec: FieldSpec = { ...base, rules: rules.map((rule) => rule.spec), ...readExtras(view, type) }
    if (name === null) continue
    if (refuseRepeated(view, name, lines)) continue
    fields.push({ spec, rules })
  }
  return fields
}

function refuseRepeated(view: MapView, name: string, lines: Map<string, number>): boolean {
  const first = lines.get(name)
  if (first === undefined) {
    lines.set(name, view.ctx.reporter.lineOf(view.get('name')?.range ?? view.anchor))
    return false
  }
  view.error('name', {
    code: 'DUPLICATE_FIELD',
    message: `El campo \`${clip(name)}\` ya existe en este catálogo (línea ${first}).`,
    hint: 'Dos columnas no pueden llamarse igual; cambiar uno de los nombres.',
  })
  return true
}
