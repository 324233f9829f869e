import { quoteIdent } from '@engine/duckdb'
import type { Dialect } from '../../types'
import { checkName } from '../check-name'
import { standardDialect } from '../standard-dialect'
import { duckdbFit, duckdbType, paramType } from './types'

// No limit of its own: ours, so that a name with the suffix of the kept loads is still one that other programs take.
const identificador = { max: 240, unidad: 'caracteres', distingue: false } as const

/** The schema that a DuckDB file always has. */
export const MAIN = 'main'

function ident(name: string): string {
  checkName(name, 'DuckDB', identificador)
  return quoteIdent(name)
}

const standard = standardDialect({
  nombre: 'DuckDB',
  capabilities: {
    identificador,
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

/** DuckDB's SQL: PostgreSQL's, as far as a load needs it. A table that is made brings its schema with it. */
export const duckdbDialect: Dialect = {
  ...standard,
  createTable(spec) {
    const { esquema } = spec.ref
    const made = standard.createTable(spec)
    if (esquema === null || esquema.toLowerCase() === MAIN) return made
    return [{ sql: `CREATE SCHEMA IF NOT EXISTS ${ident(esquema)}`, params: [] }, ...made]
  },
}
