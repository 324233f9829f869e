import { z } from 'zod'

export const ESTADOS_ARCHIVO = [
  'detectado',
  'reclamado',
  'copiado',
  'validando',
  'validado',
  'materializando',
  'terminado',
  'cuarentena',
] as const
export const estadoArchivoSchema = z.enum(ESTADOS_ARCHIVO)
export type EstadoArchivo = z.infer<typeof estadoArchivoSchema>

export const DESENLACES = [
  'aceptado',
  'parcial',
  'rechazado',
  'duplicado',
  'desaparecido',
  'error',
  'cancelado',
] as const
export const desenlaceSchema = z.enum(DESENLACES)
export type Desenlace = z.infer<typeof desenlaceSchema>

/** How a folder is watched. Kept as versioned JSON beside the casilla. */
export const vigilanciaSchema = z.strictObject({
  version: z.literal(1).default(1),
  /** Names taken, as globs (`*`, `?`); empty takes all that a reader knows. */
  patrones: z.array(z.string().min(1).max(255)).max(50).default([]),
  /** Names never taken, besides the built-in ones (hidden files, `~$*`, `*.part`, `*.tmp`, `*.crdownload`, `*.filepart`). */
  ignorar: z.array(z.string().min(1).max(255)).max(50).default([]),
  /** A file is taken when its size and time have stood still this long, in milliseconds. */
  asentamientoMs: z.number().int().min(0).max(3_600_000).default(2_000),
  /** Looked at every so often instead of asking the system for changes: for network drives. */
  sondeo: z.boolean().default(false),
  sondeoMs: z.number().int().min(500).max(3_600_000).default(10_000),
  /** Sub-folders too, those of senders among them; else only what lies in the folder itself. */
  subcarpetas: z.boolean().default(true),
  /** The same content (SHA-256) again. */
  duplicados: z.enum(['omitir', 'procesar']).default('omitir'),
  /** Faults that may pass are tried this many times in all before quarantine. */
  maxIntentos: z.number().int().min(1).max(20).default(5),
})
export type Vigilancia = z.infer<typeof vigilanciaSchema>

export const AL_TERMINAR = ['mover', 'etiquetar'] as const
export const alTerminarSchema = z.enum(AL_TERMINAR)

/** Where a casilla receives from a provider. */
export const origenRemotoSchema = z.strictObject({
  proveedorId: z.number().int().positive(),
  /** A folder below the base of the provider, with `/`; '' is the base itself. */
  prefijo: z.string().trim().max(1024),
  /** What is done with an original that has its outcome: it goes to `procesado/` or `rechazado/`, or stays with a tag that says which. */
  alTerminar: alTerminarSchema.default('mover'),
})
export type OrigenRemoto = z.infer<typeof origenRemotoSchema>

/** One file on its way through a casilla. */
export const archivoRecibidoSchema = z.object({
  id: z.number().int(),
  casillaId: z.number().int(),
  casillaNombre: z.string(),
  emisorId: z.number().int().nullable(),
  emisorNombre: z.string().nullable(),
  metodo: z.string(),
  nombre: z.string(),
  bytes: z.number(),
  sha256: z.string().nullable(),
  estado: estadoArchivoSchema,
  desenlace: desenlaceSchema.nullable(),
  /** Why it waits, was left out or is in quarantine, in words. */
  motivo: z.string().nullable(),
  intentos: z.number().int(),
  proximoIntento: z.string().nullable(),
  executionId: z.string().nullable(),
  duplicadoDe: z.number().int().nullable(),
  detectadoEn: z.string(),
  terminadoEn: z.string().nullable(),
})
export type ArchivoRecibido = z.infer<typeof archivoRecibidoSchema>

/** What the SAGE daemon does now, for one casilla. */
export const casillaRecepcionSchema = z.object({
  casillaId: z.number().int(),
  /** `sin_carpeta`: nothing to watch. `sin_acceso`: the folder can't be read now; it is tried again. */
  estado: z.enum(['vigilando', 'pausada', 'inactiva', 'sin_carpeta', 'sin_acceso']),
  motivo: z.string().nullable(),
  enCola: z.number().int(),
  enCurso: z.number().int(),
  cuarentena: z.number().int(),
  ultimoArchivoEn: z.string().nullable(),
})
export type CasillaRecepcion = z.infer<typeof casillaRecepcionSchema>
