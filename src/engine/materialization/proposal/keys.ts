import { ruleReferences, uniqueTogether } from '@engine/rules/references'
import type { CatalogSpec, SageSchema } from '@shared/model/schema'

/**
 * The accepted columns that tell a record from the others, as the YAML says: a field that is required and unique, or required fields that a
 * rule of the catalog keeps from repeating together. Null when it says neither, or a transformation changes their values.
 */
export function keyOf(catalog: CatalogSpec): string[] | null {
  const required = new Set(catalog.fields.filter((field) => field.required).map(({ name }) => name))
  const single = catalog.fields.filter((field) => field.required && field.unique).map(({ name }) => [name])
  const together = catalog.catalogRules
    .filter(({ severity }) => severity === 'error')
    .flatMap(({ rule }) => {
      const names = uniqueTogether(rule)
      return names && names.length > 0 && names.every((name) => required.has(name)) ? [names] : []
    })
  for (const fields of [...single, ...together]) {
    const columns = fields.flatMap((field) => acceptedName(catalog, field) ?? [])
    if (columns.length === fields.length) return columns
  }
  return null
}

/** Where a field is after the transformations, with the values it had; null when one of them changed or dropped it. */
function acceptedName(catalog: CatalogSpec, field: string): string | null {
  let name: string | null = field
  for (const spec of catalog.transformations) {
    if (name === null) return null
    if (spec.kind === 'rename' && Object.hasOwn(spec.names, name)) name = spec.names[name] ?? null
    else if (spec.kind === 'drop' && spec.columns.includes(name)) name = null
    else if ((spec.kind === 'set' || spec.kind === 'map') && spec.column === name) name = null
  }
  return name
}

/** Catalogs, each after those it refers to in the rules of the packages; where they refer to each other, in the order given. */
export function inOrderOfReferences(schema: SageSchema, catalogs: readonly string[]): string[] {
  const needs = new Map<string, Set<string>>(catalogs.map((id) => [id, new Set()]))
  for (const { rules } of schema.packages.values()) {
    for (const { from, to } of rules.flatMap(({ rule }) => ruleReferences(rule)))
      needs.get(from.catalog)?.add(to.catalog)
  }
  const done = new Set<string>()
  const order: string[] = []
  const take = (id: string, above: ReadonlySet<string>): void => {
    if (done.has(id) || above.has(id)) return
    for (const other of catalogs) if (needs.get(id)?.has(other)) take(other, new Set([...above, id]))
    if (done.has(id)) return
    done.add(id)
    order.push(id)
  }
  for (const id of catalogs) take(id, new Set())
  return order
}
