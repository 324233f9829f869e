import { AppError } from '@shared/errors/app-error'
import { standardDialect } from '../shared/standard-dialect'
import type { Capabilities, Dialect, Statement, Upsert } from '../types'
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
  // By what is stored: json, xml and others have no equality, and a citext sees no capitals.
  sameColumn: (a, b) => `pg_catalog.record_image_eq(ROW(${a}), ROW(${b}))`,
})

/** Rows that the statement inserted have no transaction that ended them; those that it updated have this one. */
function upsertByIndex({ target, stage, columnas, clave, salvo }: Upsert): Statement {
  const { table, param, sameOrNull } = standard
  const list = columnas.map(ident).join(', ')
  const written = columnas.filter((name) => !clave.includes(name)).map(ident)
  const row = (alias: string): string => written.map((name) => `${alias}.${name}`).join(', ')
  const action =
    written.length === 0
      ? 'NOTHING'
      : `UPDATE SET ${written.map((name) => `${name} = EXCLUDED.${name}`).join(', ')} WHERE pg_catalog.record_image_ne(ROW(${row('t')}), ROW(${row('EXCLUDED')}))`
  const marked = salvo
    ? ` WHERE NOT (${sameOrNull(`s.${ident(salvo.columna.nombre)}`, param(1, salvo.columna.tipo))})`
    : ''
  const insert = `INSERT INTO ${table(target)} AS t (${list}) SELECT ${list} FROM ${table(stage)} AS s${marked} ON CONFLICT (${clave.map(ident).join(', ')}) DO ${action} RETURNING (t.xmax = 0) AS nueva`
  return {
    sql: `WITH w AS (${insert}) SELECT count(*) FILTER (WHERE nueva), count(*) FILTER (WHERE NOT nueva) FROM w`,
    params: salvo ? [salvo.valor] : [],
  }
}

export const postgresDialect: Dialect = {
  ...standard,
  upsertByIndex,
  // Undone by a rollback, keeps sequences, grants and views; its readers wait for the commit.
  truncate: (ref) => ({ sql: `TRUNCATE TABLE ${standard.table(ref)}`, params: [] }),
}
