import type { AppError } from '@shared/errors/app-error'
import { failureOf, type Known, MISSING, REPEATED, RULE, TRIGGER } from '../shared/known-errors'
import { tableBusy } from '../shared/table-locks'

const FOREIGN: Known = {
  code: 'ARCHIVO_AJENO',
  kind: 'config',
  says: 'El archivo no es una base SQLite o está dañado.',
  hint: 'Elegir otro archivo; si no existe, se crea.',
}

/** By result code of SQLite, the longest prefix first. */
const BY_CODE: [prefix: string, known: Known][] = [
  ['SQLITE_CONSTRAINT_UNIQUE', REPEATED],
  ['SQLITE_CONSTRAINT_PRIMARYKEY', REPEATED],
  ['SQLITE_CONSTRAINT_TRIGGER', TRIGGER],
  ['SQLITE_CONSTRAINT', RULE],
  ['SQLITE_NOTADB', FOREIGN],
  ['SQLITE_CORRUPT', FOREIGN],
  [
    'SQLITE_FULL',
    {
      code: 'DISCO_LLENO',
      kind: 'terminal',
      says: 'No queda espacio en el disco.',
      hint: 'Liberar espacio donde está el archivo y en la carpeta temporal.',
    },
  ],
  [
    'SQLITE_READONLY',
    {
      code: 'SOLO_LECTURA',
      kind: 'config',
      says: 'El archivo no se puede escribir.',
      hint: 'Dar permiso de escritura sobre el archivo y su carpeta.',
    },
  ],
  [
    'SQLITE_CANTOPEN',
    {
      code: 'CARPETA_INACCESIBLE',
      kind: 'config',
      says: 'No se puede abrir ni crear el archivo.',
      hint: 'Comprobar que la carpeta existe y que este usuario tiene permiso de escritura.',
    },
  ],
  [
    'SQLITE_IOERR',
    {
      code: 'DISCO',
      kind: 'transient',
      says: 'No se pudo leer o escribir el archivo.',
      hint: 'Revisar el disco o la unidad de red donde está.',
    },
  ],
]

const NO_TABLE: Known = { ...MISSING, hint: 'Revisar el nombre de la tabla y de sus columnas.' }

/** A failure of SQLite in our words, from the code and the message that its thread gave. */
export function sqliteError(
  { code, message, fila }: { code: string; message: string; fila: number },
  path: string,
): AppError {
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return tableBusy(new Error(message))
  const known = /^no such (table|column)/.test(message)
    ? NO_TABLE
    : BY_CODE.find(([prefix]) => code.startsWith(prefix))?.[1]
  return failureOf({
    ...{ nombre: 'SQLite', code: 'SQLITE', known, isServers: code !== '', cause: undefined },
    text: `${message} (${path})`,
    details: { sqlite: code, ...(fila > 0 ? { fila } : {}) },
  })
}
