import { cancelled } from '@engine/duckdb'
import { AppError, type AppErrorInit } from '@shared/errors/app-error'

type Known = Pick<AppErrorInit, 'kind' | 'hint'> & { code: string; says: string }

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
const UNREACHED: Known = { ...LOST, code: 'SIN_CONEXION', says: 'No contesta en esa dirección y puerto.' }
const CREDENTIALS: Known = {
  code: 'CREDENCIALES',
  kind: 'auth',
  says: 'No acepta el usuario o la contraseña.',
  hint: 'Revisar el usuario y la contraseña del destino.',
}
const FORBIDDEN: Known = {
  code: 'SIN_PERMISO',
  kind: 'auth',
  says: 'El usuario no tiene permiso.',
  hint: 'Pedir el permiso al administrador de la base; hacen falta tablas temporales.',
}
const MISSING: Known = {
  code: 'NO_EXISTE',
  kind: 'not-found',
  says: 'No está lo que se pide.',
  hint: 'Revisar el nombre de la base y de la tabla.',
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
/** SIGNAL of a trigger or a function. */
const TRIGGER: Known = {
  ...RULE,
  says: 'Un disparador o una función de la base rechaza las filas.',
  hint: 'Corregir los datos, o el disparador de la tabla.',
}
const REPEATED: Known = {
  ...RULE,
  code: 'CLAVE_REPETIDA',
  says: 'Una clave única de la tabla rechaza una fila repetida.',
}
const FULL: Known = {
  code: 'DISCO_LLENO',
  kind: 'terminal',
  says: 'No le queda espacio.',
  hint: 'Liberar espacio en el servidor.',
}
const READ_ONLY: Known = {
  code: 'SOLO_LECTURA',
  kind: 'config',
  says: 'El servidor es de solo lectura.',
  hint: 'Apuntar el destino al servidor principal.',
}
const WIDE: Known = {
  code: 'FILA_ANCHA',
  kind: 'config',
  says: 'Las columnas no caben en una fila.',
  hint: 'Quitar el largo de los textos, o repartirlos en dos tablas.',
}
const CERTIFICATE: Known = {
  code: 'CERTIFICADO',
  kind: 'config',
  says: 'No se pudo comprobar su certificado.',
  hint: 'Poner en el destino el certificado (PEM) de la autoridad que lo firma, y el nombre del servidor que dice.',
}
const NO_TLS: Known = {
  code: 'TLS',
  kind: 'config',
  says: 'No ofrece una conexión cifrada con TLS 1.2 o posterior.',
  hint: 'Activar TLS en el servidor; solo en esta máquina o en una red de confianza, quitarlo en el destino.',
}

/** By number of the server's error. */
const BY_NUMBER: [Known, number[]][] = [
  [BUSY, [1205, 3572]],
  [
    { ...BUSY, code: 'TRANSACCION_ABORTADA', says: 'Abortó la transacción por otra que corría a la vez.' },
    [1213, 1020, 3058],
  ],
  [
    { ...BUSY, code: 'SERVIDOR_OCUPADO', says: 'No da abasto: conexiones o memoria.' },
    [1040, 1203, 1226, 1037, 1041],
  ],
  [LOST, [1053, 1077, 1317, 1927, 4031, 2006, 2013]],
  [CREDENTIALS, [1045, 1698, 1251]],
  [FORBIDDEN, [1044, 1142, 1143, 1227, 1370]],
  [MISSING, [1049, 1051, 1054, 1146]],
  [VALUE, [1264, 1265, 1292, 1366, 1406, 1411, 1300, 3140]],
  [REPEATED, [1062, 1586]],
  [RULE, [1048, 1364, 1451, 1452, 1216, 1217, 3819, 4025, 1526]],
  [TRIGGER, [1644]],
  [FULL, [1021, 1114, 1030]],
  [READ_ONLY, [1290, 1792, 1836]],
  [WIDE, [1118, 1117, 1071]],
]

const BY_CODE: [Known, string[]][] = [
  [LOST, ['ECONNRESET', 'EPIPE', 'PROTOCOL_CONNECTION_LOST', 'ERR_STREAM_PREMATURE_CLOSE']],
  [UNREACHED, ['ECONNREFUSED', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN']],
  [{ ...MISSING, code: 'SERVIDOR_DESCONOCIDO', says: 'Nadie conoce ese nombre de servidor.' }, ['ENOTFOUND']],
  [
    CERTIFICATE,
    [
      'CERT_HAS_EXPIRED',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      'ERR_TLS_CERT_ALTNAME_INVALID',
    ],
  ],
  [NO_TLS, ['HANDSHAKE_NO_SSL_SUPPORT', 'ERR_SSL_UNSUPPORTED_PROTOCOL', 'EPROTO']],
]

const BY_TEXT: [RegExp, Known][] = [
  [/closed state|connection is closed|connection lost/i, LOST],
  [/does not support secure connection|wrong version number|alert protocol version/i, NO_TLS],
  [/does not match certificate|altnames|self.signed|unable to verify/i, CERTIFICATE],
]

/** What a driver's error says of itself, without trust in its shape. */
function partsOf(error: unknown): { code: string; number: number; text: string } {
  const text = error instanceof Error ? error.message : String(error)
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  const number =
    error instanceof Error && 'errno' in error && typeof error.errno === 'number' ? error.errno : 0
  return { code, number, text }
}

/** A failure of the driver or the server in our words; what the server said of it goes along. */
export function mysqlError(error: unknown, signal?: AbortSignal): AppError {
  if (signal?.aborted) return cancelled(error)
  if (error instanceof AppError) return error
  if (error instanceof AggregateError && error.errors.length > 0) return mysqlError(error.errors[0])
  const { code, number, text } = partsOf(error)
  const known =
    BY_NUMBER.find(([, numbers]) => numbers.includes(number))?.[0] ??
    BY_CODE.find(([, codes]) => codes.includes(code))?.[0] ??
    BY_TEXT.find(([pattern]) => pattern.test(text))?.[1]
  return new AppError(known?.code ?? 'MYSQL', {
    kind: known?.kind ?? (number > 0 ? 'terminal' : 'bug'),
    message: `MySQL: ${known ? `${known.says} ` : ''}${text}.`.replace(/\.\.$/, '.'),
    ...(known?.hint ? { hint: known.hint } : {}),
    details: { codigo: code, numero: number },
    cause: error,
  })
}
