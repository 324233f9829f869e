import { cancelled } from '@engine/duckdb'
import { AppError, type AppErrorInit } from '@shared/errors/app-error'

type Known = Pick<AppErrorInit, 'kind' | 'hint'> & { code: string; says: string }

const BUSY: Known = {
  code: 'TABLA_OCUPADA',
  kind: 'transient',
  says: 'La tabla está ocupada por otra carga u otra sesión.',
  hint: 'Esperar a que termine; la carga se repite sola.',
}
const ABORTED: Known = {
  ...BUSY,
  code: 'TRANSACCION_ABORTADA',
  says: 'Abortó la transacción por otra que corría a la vez.',
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
  hint: 'Pedir el permiso al administrador de la base.',
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
  hint: 'Revisar el tipo de la columna en la asignación.',
}
const RULE: Known = {
  code: 'RESTRICCION',
  kind: 'input',
  says: 'Una restricción de la tabla rechaza las filas.',
  hint: 'Corregir los datos o la restricción de la tabla.',
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
  says: 'La base es de solo lectura.',
  hint: 'Apuntar el destino a la base principal.',
}
const CERTIFICATE: Known = {
  code: 'CERTIFICADO',
  kind: 'config',
  says: 'No se pudo comprobar su certificado.',
  hint: 'Poner en el destino el certificado (PEM) de la autoridad que lo firma, y el nombre del servidor que dice.',
}

/** By number of the server's error (sys.messages). */
const BY_NUMBER: [Known, number[]][] = [
  [BUSY, [1222]],
  [ABORTED, [1205, 3960, 3902, 3903, 3930, 3998]],
  [
    { ...BUSY, code: 'SERVIDOR_OCUPADO', says: 'No da abasto: conexiones o memoria.' },
    [701, 8645, 17809, 10928],
  ],
  [CREDENTIALS, [18456, 18452, 18470, 18487, 18488]],
  [FORBIDDEN, [229, 230, 262, 916, 297, 300, 2760]],
  [MISSING, [208, 207, 4060, 4902, 3701, 911, 2812]],
  [VALUE, [220, 232, 235, 241, 242, 245, 248, 2628, 8114, 8115, 8152, 8169, 517, 9420]],
  [REPEATED, [2601, 2627]],
  [RULE, [515, 547, 550, 3609, 4712]],
  [FULL, [1101, 1105, 9002]],
  [READ_ONLY, [3906, 3908]],
]

const BY_CODE: [Known, string[]][] = [
  [CREDENTIALS, ['ELOGIN']],
  [UNREACHED, ['ETIMEOUT', 'EINSTLOOKUP']],
  [LOST, ['ECONNCLOSED', 'ENOTOPEN', 'ECONNRESET', 'EABORT', 'ENOTBEGUN', 'ESOCKET', 'EINVALIDSTATE']],
]

const BY_TEXT: [RegExp, Known][] = [
  [/certificate|altnames|self.signed/i, CERTIFICATE],
  [/ENOTFOUND/, { ...MISSING, code: 'SERVIDOR_DESCONOCIDO', says: 'Nadie conoce ese nombre de servidor.' }],
  [/ECONNREFUSED|EHOSTUNREACH|ETIMEDOUT|EAI_AGAIN|(failed to|could not) connect/i, UNREACHED],
]

/** What a driver's error says of itself, without trust in its shape; a failed transaction gives what failed it. */
function partsOf(error: unknown): { code: string; number: number; text: string } {
  const own = error instanceof Error ? error : new Error(String(error))
  const code = 'code' in own && typeof own.code === 'string' ? own.code : ''
  const number = 'number' in own && typeof own.number === 'number' ? own.number : 0
  return { code, number, text: own.message }
}

/** A failure of the driver or the server in our words; what the server said of it goes along. */
export function sqlserverError(error: unknown, signal?: AbortSignal): AppError {
  if (signal?.aborted) return cancelled(error)
  if (error instanceof AppError) return error
  const { code, number, text } = partsOf(error)
  const known =
    BY_NUMBER.find(([, numbers]) => numbers.includes(number))?.[0] ??
    BY_TEXT.find(([pattern]) => pattern.test(text))?.[1] ??
    BY_CODE.find(([, codes]) => codes.includes(code))?.[0]
  return new AppError(known?.code ?? 'SQLSERVER', {
    kind: known?.kind ?? (number > 0 ? 'terminal' : 'bug'),
    message: `SQL Server: ${known ? `${known.says} ` : ''}${text}.`.replace(/\.\.$/, '.'),
    ...(known?.hint ? { hint: known.hint } : {}),
    details: { codigo: code, numero: number },
    cause: error,
  })
}
