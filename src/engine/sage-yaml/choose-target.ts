import { AppError } from '@shared/errors/app-error'
import type { CatalogSpec, FileFormatSpec, PackageSpec, SageSchema } from '@shared/model/schema'
import { clip, foldName } from './nearest'

export type FileKind = 'zip' | 'csv' | 'excel' | 'parquet' | 'jsonl'

export interface Target {
  /** Null when a catalog judges the file by itself: no package rules then. */
  packageId: string | null
  catalogs: string[]
  /** Why this one, for the log. */
  reason: 'only-of-type' | 'name' | 'filename' | 'catalog-filename' | 'only-catalog'
}

const TYPES: Readonly<Record<FileKind, FileFormatSpec['type']>> = {
  zip: 'ZIP',
  csv: 'CSV',
  excel: 'EXCEL',
  parquet: 'PARQUET',
  jsonl: 'JSONL',
}

const baseName = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
const stem = (name: string): string => name.replace(/\.[^.]*$/, '')

/** True when a file name is the one of a catalog, or fits its pattern (`*` is any text). Case does not count. */
export function matchesFilename(pattern: string, name: string): boolean {
  const wanted = baseName(pattern).toLowerCase()
  const given = baseName(name).toLowerCase()
  const parts = wanted.split('*')
  if (parts.length === 1) return wanted === given
  // By hand instead of a regular expression: a pattern with many stars must not backtrack.
  const first = parts[0] ?? ''
  const last = parts[parts.length - 1] ?? ''
  if (given.length < first.length + last.length || !given.startsWith(first) || !given.endsWith(last))
    return false
  let at = first.length
  const end = given.length - last.length
  for (const part of parts.slice(1, -1)) {
    const found = given.indexOf(part, at)
    if (found === -1 || found + part.length > end) return false
    at = found + part.length
  }
  return at <= end
}

const quoted = (ids: readonly string[]): string =>
  ids
    .slice(0, 12)
    .map((id) => `\`${clip(id)}\``)
    .join(', ') + (ids.length > 12 ? '…' : '')

function ambiguous(fileName: string, what: 'paquetes' | 'catálogos', ids: string[]): AppError {
  return new AppError('TARGET_AMBIGUOUS', {
    kind: 'input',
    message: `El archivo \`${clip(fileName)}\` puede ser de ${ids.length} ${what}: ${quoted(ids)}.`,
    hint: `Nombrar el archivo como uno de ellos, por ejemplo \`${clip(ids[0] ?? '')}\`, o dejar uno solo de ese tipo en el YAML.`,
    details: { candidates: ids },
  })
}

const none = (message: string, hint: string, candidates: string[]): AppError =>
  new AppError('TARGET_NONE', { kind: 'input', message, hint, details: { candidates } })

const named = (spec: PackageSpec, fileName: string): boolean => {
  const name = foldName(stem(baseName(fileName)))
  return foldName(spec.id) === name || foldName(spec.name) === name
}

const ofPackage = (spec: PackageSpec, reason: Target['reason']): Target => ({
  packageId: spec.id,
  catalogs: [...spec.catalogs],
  reason,
})

/** The package among those of the file's type, or null when there is none. */
function choosePackage(schema: SageSchema, fileName: string, candidates: PackageSpec[]): Target | null {
  const byFile = (spec: PackageSpec): boolean => {
    if (spec.format.type === 'ZIP') return false
    return spec.catalogs.some((id) => matchesFilename(schema.catalogs.get(id)?.filename ?? '', fileName))
  }
  const [only, ...rest] = candidates
  if (only === undefined) return null
  const byName = candidates.filter((spec) => named(spec, fileName))
  const byCatalog = candidates.filter(byFile)
  const matching = candidates.filter((spec) => byName.includes(spec) || byCatalog.includes(spec))
  const [match, ...others] = matching
  if (match !== undefined && others.length === 0)
    return ofPackage(match, byName.includes(match) ? 'name' : 'filename')
  if (match === undefined && rest.length === 0) return ofPackage(only, 'only-of-type')
  throw ambiguous(
    baseName(fileName),
    'paquetes',
    (match === undefined ? candidates : matching).map((spec) => spec.id),
  )
}

/** A file without a package of its type: the catalog whose file it is judges it alone. */
function chooseCatalog(fileName: string, type: string, candidates: CatalogSpec[], all: string[]): Target {
  const exact = candidates.filter((catalog) => baseName(catalog.filename) === baseName(fileName))
  const matching =
    exact.length > 0 ? exact : candidates.filter((catalog) => matchesFilename(catalog.filename, fileName))
  const [match, ...others] = matching
  if (match !== undefined && others.length === 0)
    return { packageId: null, catalogs: [match.id], reason: 'catalog-filename' }
  if (match !== undefined)
    throw ambiguous(
      baseName(fileName),
      'catálogos',
      matching.map((catalog) => catalog.id),
    )
  const [only] = candidates
  if (only !== undefined && candidates.length === 1 && all.length === 1)
    return { packageId: null, catalogs: [only.id], reason: 'only-catalog' }
  if (candidates.length > 0) {
    throw none(
      `Ningún paquete ni catálogo espera el archivo \`${clip(baseName(fileName))}\`.`,
      `Catálogos ${type} y su archivo: ${candidates
        .slice(0, 12)
        .map((c) => `\`${clip(c.id)}\` (${clip(c.filename)})`)
        .join(', ')}.`,
      candidates.map((catalog) => catalog.id),
    )
  }
  throw none(
    `El YAML no tiene paquetes ni catálogos de tipo ${type} para \`${clip(baseName(fileName))}\`.`,
    `Catálogos del YAML: ${quoted(all)}.`,
    all,
  )
}

/**
 * Who judges a file. A ZIP takes the ZIP package; another file takes the package of its type whose name, or whose catalog's
 * filename, matches; else the only one of its type; else the catalog whose filename matches, by itself.
 * Throws AppError TARGET_AMBIGUOUS (two candidates: never a guess) or TARGET_NONE, naming the candidates.
 */
export function chooseTarget(schema: SageSchema, file: { name: string; kind: FileKind }): Target {
  const type = TYPES[file.kind]
  const packages = [...schema.packages.values()]
  const target = choosePackage(
    schema,
    file.name,
    packages.filter((spec) => spec.format.type === type && spec.catalogs.length > 0),
  )
  if (target !== null) return target
  if (type === 'ZIP') {
    const ids = packages.map((spec) => spec.id)
    throw none(
      `El YAML no tiene ningún paquete ZIP para \`${clip(baseName(file.name))}\`.`,
      `Paquetes del YAML: ${quoted(ids)}. Enviar el archivo sin comprimir, o cambiar el tipo del paquete a ZIP.`,
      ids,
    )
  }
  const catalogs = [...schema.catalogs.values()]
  return chooseCatalog(
    file.name,
    type,
    catalogs.filter((c) => c.format.type === type),
    catalogs.map((c) => c.id),
  )
}
