import { basename } from 'node:path'
import { AppError } from '@shared/errors/app-error'

/** A problem of the file as it came: says what, and what to do about it. */
export const inputError = (
  code: string,
  message: string,
  hint: string,
  details?: Record<string, unknown>,
  cause?: unknown,
): AppError =>
  new AppError(code, {
    kind: 'input',
    message,
    hint,
    ...(details ? { details } : {}),
    ...(cause === undefined ? {} : { cause }),
  })

export const cancelled = (): AppError =>
  new AppError('CANCELLED', { kind: 'cancelled', message: 'La operación se canceló.' })

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled()
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined

const FS_MESSAGES: Record<string, [code: string, message: string, hint: string]> = {
  ENOENT: ['FILE_NOT_FOUND', 'no existe', 'Comprobar la ruta y que el archivo no se haya movido.'],
  EACCES: [
    'FILE_DENIED',
    'no se puede leer: falta permiso',
    'Dar permiso de lectura al usuario del sistema.',
  ],
  EPERM: ['FILE_DENIED', 'no se puede leer: falta permiso', 'Dar permiso de lectura al usuario del sistema.'],
  EISDIR: ['FILE_NOT_REGULAR', 'es una carpeta, no un archivo', 'Elegir un archivo.'],
  ENOSPC: ['DISK_FULL', 'no cabe: el disco está lleno', 'Liberar espacio o elegir otra carpeta de trabajo.'],
  EDQUOT: ['DISK_FULL', 'no cabe: se agotó la cuota de disco', 'Liberar espacio o pedir más cuota.'],
}

/** Turns what the file system throws into our error; anything else passes as it is. */
export function fromFs(error: unknown, path: string): unknown {
  if (error instanceof AppError) return error
  if (error instanceof Error && error.name === 'AbortError') return cancelled()
  const known = FS_MESSAGES[codeOf(error) ?? '']
  if (!known) return error
  const [code, what, hint] = known
  return inputError(code, `«${basename(path)}» ${what}.`, hint, { path }, error)
}
