import { z } from 'zod'

export const SEVERITIES = ['error', 'warning', 'message'] as const
export const severitySchema = z.enum(SEVERITIES)
export type Severity = z.infer<typeof severitySchema>

/** Where a check stands: `structure` of the file, `type`/`required`/`unique` of a field, or a rule of some level. */
export const CHECK_KINDS = [
  'structure',
  'type',
  'required',
  'unique',
  'field',
  'row',
  'catalog',
  'package',
  'rule',
] as const
export const checkKindSchema = z.enum(CHECK_KINDS)
export type CheckKind = z.infer<typeof checkKindSchema>

/**
 * The result of one check of one execution, only where it failed.
 * `rule` is the rule's name, or `required:FIELD`, `unique:FIELD`, `type:FIELD`, `structure`; kind `rule` is an error *of the rule*
 * (it could not be compiled or run).
 * `count` is what adds to the totals (a row-wise catalog or package rule counts 1 but lists its records);
 * `recordCount` is how many records failed.
 */
export const checkResultSchema = z.object({
  id: z.number().int(),
  scope: z.enum(['catalog', 'package']),
  /** Catalog id, or package id for package rules. */
  target: z.string(),
  /** Catalog whose records are listed (for a package rule: the one its first operand names); null when the rule gives a single value. */
  recordsOf: z.string().nullable(),
  kind: checkKindSchema,
  rule: z.string(),
  field: z.string().nullable(),
  severity: severitySchema,
  /** The message a person reads (the rule's description, or the check's own text). */
  message: z.string(),
  count: z.number().int().nonnegative(),
  recordCount: z.number().int().nonnegative(),
  /** First records (1-based) that fail, ascending, capped. */
  records: z.array(z.number().int().positive()),
})
export type CheckResult = z.infer<typeof checkResultSchema>

/** One finding on one record, as the grid and errores.csv show it. */
export const findingSchema = z.object({
  /** Position in the full list of the execution, 0-based: the cursor of pages. */
  seq: z.number().int().nonnegative(),
  checkId: z.number().int(),
  catalog: z.string(),
  file: z.string().nullable(),
  record: z.number().int().nullable(),
  line: z.number().int().nullable(),
  field: z.string().nullable(),
  value: z.string().nullable(),
  rule: z.string(),
  severity: severitySchema,
  message: z.string(),
})
export type Finding = z.infer<typeof findingSchema>
