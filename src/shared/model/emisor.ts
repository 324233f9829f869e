import { z } from 'zod'
import { frecuenciaSchema, puntualidadSchema } from './frecuencia'

export const TIPOS_EMISOR = [
  'interno',
  'corporativo',
  'distribuidora',
  'bot',
  'cadena mt',
  'eccomerce',
  'erp',
  'otros',
] as const
export const METODOS_ENVIO = ['local', 'sftp', 'bucket', 'email', 'direct_upload', 'api'] as const
export const metodoEnvioSchema = z.enum(METODOS_ENVIO)

/** What a person fills in. */
export const emisorDatosSchema = z.strictObject({
  nombre: z.string().trim().min(1).max(255),
  organizacion: z.string().trim().max(255).default(''),
  tipo: z.enum(TIPOS_EMISOR).default('otros'),
  /** Unique among living senders; lower case, digits, point and hyphen. */
  codigoInterno: z
    .string()
    .trim()
    .max(25)
    .regex(/^[a-z0-9.-]*$/)
    .default(''),
  email: z.union([z.literal(''), z.email().max(255)]).default(''),
  telefono: z.string().trim().max(50).default(''),
  activo: z.boolean().default(true),
})
export type EmisorDatos = z.infer<typeof emisorDatosSchema>

export const emisorSchema = emisorDatosSchema.extend({
  id: z.number().int().positive(),
  /** Casillas it may send to. */
  casillas: z.number().int(),
  ultimoEnvio: z.string().nullable(),
  creadoEn: z.string(),
})
export type Emisor = z.infer<typeof emisorSchema>

/** A sender's permission to send to a casilla by one method. */
export const permisoDatosSchema = z.strictObject({
  emisorId: z.number().int().positive(),
  metodo: metodoEnvioSchema,
  /** Its own sub-folder under the casilla's; '' for the folder itself. Relative, without `..`. */
  subdirectorio: z.string().trim().max(255).default(''),
  responsable: z
    .strictObject({
      nombre: z.string().trim().max(100).default(''),
      email: z.union([z.literal(''), z.email().max(255)]).default(''),
      telefono: z.string().trim().max(20).default(''),
      activo: z.boolean().default(true),
    })
    .prefault({}),
  frecuencia: frecuenciaSchema.nullable().default(null),
})
export type PermisoDatos = z.infer<typeof permisoDatosSchema>

export const permisoSchema = permisoDatosSchema.extend({
  id: z.number().int().positive(),
  casillaId: z.number().int().positive(),
  emisorNombre: z.string(),
  puntualidad: puntualidadSchema,
})
export type Permiso = z.infer<typeof permisoSchema>
