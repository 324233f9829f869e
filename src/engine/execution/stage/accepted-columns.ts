import type { CatalogSpec, FieldType } from '@shared/model/schema'
import { applyTransformations } from './transformations'

/** The columns of what a catalog accepts, in order: its fields, as its transformations leave them. */
export const acceptedColumns = (catalog: CatalogSpec): { name: string; type: FieldType }[] =>
  applyTransformations(catalog, 'x').columns
