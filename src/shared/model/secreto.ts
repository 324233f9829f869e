import { z } from 'zod'
import { secret } from './secret-field'

const id = z.number().int().positive()

export const TIPOS_SECRETO = ['base_datos', 's3', 'minio', 'azure', 'gcs', 'sftp', 'otro'] as const
export const tipoSecretoSchema = z.enum(TIPOS_SECRETO)
export type TipoSecreto = z.infer<typeof tipoSecretoSchema>

/** Where a data key is kept: keytar or its twin over the system's keychain, or the vault that a passphrase opens. */
export const LUGARES_CLAVE = ['keytar', 'napi', 'boveda'] as const
export const lugarClaveSchema = z.enum(LUGARES_CLAVE)
export type LugarClave = z.infer<typeof lugarClaveSchema>

export const VALORES_MAX = 32
export const nombreValorSchema = z
  .string()
  .max(64)
  .regex(/^[A-Za-z][A-Za-z0-9_.-]*$/)
const valorSchema = secret()

/** Shorter passphrases can be tried one by one by whoever takes the store away. */
export const FRASE_MIN = 12
export const fraseSchema = secret(z.string().min(1).max(1024))
export const fraseNuevaSchema = secret(z.string().min(FRASE_MIN).max(1024))

const fits = (valores: object): boolean => Object.keys(valores).length <= VALORES_MAX

const campos = {
  nombre: z.string().trim().min(1).max(255),
  descripcion: z.string().trim().max(1000),
  /** The day on which the credential stops working; null: never. */
  venceEn: z.iso.date().nullable(),
  /** How often it should be changed; null: no reminder. */
  rotarCadaDias: z.number().int().min(1).max(3650).nullable(),
  /** Days ahead of its expiry from which it is told of. */
  recordarDias: z.number().int().min(0).max(365),
}

export const secretoNuevoSchema = z.strictObject({
  nombre: campos.nombre,
  tipo: tipoSecretoSchema.default('otro'),
  descripcion: campos.descripcion.default(''),
  valores: z
    .record(nombreValorSchema, valorSchema)
    .refine((valores) => Object.keys(valores).length > 0 && fits(valores)),
  venceEn: campos.venceEn.default(null),
  rotarCadaDias: campos.rotarCadaDias.default(null),
  recordarDias: campos.recordarDias.default(14),
})
export type SecretoNuevo = z.infer<typeof secretoNuevoSchema>

/** What is absent stays. Of the values too: only those named change, and null takes one away. */
export const secretoCambioSchema = z.strictObject({
  nombre: campos.nombre.optional(),
  descripcion: campos.descripcion.optional(),
  valores: z.record(nombreValorSchema, valorSchema.nullable()).refine(fits).optional(),
  venceEn: campos.venceEn.optional(),
  rotarCadaDias: campos.rotarCadaDias.optional(),
  recordarDias: campos.recordarDias.optional(),
})
export type SecretoCambio = z.infer<typeof secretoCambioSchema>

/** What is told of a stored value: never the value. The fingerprint changes when the value does, and says nothing of it. */
export const valorInfoSchema = z.object({ nombre: z.string(), huella: z.string(), cambiadoEn: z.string() })
export type ValorInfo = z.infer<typeof valorInfoSchema>

export const VIGENCIAS = ['sin_plazo', 'vigente', 'por_rotar', 'por_vencer', 'vencido'] as const
export const vigenciaSchema = z.object({
  estado: z.enum(VIGENCIAS),
  /** Days left until the date that decides, negative when it has passed; null without one. */
  dias: z.number().int().nullable(),
})
export type Vigencia = z.infer<typeof vigenciaSchema>

/** Something that needs the secret: while there is one, the secret can't be removed. */
export const secretoUsoSchema = z.object({
  secretoId: id,
  /** `proveedor`, `destino`... */
  tipo: z.string(),
  id,
  nombre: z.string(),
})
export type SecretoUso = z.infer<typeof secretoUsoSchema>

export const secretoInfoSchema = z.object({
  id,
  nombre: z.string(),
  tipo: tipoSecretoSchema,
  descripcion: z.string(),
  valores: z.array(valorInfoSchema),
  venceEn: z.string().nullable(),
  rotarCadaDias: z.number().int().nullable(),
  recordarDias: z.number().int(),
  vigencia: vigenciaSchema,
  creadoEn: z.string(),
  actualizadoEn: z.string(),
  /** When its values last changed. */
  rotadoEn: z.string(),
  usadoPor: z.array(secretoUsoSchema),
  /** False when the key that sealed it was given up as lost: its values must be written again. */
  legible: z.boolean(),
})
export type SecretoInfo = z.infer<typeof secretoInfoSchema>

/**
 * - `lista`: secrets can be saved and used.
 * - `por_crear`: no key yet, and a keychain where the first one will be kept.
 * - `sin_llavero`: no key yet and nowhere to keep one but a vault.
 * - `boveda_bloqueada`: the vault waits for its passphrase.
 * - `llavero_inaccesible`: the key is in a keychain that can't be reached now.
 * - `clave_perdida`: the keychain answers, and the key is not there.
 */
export const SITUACIONES = [
  'lista',
  'por_crear',
  'sin_llavero',
  'boveda_bloqueada',
  'llavero_inaccesible',
  'clave_perdida',
] as const
export const estadoSecretosSchema = z.object({
  situacion: z.enum(SITUACIONES),
  /** Of the key in use; null while there is none. */
  lugar: lugarClaveSchema.nullable(),
  claveDesde: z.string().nullable(),
  llavero: z.object({
    disponible: z.boolean(),
    lugar: lugarClaveSchema.nullable(),
    motivo: z.string().nullable(),
  }),
  secretos: z.number().int(),
  ilegibles: z.number().int(),
})
export type EstadoSecretos = z.infer<typeof estadoSecretosSchema>

export const rotacionSchema = z.object({
  lugar: lugarClaveSchema,
  /** Secrets that were sealed again. */
  secretos: z.number().int(),
  /** Left as they were, since their key is lost. */
  ilegibles: z.number().int(),
})
export type Rotacion = z.infer<typeof rotacionSchema>
