import type { CatalogSpec, FieldSpec } from '@shared/model/schema'
import { clip } from './nearest'
import { type MapView, viewOf } from './read'
import { readFields } from './read-fields'
import { readFormat } from './read-format'
import { type ReadRule, readRules } from './read-rules'
import { readTransformations } from './read-transformations'

export const CATALOG_KEYS = [
  'name',
  'description',
  'filename',
  'file_format',
  'fields',
  'row_validation',
  'catalog_validation',
  'transformations',
] as const
const CATALOG_HINT = 'Un catálogo lleva name, description, filename, file_format y fields.'

export type RuleLevel = 'field' | 'row' | 'catalog' | 'package' | 'transformation'

/** A rule waiting for the whole schema, to be compiled. */
export interface PendingRule extends ReadRule {
  level: RuleLevel
  catalog?: CatalogSpec
  field?: FieldSpec
  packageId?: string
}

export interface ReadCatalogs {
  catalogs: Map<string, CatalogSpec>
  /** Where each catalog is named, for what is said of it later. */
  views: Map<string, MapView>
  pending: PendingRule[]
  /** Catalogs whose fields could not all be read: their rules would be blamed for it. */
  unsure: Set<string>
}

/** The file of a catalog inside the ZIP: a name or a pattern, never a way out of the folder. */
function readFilename(view: MapView): string {
  const text = view.required(
    'filename',
    'Es el nombre exacto del archivo, o un patrón con `*`: "ventas_*.csv".',
  )
  if (text === null) return ''
  if (/^([a-z]:|[\\/])/i.test(text) || text.split(/[\\/]/).includes('..')) {
    view.error('filename', {
      code: 'FILENAME',
      message: `\`${clip(text)}\` no es un nombre de archivo dentro del envío.`,
      hint: 'Escribir solo el nombre: "ventas.csv".',
    })
  }
  return text
}

function readCatalog(id: string, view: MapView, into: ReadCatalogs): void {
  view.warnUnknown(CATALOG_KEYS)
  const { reporter } = view.ctx
  const name = view.described('name', CATALOG_HINT)
  const description = view.described('description', CATALOG_HINT)
  const filename = readFilename(view)
  const format = readFormat(view, 'catalog')
  const before = reporter.blockingCount
  const fields = readFields(view)
  const rowRules = readRules(view, 'row_validation')
  const catalogRules = readRules(view, 'catalog_validation')
  const specs = fields.map((field) => field.spec)
  if (reporter.blockingCount > before) into.unsure.add(id)
  const transformations = readTransformations(view, specs)
  const catalog: CatalogSpec = {
    id,
    name: name === '' ? id : name,
    description,
    filename,
    format,
    fields: specs,
    rowRules: rowRules.map((rule) => rule.spec),
    catalogRules: catalogRules.map((rule) => rule.spec),
    transformations: transformations.specs,
  }
  for (const field of fields) {
    for (const rule of field.rules) into.pending.push({ ...rule, level: 'field', catalog, field: field.spec })
  }
  for (const rule of rowRules) into.pending.push({ ...rule, level: 'row', catalog })
  for (const rule of catalogRules) into.pending.push({ ...rule, level: 'catalog', catalog })
  for (const rule of transformations.rules) into.pending.push({ ...rule, level: 'transformation', catalog })
  into.catalogs.set(id, catalog)
}

/** Reads the section `catalogs`. */
export function readCatalogs(root: MapView): ReadCatalogs {
  const into: ReadCatalogs = { catalogs: new Map(), views: new Map(), pending: [], unsure: new Set() }
  const section = sectionOf(root, 'catalogs', `Es un mapa de catálogos por su id. ${CATALOG_HINT}`)
  if (section === null) return into
  if (section.entries().length === 0) {
    section.ctx.reporter.error({
      code: 'EMPTY_CATALOGS',
      path: 'catalogs',
      range: root.keyRange('catalogs'),
      message: 'No hay ningún catálogo.',
      hint: CATALOG_HINT,
    })
  }
  for (const { key, keyRange, place } of section.entries()) {
    if (refuseEmptyId(section, key, keyRange)) continue
    const view = viewOf(section.ctx, place, keyRange, CATALOG_HINT)
    if (view === null) {
      into.unsure.add(key)
      continue
    }
    into.views.set(key, view)
    readCatalog(key, view, into)
  }
  return into
}

export function refuseEmptyId(section: MapView, key: string, range: readonly [number, number]): boolean {
  if (key.trim() !== '') return false
  section.ctx.reporter.error({
    code: 'EMPTY_VALUE',
    path: section.path,
    range,
    message: `Hay un elemento sin id en \`${section.path}\`.`,
    hint: 'Escribir su id antes de los dos puntos.',
  })
  return true
}

/** One of the three required sections. */
export function sectionOf(root: MapView, key: string, hint: string): MapView | null {
  const place = root.get(key)
  if (place === undefined) {
    root.ctx.reporter.error({
      code: 'MISSING_SECTION',
      path: key,
      range: root.anchor,
      message: `Falta la sección \`${key}\`.`,
      hint,
    })
    return null
  }
  return viewOf(root.ctx, place, root.keyRange(key), hint)
}
