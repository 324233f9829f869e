import { AppError } from '@shared/errors/app-error'

const FULL = new Set(['ENOSPC', 'EDQUOT'])
const REFUSED = new Set(['EACCES', 'EPERM', 'EROFS'])
const BUSY = new Set(['EBUSY', 'ETXTBSY'])
const AWAY = new Set(['ENOENT', 'ENOTDIR', 'EIO', 'ESTALE', 'ENOTCONN', 'EHOSTDOWN'])

/** What the file system answers, in the words of a load. */
export function filesError(error: unknown, carpeta: string): AppError {
  if (error instanceof AppError) return error.code === 'DUCKDB' ? duckFileError(error, carpeta) : error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (FULL.has(code)) return noSpace(carpeta, error)
  if (REFUSED.has(code)) return refused(carpeta, error)
  if (BUSY.has(code)) {
    return new AppError('ARCHIVO_OCUPADO', {
      kind: 'transient',
      message: `Otro programa tiene abierto un archivo de ${carpeta}.`,
      hint: 'Cerrarlo (por ejemplo en Excel) y reintentar.',
      cause: error,
    })
  }
  if (AWAY.has(code) || code.startsWith('SQLITE_IOERR') || code === 'SQLITE_CANTOPEN') {
    return new AppError('CARPETA_AUSENTE', {
      kind: 'transient',
      message: `La carpeta ${carpeta} no responde.`,
      hint: 'Comprobar el disco o la unidad de red y reintentar.',
      cause: error,
    })
  }
  if (code === 'SQLITE_READONLY') return refused(carpeta, error)
  if (code === 'SQLITE_FULL') return noSpace(carpeta, error)
  return AppError.from(error)
}

/** DuckDB has no codes: what it says of a file it could not write or read. */
function duckFileError(error: AppError, carpeta: string): AppError {
  if (/permission denied|access is denied|read-only file system/i.test(error.message))
    return refused(carpeta, error)
  if (/conversion error|out of range/i.test(error.message)) {
    const [first] = error.message.split('\n')
    return new AppError('ARCHIVO_ILEGIBLE', {
      kind: 'config',
      message: `Lo que hay en el archivo no se lee como dice la asignación (${first}).`,
      hint: 'Revisar los tipos de la asignación, o mover el archivo para empezar uno nuevo.',
      cause: error,
    })
  }
  return error
}

const noSpace = (carpeta: string, cause: unknown): AppError =>
  new AppError('DISK_FULL', {
    kind: 'terminal',
    message: `No queda espacio en ${carpeta}.`,
    hint: 'Liberar espacio y reintentar.',
    cause,
  })

const refused = (carpeta: string, cause: unknown): AppError =>
  new AppError('CARPETA_INACCESIBLE', {
    kind: 'config',
    message: `No se puede escribir en ${carpeta}.`,
    hint: 'Comprobar que este usuario tiene permiso de escritura.',
    cause,
  })

/** Of a file of lines. */
export const notJson = (file: string, line: number, cause: unknown): AppError =>
  new AppError('ARCHIVO_ILEGIBLE', {
    kind: 'config',
    message: `La línea ${line} de «${file}» no es JSON.`,
    hint: 'Corregirla, o mover el archivo para empezar uno nuevo.',
    cause,
  })
