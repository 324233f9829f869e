import { z } from 'zod'
import { casillaSchema, yamlVersionSchema } from '../model/casilla'
import {
  artifactSchema,
  ejecucionSchema,
  estadoSchema,
  faseSchema,
  politicaSchema,
  verdictSchema,
} from '../model/execution'
import { findingSchema, severitySchema } from '../model/findings'
import { frecuenciaSchema } from '../model/frecuencia'
import { origenRemotoSchema, vigilanciaSchema } from '../model/recepcion'
import { diagnosticSchema, fieldTypeSchema } from '../model/schema'
import { emisoresOperations } from './emisores-operations'
import { materializacionOperations } from './materializacion-operations'
import { muestrasOperations } from './muestras-operations'
import { command, query } from './operation'
import { proveedoresOperations } from './proveedores-operations'
import { recepcionOperations } from './recepcion-operations'
import { secretosOperations } from './secretos-operations'

const id = z.number().int().positive()
const executionId = z.uuid()
const text = (max: number) => z.string().max(max)
const yamlText = text(50 * 1024 * 1024)
const none = z.strictObject({})
const done = z.object({ ok: z.literal(true) })
/** A file the person chose in a dialog or dropped: main keeps the path, the renderer holds this token. */
const grant = z.strictObject({ token: z.uuid() })
const fileGrant = z.object({ token: z.uuid(), name: z.string(), bytes: z.number().nonnegative() })
/** In the engine a grant has become a path; only main (or the terminal) can say it. */
const source = z.union([grant, z.strictObject({ path: text(4096) }), z.strictObject({ muestraDe: id })])
/** A folder the person chose: a token for the renderer, a path once it has passed main (or from the terminal). */
const carpetaSource = z.union([grant, z.strictObject({ path: text(4096) })])

export const PAGE_MAX = 5000
const page = {
  limit: z.number().int().min(1).max(PAGE_MAX).default(200),
  offset: z.number().int().min(0).default(0),
}

export const findingFilterSchema = z.strictObject({
  catalog: z.string().optional(),
  rule: z.string().optional(),
  checkId: z.number().int().optional(),
  severity: severitySchema.optional(),
  /** Searched in value, field, message and rule; case and accents do not count. */
  search: text(200).optional(),
})

const outlineSchema = z.object({
  name: z.string(),
  version: z.string(),
  description: z.string(),
  author: z.string(),
  catalogs: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      filename: z.string(),
      type: z.string(),
      delimiter: z.string().nullable(),
      header: z.boolean(),
      fields: z.array(
        z.object({
          name: z.string(),
          type: fieldTypeSchema,
          required: z.boolean(),
          unique: z.boolean(),
          rules: z.number().int(),
        }),
      ),
      rules: z.number().int(),
    }),
  ),
  packages: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      type: z.string(),
      catalogs: z.array(z.string()),
      rules: z.number().int(),
    }),
  ),
})
export type Outline = z.infer<typeof outlineSchema>

const preferencesSchema = z.strictObject({
  iniciarConSesion: z.boolean(),
  cerrarEnBandeja: z.boolean(),
  notificarRechazos: z.boolean(),
})

/** Cells as text; `records` says which record each row is. */
const numberedTable = z.object({
  columns: z.array(z.string()),
  rows: z.array(z.array(z.string().nullable())),
  records: z.array(z.number().int()),
})

const ruleLevel = z.enum(['field', 'row', 'catalog', 'package'])

/** Characters that may be copied at once: what a spreadsheet takes without choking. More is exported to a file. */
export const CLIPBOARD_MAX = 16 * 1024 * 1024

export const operations = {
  'system.health': query(
    none,
    z.object({
      version: z.string(),
      pid: z.number().int(),
      node: z.string(),
      host: z.enum(['utility', 'child', 'cli']),
      storePath: z.string(),
      storeVersion: z.number().int(),
      dataDir: z.string(),
      memoryLimitMb: z.number().int(),
      rssMb: z.number(),
      running: z.number().int(),
      uptimeSeconds: z.number(),
    }),
  ),
  'settings.get': query(none, z.object({ values: z.record(z.string(), z.unknown()) })),
  'settings.set': command(z.strictObject({ key: text(100), value: z.unknown() }), done, { idempotent: true }),

  'casillas.list': query(none, z.object({ items: z.array(casillaSchema) })),
  'casillas.get': query(z.strictObject({ id }), casillaSchema),
  'casillas.create': command(
    z.strictObject({
      nombre: text(255).min(1),
      descripcion: text(255).default(''),
      politica: politicaSchema.default('todo_o_nada'),
      nombreYaml: text(255),
      yaml: yamlText,
      zonaHoraria: text(64).optional(),
      carpeta: carpetaSource.nullable().optional(),
      /** Instead of a folder: one of them stops the other. */
      origenRemoto: origenRemotoSchema.nullable().optional(),
      vigilancia: vigilanciaSchema.optional(),
      frecuencia: frecuenciaSchema.nullable().optional(),
    }),
    casillaSchema,
  ),
  'casillas.update': command(
    z.strictObject({
      id,
      nombre: text(255).min(1).optional(),
      descripcion: text(255).optional(),
      politica: politicaSchema.optional(),
      activa: z.boolean().optional(),
      zonaHoraria: text(64).optional(),
      /** null stops watching. */
      carpeta: carpetaSource.nullable().optional(),
      /** Instead of a folder: one of them stops the other. */
      origenRemoto: origenRemotoSchema.nullable().optional(),
      vigilancia: vigilanciaSchema.optional(),
      frecuencia: frecuenciaSchema.nullable().optional(),
      prioridad: z.number().int().min(-10).max(10).optional(),
    }),
    casillaSchema,
    { idempotent: true },
  ),
  'casillas.remove': command(z.strictObject({ id }), done, { idempotent: true }),
  'casillas.yaml': query(
    z.strictObject({ id, version: z.number().int().positive().optional() }),
    z.object({ version: z.number().int(), text: z.string(), nombreYaml: z.string() }),
  ),
  'casillas.versions': query(z.strictObject({ id }), z.object({ items: z.array(yamlVersionSchema) })),
  /** Refused with YAML_INVALID (details.diagnostics) when it has errors; the same text as the current version makes no new version. */
  'casillas.saveYaml': command(
    z.strictObject({
      id,
      text: yamlText,
      nota: text(500).default(''),
      baseVersion: z.number().int().positive(),
    }),
    yamlVersionSchema,
  ),

  'yaml.check': query(
    z.strictObject({ text: yamlText }),
    z.object({
      valid: z.boolean(),
      diagnostics: z.array(diagnosticSchema),
      outline: outlineSchema.nullable(),
    }),
  ),

  /** Starts and returns at once; progress and the end come as events. */
  'executions.start': command(
    /** `emisorId`: on whose behalf; it needs the permission to send by `direct_upload`. */
    z.strictObject({ casillaId: id, source, nombre: text(255).optional(), emisorId: id.optional() }),
    z.object({ executionId }),
    { role: 'operate' },
  ),
  'executions.rerun': command(z.strictObject({ executionId }), z.object({ executionId }), {
    role: 'operate',
  }),
  'executions.cancel': command(z.strictObject({ executionId }), done, { role: 'operate', idempotent: true }),
  'executions.remove': command(z.strictObject({ executionId }), done, { idempotent: true }),
  'executions.list': query(
    z.strictObject({
      ...page,
      casillaId: id.optional(),
      emisorId: id.optional(),
      metodo: text(40).optional(),
      estado: estadoSchema.optional(),
      fase: faseSchema.optional(),
      search: text(200).optional(),
      from: text(40).optional(),
      to: text(40).optional(),
      sort: z
        .enum(['creadaEn', 'archivo', 'estado', 'registros', 'errores', 'warnings', 'casilla'])
        .default('creadaEn'),
      direction: z.enum(['asc', 'desc']).default('desc'),
    }),
    z.object({ items: z.array(ejecucionSchema), total: z.number().int() }),
  ),
  'executions.get': query(
    z.strictObject({ executionId }),
    z.object({ ejecucion: ejecucionSchema, verdict: verdictSchema.nullable() }),
  ),
  'executions.findings': query(
    z.strictObject({
      executionId,
      ...page,
      filter: findingFilterSchema.default({}),
      sort: z.enum(['seq', 'catalog', 'record', 'line', 'field', 'rule', 'severity', 'value']).default('seq'),
      direction: z.enum(['asc', 'desc']).default('asc'),
    }),
    z.object({ items: z.array(findingSchema), total: z.number().int() }),
  ),
  /** Writes the filtered findings as CSV in the execution folder and returns its name; main opens it. */
  'executions.exportFindings': command(
    z.strictObject({ executionId, filter: findingFilterSchema.default({}) }),
    z.object({ file: z.string(), rows: z.number().int() }),
    { role: 'operate', idempotent: true, deadlineMs: 120_000 },
  ),
  /** The refused record in its place: its cells and its neighbours', as received. */
  'executions.recordContext': query(
    z.strictObject({
      executionId,
      catalog: text(255),
      record: z.number().int().positive(),
      around: z.number().int().min(0).max(20).default(3),
    }),
    z.object({
      columns: z.array(z.object({ name: z.string(), type: fieldTypeSchema })),
      rows: z.array(
        z.object({
          record: z.number().int(),
          line: z.number().int(),
          cells: z.array(z.string().nullable()),
          findings: z.array(findingSchema),
        }),
      ),
    }),
    { deadlineMs: 60_000 },
  ),
  /** Path of an artifact, checked to exist inside the data folder. For main only: the gate refuses it from the renderer. */
  'executions.artifactPath': query(
    z.strictObject({ executionId, artifact: artifactSchema }),
    z.object({ path: z.string() }),
  ),

  'rules.language': query(
    none,
    z.object({
      entries: z.array(
        z.object({
          name: z.string(),
          family: z.string(),
          on: z.string(),
          signature: z.string(),
          help: z.string(),
          example: z.string(),
        }),
      ),
    }),
  ),
  /** Runs one rule on the file of a finished execution (or a granted file) without saving anything. */
  'rules.try': query(
    z.strictObject({
      yaml: yamlText,
      level: ruleLevel,
      catalog: text(255).optional(),
      package: text(255).optional(),
      field: text(255).optional(),
      rule: text(20_000),
      executionId,
    }),
    z.object({
      ok: z.boolean().nullable(),
      problems: z.array(
        z.object({
          code: z.string(),
          message: z.string(),
          hint: z.string().optional(),
          from: z.number().int(),
          to: z.number().int(),
        }),
      ),
      catalog: z.string().nullable(),
      failing: z.number().int(),
      total: z.number().int(),
      rows: z.array(z.object({ record: z.number().int(), cells: z.array(z.string().nullable()) })),
      columns: z.array(z.string()),
    }),
    { role: 'operate', deadlineMs: 120_000 },
  ),
  /** First accepted records of a catalog before and after its transformations. */
  'transformations.preview': query(
    z.strictObject({
      yaml: yamlText,
      catalog: text(255),
      executionId,
      limit: z.number().int().min(1).max(200).default(50),
    }),
    z.object({
      problems: z.array(diagnosticSchema),
      before: numberedTable,
      after: numberedTable,
      /** Accepted records in, records out, refused by a transformation. */
      counts: z.object({ in: z.number().int(), out: z.number().int(), refused: z.number().int() }),
    }),
    { role: 'operate', deadlineMs: 120_000 },
  ),

  ...recepcionOperations,
  ...emisoresOperations,
  ...muestrasOperations,
  ...materializacionOperations,
  ...secretosOperations,
  ...proveedoresOperations,

  'dialog.chooseFolder': command(
    none,
    z.object({ carpeta: z.object({ token: z.uuid(), path: z.string() }).nullable() }),
    {
      owner: 'main',
      role: 'admin',
      deadlineMs: 600_000,
    },
  ),
  /** Start with the person's session, and stay in the tray when the window closes. */
  'app.preferences.get': query(none, preferencesSchema, { owner: 'main' }),
  'app.preferences.set': command(preferencesSchema.partial(), preferencesSchema, {
    owner: 'main',
    idempotent: true,
  }),
  'dialog.chooseFile': command(
    z.strictObject({ purpose: z.enum(['data', 'yaml', 'database']) }),
    z.object({ file: fileGrant.nullable() }),
    { owner: 'main', role: 'operate', deadlineMs: 600_000 },
  ),
  /** Text of a granted YAML file (at most 50 MB). */
  'files.readText': query(grant, z.object({ name: z.string(), text: z.string() }), { owner: 'main' }),
  'shell.openArtifact': command(z.strictObject({ executionId, artifact: artifactSchema }), done, {
    owner: 'main',
    role: 'view',
    idempotent: true,
  }),
  /** Shows in the system's file manager a file that `sql.exportar` wrote, by its name. */
  'shell.showExport': command(z.strictObject({ archivo: text(255).regex(/^[\w.-]+$/) }), done, {
    owner: 'main',
    role: 'view',
    idempotent: true,
  }),
  /** Puts text on the clipboard. The page itself has no clipboard permission, and nothing reads it. */
  'clipboard.write': command(z.strictObject({ text: text(CLIPBOARD_MAX).min(1) }), done, {
    owner: 'main',
    role: 'view',
    idempotent: true,
  }),
  'app.info': query(
    none,
    z.object({
      version: z.string(),
      electron: z.string(),
      chrome: z.string(),
      platform: z.string(),
      engine: z.enum(['utility', 'child']),
      development: z.boolean(),
    }),
    { owner: 'main' },
  ),
  'engine.restart': command(none, done, { owner: 'main', idempotent: true }),
} as const

export type Operations = typeof operations
export type OperationName = keyof Operations
/** What a caller passes (defaults optional). */
export type OperationInput<N extends OperationName> = z.input<Operations[N]['input']>
/** What a handler gets (defaults filled). */
export type OperationParams<N extends OperationName> = z.output<Operations[N]['input']>
export type OperationOutput<N extends OperationName> = z.output<Operations[N]['output']>

/** Which process answers. */
export const ownerOf = (name: OperationName): 'engine' | 'main' => operations[name].owner
