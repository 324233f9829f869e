import { AppError } from '@shared/errors/app-error'

const invalid = (path: string, why: string): AppError =>
  new AppError('REMOTE_PATH_INVALID', {
    kind: 'input',
    message: `La ruta «${path}» no se admite: ${why}.`,
    hint: 'Usar una ruta dentro del proveedor, como «entrada/ventas.zip».',
    details: { path },
  })

/** What no name may hold: a NUL or a line break ends or splits a name somewhere on the way. */
const hasControl = (text: string): boolean => {
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0
    if (code < 0x20 || code === 0x7f) return true
  }
  return false
}

/**
 * The one place that judges a path of a provider. Gives it without a leading or trailing slash; `''` is the base itself.
 * Refused, never repaired: `..` and `.` as a part, an empty part, a control character, a backslash (a separator on some servers),
 * and more bytes than the provider holds.
 * @throws AppError REMOTE_PATH_INVALID
 */
export function cleanPath(path: string, maxBytes = 1024): string {
  const trimmed = path.replace(/^\/|\/$/g, '')
  if (trimmed === '') return ''
  if (hasControl(trimmed)) throw invalid(path, 'tiene un carácter de control')
  if (trimmed.includes('\\')) throw invalid(path, 'tiene una barra invertida')
  for (const part of trimmed.split('/')) {
    if (part === '' || part === '.' || part === '..') throw invalid(path, `«${part}» no es un nombre`)
  }
  if (Buffer.byteLength(trimmed) > maxBytes)
    throw invalid(path, `pasa de ${maxBytes} bytes, lo que admite el proveedor`)
  return trimmed
}

/** As `cleanPath`, for what must name something below the base. @throws AppError REMOTE_PATH_INVALID */
export function cleanFilePath(path: string, maxBytes?: number): string {
  const clean = cleanPath(path, maxBytes)
  if (clean === '') throw invalid(path, 'falta el nombre')
  return clean
}

/** A clean path below a base, either of which may be empty. */
export const joinPath = (...parts: string[]): string => parts.filter((part) => part !== '').join('/')

export const parentOf = (path: string): string =>
  path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : ''

export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** Begins every name that `write` and `test` use while they work; never listed, and swept once it is old. */
export const TEMP_PREFIX = '.sage-'
export const isTemp = (name: string): boolean => name.startsWith(TEMP_PREFIX)
