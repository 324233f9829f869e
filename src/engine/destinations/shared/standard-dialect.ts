import { AppError } from '@shared/errors/app-error'
import {
  type ColumnSpec,
  type CountedStatement,
  type Dialect,
  type DialectBase,
  REGISTRO,
  type Statement,
  type TableRef,
  type TableSpec,
  type Upsert,
} from '../types'

const plain = (sql: string): Statement => ({ sql, params: [] })

/** The type of a column in DDL; the plan has refused what the database can't hold, so a refusal here is a bug of ours. */
export function typeSql(base: DialectBase, columna: ColumnSpec, use: 'columna' | 'clave'): string {
  const type = base.type(columna.tipo, use)
  if (type.ok) return type.sql
  throw new AppError(type.codigo, {
    kind: 'config',
    message: `${base.nombre}: la columna «${columna.nombre}»: ${type.razon}`,
    hint: type.sugerencia,
  })
}

/**
 * A whole dialect out of what no two databases write alike: the rest as PostgreSQL, SQLite and DuckDB agree on it. A plug overrides what
 * its server says otherwise: `{ ...standardDialect(base), upsert }`.
 */
export function standardDialect(base: DialectBase, table = tableName(base)): Dialect {
  const { ident } = base
  const list = (names: readonly string[], alias = ''): string =>
    names.map((name) => `${alias}${ident(name)}`).join(', ')
  const sameOrNull = base.sameOrNull ?? ((a: string, b: string): string => `${a} IS NOT DISTINCT FROM ${b}`)
  const sameColumn = base.sameColumn ?? sameOrNull
  const columnSql = (columna: ColumnSpec, spec: TableSpec): string => {
    const inKey = (spec.clave ?? []).includes(columna.nombre)
    const use =
      inKey || spec.indices.some(({ columnas }) => columnas.includes(columna.nombre)) ? 'clave' : 'columna'
    return `${ident(columna.nombre)} ${typeSql(base, columna, use)}${columna.nulos && !inKey ? '' : ' NOT NULL'}`
  }

  return {
    ...base,
    table,
    sameOrNull,
    sameColumn,
    createTable: (spec) => createTable(spec, table(spec.ref), list, columnSql),
    createStage: (ref, target, columnas) => [
      plain(
        `CREATE TEMPORARY TABLE ${table(ref)} AS SELECT ${list(columnas)}, CAST(NULL AS BIGINT) AS ${ident(REGISTRO)} FROM ${table(target)} WHERE 1 = 0`,
      ),
    ],
    dropStage: (ref) => plain(`DROP TABLE IF EXISTS ${table(ref)}`),
    addColumn: (ref, columna) =>
      plain(
        `ALTER TABLE ${table(ref)} ADD COLUMN ${ident(columna.nombre)} ${typeSql(base, columna, 'columna')}`,
      ),
    truncate: (ref) => plain(`DELETE FROM ${table(ref)}`),
    deleteAll: (ref) => plain(`DELETE FROM ${table(ref)}`),
    insertSelect: (into, columnas, from) =>
      plain(`INSERT INTO ${table(into)} (${list(columnas)}) SELECT ${list(columnas)} FROM ${table(from)}`),
    upsert: (input) => upsert(input, { base, table, list, sameOrNull, sameColumn }),
    deleteMatching: (target, stage, columnas, where) => ({
      sql: `DELETE FROM ${table(target)} AS t WHERE EXISTS (SELECT 1 FROM ${table(stage)} AS s WHERE ${equal(columnas, ident)}${where ? ` AND ${where.sql}` : ''})`,
      params: where?.params ?? [],
    }),
    repeatedKeys: (stage, clave) => {
      const keys = list(clave)
      const grouped = `SELECT ${keys} FROM ${table(stage)} GROUP BY ${keys} HAVING count(*) > 1`
      const same = clave.map((name) => `r.${ident(name)} = s.${ident(name)}`).join(' AND ')
      return `SELECT s.${ident(REGISTRO)}, ${list(clave, 's.')} FROM ${table(stage)} s JOIN (${grouped}) r ON ${same}`
    },
    firstRows: (select, orderBy, n) => `${select} ORDER BY ${orderBy} LIMIT ${n}`,
  }
}

const tableName =
  ({ ident }: DialectBase) =>
  (ref: TableRef): string =>
    ref.esquema === null ? ident(ref.tabla) : `${ident(ref.esquema)}.${ident(ref.tabla)}`

/** Columns of the target (alias `t`) equal to those of the stage (alias `s`). */
export const equal = (columnas: readonly string[], ident: (name: string) => string): string =>
  columnas.map((name) => `t.${ident(name)} = s.${ident(name)}`).join(' AND ')

/** Index names are ours: short, and the same for the same columns, whatever the length of the table's own name. */
export const indexName = (place: number, table: string): string => `${table.slice(0, 40)}_sage_${place + 1}`

function createTable(
  spec: TableSpec,
  name: string,
  list: (names: readonly string[]) => string,
  columnSql: (columna: ColumnSpec, spec: TableSpec) => string,
): Statement[] {
  const parts = spec.columnas.map((columna) => columnSql(columna, spec))
  if (spec.clave !== null) parts.push(`PRIMARY KEY (${list(spec.clave)})`)
  const indices = spec.indices.map(({ columnas, unico }, place) =>
    plain(
      `CREATE ${unico ? 'UNIQUE ' : ''}INDEX ${list([indexName(place, spec.ref.tabla)])} ON ${name} (${list(columnas)})`,
    ),
  )
  return [plain(`CREATE TABLE ${name} (${parts.join(', ')})`), ...indices]
}

interface Writing {
  base: DialectBase
  table(ref: TableRef): string
  list(names: readonly string[], alias?: string): string
  sameOrNull(a: string, b: string): string
  sameColumn(a: string, b: string): string
}

/** Updates what differs, then inserts what is missing: needs no unique index, and each count is the server's own. */
function upsert(input: Upsert, { base, table, list, sameOrNull, sameColumn }: Writing): CountedStatement[] {
  const { ident } = base
  const { target, stage, columnas, clave, salvo } = input
  const written = columnas.filter((name) => !clave.includes(name))
  const marked = salvo
    ? ` AND NOT (${sameOrNull(`s.${ident(salvo.columna.nombre)}`, base.param(1, salvo.columna.tipo))})`
    : ''
  const params = salvo ? [salvo.valor] : []
  const insert: CountedStatement = {
    what: 'insertar las nuevas',
    counts: 'insertadas',
    statement: {
      sql: `INSERT INTO ${table(target)} (${list(columnas)}) SELECT ${list(columnas, 's.')} FROM ${table(stage)} AS s WHERE NOT EXISTS (SELECT 1 FROM ${table(target)} AS t WHERE ${equal(clave, ident)})${marked}`,
      params,
    },
  }
  if (written.length === 0) return [insert]
  const differs = written

    .map((name) => `NOT (${sameColumn(`t.${ident(name)}`, `s.${ident(name)}`)})`)
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
