import type { AppErrorData } from '@shared/errors/app-error'

/** How long a file that could not be processed waits; each try doubles it, with a quarter of chance so that many don't come at once. */
export function backoffMs(tries: number, baseMs: number, random = Math.random()): number {
  const wait = Math.min(baseMs * 2 ** Math.max(0, tries - 1), 5 * 60_000)
  return Math.round(wait * (0.75 + random / 2))
}

/** Faults of the place and the moment: the same file may do well later. */
export const mayPass = (error: AppErrorData): boolean =>
  error.retryable || error.kind === 'transient' || error.code === 'DISK_FULL' || error.code === 'STORE_DISK'

export const errnoOf = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null

const REASONS: Record<string, string> = {
  EBUSY: 'Otro programa lo tiene abierto.',
  ETXTBSY: 'Otro programa lo tiene abierto.',
  EACCES: 'No hay permiso para leerlo.',
  EPERM: 'No hay permiso para leerlo, o lo tiene abierto otro programa.',
  ENOSPC: 'No queda espacio en el disco.',
  EDQUOT: 'No queda espacio en el disco.',
  EMFILE: 'Hay demasiados archivos abiertos en este equipo.',
  ENFILE: 'Hay demasiados archivos abiertos en este equipo.',
  EIO: 'El disco falló al leerlo.',
}

/** What stopped a file, for a person. */
export function reasonOf(error: unknown): string {
  const code = errnoOf(error)
  if (code !== null && REASONS[code] !== undefined) return REASONS[code]
  const message = error instanceof Error ? error.message : String(error)
  return code === null ? message : `El sistema no dejó copiarlo (${code}).`
}
