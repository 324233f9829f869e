import { z } from 'zod'
import { frecuenciaSchema, puntualidadSchema } from './frecuencia'

const id = z.number().int().positive()

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
export const tipoEmisorSchema = z.enum(TIPOS_EMISOR)
export type TipoEmisor = z.infer<typeof tipoEmisorSchema>

export const METODOS_ENVIO = ['local', 'sftp', 'bucket', 'email', 'direct_upload', 'api'] as const
export const metodoEnvioSchema = z.enum(METODOS_ENVIO)
export type MetodoEnvio = z.infer<typeof metodoEnvioSchema>

const email = z.union([z.literal(''), z.email().max(255)]).default('')

/** What a person fills in. */
export const emisorDatosSchema = z.strictObject({
  nombre: z.string().trim().min(1).max(255),
  organizacion: z.string().trim().max(255).default(''),
  tipo: tipoEmisorSchema.default('otros'),
  /** Unique among living senders; lower case, digits, point and hyphen; '' for none. */
  codigoInterno: z
    .string()
    .trim()
    .max(25)
    .regex(/^[a-z0-9.-]*$/)
    .default(''),
  email,
  telefono: z.string().trim().max(50).default(''),
  activo: z.boolean().default(true),
})
export type EmisorDatos = z.infer<typeof emisorDatosSchema>

export const emisorSchema = emisorDatosSchema.extend({
  id,
  email: z.string(),
  codigoInterno: z.string(),
  /** Casillas it may send to, by name. */
  casillas: z.array(z.object({ id, nombre: z.string() })),
  /** When it last sent anything, ISO. */
  ultimoEnvio: z.string().nullable(),
  creadoEn: z.string(),
})
export type Emisor = z.infer<typeof emisorSchema>

/** A sender's permission to send to a casilla: by which methods, from where, who answers for it and when it is expected. */
export const permisoDatosSchema = z.strictObject({
  metodos: z.array(metodoEnvioSchema).min(1).max(METODOS_ENVIO.length),
  /** Its own sub-folder, relative to the casilla's, with `/`; '' for none (with `local`: the folder itself). */
  subdirectorio: z.string().trim().max(255).default(''),
  responsable: z
    .strictObject({
      nombre: z.string().trim().max(100).default(''),
      email,
      telefono: z.string().trim().max(20).default(''),
      activo: z.boolean().default(true),
    })
    .prefault({}),
  /** null: the casilla's. */
  frecuencia: frecuenciaSchema.nullable().default(null),
})
export type PermisoDatos = z.infer<typeof permisoDatosSchema>

export const permisoSchema = permisoDatosSchema.extend({
  casillaId: id,
  emisorId: id,
  emisorNombre: z.string(),
  emisorActivo: z.boolean(),
  organizacion: z.string(),
  responsable: z.object({
    nombre: z.string(),
    email: z.string(),
    telefono: z.string(),
    activo: z.boolean(),
  }),
  puntualidad: puntualidadSchema,
})
export type Permiso = z.infer<typeof permisoSchema>
