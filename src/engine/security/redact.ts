import type { AppErrorData } from '@shared/errors/app-error'
import { maskKnown } from './known-secrets'

export { rememberSecret } from './known-secrets'

/** What stands where a secret stood. */
export const REDACTED = '[oculto]'

const MAX_DEPTH = 12
const MAX_ITEMS = 1_000

/**
 * Names (of a key, a header, a parameter) whose value is a secret, compared in lower case without `_`, `-` or blanks.
 * `clave` is Spanish for password, and `clave_primaria` is a primary key.
 */
const SECRET_NAME =
  /(?:^|[a-z])(?:password|passwd|passphrase|contrasena|contraseña|secret|secreto|apikey|accesskey|privatekey|accountkey|sharedkey|credential|credencial|authorization|cookie|connectionstring|cadenaconexion)|^(?:pass|pwd|pw|token|jwt|bearer|sas|sastoken|sig|signature|dsn|clave)$|token$|(?:usuario|sftp|smtp|imap|correo|api|acceso|privada)clave|clave(?:api|privada|acceso|secreta|sftp)/i

const TEXT_PATTERNS: [RegExp, string][] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, REDACTED],
  // scheme://user:password@host
  [/\b([a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]{0,256}):[^\s/@]{1,512}@/gi, `$1:${REDACTED}@`],
  [/\b(Bearer|Basic|SharedKey|AWS4-HMAC-SHA256)\s+[A-Za-z0-9+/=._~:-]{8,}/g, `$1 ${REDACTED}`],
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g, REDACTED],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g, REDACTED],
  [
    /\bgh[pousr]_[A-Za-z0-9]{20,}\b|\bxox[abprs]-[A-Za-z0-9-]{10,}|\bAIza[0-9A-Za-z_-]{30,}|\bsk-[A-Za-z0-9_-]{20,}/g,
    REDACTED,
  ],
  // name=value and name: value, in query strings, connection strings, JSON and sentences.
  [
    /((?:password|passwd|pwd|passphrase|contraseña|contrasena|secret|secreto|token|api[_-]?key|access[_-]?key|secret[_-]?access[_-]?key|account[_-]?key|sharedaccesskey|sharedaccesssignature|client[_-]?secret|sig|x-amz-signature|x-amz-security-token|x-goog-signature|clave)["']?\s{0,3}[=:]\s{0,3})(?:"[^"]{1,2048}"|'[^']{1,2048}'|[^\s,;&"'{}[\]]{1,2048})/gi,
    `$1${REDACTED}`,
  ],
]

/** True when the value under this name must never be shown. */
export const isSecretName = (name: string): boolean =>
  SECRET_NAME.test(name.replace(/[\s_.-]/g, '').toLowerCase())

/** A text without the secrets that this process knows, nor those that can be told by their form. */
export const redactText = (text: string): string =>
  TEXT_PATTERNS.reduce(
    (out, [pattern, replacement]) => out.replace(pattern, replacement),
    maskKnown(text, REDACTED),
  )

function walk(value: unknown, depth: number, ancestors: Set<object>): unknown {
  if (typeof value === 'string') return redactText(value)
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'function' || typeof value === 'symbol') return undefined
  if (typeof value !== 'object' || value === null) return value
  if (depth > MAX_DEPTH || ancestors.has(value)) return '[…]'
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`
  ancestors.add(value)
  try {
    if (value instanceof Error) return walk(errorFields(value), depth + 1, ancestors)
    if (value instanceof Map) return walk(Object.fromEntries(value), depth + 1, ancestors)
    if (value instanceof Set) return walk([...value], depth + 1, ancestors)
    if (Array.isArray(value)) {
      const items = value.slice(0, MAX_ITEMS).map((item) => walk(item, depth + 1, ancestors))
      return value.length > MAX_ITEMS ? [...items, `[… ${value.length - MAX_ITEMS} más]`] : items
    }
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        maskKnown(key, REDACTED),
        isSecretName(key) && item !== null && item !== undefined
          ? REDACTED
          : walk(item, depth + 1, ancestors),
      ]),
    )
  } finally {
    ancestors.delete(value)
  }
}

const errorFields = (error: Error): Record<string, unknown> => ({
  ...error,
  name: error.name,
  message: error.message,
  stack: error.stack,
  ...(error.cause === undefined ? {} : { cause: error.cause }),
})

/** A copy fit for a log: plain JSON values, no secret by name or by form, no cycles, bounded. */
export const redact = (value: unknown): unknown => walk(value, 0, new Set())

/** An error fit to leave the engine. */
export function redactError(data: AppErrorData): AppErrorData {
  const details = data.details === undefined ? undefined : redact(data.details)
  return {
    ...data,
    message: redactText(data.message),
    hint: data.hint === undefined ? undefined : redactText(data.hint),
    details:
      typeof details === 'object' && details !== null
        ? Object.fromEntries(Object.entries(details))
        : undefined,
  }
}
