import { cancelled } from '@engine/duckdb'
import { AppError } from '@shared/errors/app-error'
import {
  ABORTED,
  BUSY,
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
  OVERLOADED,
  READ_ONLY,
  REPEATED,
  RULE,
  TRIGGER,
  UNKNOWN_SERVER,
  UNREACHED,
  VALUE,
} from '../shared/known-errors'

/** By number of the server's error (sys.messages). */
const BY_NUMBER: [Known, number[]][] = [
  [BUSY, [1222]],
  [ABORTED, [1205, 3960, 3902, 3903, 3930, 3998]],
  [OVERLOADED, [701, 8645, 17809, 10928]],
  [CREDENTIALS, [18456, 18452, 18470, 18487, 18488]],
  [FORBIDDEN, [229, 230, 262, 916, 297, 300, 2760]],
  [MISSING, [208, 207, 4060, 4902, 3701, 911, 2812]],
  [VALUE, [220, 232, 235, 241, 242, 245, 248, 2628, 8114, 8115, 8152, 8169, 517, 9420]],
  [REPEATED, [2601, 2627]],
  [RULE, [515, 547, 550, 4712]],
  [TRIGGER, [3609]],
  [FULL, [1101, 1105, 9002]],
  [READ_ONLY, [3906, 3908]],
]
/** From here on they are those of THROW and RAISERROR: of a trigger or a function. */
const FIRST_RAISED = 50_000

/** By the driver's code, when neither its number nor its words say more. */
const BY_CODE: Readonly<Record<string, Known>> = {
  ELOGIN: CREDENTIALS,
  ETIMEOUT: UNREACHED,
  EINSTLOOKUP: UNREACHED,
  ECONNCLOSED: LOST,
  ENOTOPEN: LOST,
  ECONNRESET: LOST,
  EABORT: LOST,
  ENOTBEGUN: LOST,
  ESOCKET: LOST,
  EINVALIDSTATE: LOST,
}

const BY_TEXT: [RegExp, Known][] = [
  [/certificate|altnames|self.signed/i, CERTIFICATE],
  [/ENOTFOUND/, UNKNOWN_SERVER],
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
  const raised = number >= FIRST_RAISED ? TRIGGER : undefined
  return failureOf({
    ...{ nombre: 'SQL Server', code: 'SQLSERVER', text, isServers: number > 0, cause: error },
    known: byNumber(BY_NUMBER, number) ?? raised ?? byText(BY_TEXT, text) ?? BY_CODE[code],
    details: { codigo: code, numero: number },
  })
}
