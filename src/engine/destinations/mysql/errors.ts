import { cancelled } from '@engine/duckdb'
import { AppError } from '@shared/errors/app-error'
import {
  ABORTED,
  BUSY,
  BY_SOCKET_CODE,
  byNumber,
  byText,
  CERTIFICATE,
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
  VALUE,
} from '../shared/known-errors'

/** By number of the server's error. */
const BY_NUMBER: [Known, number[]][] = [
  [BUSY, [1205, 3572]],
  [ABORTED, [1213, 1020, 3058]],
  [OVERLOADED, [1040, 1203, 1226, 1037, 1041]],
  [LOST, [1053, 1077, 1317, 1927, 4031, 2006, 2013]],
  [CREDENTIALS, [1045, 1698, 1251]],
  [
    {
      ...FORBIDDEN,
      hint: 'Pedir el permiso al administrador de la base; hacen falta tablas temporales.',
    },
    [1044, 1142, 1143, 1227, 1370],
  ],
  [{ ...MISSING, hint: 'Revisar el nombre de la base y de la tabla.' }, [1049, 1051, 1054, 1146]],
  [VALUE, [1264, 1265, 1292, 1366, 1406, 1411, 1300, 3140]],
  [REPEATED, [1062, 1586]],
  [RULE, [1048, 1364, 1451, 1452, 1216, 1217, 3819, 4025, 1526]],
  [TRIGGER, [1644]],
  [FULL, [1021, 1114, 1030]],
  [READ_ONLY, [1290, 1792, 1836]],
  [
    {
      code: 'FILA_ANCHA',
      kind: 'config',
      says: 'Las columnas no caben en una fila.',
      hint: 'Quitar el largo de los textos, o repartirlos en dos tablas.',
    },
    [1118, 1117, 1071],
  ],
]

const BY_CODE: Readonly<Record<string, Known>> = {
  ...BY_SOCKET_CODE,
  PROTOCOL_CONNECTION_LOST: LOST,
  ERR_STREAM_PREMATURE_CLOSE: LOST,
  HANDSHAKE_NO_SSL_SUPPORT: NO_TLS,
  ERR_SSL_UNSUPPORTED_PROTOCOL: NO_TLS,
  EPROTO: NO_TLS,
}

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
  return failureOf({
    ...{ nombre: 'MySQL', code: 'MYSQL', text, isServers: number > 0, cause: error },
    known: byNumber(BY_NUMBER, number) ?? BY_CODE[code] ?? byText(BY_TEXT, text),
    details: { codigo: code, numero: number },
  })
}
