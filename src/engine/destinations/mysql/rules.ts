import { referenceRules } from '../shared/reference-rule'
import type { Statement, TableRule } from '../types'
import { mysqlDialect } from './dialect'

/** A CHECK is named once in a database of MySQL, once in a table of MariaDB. */
const checks = (isMariaDb: boolean): string =>
  `SELECT c.constraint_name, c.check_clause FROM information_schema.table_constraints t JOIN information_schema.check_constraints c
    ON c.constraint_schema = t.constraint_schema AND c.constraint_name = t.constraint_name${isMariaDb ? ' AND c.table_name = t.table_name' : ''}
  WHERE t.table_schema = DATABASE() AND t.table_name = ? AND t.constraint_type = 'CHECK' ORDER BY c.constraint_name`

const REFERENCES = `SELECT constraint_name, column_name, referenced_table_name, referenced_column_name FROM information_schema.key_column_usage
  WHERE table_schema = DATABASE() AND table_name = ? AND referenced_table_schema = DATABASE() ORDER BY constraint_name, ordinal_position`

/** The CHECKs and the foreign keys of a table, within its database. */
export async function rules(
  ask: (statement: Statement) => Promise<(string | null)[][]>,
  table: string,
  isMariaDb: boolean,
): Promise<TableRule[]> {
  const own = await ask({ sql: checks(isMariaDb), params: [table] })
  const references = await ask({ sql: REFERENCES, params: [table] })
  return [
    ...own.flatMap(([nombre, sql]) => (nombre && sql ? [{ nombre, pide: sql, sql }] : [])),
    ...referenceRules(
      references.map(([nombre, columna, tabla, ajena]) => ({
        ...{ nombre: nombre ?? '', columna: columna ?? '', ajena: ajena ?? '' },
        tabla: { esquema: null, tabla: tabla ?? '' },
      })),
      mysqlDialect,
    ),
  ]
}
