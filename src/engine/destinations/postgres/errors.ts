import { cancelled } from '@engine/duckdb'
import { AppError, type AppErrorInit } from '@shared/errors/app-error'
import { DatabaseError } from 'pg'
import { withRechazo } from '../shared/refused-row'
import { refusedKey } from './refused'

type Known = Pick<AppErrorInit, 'kind' | 'hint' | 'retryable'> & { code: string; says: string }

const BUSY: Known = {
  code: 'TABLA_OCUPADA',
  kind: 'transient',
  says: 'La tabla está ocupada por otra carga u otra sesión.',
  hint: 'Esperar a que termine; la carga se repite sola.',
}
const LOST: Known = {
  code: 'CONEXION_PERDIDA',
  kind: 'transient',
  says: 'Se perdió la conexión.',
  hint: 'Revisar que el servidor siga en marcha; la carga se repite sola y no deja nada a medias.',
}
const CREDENTIALS: Known = {
  code: 'CREDENCIALES',
  kind: 'auth',
  says: 'No acepta el usuario o la contraseña.',
  hint: 'Revisar el usuario y la contraseña del destino.',
}
const MISSING: Known = {
  code: 'NO_EXISTE',
  kind: 'not-found',
  says: 'No está lo que se pide.',
  hint: 'Revisar el nombre de la base, del esquema y de la tabla.',
}
const VALUE: Known = {
  code: 'VALOR_RECHAZADO',
  kind: 'input',
  says: 'No acepta un valor.',
  hint: 'Corregir el valor en el origen, o el tipo de la columna en la asignación.',
}
const RULE: Known = {
  code: 'RESTRICCION',
  kind: 'input',
  says: 'Una restricción de la tabla rechaza las filas.',
  hint: 'Corregir los datos o la restricción de la tabla.',
}
const CERTIFICATE: Known = {
  code: 'CERTIFICADO',
  kind: 'config',
  says: 'No se pudo comprobar su certificado.',
  hint: 'Poner en el destino el certificado (PEM) de la autoridad que lo firma, y el nombre del servidor que dice.',
}

/** By SQLSTATE, else by its class (first two characters). */
const BY_STATE: Record<string, Known> = {
  '08': LOST,
  '22': VALUE,
  '23': RULE,
  '28': CREDENTIALS,
  '3D': MISSING,
  '3F': MISSING,
  '42P01': MISSING,
  '42501': {
    code: 'SIN_PERMISO',
    kind: 'auth',
    says: 'El usuario no tiene permiso.',
    hint: 'Pedir el permiso al administrador de la base.',
  },
  // The same row twice in one INSERT ... ON CONFLICT.
  '21000': { ...RULE, code: 'CLAVE_REPETIDA', says: 'La carga trae una clave repetida.' },
  '23505': {
    ...RULE,
    code: 'CLAVE_REPETIDA',
    says: 'Una clave única de la tabla rechaza una fila repetida.',
  },
  // RAISE of a trigger or a function, with no state of its own.
  P0001: {
    ...RULE,
    says: 'Un disparador o una función de la base rechaza las filas.',
    hint: 'Corregir los datos, o el disparador de la tabla.',
  },
  '25006': {
    code: 'SOLO_LECTURA',
    kind: 'config',
    says: 'El servidor es de solo lectura.',
    hint: 'Apuntar el destino al servidor principal.',
  },
  '40': {
    ...BUSY,
    code: 'TRANSACCION_ABORTADA',
    says: 'Abortó la transacción por otra que corría a la vez.',
  },
  '53100': {
    code: 'DISCO_LLENO',
    kind: 'terminal',
    says: 'No le queda espacio en disco.',
    hint: 'Liberar espacio en el servidor.',
  },
  '53': { ...BUSY, code: 'SERVIDOR_OCUPADO', says: 'No da abasto: conexiones o memoria.' },
  '55P03': BUSY,
  '57': { ...LOST, code: 'SERVIDOR_DETENIDO', says: 'Detuvo la operación.' },
}

const BY_CODE: Record<string, Known> = {
  ECONNREFUSED: { ...LOST, code: 'SIN_CONEXION', says: 'No contesta en esa dirección y puerto.' },
  ETIMEDOUT: { ...LOST, code: 'SIN_CONEXION', says: 'No contesta a tiempo.' },
  EHOSTUNREACH: { ...LOST, code: 'SIN_CONEXION', says: 'No hay camino hasta el servidor.' },
  EAI_AGAIN: { ...LOST, code: 'SIN_CONEXION', says: 'No se pudo preguntar por el nombre del servidor.' },
  ENOTFOUND: {
    ...MISSING,
    code: 'SERVIDOR_DESCONOCIDO',
    says: 'Nadie conoce ese nombre de servidor.',
    hint: 'Revisar el nombre del servidor, y que este equipo tenga red.',
  },
  ECONNRESET: LOST,
  EPIPE: LOST,
  CERT_HAS_EXPIRED: CERTIFICATE,
  DEPTH_ZERO_SELF_SIGNED_CERT: CERTIFICATE,
  SELF_SIGNED_CERT_IN_CHAIN: CERTIFICATE,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: CERTIFICATE,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: CERTIFICATE,
  ERR_TLS_CERT_ALTNAME_INVALID: CERTIFICATE,
}

const BY_TEXT: [RegExp, Known][] = [
  [
    /does not support SSL|wrong version number|unsupported protocol|alert protocol version/i,
    {
      code: 'TLS',
      kind: 'config',
      says: 'No ofrece una conexión cifrada con TLS 1.2 o posterior.',
      hint: 'Activar TLS en el servidor; solo en esta máquina o en una red de confianza, quitarlo en el destino.',
    },
  ],
  [/timeout expired|timeout exceeded/i, { ...LOST, code: 'SIN_CONEXION', says: 'No contesta a tiempo.' }],
  [/connection terminated|not queryable|connection ended|client was closed/i, LOST],
]

/** Errors whose DETAIL tells the key: of another table, repeated, of no partition. */
const KEYED = new Set(['23503', '23505', '23514'])

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

function known(error: unknown, text: string): Known | undefined {
  const code = codeOf(error)
  if (error instanceof DatabaseError) return BY_STATE[code] ?? BY_STATE[code.slice(0, 2)]
  return BY_CODE[code] ?? BY_TEXT.find(([pattern]) => pattern.test(text))?.[1]
}

/** A failure of the driver or the server in our words; what the server said of it goes along. */
export function postgresError(error: unknown, signal?: AbortSignal): AppError {
  if (signal?.aborted) return cancelled(error)
  if (error instanceof AppError) return error
  // Several addresses of one name that all fail come as one error of many.
  if (error instanceof AggregateError && error.errors.length > 0) return postgresError(error.errors[0])
  const text = error instanceof Error ? error.message : String(error)
  const found = known(error, text)
  const server = error instanceof DatabaseError ? error : null
  const detail = server?.detail ? `. ${server.detail}` : ''
  const rechazo = server?.code && KEYED.has(server.code) ? refusedKey(server.detail) : null
  const own = new AppError(found?.code ?? 'POSTGRES', {
    kind: found?.kind ?? (server ? 'terminal' : 'bug'),
    message: `PostgreSQL: ${found ? `${found.says} ` : ''}${text}${detail}.`.replace(/\.\.$/, '.'),
    ...(found?.hint ? { hint: found.hint } : {}),
    details: server
      ? { sqlstate: server.code, tabla: server.table, columna: server.column, donde: server.where }
      : {},
    cause: error,
  })
  return withRechazo(own, rechazo)
}
