import { quoteIdent } from '@engine/duckdb'
import { checkName } from '../shared/check-name'
import { equal, standardDialect } from '../shared/standard-dialect'
import type { CountedStatement, Dialect, Upsert } from '../types'
import { sqliteFit, sqliteParam, sqliteType } from './types'

// No limit of its own: ours, so that a name with the suffix of the kept loads is still one that other programs take.
const identificador = { max: 240, unidad: 'caracteres', distingue: false } as const

function ident(name: string): string {
  checkName(name, 'SQLite', identificador)
  return quoteIdent(name)
}

const standard = standardDialect({
  nombre: 'SQLite',
  capabilities: {
    identificador,
    // One less than SQLite's own: a stage has the record number too.
    maxColumnas: 1999,
    maxColumnasClave: 32,
    maxParametros: 32_766,
    esquemas: false,
    cargaTransaccional: true,
    ddlTransaccional: true,
    etapaTemporal: true,
    admiteNul: true,
  },
  ident,
  type: sqliteType,
  param: (_n, tipo) => sqliteParam(tipo),
  fit: sqliteFit,
  // Letter by letter, whatever the collation of the column says is equal.
  sameColumn: (a, b) => `${a} COLLATE BINARY IS ${b}`,
})

const { table } = standard
const list = (names: readonly string[], alias = ''): string =>
  names.map((name) => `${alias}${ident(name)}`).join(', ')

/** SQLite looks for the rows of an EXISTS one by one; an IN and a LEFT JOIN get an index made for them. */
export const sqliteDialect: Dialect = {
  ...standard,
  deleteMatching: (target, stage, columnas, where) => ({
    sql: `DELETE FROM ${table(target)} WHERE (${list(columnas)}) IN (SELECT ${list(columnas, 's.')} FROM ${table(stage)} AS s${where ? ` WHERE ${where.sql}` : ''})`,
    params: where?.params ?? [],
  }),
  upsert,
}

function upsert({ target, stage, columnas, clave, salvo }: Upsert): CountedStatement[] {
  const written = columnas.filter((name) => !clave.includes(name))
  const marked = salvo
    ? ` AND s.${ident(salvo.columna.nombre)} IS NOT ${sqliteParam(salvo.columna.tipo)}`
    : ''
  const params = salvo ? [salvo.valor] : []
  const first = ident(clave[0] ?? '')
  const insert: CountedStatement = {
    what: 'insertar las nuevas',
    counts: 'insertadas',
    statement: {
      sql: `INSERT INTO ${table(target)} (${list(columnas)}) SELECT ${list(columnas, 's.')} FROM ${table(stage)} AS s LEFT JOIN ${table(target)} AS t ON ${equal(clave, ident)} WHERE t.${first} IS NULL${marked}`,
      params,
    },
  }
  if (written.length === 0) return [insert]
  const differs = written
    .map((name) => `NOT (${standard.sameColumn(`t.${ident(name)}`, `s.${ident(name)}`)})`)
    .join(' OR ')
  const set = written.map((name) => `${ident(name)} = s.${ident(name)}`).join(', ')
  const update: CountedStatement = {
    what: 'actualizar las que ya están',
    counts: 'actualizadas',
    statement: {
      sql: `UPDATE ${table(target)} AS t SET ${set} FROM ${table(stage)} AS s WHERE ${equal(clave, ident)} AND (${differs})${marked}`,
      params,
    },
  }
  return [update, insert]
}
