import { z } from 'zod'
import { appErrorDataSchema } from '../errors/app-error'
import { checkResultSchema } from './findings'

/** Outcome of a finished execution. */
export const ESTADOS = ['Éxito', 'Parcial', 'Fallido'] as const
export const estadoSchema = z.enum(ESTADOS)
export type Estado = z.infer<typeof estadoSchema>

/** Where an execution stands. `interrumpida`: the engine went away under it; it can be run again. `error`: it could not run. */
export const FASES = ['en_espera', 'en_curso', 'terminada', 'cancelada', 'interrumpida', 'error'] as const
export const faseSchema = z.enum(FASES)
export type Fase = z.infer<typeof faseSchema>

export const POLITICAS = ['todo_o_nada', 'por_catalogo', 'solo_validos'] as const
export const politicaSchema = z.enum(POLITICAS)
export type Politica = z.infer<typeof politicaSchema>

export const STEPS = [
  'copiar',
  'desempaquetar',
  'inspeccionar',
  'validar',
  'listar',
  'informar',
  'preparar',
] as const
export const stepSchema = z.enum(STEPS)
export type Step = z.infer<typeof stepSchema>

/** Progress of a running execution. `done`/`total` are bytes or records of the step; total null = unknown. */
export const progressSchema = z.object({
  executionId: z.string(),
  step: stepSchema,
  label: z.string(),
  done: z.number().nonnegative(),
  total: z.number().nonnegative().nullable(),
  unit: z.enum(['bytes', 'records', 'checks', 'files']),
  /** Whole execution, 0..1. */
  fraction: z.number().min(0).max(1),
  elapsedMs: z.number().nonnegative(),
})
export type Progress = z.infer<typeof progressSchema>

/** One catalog's file in an execution. */
export const fileStatSchema = z.object({
  catalog: z.string(),
  file: z.string(),
  state: z.enum(['procesado', 'faltante', 'error']),
  records: z.number().int().nonnegative(),
  errors: z.number().int().nonnegative(),
  warnings: z.number().int().nonnegative(),
  messages: z.number().int().nonnegative(),
  /** Distinct records with at least one error. */
  refused: z.number().int().nonnegative(),
  bytes: z.number().nonnegative(),
  /** As received; null for what is not a text. */
  encoding: z.string().nullable(),
  /** The sheet of a workbook that was read. */
  sheet: z.string().optional(),
  processingSeconds: z.number().nonnegative(),
})
export type FileStat = z.infer<typeof fileStatSchema>

/** A problem of a whole file (structure, missing, unreadable), shown apart from the findings on records. */
export const fileErrorSchema = z.object({
  file: z.string().nullable(),
  catalog: z.string().nullable(),
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  expected: z.string().optional(),
  found: z.string().optional(),
  severity: z.enum(['error', 'warning']),
})
export type FileError = z.infer<typeof fileErrorSchema>

/** The verdict on one input: everything the reports and the console show. Also written as `verdict.json` in the execution folder. */
export const verdictSchema = z.object({
  executionId: z.string(),
  estado: estadoSchema,
  /** Package or catalog that judged the file. */
  packageId: z.string(),
  packageName: z.string(),
  schemaName: z.string(),
  schemaVersion: z.string(),
  inputFile: z.string(),
  inputBytes: z.number().nonnegative(),
  inputSha256: z.string(),
  startedAt: z.string(),
  finishedAt: z.string(),
  /** Data records per catalog. */
  records: z.record(z.string(), z.number().int().nonnegative()),
  totals: z.object({
    records: z.number().int(),
    errors: z.number().int(),
    warnings: z.number().int(),
    messages: z.number().int(),
    refused: z.number().int(),
    /** 0..100 */
    successRate: z.number().min(0).max(100),
  }),
  checks: z.array(checkResultSchema),
  files: z.array(fileStatSchema),
  fileErrors: z.array(fileErrorSchema),
  /** Cap on the records listed per rule in `checks` and details.json; the full list is in errores.csv and findings.parquet. */
  detailCap: z.number().int(),
  timings: z.record(z.string(), z.number()),
})
export type Verdict = z.infer<typeof verdictSchema>

export const ARTIFACTS = [
  'report.html',
  'results.txt',
  'details.json',
  'errores.csv',
  'rechazados',
  'input.yaml',
  'folder',
] as const
export const artifactSchema = z.enum(ARTIFACTS)
export type Artifact = z.infer<typeof artifactSchema>

export const ejecucionSchema = z.object({
  id: z.string(),
  casillaId: z.number().int().nullable(),
  casillaNombre: z.string().nullable(),
  /** Version of the casilla's YAML that judged it. */
  yamlVersion: z.number().int().nullable(),
  nombreYaml: z.string(),
  archivo: z.string(),
  bytes: z.number(),
  sha256: z.string().nullable(),
  fase: faseSchema,
  estado: estadoSchema.nullable(),
  registros: z.number().int(),
  errores: z.number().int(),
  warnings: z.number().int(),
  metodoEnvio: z.string(),
  emisorId: z.number().int().nullable(),
  emisorNombre: z.string().nullable(),
  creadaEn: z.string(),
  iniciadaEn: z.string().nullable(),
  terminadaEn: z.string().nullable(),
  error: appErrorDataSchema.nullable(),
})
export type Ejecucion = z.infer<typeof ejecucionSchema>
