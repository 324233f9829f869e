import { AppError } from '@shared/errors/app-error'
import {
  type Action,
  changed,
  cut,
  denied,
  failed,
  fromWire,
  full,
  loginRefused,
  notFound,
  sentence,
  unreachable,
  unsupported,
} from '../shared/errors'

/** Status codes of the protocol, version 3. */
export const STATUS = {
  EOF: 1,
  NO_SUCH_FILE: 2,
  PERMISSION_DENIED: 3,
  FAILURE: 4,
  NO_CONNECTION: 6,
  CONNECTION_LOST: 7,
  OP_UNSUPPORTED: 8,
} as const

export const statusOf = (error: unknown): number | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : null

/** What the client says by words alone when the connection is gone. */
export const CONNECTION_LOST = 'Connection lost'
const GONE =
  /No response from server|Not connected|Channel (?:not|is) |Unable to send data|Keepalive timeout|connection lost/i

/** What an operation of the protocol failed with, in our words. */
export function fromSftp(error: unknown, path: string, place: string, action: Action): AppError {
  const known = fromWire(error, place)
  if (known) return known
  switch (statusOf(error)) {
    case STATUS.NO_SUCH_FILE:
      return notFound(path, place, error)
    case STATUS.PERMISSION_DENIED:
      return denied(action, path, place, error)
    case STATUS.NO_CONNECTION:
    case STATUS.CONNECTION_LOST:
      return cut(place, error)
    case STATUS.OP_UNSUPPORTED:
      return unsupported('esa operación', place, 'Pedir a quien lo administra que la habilite.', error)
    // A read that finds the end before the end that the file had.
    case STATUS.EOF:
      return changed(path, place, error)
    // The protocol has no code of its own for a full disk.
    case STATUS.FAILURE:
      return action === 'escritura'
        ? full(`${place}, o no pudo guardar «${path}»`, error)
        : failed(place, error)
    default:
      return error instanceof Error && GONE.test(error.message) ? cut(place, error) : failed(place, error)
  }
}

/** What a connection could not be made with; `level` is the client's own word for how far it came. */
export function fromLogin(error: unknown, place: string, auth: 'password' | 'key', user: string): AppError {
  if (error instanceof AppError) return error
  const level = error instanceof Error && 'level' in error ? error.level : undefined
  if (level === 'client-authentication') {
    const what =
      auth === 'key' ? 'la clave privada (y que el servidor tenga su parte pública)' : 'la contraseña'
    return loginRefused(place, `Revisar el usuario «${user}» y ${what}.`, error)
  }
  if (level === 'client-timeout') return unreachable(place, 'no respondió a tiempo', error)
  if (level === 'handshake') {
    return unsupported(
      'los cifrados de SAGE',
      place,
      'Pedir a quien lo administra que admita cifrados actuales.',
      error,
    )
  }
  const known = fromWire(error, place)
  if (known) return known
  // The server hung up while it was being greeted: too many connections, or it is going down.
  return level === 'client-socket' || (error instanceof Error && GONE.test(error.message))
    ? cut(place, error)
    : failed(place, error)
}

export const badKey = (why: string): AppError =>
  new AppError('SFTP_KEY_INVALID', {
    kind: 'config',
    message: `La clave privada no se puede leer: ${why}.`,
    hint: 'Pegar el archivo entero, desde BEGIN hasta END, y su frase si está cifrada.',
  })

export const missingSecret = (what: string): AppError =>
  new AppError('PROVIDER_SECRET_MISSING', {
    kind: 'config',
    message: `Falta ${what} del proveedor SFTP.`,
    hint: 'Guardarla en el proveedor.',
  })

export const hostKeyUnknown = (place: string, hostKey: string): AppError =>
  new AppError('HOST_KEY_UNKNOWN', {
    kind: 'auth',
    message: `Es la primera vez que se entra en ${place}, que se presenta con la huella ${hostKey}.`,
    hint: 'Compararla con la que da quien administra el servidor y, si es la misma, aceptarla.',
    details: { hostKey },
  })

export const hostKeyChanged = (place: string, expected: string, hostKey: string): AppError =>
  new AppError('HOST_KEY_CHANGED', {
    kind: 'auth',
    message: `${sentence(place)} se presenta con otra huella: ${hostKey}, y se esperaba ${expected}. No se entró.`,
    hint: 'Puede ser otro servidor. Preguntar a quien lo administra antes de aceptar la huella nueva.',
    details: { hostKey, expected },
  })
