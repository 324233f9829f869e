import { AppError, type AppErrorInit } from '@shared/errors/app-error'
import { tableBusy } from '../shared/table-locks'

type Known = Pick<AppErrorInit, 'kind' | 'hint'> & { code: string; says: string }

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
  [
    'SQLITE_CONSTRAINT_TRIGGER',
    {
      ...RULE,
      says: 'Un disparador de la base rechaza las filas.',
      hint: 'Corregir los datos, o el disparador de la tabla.',
    },
  ],
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

const MISSING: Known = {
  code: 'NO_EXISTE',
  kind: 'not-found',
  says: 'No está lo que se pide.',
  hint: 'Revisar el nombre de la tabla y de sus columnas.',
}

/** A failure of SQLite in our words, from the code and the message that its thread gave. */
export function sqliteError(
  { code, message, fila }: { code: string; message: string; fila: number },
  path: string,
): AppError {
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return tableBusy(new Error(message))
  const known = /^no such (table|column)/.test(message)
    ? MISSING
    : BY_CODE.find(([prefix]) => code.startsWith(prefix))?.[1]
  return new AppError(known?.code ?? 'SQLITE', {
    kind: known?.kind ?? (code ? 'terminal' : 'bug'),
    message: `SQLite: ${known ? `${known.says} ` : ''}${message} (${path}).`,
    ...(known?.hint ? { hint: known.hint } : {}),
    details: { sqlite: code, ...(fila > 0 ? { fila } : {}) },
  })
}
