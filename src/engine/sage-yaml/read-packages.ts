import type { CatalogSpec, PackageSpec } from '@shared/model/schema'
import { clip, suggest } from './nearest'
import { type MapView, viewOf } from './read'
import { type PendingRule, type ReadCatalogs, refuseEmptyId, sectionOf } from './read-catalogs'
import { readFormat } from './read-format'
import { readRules } from './read-rules'

export const PACKAGE_KEYS = ['name', 'description', 'file_format', 'catalogs', 'package_validation'] as const
const PACKAGE_HINT = 'Un paquete lleva name, description, file_format y catalogs.'
const LIST_HINT = 'Escribir una lista de ids de catálogos: catalogs: [clientes, ventas].'

export interface ReadPackages {
  packages: Map<string, PackageSpec>
  pending: PendingRule[]
}

/** Ids of a package, checked against the catalogs of the file. */
function readReferences(view: MapView, known: ReadCatalogs): string[] {
  if (!view.has('catalogs')) {
    view.missing('catalogs', LIST_HINT)
    return []
  }
  const before = view.ctx.reporter.blockingCount
  const named = view.texts('catalogs', LIST_HINT)
  if (named.length === 0 && view.ctx.reporter.blockingCount === before) {
    view.error('catalogs', {
      code: 'EMPTY_PACKAGE',
      message: `El paquete \`${view.path}\` no tiene catálogos.`,
      hint: LIST_HINT,
    })
  }
  const ids: string[] = []
  // A catalog that could not be read still exists: only names never written are wrong.
  const all = [...new Set([...known.catalogs.keys(), ...known.unsure])]
  for (const { text, place } of named) {
    const at = { path: place.path, range: place.range }
    if (!all.includes(text)) {
      view.ctx.reporter.error({
        ...at,
        code: 'UNKNOWN_CATALOG',
        message: `El catálogo \`${clip(text)}\` no existe.`,
        hint: suggest(text, all, 'Catálogos'),
      })
    } else if (ids.includes(text)) {
      view.ctx.reporter.warning({
        ...at,
        code: 'REPEATED_CATALOG',
        message: `El catálogo \`${clip(text)}\` ya está en este paquete.`,
        hint: 'Borrar la repetición.',
      })
    } else ids.push(text)
  }
  return ids
}

function checkTypes(
  view: MapView,
  spec: PackageSpec,
  named: number,
  catalogs: ReadonlyMap<string, CatalogSpec>,
): void {
  const range = view.get('file_format')?.range ?? view.anchor
  const at = { path: `${view.path}.file_format.type`, range }
  const { type } = spec.format
  if (type === 'ZIP') return
  if (named > 1) {
    view.ctx.reporter.error({
      ...at,
      code: 'PACKAGE_NEEDS_ZIP',
      message: `Un paquete con ${named} catálogos debe ser ZIP; es ${type}.`,
      hint: 'Cambiar el tipo a ZIP, o dejar un solo catálogo.',
    })
    return
  }
  const [only] = spec.catalogs
  const catalog = only === undefined ? undefined : catalogs.get(only)
  if (catalog !== undefined && catalog.format.type !== type) {
    view.ctx.reporter.warning({
      ...at,
      code: 'PACKAGE_TYPE',
      message: `El paquete es ${type} y su catálogo \`${clip(catalog.id)}\` es ${catalog.format.type}.`,
      hint: 'El archivo se lee con el formato del catálogo; dejar los dos iguales.',
    })
  }
}

/** Two catalogs of one package can't read the same file: which is whose would be a guess. */
function checkFilenames(spec: PackageSpec, known: ReadCatalogs): void {
  const seen = new Map<string, string>()
  for (const id of spec.catalogs) {
    const catalog = known.catalogs.get(id)
    if (catalog === undefined || catalog.filename === '') continue
    const first = seen.get(catalog.filename)
    if (first === undefined) {
      seen.set(catalog.filename, id)
      continue
    }
    known.views.get(id)?.error('filename', {
      code: 'SAME_FILENAME',
      message: `Los catálogos \`${clip(first)}\` y \`${clip(id)}\` del paquete \`${clip(spec.id)}\` leen el mismo archivo (\`${clip(catalog.filename)}\`).`,
      hint: 'Cada catálogo de un paquete lee un archivo distinto.',
    })
  }
}

function readPackage(id: string, view: MapView, known: ReadCatalogs, into: ReadPackages): void {
  view.warnUnknown(PACKAGE_KEYS)
  const name = view.described('name', PACKAGE_HINT)
  const description = view.described('description', PACKAGE_HINT)
  const formatBefore = view.ctx.reporter.blockingCount
  const format = readFormat(view, 'package')
  const formatRead = view.ctx.reporter.blockingCount === formatBefore
  const catalogs = readReferences(view, known)
  const rules = readRules(view, 'package_validation')
  const spec: PackageSpec = {
    id,
    name: name === '' ? id : name,
    description,
    format,
    catalogs,
    rules: rules.map((rule) => rule.spec),
  }
  if (formatRead) checkTypes(view, spec, view.texts('catalogs', LIST_HINT).length, known.catalogs)
  checkFilenames(spec, known)
  for (const rule of rules) into.pending.push({ ...rule, level: 'package', packageId: id })
  into.packages.set(id, spec)
}

/** Reads the section `packages` and the relations between packages and catalogs. */
export function readPackages(root: MapView, known: ReadCatalogs): ReadPackages {
  const into: ReadPackages = { packages: new Map(), pending: [] }
  const section = sectionOf(root, 'packages', `Es un mapa de paquetes por su id. ${PACKAGE_HINT}`)
  if (section === null) return into
  const { reporter } = section.ctx
  if (section.entries().length === 0) {
    reporter.error({
      code: 'EMPTY_PACKAGES',
      path: 'packages',
      range: root.keyRange('packages'),
      message: 'No hay ningún paquete.',
      hint: PACKAGE_HINT,
    })
    return into
  }
  const before = reporter.blockingCount
  for (const { key, keyRange, place } of section.entries()) {
    if (refuseEmptyId(section, key, keyRange)) continue
    const view = viewOf(section.ctx, place, keyRange, PACKAGE_HINT)
    if (view !== null) readPackage(key, view, known, into)
  }
  // With a package that could not be read, who uses what is not known.
  if (reporter.blockingCount === before) warnUnused(known, into)
  return into
}

function warnUnused(known: ReadCatalogs, read: ReadPackages): void {
  const used = new Set([...read.packages.values()].flatMap((spec) => spec.catalogs))
  for (const [id, view] of known.views) {
    if (used.has(id)) continue
    view.ctx.reporter.warning({
      code: 'UNUSED_CATALOG',
      path: view.path,
      range: view.anchor,
      message: `Ningún paquete usa el catálogo \`${clip(id)}\`.`,
      hint: 'Añadirlo a la lista `catalogs` de un paquete, o borrarlo.',
    })
  }
}
