import { AppError } from '@shared/errors/app-error'

/** What was being done, for the sentence «no tiene permiso de … en …». */
export type Action = 'lectura' | 'escritura' | 'borrado' | 'listado' | 'creación'

/** At the beginning of a sentence. */
export const sentence = (place: string): string => place.charAt(0).toUpperCase() + place.slice(1)

/** Spanish joins both: «al servidor», «del servidor». */
const al = (place: string): string => `a ${place}`.replace(/^a el /, 'al ')
export const del = (place: string): string => `de ${place}`.replace(/^de el /, 'del ')

export const cancelled = (): AppError =>
  new AppError('CANCELLED', { kind: 'cancelled', message: 'La operación se canceló.' })

export const notFound = (path: string, place: string, cause?: unknown): AppError =>
  new AppError('REMOTE_NOT_FOUND', {
    kind: 'not-found',
    message: `No existe «${path}» en ${place}.`,
    hint: 'Comprobar la ruta; puede que ya se haya movido o borrado.',
    details: { path },
    cause,
  })

export const noContainer = (name: string, place: string, cause?: unknown): AppError =>
  new AppError('REMOTE_NO_CONTAINER', {
    kind: 'not-found',
    message: `No existe «${name}» en ${place}.`,
    hint: 'Corregir el nombre en el proveedor, o crearlo.',
    details: { name },
    cause,
  })

export const alreadyExists = (path: string, place: string, cause?: unknown): AppError =>
  new AppError('REMOTE_EXISTS', {
    kind: 'conflict',
    message: `Ya existe «${path}» en ${place}.`,
    hint: 'Usar otro nombre, o permitir que se reemplace.',
    details: { path },
    cause,
  })

export const changed = (path: string, place: string, cause?: unknown): AppError =>
  new AppError('REMOTE_CHANGED', {
    kind: 'conflict',
    message: `«${path}» cambió en ${place} mientras se leía.`,
    hint: 'Leerlo otra vez desde el principio.',
    details: { path },
    cause,
  })

export const notAFile = (path: string, place: string, cause?: unknown): AppError =>
  new AppError('REMOTE_NOT_A_FILE', {
    kind: 'input',
    message: `«${path}» no es un archivo en ${place}, o es una carpeta que no está vacía.`,
    hint: 'Elegir un archivo.',
    details: { path },
    cause,
  })

export const denied = (action: Action, path: string, place: string, cause?: unknown): AppError =>
  new AppError('REMOTE_DENIED', {
    kind: 'auth',
    message: `La credencial no tiene permiso de ${action} en ${place}${path === '' ? '' : ` («${path}»)`}.`,
    hint: `Pedir a quien administra el proveedor el permiso de ${action}, o usar otra credencial.`,
    details: { path, action },
    cause,
  })

export const loginRefused = (place: string, hint: string, cause?: unknown): AppError =>
  new AppError('REMOTE_LOGIN_REFUSED', {
    kind: 'auth',
    message: `${sentence(place)} no aceptó la credencial.`,
    hint,
    cause,
  })

export const full = (place: string, cause?: unknown): AppError =>
  new AppError('REMOTE_FULL', {
    kind: 'terminal',
    message: `No queda espacio en ${place}.`,
    hint: 'Liberar espacio o ampliar la cuota, y volver a intentar.',
    cause,
  })

export const unsupported = (what: string, place: string, hint: string, cause?: unknown): AppError =>
  new AppError('REMOTE_UNSUPPORTED', {
    kind: 'unsupported',
    message: `${sentence(place)} no admite ${what}.`,
    hint,
    cause,
  })

/** What arrived is not what was sent: worth sending again. */
export const corrupt = (path: string, place: string, details: Record<string, unknown>): AppError =>
  new AppError('REMOTE_CORRUPT', {
    kind: 'transient',
    message: `Lo que llegó a «${path}» en ${place} no es lo que se envió.`,
    hint: 'Se vuelve a intentar; si se repite, revisar la red o el proxy.',
    details: { path, ...details },
  })

export const cut = (place: string, cause?: unknown): AppError =>
  new AppError('REMOTE_CUT', {
    kind: 'transient',
    message: `Se cortó la conexión con ${place}.`,
    hint: 'Se vuelve a intentar; si se repite, revisar la red.',
    cause,
  })

export const unreachable = (place: string, why: string, cause?: unknown): AppError =>
  new AppError('REMOTE_UNREACHABLE', {
    kind: 'transient',
    message: `No se llega ${al(place)}: ${why}.`,
    hint: 'Comprobar la dirección, el puerto, el cortafuegos y el proxy.',
    cause,
  })

/** `retryAfterMs` is what the server asked for, if it did. */
export const busy = (place: string, retryAfterMs?: number, cause?: unknown): AppError =>
  new AppError('REMOTE_BUSY', {
    kind: 'transient',
    message: `${sentence(place)} está ocupado.`,
    hint: 'Se vuelve a intentar; si se repite, bajar cuántas operaciones van a la vez.',
    details: retryAfterMs === undefined ? undefined : { retryAfterMs },
    cause,
  })

/** What no rule of a plug recognises: told with the words of the server, once they are clean. */
export const failed = (place: string, cause: unknown): AppError =>
  new AppError('REMOTE_FAILED', {
    kind: 'terminal',
    message: `${sentence(place)} respondió con un error: ${cause instanceof Error ? cause.message : String(cause)}`,
    hint: 'Probar la conexión del proveedor para ver qué paso falla.',
    cause,
  })

export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

const CERTIFICATE = /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH)/
const HANDSHAKE = /^(ERR_SSL_|ERR_TLS_|EPROTO$)/

function insecure(place: string, code: string, cause: unknown): AppError {
  const certificate = CERTIFICATE.test(code)
  return new AppError('REMOTE_TLS', {
    kind: 'config',
    message: certificate
      ? `No se puede confiar en el certificado ${del(place)} (${code}).`
      : `No se pudo acordar una conexión segura con ${place} (${code}).`,
    hint: certificate
      ? 'Si lo firma una autoridad propia, añadirla en los ajustes del proveedor; si no, revisar la dirección.'
      : 'Revisar que ese puerto hable TLS 1.2 o posterior.',
    details: { code },
    cause,
  })
}

const WIRE: Record<string, (place: string, cause: unknown) => AppError> = {
  ECONNREFUSED: (place, cause) => unreachable(place, 'no hay nada que escuche en ese puerto', cause),
  EHOSTUNREACH: (place, cause) => unreachable(place, 'no hay camino hasta esa máquina', cause),
  ENETUNREACH: (place, cause) => unreachable(place, 'no hay red', cause),
  ETIMEDOUT: (place, cause) => unreachable(place, 'no respondió a tiempo', cause),
  ECONNRESET: cut,
  ECONNABORTED: cut,
  EPIPE: cut,
  ERR_STREAM_PREMATURE_CLOSE: cut,
  ENOTFOUND: dns,
  EAI_AGAIN: dns,
  ERR_PROXY_TUNNEL: (place, cause) => unreachable(place, 'el proxy no dejó pasar la conexión', cause),
}

function dns(place: string, cause: unknown): AppError {
  const passing = codeOf(cause) === 'EAI_AGAIN'
  return new AppError('REMOTE_DNS', {
    kind: passing ? 'transient' : 'config',
    message: `No se encuentra la dirección ${del(place)}.`,
    hint: 'Comprobar cómo está escrita, y que esta máquina resuelve nombres.',
    cause,
  })
}

/**
 * What Node itself throws about the wire, cancelled work and our own errors, as an AppError; null for anything else, which the plug must judge.
 * `place` is the provider in words: «el servidor sftp.ejemplo.com:22», «el bucket ventas».
 */
export function fromWire(error: unknown, place: string): AppError | null {
  if (error instanceof AppError) return error
  if (error instanceof Error && error.name === 'AbortError') return cancelled()
  const code = codeOf(error)
  const known = WIRE[code]
  if (known) return known(place, error)
  if (CERTIFICATE.test(code) || HANDSHAKE.test(code)) return insecure(place, code, error)
  // Some clients wrap the error of the socket.
  return error instanceof Error && error.cause !== undefined ? fromWire(error.cause, place) : null
}
