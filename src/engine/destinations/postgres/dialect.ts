import { AppError } from '@shared/errors/app-error'
import { standardDialect } from '../shared/standard-dialect'
import type { Capabilities, Dialect } from '../types'
import { fit, nativeType } from './types'

/** The server cuts a longer name without saying so: two columns would become one. */
const MAX_NAME_BYTES = 63

const capabilities: Capabilities = {
  identificador: { max: MAX_NAME_BYTES, unidad: 'bytes', distingue: true },
  maxColumnas: 1600,
  maxColumnasClave: 32,
  maxParametros: 65_535,
  esquemas: true,
  cargaTransaccional: true,
  ddlTransaccional: true,
  etapaTemporal: true,
  admiteNul: false,
}

/** The one way an identifier enters SQL of PostgreSQL: double-quoted, embedded quotes doubled. */
export function ident(name: string): string {
  if (name === '' || name.includes('\0') || Buffer.byteLength(name) > MAX_NAME_BYTES)
    throw new AppError('IDENTIFICADOR', {
      kind: 'config',
      message: `PostgreSQL: «${name.slice(0, 80)}» no puede ser un nombre (de 1 a ${MAX_NAME_BYTES} bytes).`,
      hint: 'Acortar el nombre en la asignación.',
    })
  return `"${name.replaceAll('"', '""')}"`
}

const standard = standardDialect({
  nombre: 'PostgreSQL',
  capabilities,
  ident,
  type: nativeType,
  param(n, tipo) {
    const type = nativeType(tipo)
    return type.ok ? `CAST($${n} AS ${type.sql})` : `$${n}`
  },
  fit,
})

export const postgresDialect: Dialect = {
  ...standard,
  // Undone by a rollback, keeps sequences, grants and views; its readers wait for the commit.
  truncate: (ref) => ({ sql: `TRUNCATE TABLE ${standard.table(ref)}`, params: [] }),
}
