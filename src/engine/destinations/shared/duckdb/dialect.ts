import { quoteIdent } from '@engine/duckdb'
import { AppError } from '@shared/errors/app-error'
import type { Dialect } from '../../types'
import { standardDialect } from '../standard-dialect'
import { duckdbFit, duckdbType, paramType } from './types'

function ident(name: string): string {
  if (name === '' || name.includes('\0')) {
    throw new AppError('IDENTIFICADOR', {
      kind: 'config',
      message: 'DuckDB no admite un nombre vacío ni con el carácter NUL.',
      hint: 'Cambiar el nombre en la asignación.',
    })
  }
  return quoteIdent(name)
}

/** DuckDB's SQL: PostgreSQL's, as far as a load needs it. */
export const duckdbDialect: Dialect = standardDialect({
  nombre: 'DuckDB',
  capabilities: {
    identificador: { max: 255, unidad: 'caracteres', distingue: false },
    maxColumnas: 5000,
    maxColumnasClave: 32,
    maxParametros: 1000,
    esquemas: true,
    // The load goes through the bulk appender, which knows neither defaults nor a choice of columns: into a stage only.
    cargaTransaccional: false,
    ddlTransaccional: true,
    etapaTemporal: true,
    admiteNul: true,
  },
  ident,
  type: duckdbType,
  param: (n, tipo) => `CAST($${n} AS ${paramType(tipo)})`,
  fit: duckdbFit,
})
