import { checkName } from '../shared/check-name'
import { equal, standardDialect, typeSql } from '../shared/standard-dialect'
import {
  type CountedStatement,
  type Dialect,
  REGISTRO,
  STAGE_PREFIX,
  type Statement,
  type TableRef,
  type Upsert,
} from '../types'
import { sqlserverFit, sqlserverParam, sqlserverType } from './types'

const identificador = { max: 128, unidad: 'caracteres', distingue: false } as const

/** The one way an identifier enters T-SQL: in brackets, the closing one doubled. */
function ident(name: string): string {
  checkName(name, 'SQL Server', identificador)
  return `[${name.replaceAll(']', ']]')}]`
}

/** A stage is a table of the session: its name starts with `#`. */
const table = ({ esquema, tabla }: TableRef): string => {
  if (esquema === null) return ident(tabla.startsWith(STAGE_PREFIX) ? `#${tabla}` : tabla)
  return `${ident(esquema)}.${ident(tabla)}`
}

const bytes = (cell: string): string => `CAST(${cell} AS varbinary(max))`

const standard = standardDialect(
  {
    nombre: 'SQL Server',
    capabilities: {
      identificador,
      maxColumnas: 1023,
      maxColumnasClave: 16,
      maxParametros: 2098,
      esquemas: true,
      cargaTransaccional: true,
      ddlTransaccional: true,
      etapaTemporal: true,
      admiteNul: true,
    },
    ident,
    type: sqlserverType,
    param: sqlserverParam,
    fit: sqlserverFit,
    sameOrNull: (a, b) => `EXISTS (SELECT ${a} INTERSECT SELECT ${b})`,
    // Byte by byte: by the collation of most columns «a» is «A», and the change would be lost.
    sameColumn: (a, b) => `EXISTS (SELECT ${bytes(a)} INTERSECT SELECT ${bytes(b)})`,
  },
  table,
)

const plain = (sql: string): Statement => ({ sql, params: [] })
const list = (names: readonly string[], alias = ''): string =>
  names.map((name) => `${alias}${ident(name)}`).join(', ')
/** Keeps others from the rows and from the gaps between them until the commit: MERGE alone does not. */
const HELD = 'WITH (UPDLOCK, HOLDLOCK)'

export const sqlserverDialect: Dialect = {
  ...standard,
  // Columns of the outer side of a join take nulls and are no identities, and keep their types and collations.
  createStage: (ref, target, columnas) => [
    plain(
      `SELECT ${list(columnas, 't.')}, CAST(NULL AS bigint) AS ${ident(REGISTRO)} INTO ${table(ref)} FROM (SELECT 1 AS uno) u LEFT JOIN ${table(target)} t ON 1 = 0 WHERE 1 = 0`,
    ),
  ],
  addColumn: (ref, columna) =>
    plain(
      `ALTER TABLE ${table(ref)} ADD ${ident(columna.nombre)} ${typeSql(standard, columna, 'columna')} NULL`,
    ),
  deleteMatching: (target, stage, columnas, where) => ({
    sql: `DELETE t FROM ${table(target)} AS t WHERE EXISTS (SELECT 1 FROM ${table(stage)} AS s WHERE ${equal(columnas, ident)}${where ? ` AND ${where.sql}` : ''})`,
    params: where?.params ?? [],
  }),
  upsert,
  firstRows: (select, orderBy, n) => `${select} ORDER BY ${orderBy} OFFSET 0 ROWS FETCH NEXT ${n} ROWS ONLY`,
}

/** UPDATE and INSERT in the one transaction: MERGE has known faults, and its count tells neither from the other. */
function upsert({ target, stage, columnas, clave, salvo }: Upsert): CountedStatement[] {
  const written = columnas.filter((name) => !clave.includes(name))
  const marked = salvo
    ? ` AND NOT EXISTS (SELECT s.${ident(salvo.columna.nombre)} INTERSECT SELECT ${sqlserverParam(1, salvo.columna.tipo)})`
    : ''
  const params = salvo ? [salvo.valor] : []
  const on = equal(clave, ident)
  const insert: CountedStatement = {
    what: 'insertar las nuevas',
    counts: 'insertadas',
    statement: {
      sql: `INSERT INTO ${table(target)} (${list(columnas)}) SELECT ${list(columnas, 's.')} FROM ${table(stage)} AS s WHERE NOT EXISTS (SELECT 1 FROM ${table(target)} AS t ${HELD} WHERE ${on})${marked}`,
      params,
    },
  }
  if (written.length === 0) return [insert]
  const row = (alias: string): string => written.map((name) => bytes(`${alias}.${ident(name)}`)).join(', ')
  const set = written.map((name) => `${ident(name)} = s.${ident(name)}`).join(', ')
  const update: CountedStatement = {
    what: 'actualizar las que ya están',
    counts: 'actualizadas',
    statement: {
      sql: `UPDATE t SET ${set} FROM ${table(target)} AS t ${HELD} JOIN ${table(stage)} AS s ON ${on} WHERE EXISTS (SELECT ${row('t')} EXCEPT SELECT ${row('s')})${marked}`,
      params,
    },
  }
  return [update, insert]
}
