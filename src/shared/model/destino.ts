import { z } from 'zod'

/** `interno`: the console's own DuckDB file and Parquet, there with nothing configured. */
export const TIPOS_DESTINO = [
  'interno',
  'postgres',
  'mysql',
  'sqlserver',
  'sqlite',
  'duckdb',
  'archivos',
  'proveedor',
] as const
export const tipoDestinoSchema = z.enum(TIPOS_DESTINO)
export type TipoDestino = z.infer<typeof tipoDestinoSchema>

const puerto = (normal: number) => z.number().int().min(1).max(65_535).default(normal)
const nombre = z.string().min(1).max(255)

/** `verificar`: TLS 1.2 or later with a certificate that is checked; `no`: only for a server on this machine or a trusted network. */
const tls = z.enum(['verificar', 'no']).default('verificar')
/** PEM of a private certificate authority. */
const ca = z.string().max(200_000).optional()

const servidor = {
  version: z.literal(1).default(1),
  servidor: nombre,
  base: nombre,
  usuario: nombre,
  tls,
  ca,
}

const servidores = [
  z.strictObject({
    tipo: z.literal('postgres'),
    ...servidor,
    puerto: puerto(5432),
    esquema: nombre.default('public'),
  }),
  z.strictObject({ tipo: z.literal('mysql'), ...servidor, puerto: puerto(3306) }),
  z.strictObject({
    tipo: z.literal('sqlserver'),
    ...servidor,
    puerto: puerto(1433),
    esquema: nombre.default('dbo'),
  }),
] as const

/** Tables of files at a saved provider. `carpeta`: below its base, `''` is the base itself. */
const enProveedor = z.strictObject({
  tipo: z.literal('proveedor'),
  version: z.literal(1).default(1),
  proveedorId: z.number().int().positive(),
  carpeta: z.string().max(1024).default(''),
})

/** What says where a destination is; its password is in `secretos_nube`, never here. Versioned JSON in the store. */
export const destinoConfigSchema = z.discriminatedUnion('tipo', [
  z.strictObject({ tipo: z.literal('interno'), version: z.literal(1).default(1) }),
  ...servidores,
  /** `ruta`: absolute path of the file, made if missing. */
  z.strictObject({
    tipo: z.literal('sqlite'),
    version: z.literal(1).default(1),
    ruta: z.string().min(1).max(4096),
  }),
  z.strictObject({
    tipo: z.literal('duckdb'),
    version: z.literal(1).default(1),
    ruta: z.string().min(1).max(4096),
  }),
  /** `carpeta`: absolute folder under which each table has its file or its folder of partitions. */
  z.strictObject({
    tipo: z.literal('archivos'),
    version: z.literal(1).default(1),
    carpeta: z.string().min(1).max(4096),
  }),
  enProveedor,
])
export type DestinoConfig = z.infer<typeof destinoConfigSchema>
export type DestinoConfigOf<T extends TipoDestino> = Extract<DestinoConfig, { tipo: T }>

/** Name of the file in the folder chosen; without it, what was chosen is the file. */
const archivo = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^\\/:*?"<>|\0]+$/)
  .optional()

/** A destination as a person gives it: where a file or a folder lies is a grant beside it, never text of the console. */
export const destinoEntradaSchema = z.discriminatedUnion('tipo', [
  ...servidores,
  z.strictObject({ tipo: z.literal('sqlite'), version: z.literal(1).default(1), archivo }),
  z.strictObject({ tipo: z.literal('duckdb'), version: z.literal(1).default(1), archivo }),
  z.strictObject({ tipo: z.literal('archivos'), version: z.literal(1).default(1) }),
  enProveedor,
])
export type DestinoEntrada = z.output<typeof destinoEntradaSchema>

/** One step of "Probar conexión", in order; what follows a failed step is `omitido`. */
export const pasoPruebaSchema = z.object({
  paso: z.string(),
  estado: z.enum(['bien', 'mal', 'omitido']),
  ms: z.number(),
  mensaje: z.string().nullable(),
  sugerencia: z.string().nullable(),
})
export type PasoPrueba = z.infer<typeof pasoPruebaSchema>

export const pruebaDestinoSchema = z.object({
  ok: z.boolean(),
  en: z.string(),
  /** Product and version of the server, where it says so. */
  servidor: z.string().nullable(),
  pasos: z.array(pasoPruebaSchema),
})
export type PruebaDestino = z.infer<typeof pruebaDestinoSchema>

export const destinoSchema = z.object({
  /** 0 is the embedded destination: always there, never changed. */
  id: z.number().int().min(0),
  nombre: z.string(),
  descripcion: z.string(),
  tipo: tipoDestinoSchema,
  config: destinoConfigSchema,
  /** Where it lies, in one line and without its credential; empty for the embedded one. */
  lugar: z.string(),
  secretoId: z.number().int().nullable(),
  /** Materializations that write to it. */
  usos: z.number().int(),
  ultimaPrueba: pruebaDestinoSchema.nullable(),
  creadoEn: z.string(),
  actualizadoEn: z.string(),
})
export type Destino = z.infer<typeof destinoSchema>
