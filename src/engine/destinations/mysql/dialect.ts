import { AppError } from '@shared/errors/app-error'
import { checkName } from '../shared/check-name'
import { equal, standardDialect } from '../shared/standard-dialect'
import {
  type CountedStatement,
  type Dialect,
  REGISTRO,
  RESERVED_PREFIX,
  type Statement,
  type Upsert,
} from '../types'
import { mysqlFit, mysqlParam, mysqlType } from './types'

const identificador = { max: 64, unidad: 'caracteres', distingue: false } as const

/** The one way an identifier enters SQL of MySQL: backquoted, embedded backquotes doubled. */
function ident(name: string): string {
  checkName(name, 'MySQL', identificador)
  // It refuses the first and cuts the second to `?` without saying so.
  if (name.endsWith(' ') || /[\u{10000}-\u{10ffff}]/u.test(name))
    throw new AppError('IDENTIFICADOR', {
      kind: 'config',
      message: `MySQL: «${name}» no puede ser un nombre: ni termina en espacio ni tiene emojis u otros caracteres de más de 16 bits.`,
      hint: 'Cambiar el nombre en la asignación.',
    })
  return `\`${name.replaceAll('`', '``')}\``
}

const standard = standardDialect({
  nombre: 'MySQL',
  capabilities: {
    identificador,
    maxColumnas: 1000,
    maxColumnasClave: 16,
    maxParametros: 65_535,
    esquemas: false,
    cargaTransaccional: true,
    ddlTransaccional: false,
    etapaTemporal: true,
    admiteNul: true,
  },
  ident,
  type: mysqlType,
  param: (_n, tipo) => mysqlParam(tipo),
  fit: mysqlFit,
  sameOrNull: (a, b) => `${a} <=> ${b}`,
  // Letter by letter: by the collation of most columns «a» is «A», and the change would be lost.
  sameColumn: (a, b) => `CAST(${a} AS BINARY) <=> CAST(${b} AS BINARY)`,
})

const { table } = standard
const plain = (sql: string): Statement => ({ sql, params: [] })
const list = (names: readonly string[], alias = ''): string =>
  names.map((name) => `${alias}${ident(name)}`).join(', ')

/** MySQL and MariaDB. Joins where others have EXISTS: neither makes an index for one. */
export const mysqlDialect: Dialect = {
  ...standard,
  createTable: (spec) => {
    const [create, ...indexes] = standard.createTable(spec)
    // InnoDB undoes; and a text of any language fits, whatever the database was made with.
    return [plain(`${create?.sql ?? ''} ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4`), ...indexes]
  },
  // Columns of the outer side of a join take nulls, whatever the table says, and keep their types and collations.
  createStage: (ref, target, columnas) => [
    plain(
      `CREATE TEMPORARY TABLE ${table(ref)} (${ident(REGISTRO)} BIGINT) ENGINE=InnoDB AS SELECT NULL AS ${ident(REGISTRO)}, ${list(columnas, 't.')} FROM (SELECT 1 AS uno) u LEFT JOIN ${table(target)} t ON 1 = 0 WHERE 1 = 0`,
    ),
  ],
  deleteMatching: (target, stage, columnas, where) => ({
    sql: `DELETE t FROM ${table(target)} AS t JOIN (SELECT DISTINCT ${list(columnas, 's.')} FROM ${table(stage)} AS s${where ? ` WHERE ${where.sql}` : ''}) AS s ON ${equal(columnas, ident)}`,
    params: where?.params ?? [],
  }),
  // MySQL (not MariaDB) opens a temporary table once in a statement.
  repeatedKeys: (stage, clave) => {
    const [keys, count] = [list(clave), ident(`${RESERVED_PREFIX}veces`)]
    const counted = `SELECT ${ident(REGISTRO)}, ${keys}, COUNT(*) OVER (PARTITION BY ${keys}) AS ${count} FROM ${table(stage)}`
    return `SELECT s.${ident(REGISTRO)}, ${list(clave, 's.')} FROM (${counted}) s WHERE s.${count} > 1`
  },
  upsert,
}

function upsert({ target, stage, columnas, clave, salvo }: Upsert): CountedStatement[] {
  const written = columnas.filter((name) => !clave.includes(name))
  const marked = salvo
    ? ` AND NOT (s.${ident(salvo.columna.nombre)} <=> ${mysqlParam(salvo.columna.tipo)})`
    : ''
  const params = salvo ? [salvo.valor] : []
  const on = equal(clave, ident)
  const insert: CountedStatement = {
    what: 'insertar las nuevas',
    counts: 'insertadas',
    statement: {
      sql: `INSERT INTO ${table(target)} (${list(columnas)}) SELECT ${list(columnas, 's.')} FROM ${table(stage)} AS s LEFT JOIN ${table(target)} AS t ON ${on} WHERE t.${ident(clave[0] ?? '')} IS NULL${marked}`,
      params,
    },
  }
  if (written.length === 0) return [insert]
  const differs = written
    .map((name) => `NOT (${standard.sameColumn(`t.${ident(name)}`, `s.${ident(name)}`)})`)
    .join(' OR ')
  const set = written.map((name) => `t.${ident(name)} = s.${ident(name)}`).join(', ')
  const update: CountedStatement = {
    what: 'actualizar las que ya están',
    counts: 'actualizadas',
    statement: {
      sql: `UPDATE ${table(target)} AS t JOIN ${table(stage)} AS s ON ${on} SET ${set} WHERE (${differs})${marked}`,
      params,
    },
  }
  return [update, insert]
}
