import { z } from 'zod'
import { appErrorDataSchema } from '../errors/app-error'
import { frecuenciaSchema } from './frecuencia'

const nombreColumna = z.string().min(1).max(255)

/** A column's type, the same words for every database; each dialect says how it writes it, or that it can't hold it. */
export const tipoColumnaSchema = z.discriminatedUnion('tipo', [
  /** `largo` in characters; without it, as long as the database allows. */
  z.strictObject({ tipo: z.literal('texto'), largo: z.number().int().min(1).max(1_000_000).optional() }),
  /** 64 bits. */
  z.strictObject({ tipo: z.literal('entero') }),
  /** Exact: the digits of the file are kept, and a value that does not fit is refused, never rounded. */
  z.strictObject({
    tipo: z.literal('decimal'),
    precision: z.number().int().min(1).max(1000),
    escala: z.number().int().min(0).max(1000),
  }),
  z.strictObject({ tipo: z.literal('doble') }),
  z.strictObject({ tipo: z.literal('booleano') }),
  z.strictObject({ tipo: z.literal('fecha') }),
  /** `zona`: an instant (UTC); without it, the date and time as written. */
  z.strictObject({ tipo: z.literal('fecha_hora'), zona: z.boolean().default(false) }),
])
export type TipoColumna = z.infer<typeof tipoColumnaSchema>

/** What the run itself knows of each row: execution UUID, file, record (1-based), time of the load, control UUID of the load. */
export const CONTROLES = ['ejecucion', 'archivo', 'registro', 'cargado_en', 'carga'] as const
export const controlSchema = z.enum(CONTROLES)
export type Control = z.infer<typeof controlSchema>

export const fuenteColumnaSchema = z.discriminatedUnion('de', [
  /** A column of the accepted records, after the YAML's transformations. */
  z.strictObject({ de: z.literal('campo'), campo: z.string().min(1).max(1024) }),
  z.strictObject({ de: z.literal('constante'), valor: z.string().max(10_000).nullable() }),
  z.strictObject({ de: z.literal('control'), control: controlSchema }),
])
export type FuenteColumna = z.infer<typeof fuenteColumnaSchema>

export const columnaSchema = z.strictObject({
  nombre: nombreColumna,
  fuente: fuenteColumnaSchema,
  tipo: tipoColumnaSchema,
  nulos: z.boolean().default(true),
})
export type Columna = z.infer<typeof columnaSchema>

/** One comparison on a destination column; a list of them is joined by AND. Values are bound, typed as their column. */
export const condicionSchema = z.strictObject({
  columna: nombreColumna,
  operador: z.enum(['=', '<>', '<', '<=', '>', '>=', 'en', 'es_nulo', 'no_es_nulo']),
  valores: z.array(z.string().max(10_000)).max(1000).default([]),
})
export type Condicion = z.infer<typeof condicionSchema>

const clave = z.array(nombreColumna).min(1).max(32)

export const ESTRATEGIAS = ['append', 'upsert', 'delete_insert', 'truncate_insert', 'full'] as const
export const tipoEstrategiaSchema = z.enum(ESTRATEGIAS)
export type TipoEstrategia = z.infer<typeof tipoEstrategiaSchema>

export const estrategiaSchema = z.discriminatedUnion('tipo', [
  z.strictObject({ tipo: z.literal('append') }),
  /** `borrarSi`: a row of the load whose column has this value deletes the row of its key instead of writing it. */
  z.strictObject({
    tipo: z.literal('upsert'),
    clave,
    borrarSi: z.strictObject({ columna: nombreColumna, valor: z.string().max(1000) }).optional(),
  }),
  z.strictObject({
    tipo: z.literal('delete_insert'),
    borrar: z.discriminatedUnion('por', [
      z.strictObject({ por: z.literal('clave'), clave }),
      z.strictObject({ por: z.literal('condicion'), condiciones: z.array(condicionSchema).min(1).max(20) }),
      /** Rows whose values of these columns are present in the load. */
      z.strictObject({ por: z.literal('particion'), columnas: clave }),
    ]),
  }),
  z.strictObject({ tipo: z.literal('truncate_insert') }),
  /** Replaces all under a control UUID. `conservar`: earlier loads kept, in `<tabla>__cargas`. */
  z.strictObject({ tipo: z.literal('full'), conservar: z.number().int().min(0).max(100).default(0) }),
])
export type Estrategia = z.infer<typeof estrategiaSchema>

/** How a table is written by the destination `archivos` (and the Parquet beside the embedded DuckDB). */
export const formatoArchivoSchema = z.discriminatedUnion('tipo', [
  z.strictObject({
    tipo: z.literal('parquet'),
    compresion: z.enum(['snappy', 'zstd', 'gzip', 'ninguna']).default('zstd'),
    filasPorGrupo: z.number().int().min(2048).max(10_000_000).default(122_880),
    particiones: z.array(nombreColumna).max(8).default([]),
  }),
  z.strictObject({
    tipo: z.literal('csv'),
    delimitador: z.string().length(1).default(','),
    encabezado: z.boolean().default(true),
  }),
  z.strictObject({ tipo: z.literal('jsonl') }),
  /** At most 1,048,575 rows: what a sheet holds. */
  z.strictObject({ tipo: z.literal('excel'), hoja: z.string().min(1).max(31).default('Datos') }),
])
export type FormatoArchivo = z.infer<typeof formatoArchivoSchema>

export const DERIVAS = ['evolucionar', 'congelar', 'descartar'] as const

export const tablaMaterializadaSchema = z.strictObject({
  catalogo: z.string().min(1).max(255),
  /** null: the schema of the destination. */
  esquema: nombreColumna.nullable().default(null),
  tabla: nombreColumna,
  columnas: z.array(columnaSchema).min(1).max(5000),
  estrategia: estrategiaSchema,
  /** Rule-language expression over the accepted records; only those for which it is true are loaded. */
  filtro: z.string().max(20_000).nullable().default(null),
  /** Makes the table when it is missing, with its key and these indexes; else a missing table is an error. */
  crear: z.boolean().default(true),
  indices: z
    .array(
      z.strictObject({ columnas: z.array(nombreColumna).min(1).max(32), unico: z.boolean().default(false) }),
    )
    .max(64)
    .default([]),
  /**
   * When the existing table lacks a column of the mapping: `evolucionar` adds it (nullable), `congelar` refuses the load,
   * `descartar` leaves the column out. A type that can't hold the values is always refused.
   */
  deriva: z.enum(DERIVAS).default('congelar'),
  /** Only for destinations of files. */
  formato: formatoArchivoSchema.nullable().default(null),
})
export type TablaMaterializada = z.infer<typeof tablaMaterializadaSchema>

export const cuandoSchema = z.discriminatedUnion('tipo', [
  z.strictObject({ tipo: z.literal('cada_ejecucion') }),
  z.strictObject({ tipo: z.literal('manual') }),
  /** On its dates, what was accepted since the last load. */
  z.strictObject({ tipo: z.literal('programada'), frecuencia: frecuenciaSchema }),
])
export type Cuando = z.infer<typeof cuandoSchema>

/** What is kept in `materializaciones.configuracion`. */
export const materializacionConfigSchema = z.strictObject({
  version: z.literal(1).default(1),
  tablas: z.array(tablaMaterializadaSchema).min(1).max(200),
  cuando: cuandoSchema.default({ tipo: 'cada_ejecucion' }),
  /** Tries for faults that may pass, in all. */
  maxIntentos: z.number().int().min(1).max(20).default(5),
})
export type MaterializacionConfig = z.infer<typeof materializacionConfigSchema>

export const ESTADOS_CARGA = ['en_espera', 'en_proceso', 'completado', 'error', 'cancelado'] as const
export const estadoCargaSchema = z.enum(ESTADOS_CARGA)
export type EstadoCarga = z.infer<typeof estadoCargaSchema>

export const conteosSchema = z.object({
  leidas: z.number().int(),
  insertadas: z.number().int(),
  actualizadas: z.number().int(),
  eliminadas: z.number().int(),
})
export type Conteos = z.infer<typeof conteosSchema>

/** One load: what one execution wrote through one materialization. */
export const cargaSchema = z.object({
  /** Control UUID of the load. */
  id: z.string(),
  materializacionId: z.number().int(),
  materializacionNombre: z.string(),
  casillaId: z.number().int(),
  casillaNombre: z.string(),
  destinoId: z.number().int(),
  destinoNombre: z.string(),
  executionId: z.string(),
  archivo: z.string(),
  estado: estadoCargaSchema,
  intentos: z.number().int(),
  proximoIntento: z.string().nullable(),
  /** It waits for this earlier file of the same materialization, whose load failed: the order would change the result. */
  retenidaPor: z.string().nullable(),
  /** The same execution had been loaded before: nothing was changed. */
  repetida: z.boolean(),
  totales: conteosSchema,
  bytes: z.number(),
  tablas: z.array(z.object({ tabla: z.string(), catalogo: z.string(), ...conteosSchema.shape })),
  error: appErrorDataSchema.nullable(),
  creadaEn: z.string(),
  iniciadaEn: z.string().nullable(),
  terminadaEn: z.string().nullable(),
})
export type Carga = z.infer<typeof cargaSchema>

export const materializacionSchema = z.object({
  id: z.number().int().positive(),
  nombre: z.string(),
  descripcion: z.string(),
  casillaId: z.number().int().positive(),
  casillaNombre: z.string(),
  destinoId: z.number().int().min(0),
  destinoNombre: z.string(),
  destinoTipo: z.string(),
  activa: z.boolean(),
  /** Made with the first accepted execution because nothing was configured; it follows the YAML until a person changes it. */
  automatica: z.boolean(),
  config: materializacionConfigSchema,
  /** Next date of `programada`, ISO UTC. */
  proximaCarga: z.string().nullable(),
  ultimaCarga: cargaSchema.nullable(),
  /** Loads that wait or run now, and those whose last try failed. */
  pendientes: z.number().int(),
  fallidas: z.number().int(),
  creadaEn: z.string(),
  actualizadaEn: z.string(),
})
export type Materializacion = z.infer<typeof materializacionSchema>

/** Progress of a running load: `hechas` of the `total` rows of its table; total null = unknown. */
export const progresoCargaSchema = z.object({
  cargaId: z.string(),
  materializacionId: z.number().int(),
  executionId: z.string(),
  paso: z.enum(['preparar', 'enviar', 'comprobar', 'esperar', 'cambiar', 'limpiar']),
  tabla: z.string().nullable(),
  hechas: z.number(),
  total: z.number().nullable(),
  bytes: z.number(),
  ms: z.number(),
})
export type ProgresoCarga = z.infer<typeof progresoCargaSchema>

/** What is wrong with a materialization, found when it is saved. */
export const problemaMaterializacionSchema = z.object({
  severidad: z.enum(['error', 'aviso']),
  codigo: z.string(),
  /** Index in `tablas`; null when it is of the whole. */
  tabla: z.number().int().nullable(),
  columna: z.string().nullable(),
  mensaje: z.string(),
  sugerencia: z.string().nullable(),
})
export type ProblemaMaterializacion = z.infer<typeof problemaMaterializacionSchema>

/** What a load would do, with nothing written. */
export const ensayoSchema = z.object({
  problemas: z.array(problemaMaterializacionSchema),
  tablas: z.array(
    z.object({
      tabla: z.string(),
      catalogo: z.string(),
      /** Statements that would make or change the table, for a person to read. */
      ddl: z.array(z.string()),
      existe: z.boolean(),
      /** Rows in the table now. */
      filasAntes: z.number().int(),
      leidas: z.number().int(),
      insertadas: z.number().int(),
      actualizadas: z.number().int(),
      eliminadas: z.number().int(),
      /** Of the rows compared. */
      sinCambio: z.number().int(),
      /** Rows of the load that were compared with the table, when not all: the counts are of all, the sample of these. */
      comparadas: z.number().int().optional(),
      columnas: z.array(z.string()),
      /** First changes: what is there and what would be; null where there is none. At most 50. */
      muestra: z.array(
        z.object({
          cambio: z.enum(['insertada', 'actualizada', 'eliminada']),
          antes: z.array(z.string().nullable()).nullable(),
          despues: z.array(z.string().nullable()).nullable(),
        }),
      ),
    }),
  ),
})
export type Ensayo = z.infer<typeof ensayoSchema>
