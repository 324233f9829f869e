import { z } from 'zod'
import type { Severity } from './findings'

/** A place in a YAML text: 1-based line and column, 0-based offsets. */
export const positionSchema = z.object({
  line: z.number().int().positive(),
  column: z.number().int().positive(),
  offset: z.number().int().nonnegative(),
  endOffset: z.number().int().nonnegative(),
})
export type Position = z.infer<typeof positionSchema>

/** A mistake (or warning) in a SAGE YAML. `path` reads like `catalogs.ventas.fields[3].type`. */
export const diagnosticSchema = z.object({
  severity: z.enum(['error', 'warning']),
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  path: z.string(),
  position: positionSchema,
  /** For a rule: the part of the expression at fault, offsets into the expression's own text. */
  expression: z.object({ text: z.string(), from: z.number().int(), to: z.number().int() }).optional(),
})
export type Diagnostic = z.infer<typeof diagnosticSchema>

export const FIELD_TYPES = ['texto', 'entero', 'decimal', 'fecha', 'booleano'] as const
export const fieldTypeSchema = z.enum(FIELD_TYPES)
export type FieldType = z.infer<typeof fieldTypeSchema>

export interface RuleSpec {
  name: string
  description: string
  rule: string
  severity: Severity
  /** YAML path of the rule, for messages. */
  path: string
}

export interface FieldSpec {
  name: string
  type: FieldType
  required: boolean
  unique: boolean
  rules: RuleSpec[]
  /** Date pattern (`%d/%m/%Y`), only for fecha. */
  format?: string
  /** Decimal mark, default `.`. */
  decimal?: string
  /** Thousands mark. */
  thousands?: string
  trim?: boolean
  default?: string
  maxLength?: number
}

export interface FileFormatSpec {
  type: 'CSV' | 'EXCEL' | 'ZIP' | 'PARQUET' | 'JSONL'
  delimiter?: string
  header: boolean
  nullValues: string[]
  encoding?: string
  /** Excel: name or 1-based number of the sheet. */
  sheet?: string | number
}

export type TransformationSpec = { path: string } & (
  | { kind: 'set'; column: string; value: string; type: FieldType }
  | { kind: 'drop'; columns: string[] }
  | { kind: 'rename'; names: Record<string, string> }
  | { kind: 'filter'; condition: string }
  | { kind: 'map'; column: string; values: Record<string, string>; otherwise: 'keep' | 'null' | 'error' }
)

export interface CatalogSpec {
  id: string
  name: string
  description: string
  /** Exact name of the file, or a pattern with `*`. */
  filename: string
  format: FileFormatSpec
  fields: FieldSpec[]
  rowRules: RuleSpec[]
  catalogRules: RuleSpec[]
  transformations: TransformationSpec[]
}

export interface PackageSpec {
  id: string
  name: string
  description: string
  format: FileFormatSpec
  /** Catalog ids, in order. */
  catalogs: string[]
  rules: RuleSpec[]
}

/** A SAGE YAML that was read without errors. */
export interface SageSchema {
  name: string
  description: string
  version: string
  author: string
  comments: string
  catalogs: Map<string, CatalogSpec>
  packages: Map<string, PackageSpec>
}
