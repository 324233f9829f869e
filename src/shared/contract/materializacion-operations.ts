import { z } from 'zod'
import { destinoEntradaSchema, destinoSchema, pruebaDestinoSchema } from '../model/destino'
import {
  cargaSchema,
  ensayoSchema,
  estadoCargaSchema,
  estrategiaSchema,
  materializacionConfigSchema,
  materializacionSchema,
  problemaMaterializacionSchema,
  tablaMaterializadaSchema,
  tipoColumnaSchema,
} from '../model/materializacion'
import { command, query } from './operation'

const id = z.number().int().positive()
/** 0 is the embedded destination. */
const destinoId = z.number().int().min(0)
const cargaId = z.uuid()
const text = (max: number) => z.string().max(max)
const none = z.strictObject({})
const done = z.object({ ok: z.literal(true) })
const page = {
  limit: z.number().int().min(1).max(5000).default(200),
  offset: z.number().int().min(0).default(0),
}

/** File or folder that a person chose: a token for the renderer, a path once it has passed main (or from the terminal). */
const lugar = z
  .union([z.strictObject({ token: z.uuid() }), z.strictObject({ path: text(4096) })])
  .nullable()
  .default(null)

const destinoDatos = {
  nombre: text(255).min(1),
  descripcion: text(1000).default(''),
  config: destinoEntradaSchema,
  /** Of `sqlite`, `duckdb` and `archivos`; null keeps the one it has. */
  lugar,
  /** Credential in `secretos_nube`. */
  secretoId: id.nullable().default(null),
}

const materializacionDatos = {
  nombre: text(255).min(1),
  descripcion: text(1000).default(''),
  casillaId: id,
  destinoId,
  activa: z.boolean().default(true),
  config: materializacionConfigSchema,
}

/** Rows as text, with the types that the engine gave them. */
const resultadoSql = z.object({
  columnas: z.array(z.object({ nombre: z.string(), tipo: z.string() })),
  filas: z.array(z.array(z.string().nullable())),
  /** True when there are more rows after this page. */
  hayMas: z.boolean(),
  ms: z.number(),
})

/** Destinations, materializations, their loads, and the SQL page over the embedded destination. */
export const materializacionOperations = {
  'destinos.list': query(none, z.object({ items: z.array(destinoSchema) })),
  'destinos.create': command(z.strictObject(destinoDatos), destinoSchema),
  'destinos.update': command(z.strictObject({ id, ...destinoDatos }), destinoSchema, { idempotent: true }),
  /** Refused while a materialization uses it. */
  'destinos.remove': command(z.strictObject({ id }), done, { idempotent: true }),
  /** A saved destination, or one that is being written (`de`: the saved one that is being changed). */
  'destinos.probar': command(
    z.union([
      z.strictObject({ id: destinoId }),
      z.strictObject({
        config: destinoEntradaSchema,
        lugar,
        secretoId: id.nullable().default(null),
        de: id.optional(),
      }),
    ]),
    pruebaDestinoSchema,
    { idempotent: true, deadlineMs: 60_000 },
  ),
  /** What a destination has: to choose a table, and to compare it. At most 10,000. */
  'destinos.tablas': query(
    z.strictObject({ id: destinoId, search: text(200).optional() }),
    z.object({ items: z.array(z.object({ esquema: z.string().nullable(), tabla: z.string() })) }),
    { deadlineMs: 60_000 },
  ),
  'destinos.tabla': query(
    z.strictObject({ id: destinoId, esquema: text(255).nullable(), tabla: text(255) }),
    z.object({
      existe: z.boolean(),
      columnas: z.array(
        z.object({
          nombre: z.string(),
          tipo: z.string(),
          equivale: tipoColumnaSchema.nullable(),
          nulos: z.boolean(),
        }),
      ),
      clave: z.array(z.string()),
    }),
    { deadlineMs: 60_000 },
  ),

  'materializaciones.list': query(
    z.strictObject({ casillaId: id.optional() }),
    z.object({ items: z.array(materializacionSchema) }),
  ),
  'materializaciones.get': query(z.strictObject({ id }), materializacionSchema),
  /** A first mapping for catalogs of a casilla, as the YAML and what was accepted say; the person changes it. */
  'materializaciones.proponer': query(
    z.strictObject({ casillaId: id, destinoId, catalogos: z.array(text(255)).max(200).optional() }),
    z.object({ tablas: z.array(tablaMaterializadaSchema), avisos: z.array(problemaMaterializacionSchema) }),
    { deadlineMs: 60_000 },
  ),
  /** Every problem of a materialization that is being written; what is refused on saving is told here first. */
  'materializaciones.revisar': query(
    z.strictObject({ casillaId: id, destinoId, config: materializacionConfigSchema }),
    z.object({ problemas: z.array(problemaMaterializacionSchema) }),
    { deadlineMs: 60_000 },
  ),
  'materializaciones.create': command(z.strictObject(materializacionDatos), materializacionSchema, {
    deadlineMs: 60_000,
  }),
  'materializaciones.update': command(
    z.strictObject({ id, ...materializacionDatos }),
    materializacionSchema,
    {
      idempotent: true,
      deadlineMs: 60_000,
    },
  ),
  'materializaciones.activar': command(z.strictObject({ id, activa: z.boolean() }), materializacionSchema, {
    idempotent: true,
  }),
  /** Its history goes with it; what it wrote stays in the destination. */
  'materializaciones.remove': command(z.strictObject({ id }), done, { idempotent: true }),
  /** What a load of this execution would change, with nothing written. */
  'materializaciones.ensayar': query(
    z.strictObject({
      executionId: z.uuid(),
      casillaId: id,
      destinoId,
      config: materializacionConfigSchema,
    }),
    ensayoSchema,
    { role: 'operate', deadlineMs: 300_000 },
  ),
  /** The steps of a strategy in words and the rows of a small picture: before, load, after. */
  'materializaciones.ilustrar': query(
    z.strictObject({ estrategia: estrategiaSchema, columnas: z.array(text(255)).max(5000) }),
    z.object({
      pasos: z.array(z.string()),
      columnas: z.array(z.string()),
      antes: z.array(z.array(z.string())),
      carga: z.array(z.array(z.string())),
      despues: z.array(
        z.object({ celdas: z.array(z.string()), cambio: z.enum(['igual', 'insertada', 'actualizada']) }),
      ),
      eliminadas: z.array(z.array(z.string())),
    }),
  ),

  /** Loads past executions, oldest first: those chosen, or every accepted one not loaded yet between two dates. */
  'cargas.iniciar': command(
    z.strictObject({
      materializacionId: id,
      executionIds: z.array(z.uuid()).min(1).max(5000).optional(),
      desde: text(40).optional(),
      hasta: text(40).optional(),
      /** Also what was loaded before: with `append` that is refused, since its rows would be there twice. */
      rehacer: z.boolean().default(false),
    }),
    z.object({ cargas: z.array(cargaId) }),
    { role: 'operate' },
  ),
  'cargas.reintentar': command(
    z.strictObject({ cargaIds: z.array(cargaId).min(1).max(5000) }),
    z.object({ cargas: z.number().int() }),
    { role: 'operate', idempotent: true },
  ),
  /** One that waits, runs, or failed and will not be tried again: those that waited for it go on. */
  'cargas.cancelar': command(z.strictObject({ cargaId }), done, { role: 'operate', idempotent: true }),
  'cargas.list': query(
    z.strictObject({
      ...page,
      materializacionId: id.optional(),
      casillaId: id.optional(),
      executionId: z.uuid().optional(),
      estado: estadoCargaSchema.optional(),
      search: text(200).optional(),
      sort: z.enum(['creadaEn', 'archivo', 'estado', 'insertadas', 'bytes']).default('creadaEn'),
      direction: z.enum(['asc', 'desc']).default('desc'),
    }),
    z.object({ items: z.array(cargaSchema), total: z.number().int() }),
  ),
  /** The changes the load made, kept beside its execution: at most 50 rows a table. */
  'cargas.diferencia': query(z.strictObject({ cargaId }), ensayoSchema),

  /** One read-only statement over the embedded destination. */
  'sql.consultar': query(z.strictObject({ sql: text(100_000).min(1), ...page }), resultadoSql, {
    role: 'view',
    deadlineMs: 120_000,
  }),
  'sql.tablas': query(
    none,
    z.object({
      tablas: z.array(
        z.object({
          nombre: z.string(),
          filas: z.number().int(),
          columnas: z.array(z.object({ nombre: z.string(), tipo: z.string() })),
        }),
      ),
    }),
  ),
  /** Writes the whole result beside the data; main opens it. */
  'sql.exportar': command(
    z.strictObject({ sql: text(100_000).min(1), formato: z.enum(['csv', 'parquet', 'jsonl', 'excel']) }),
    z.object({ archivo: z.string(), filas: z.number().int() }),
    { role: 'operate', deadlineMs: 600_000 },
  ),
} as const
