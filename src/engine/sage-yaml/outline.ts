import type { FieldType, FileFormatSpec, SageSchema } from '@shared/model/schema'

export interface FieldOutline {
  name: string
  type: FieldType
  required: boolean
  unique: boolean
  rules: number
}

export interface CatalogOutline {
  id: string
  name: string
  description: string
  filename: string
  type: FileFormatSpec['type']
  delimiter: string | null
  header: boolean
  fields: FieldOutline[]
  rowRules: number
  catalogRules: number
  transformations: number
}

export interface PackageOutline {
  id: string
  name: string
  description: string
  type: FileFormatSpec['type']
  catalogs: string[]
  rules: number
}

export interface SchemaOutline {
  name: string
  description: string
  version: string
  author: string
  comments: string
  catalogs: CatalogOutline[]
  packages: PackageOutline[]
  /** Rules of every level. */
  rules: number
}

/** A schema as the console lists it: plain data, no expressions. */
export function outlineOf(schema: SageSchema): SchemaOutline {
  const catalogs = [...schema.catalogs.values()].map((catalog) => ({
    id: catalog.id,
    name: catalog.name,
    description: catalog.description,
    filename: catalog.filename,
    type: catalog.format.type,
    delimiter: catalog.format.delimiter ?? null,
    header: catalog.format.header,
    fields: catalog.fields.map(({ name, type, required, unique, rules }) => ({
      name,
      type,
      required,
      unique,
      rules: rules.length,
    })),
    rowRules: catalog.rowRules.length,
    catalogRules: catalog.catalogRules.length,
    transformations: catalog.transformations.length,
  }))
  const packages = [...schema.packages.values()].map(
    ({ id, name, description, format, catalogs: ids, rules }) => ({
      id,
      name,
      description,
      type: format.type,
      catalogs: [...ids],
      rules: rules.length,
    }),
  )
  const inCatalogs = catalogs.reduce(
    (sum, c) => sum + c.rowRules + c.catalogRules + c.fields.reduce((n, f) => n + f.rules, 0),
    0,
  )
  const rules = inCatalogs + packages.reduce((sum, p) => sum + p.rules, 0)
  const { name, description, version, author, comments } = schema
  return { name, description, version, author, comments, catalogs, packages, rules }
}
