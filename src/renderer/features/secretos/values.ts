import type { TipoSecreto } from '@shared/model/secreto'

// Spelled here and held by their types: the schemas would bring zod into the window.
export const TIPO_SECRETO_VALUES = [
  'base_datos',
  's3',
  'minio',
  'azure',
  'gcs',
  'sftp',
  'otro',
] as const satisfies readonly TipoSecreto[]

/** Shortest passphrase that the engine takes. */
export const FRASE_MIN = 12

/** What each kind of connection asks for by name; any other name may be added. */
export const SUGGESTED: Record<TipoSecreto, readonly string[]> = {
  base_datos: ['contrasena'],
  s3: ['secretAccessKey'],
  minio: ['secretKey'],
  azure: ['connectionString'],
  gcs: ['serviceAccount'],
  sftp: ['password'],
  otro: ['password'],
}
