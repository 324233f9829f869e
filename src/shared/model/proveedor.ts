import { z } from 'zod'

const id = z.number().int().positive()
const bilingual = z.object({ es: z.string(), en: z.string() })

/** What lies between this machine and a provider. The password of the proxy is the value `proxyPassword` of the provider's secret. */
export const redProveedorSchema = z.strictObject({
  proxy: z
    .url({ protocol: /^http$/ })
    .max(500)
    .refine((url) => !/\/\/[^/]*@/.test(url))
    .nullable()
    .default(null),
  proxyUsuario: z.string().max(255).nullable().default(null),
  /** PEM of a private certificate authority. */
  ca: z.string().max(200_000).nullable().default(null),
  tlsMinimo: z.enum(['1.2', '1.3']).default('1.2'),
  bytesPorSegundo: z.number().int().min(1024).nullable().default(null),
  concurrencia: z.number().int().min(1).max(32).default(4),
})
export type RedProveedor = z.output<typeof redProveedorSchema>
export const RED_NORMAL: RedProveedor = redProveedorSchema.parse({})

/** In order; what follows a failed one is `omitido`. */
export const PASOS_PROVEEDOR = ['dns', 'connect', 'login', 'list', 'write', 'delete'] as const
export const pruebaProveedorSchema = z.object({
  ok: z.boolean(),
  en: z.string(),
  pasos: z.array(
    z.object({
      paso: z.enum(PASOS_PROVEEDOR),
      estado: z.enum(['bien', 'mal', 'omitido']),
      ms: z.number(),
      mensaje: z.string(),
      sugerencia: z.string().nullable(),
      codigo: z.string().nullable(),
      /** Of an SSH server that is not known, or not as it was (HOST_KEY_UNKNOWN, HOST_KEY_CHANGED): to be shown and, if accepted, kept. */
      huella: z.string().nullable(),
    }),
  ),
})
export type PruebaProveedor = z.output<typeof pruebaProveedorSchema>

/** The plain JSON of a kind's configuration: what it holds only its connector knows. */
export const configProveedorSchema = z.record(z.string().max(64), z.unknown())

export const proveedorSchema = z.object({
  id,
  nombre: z.string(),
  descripcion: z.string(),
  tipo: z.string(),
  config: configProveedorSchema,
  red: redProveedorSchema,
  secretoId: id.nullable(),
  ultimaPrueba: pruebaProveedorSchema.nullable(),
  creadoEn: z.string(),
  actualizadoEn: z.string(),
})
export type Proveedor = z.output<typeof proveedorSchema>

const cuando = z.object({ field: z.string(), is: z.array(z.union([z.string(), z.boolean()])) }).optional()

/** A kind of provider, as its form is drawn. */
export const tipoProveedorSchema = z.object({
  tipo: z.string(),
  nombre: bilingual,
  resumen: bilingual,
  /** JSON schema of its configuration; the words of each field stand in its `sage`. */
  esquema: z.record(z.string(), z.unknown()),
  /** Name of the field that is a folder of this machine: a grant beside the configuration, never text of the console. */
  lugar: z.string().nullable(),
  /** Values that its secret has. */
  secretos: z.array(
    z.object({
      nombre: z.string(),
      etiqueta: bilingual,
      ayuda: bilingual.optional(),
      multilinea: z.boolean(),
      cuando,
    }),
  ),
})
export type TipoProveedor = z.output<typeof tipoProveedorSchema>

export const entradaProveedorSchema = z.object({
  ruta: z.string(),
  clase: z.enum(['archivo', 'carpeta']),
  bytes: z.number(),
  modificado: z.string().nullable(),
  etag: z.string().nullable(),
})
export type EntradaProveedor = z.output<typeof entradaProveedorSchema>

export const vistaPreviaSchema = z.object({
  tipo: z.enum(['texto', 'tabla', 'ninguna']),
  texto: z.string().nullable(),
  columnas: z.array(z.string()),
  filas: z.array(z.array(z.string().nullable())),
  /** There is more than what is shown. */
  cortado: z.boolean(),
  /** Why there is nothing to show. */
  motivo: z.string().nullable(),
})
export type VistaPrevia = z.output<typeof vistaPreviaSchema>

/** How far an upload or a download is. */
export const transferenciaSchema = z.object({
  transferencia: z.uuid(),
  proveedorId: id,
  bytes: z.number(),
  total: z.number().nullable(),
})
