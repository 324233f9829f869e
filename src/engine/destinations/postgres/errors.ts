import { cancelled } from '@engine/duckdb'
import { AppError } from '@shared/errors/app-error'
import { DatabaseError } from 'pg'
import {
  ABORTED,
  BUSY,
  BY_SOCKET_CODE,
  byText,
  CREDENTIALS,
  FORBIDDEN,
  FULL,
  failureOf,
  type Known,
  LOST,
  MISSING,
  NO_TLS,
  OVERLOADED,
  READ_ONLY,
  REPEATED,
  RULE,
  TRIGGER,
  UNREACHED,
  VALUE,
} from '../shared/known-errors'
import { withRechazo } from '../shared/refused-row'
import { refusedKey } from './refused'

/** By SQLSTATE, else by its class (first two characters). */
const BY_STATE: Record<string, Known> = {
  '08': LOST,
  '22': VALUE,
  '23': RULE,
  '28': CREDENTIALS,
  '3D': MISSING,
  '3F': MISSING,
  '42P01': MISSING,
  '42501': FORBIDDEN,
  // The same row twice in one INSERT ... ON CONFLICT.
  '21000': { ...REPEATED, says: 'La carga trae una clave repetida.' },
  '23505': REPEATED,
  // RAISE of a trigger or a function, with no state of its own.
  P0001: TRIGGER,
  '25006': READ_ONLY,
  '40': ABORTED,
  '53100': FULL,
  '53': OVERLOADED,
  '55P03': BUSY,
  '57': { ...LOST, code: 'SERVIDOR_DETENIDO', says: 'Detuvo la operación.' },
}

const BY_TEXT: [RegExp, Known][] = [
  [/does not support SSL|wrong version number|unsupported protocol|alert protocol version/i, NO_TLS],
  [/timeout expired|timeout exceeded/i, { ...UNREACHED, says: 'No contesta a tiempo.' }],
  [/connection terminated|not queryable|connection ended|client was closed/i, LOST],
]

/** Errors whose DETAIL tells the key: of another table, repeated, of no partition. */
const KEYED = new Set(['23503', '23505', '23514'])

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

function knownOf(error: unknown, text: string): Known | undefined {
  const code = codeOf(error)
  if (error instanceof DatabaseError) return BY_STATE[code] ?? BY_STATE[code.slice(0, 2)]
  return BY_SOCKET_CODE[code] ?? byText(BY_TEXT, text)
}

/** A failure of the driver or the server in our words; what the server said of it goes along. */
export function postgresError(error: unknown, signal?: AbortSignal): AppError {
  if (signal?.aborted) return cancelled(error)
  if (error instanceof AppError) return error
  // Several addresses of one name that all fail come as one error of many.
  if (error instanceof AggregateError && error.errors.length > 0) return postgresError(error.errors[0])
  const text = error instanceof Error ? error.message : String(error)
  const server = error instanceof DatabaseError ? error : null
  const own = failureOf({
    ...{ nombre: 'PostgreSQL', code: 'POSTGRES', known: knownOf(error, text), cause: error },
    ...{ text: server?.detail ? `${text}. ${server.detail}` : text, isServers: server !== null },
    details: server
      ? { sqlstate: server.code, tabla: server.table, columna: server.column, donde: server.where }
      : {},
  })
  return server?.code && KEYED.has(server.code) ? withRechazo(own, refusedKey(server.detail)) : own
}
