import { AppError, type AppErrorInit } from '@shared/errors/app-error'

/** What a failure of a database means to us, whatever the database. */
export type Known = Pick<AppErrorInit, 'kind' | 'hint' | 'retryable'> & { code: string; says: string }

export const BUSY: Known = {
  code: 'TABLA_OCUPADA',
  kind: 'transient',
  says: 'La tabla está ocupada por otra carga u otra sesión.',
  hint: 'Esperar a que termine; la carga se repite sola.',
}
export const ABORTED: Known = {
  ...BUSY,
  code: 'TRANSACCION_ABORTADA',
  says: 'Abortó la transacción por otra que corría a la vez.',
}
export const OVERLOADED: Known = {
  ...BUSY,
  code: 'SERVIDOR_OCUPADO',
  says: 'No da abasto: conexiones o memoria.',
}
export const LOST: Known = {
  code: 'CONEXION_PERDIDA',
  kind: 'transient',
  says: 'Se perdió la conexión.',
  hint: 'Revisar que el servidor siga en marcha; la carga se repite sola y no deja nada a medias.',
}
export const UNREACHED: Known = {
  ...LOST,
  code: 'SIN_CONEXION',
  says: 'No contesta en esa dirección y puerto.',
}
export const UNKNOWN_SERVER: Known = {
  code: 'SERVIDOR_DESCONOCIDO',
  kind: 'not-found',
  says: 'Nadie conoce ese nombre de servidor.',
  hint: 'Revisar el nombre del servidor, y que este equipo tenga red.',
}
export const CREDENTIALS: Known = {
  code: 'CREDENCIALES',
  kind: 'auth',
  says: 'No acepta el usuario o la contraseña.',
  hint: 'Revisar el usuario y la contraseña del destino.',
}
export const FORBIDDEN: Known = {
  code: 'SIN_PERMISO',
  kind: 'auth',
  says: 'El usuario no tiene permiso.',
  hint: 'Pedir el permiso al administrador de la base.',
}
export const MISSING: Known = {
  code: 'NO_EXISTE',
  kind: 'not-found',
  says: 'No está lo que se pide.',
  hint: 'Revisar el nombre de la base, del esquema y de la tabla.',
}
export const VALUE: Known = {
  code: 'VALOR_RECHAZADO',
  kind: 'input',
  says: 'No acepta un valor.',
  hint: 'Corregir el valor en el origen, o el tipo de la columna en la asignación.',
}
export const RULE: Known = {
  code: 'RESTRICCION',
  kind: 'input',
  says: 'Una restricción de la tabla rechaza las filas.',
  hint: 'Corregir los datos o la restricción de la tabla.',
}
export const TRIGGER: Known = {
  ...RULE,
  says: 'Un disparador o una función de la base rechaza las filas.',
  hint: 'Corregir los datos, o el disparador de la tabla.',
}
export const REPEATED: Known = {
  ...RULE,
  code: 'CLAVE_REPETIDA',
  says: 'Una clave única de la tabla rechaza una fila repetida.',
}
export const FULL: Known = {
  code: 'DISCO_LLENO',
  kind: 'terminal',
  says: 'No le queda espacio.',
  hint: 'Liberar espacio en el servidor.',
}
export const READ_ONLY: Known = {
  code: 'SOLO_LECTURA',
  kind: 'config',
  says: 'La base es de solo lectura.',
  hint: 'Apuntar el destino al servidor principal.',
}
export const CERTIFICATE: Known = {
  code: 'CERTIFICADO',
  kind: 'config',
  says: 'No se pudo comprobar su certificado.',
  hint: 'Poner en el destino el certificado (PEM) de la autoridad que lo firma, y el nombre del servidor que dice.',
}
export const NO_TLS: Known = {
  code: 'TLS',
  kind: 'config',
  says: 'No ofrece una conexión cifrada con TLS 1.2 o posterior.',
  hint: 'Activar TLS en el servidor; solo en esta máquina o en una red de confianza, quitarlo en el destino.',
}

/** What Node's sockets and TLS call their failures. */
export const BY_SOCKET_CODE: Readonly<Record<string, Known>> = {
  ECONNREFUSED: UNREACHED,
  ETIMEDOUT: UNREACHED,
  EHOSTUNREACH: UNREACHED,
  ENETUNREACH: UNREACHED,
  EAI_AGAIN: { ...UNREACHED, says: 'No se pudo preguntar por el nombre del servidor.' },
  ENOTFOUND: UNKNOWN_SERVER,
  ECONNRESET: LOST,
  EPIPE: LOST,
  CERT_HAS_EXPIRED: CERTIFICATE,
  DEPTH_ZERO_SELF_SIGNED_CERT: CERTIFICATE,
  SELF_SIGNED_CERT_IN_CHAIN: CERTIFICATE,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: CERTIFICATE,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: CERTIFICATE,
  ERR_TLS_CERT_ALTNAME_INVALID: CERTIFICATE,
}

/** The first of a list whose numbers have this one. */
export const byNumber = (lists: readonly [Known, number[]][], number: number): Known | undefined =>
  lists.find(([, numbers]) => numbers.includes(number))?.[0]

export const byText = (patterns: readonly [RegExp, Known][], text: string): Known | undefined =>
  patterns.find(([pattern]) => pattern.test(text))?.[1]

interface Failure {
  /** For a person: `MySQL`. */
  nombre: string
  /** Of what nobody knows. */
  code: string
  known: Known | undefined
  /** What the driver or the server said of it. */
  text: string
  /** The server said it; else the driver did, and what nobody knows is a bug of ours. */
  isServers: boolean
  details: Record<string, unknown>
  cause: unknown
}

/** A failure in our words, with those of the server behind. */
export const failureOf = ({ nombre, code, known, text, isServers, details, cause }: Failure): AppError =>
  new AppError(known?.code ?? code, {
    kind: known?.kind ?? (isServers ? 'terminal' : 'bug'),
    message: `${nombre}: ${known ? `${known.says} ` : ''}${text}.`.replace(/\.\.$/, '.'),
    ...(known?.hint ? { hint: known.hint } : {}),
    details,
    cause,
  })
