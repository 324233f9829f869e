import type { FieldSpec, FieldType, TransformationSpec } from '@shared/model/schema'
import { isMap } from 'yaml'
import { clip, suggest } from './nearest'
import { type MapView, viewOf } from './read'
import { readType } from './read-fields'
import type { ReadRule } from './read-rules'
import { isNothing } from './tree'

const KINDS = ['set', 'drop', 'rename', 'filter', 'map'] as const
type Kind = (typeof KINDS)[number]
const KEYS: Readonly<Record<Kind, readonly string[]>> = {
  set: ['set', 'value', 'type'],
  drop: ['drop'],
  rename: ['rename'],
  filter: ['filter'],
  map: ['map', 'values', 'otherwise'],
}
const OTHERWISE = ['keep', 'null', 'error'] as const
const HINT = 'Cada transformación es un mapa con una de estas claves: set, drop, rename, filter, map.'

export interface ReadTransformations {
  specs: TransformationSpec[]
  /** Expressions to compile, each with its node; path is that of the expression. */
  rules: ReadRule[]
}

/** Columns as they stand while the transformations are read in order. */
class Columns {
  private readonly types: Map<string, FieldType>

  constructor(fields: readonly FieldSpec[]) {
    this.types = new Map(fields.map((field) => [field.name, field.type]))
  }

  get size(): number {
    return this.types.size
  }

  type(name: string): FieldType | undefined {
    return this.types.get(name)
  }

  set(name: string, type: FieldType): void {
    this.types.set(name, type)
  }

  drop(name: string): void {
    this.types.delete(name)
  }

  /** Says that a column does not exist at this point; true when it does. */
  check(view: MapView, key: string, name: string): boolean {
    if (this.types.has(name)) return true
    view.error(key, {
      code: 'UNKNOWN_COLUMN',
      message: `El campo \`${clip(name)}\` no existe en este punto de las transformaciones.`,
      hint: suggest(name, [...this.types.keys()], 'Campos'),
    })
    return false
  }
}

function kindOfItem(view: MapView): Kind | null {
  const present = KINDS.filter((kind) => view.has(kind))
  const [kind] = present
  if (present.length === 1 && kind !== undefined) return kind
  const error = { code: 'TRANSFORMATION', path: view.path, range: view.anchor }
  if (present.length > 1) {
    view.ctx.reporter.error({
      ...error,
      message: `Esta transformación mezcla ${present.map((k) => `\`${k}\``).join(' y ')}.`,
      hint: 'Escribir una por elemento: se aplican en orden.',
    })
    return null
  }
  const first = view.entries()[0]?.key
  view.ctx.reporter.error({
    ...error,
    message: 'Esta transformación no dice qué hacer.',
    hint: (first === undefined ? undefined : suggest(first, KINDS)) ?? HINT,
  })
  return null
}

function expressionOf(view: MapView, key: string, rules: ReadRule[]): string | null {
  const text = view.required(key, "Escribir una expresión: \"df['cantidad'] * df['precio']\".")
  const node = view.node(key)
  if (text === null || node === null) return null
  rules.push({
    spec: {
      name: `${key}`,
      description: `Transformación ${key}`,
      rule: text,
      severity: 'error',
      path: `${view.path}.${key}`,
    },
    node,
  })
  return text
}

function readSet(view: MapView, columns: Columns, rules: ReadRule[]): TransformationSpec | null {
  const column = view.required('set', 'Escribir el nombre de la columna que se calcula.')
  const value = view.has('value') ? expressionOf(view, 'value', rules) : null
  if (!view.has('value')) view.missing('value', "Escribir la expresión: value: \"df['a'] + df['b']\".")
  const known = column === null ? undefined : columns.type(column)
  // A column that exists keeps its type unless another is asked for.
  const type = known !== undefined && !view.has('type') ? known : readType(view)
  if (column === null) return null
  columns.set(column, type)
  return value === null ? null : { kind: 'set', column, value, type, path: view.path }
}

function readDrop(view: MapView, columns: Columns): TransformationSpec | null {
  const names = view.texts('drop', 'Escribir una lista: drop: [campo1, campo2].')
  if (names.length === 0)
    view.error('drop', {
      code: 'EMPTY_VALUE',
      message: '`drop` no nombra ningún campo.',
      hint: 'Escribir una lista: drop: [campo1, campo2].',
    })
  const found = names.filter(({ text }) => columns.check(view, 'drop', text)).map(({ text }) => text)
  for (const name of found) columns.drop(name)
  if (columns.size === 0 && found.length > 0)
    view.error('drop', {
      code: 'NO_COLUMNS',
      message: 'Después de `drop` no queda ningún campo.',
      hint: 'Dejar al menos uno.',
    })
  return { kind: 'drop', columns: found, path: view.path }
}

function readRename(view: MapView, columns: Columns): TransformationSpec | null {
  const hint = 'Escribir un mapa: rename: { actual: nuevo }.'
  const map = view.map('rename', hint)
  if (map === null) return null
  // A null prototype: a column may be called `__proto__`.
  const names: Record<string, string> = Object.create(null)
  const renamed: { from: string; to: string; type: FieldType }[] = []
  for (const { key } of map.entries()) {
    const to = map.required(key, 'Escribir el nombre nuevo.')
    if (!columns.check(map, key, key) || to === null) continue
    names[key] = to
    renamed.push({ from: key, to, type: columns.type(key) ?? 'texto' })
  }
  for (const { from } of renamed) columns.drop(from)
  for (const { from, to, type } of renamed) {
    if (columns.type(to) !== undefined)
      map.error(from, {
        code: 'DUPLICATE_FIELD',
        message: `Ya hay un campo llamado \`${clip(to)}\`.`,
        hint: 'Elegir otro nombre o quitar antes el que existe.',
      })
    columns.set(to, type)
  }
  if (map.entries().length === 0)
    view.error('rename', { code: 'EMPTY_VALUE', message: '`rename` no nombra ningún campo.', hint })
  return { kind: 'rename', names, path: view.path }
}

function readMap(view: MapView, columns: Columns): TransformationSpec | null {
  const column = view.required('map', 'Escribir el campo cuyos valores se cambian.')
  if (column !== null) columns.check(view, 'map', column)
  const map = view.map('values', 'Escribir un mapa: values: { T: Tradicional, M: Moderno }.')
  const values: Record<string, string> = Object.create(null)
  for (const { key, place } of map?.entries() ?? []) {
    const text = map?.scalar(place, 'Escribir el valor nuevo.')
    if (text !== null && text !== undefined) values[key] = isNothing(place) ? '' : text
  }
  if (map !== null && map.entries().length === 0)
    view.error('values', {
      code: 'EMPTY_VALUE',
      message: '`values` está vacío.',
      hint: 'Escribir al menos un cambio.',
    })
  const otherwise = readOtherwise(view)
  return column === null || map === null ? null : { kind: 'map', column, values, otherwise, path: view.path }
}

function readOtherwise(view: MapView): (typeof OTHERWISE)[number] {
  const place = view.get('otherwise')
  if (place === undefined) return 'keep'
  const text = view.scalar(place, 'Valores posibles: keep, null, error.')
  const found = OTHERWISE.find((option) => option === text)
  if (found !== undefined || text === null) return found ?? 'keep'
  view.error('otherwise', {
    code: 'TRANSFORMATION',
    message: `\`otherwise\` no puede ser \`${clip(text)}\`.`,
    hint: suggest(text, OTHERWISE),
  })
  return 'keep'
}

/** Reads `transformations` of a catalog, following its columns from one to the next. */
export function readTransformations(owner: MapView, fields: readonly FieldSpec[]): ReadTransformations {
  const columns = new Columns(fields)
  const specs: TransformationSpec[] = []
  const rules: ReadRule[] = []
  for (const place of owner.list('transformations', `Escribir una lista. ${HINT}`)) {
    const view = viewOf(owner.ctx, place, place.range, HINT)
    if (view === null || !isMap(place.node)) continue
    const kind = kindOfItem(view)
    if (kind === null) continue
    view.warnUnknown(KEYS[kind])
    const spec = readOne(kind, view, columns, rules)
    if (spec !== null) specs.push(spec)
  }
  return { specs, rules }
}

function readOne(kind: Kind, view: MapView, columns: Columns, rules: ReadRule[]): TransformationSpec | null {
  if (kind === 'set') return readSet(view, columns, rules)
  if (kind === 'drop') return readDrop(view, columns)
  if (kind === 'rename') return readRename(view, columns)
  if (kind === 'map') return readMap(view, columns)
  const condition = expressionOf(view, 'filter', rules)
  return condition === null ? null : { kind: 'filter', condition, path: view.path }
}
