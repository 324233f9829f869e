import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api'
import { AppError } from '@shared/errors/app-error'
import { inWords } from './in-words'
import { sqlWords } from './sql-text'

/** Functions that open files (the file of the data too, whose lock a second handle would let go) or run SQL from a text. */
const NOT_CALLED =
  /^(?:read_\w+|parquet_\w+|sniff_csv|glob|query|query_table|json_execute_serialized_sql|from_substrait\w*)$/

/**
 * Prepares the one statement of a text, if it only reads. DuckDB's own parser says how many there are and of what kind; whatever it takes
 * for a reading runs in a read-only transaction besides. Errors: SQL_VACIO, SQL_VARIAS, SQL_SOLO_LECTURA, SQL_FUNCION, SQL_INVALIDO.
 */
export async function prepareReading(
  connection: DuckDBConnection,
  sql: string,
): Promise<DuckDBPreparedStatement> {
  const words = sqlWords(sql)
  if (words.length === 0 && !/\d/.test(sql))
    throw refused(
      'SQL_VACIO',
      'No hay ninguna consulta.',
      'Escribir una, por ejemplo FROM seguido de una tabla.',
    )
  const forbidden = words.find(({ word, called }) => called && NOT_CALLED.test(word))
  if (forbidden)
    throw refused(
      'SQL_FUNCION',
      `«${forbidden.word}» no se puede usar aquí.`,
      'Consultar solo las tablas de la lista.',
    )
  const { StatementType } = await import('@duckdb/node-api')
  const statements = await connection.extractStatements(sql).catch((error: unknown) => {
    throw invalid(error)
  })
  if (statements.count !== 1)
    throw refused(
      'SQL_VARIAS',
      'Hay más de una orden.',
      'Dejar una sola consulta (PIVOT cuenta como varias).',
    )
  const prepared = await statements.prepare(0).catch((error: unknown) => {
    throw invalid(error)
  })
  if (prepared.statementType === StatementType.SELECT || prepared.statementType === StatementType.EXPLAIN)
    return prepared
  prepared.destroySync()
  throw refused(
    'SQL_SOLO_LECTURA',
    'Esta orden no es una consulta: aquí solo se lee.',
    'Empezar por SELECT, WITH, FROM, DESCRIBE o SUMMARIZE.',
  )
}

const refused = (code: string, message: string, hint: string): AppError =>
  new AppError(code, { kind: 'input', message, hint })

/** What DuckDB says of a statement that it does not take, in words; its pointer to the place is kept. */
export function invalid(error: unknown): AppError {
  if (error instanceof AppError) return error
  const text = error instanceof Error ? error.message : String(error)
  if (/read-only mode|cannot write/i.test(text))
    return refused(
      'SQL_SOLO_LECTURA',
      'Esta orden cambiaría los datos: aquí solo se lee.',
      'Consultar con SELECT.',
    )
  if (/disabled (?:by|through) configuration/i.test(text))
    return refused(
      'SQL_FUNCION',
      'Una consulta no puede abrir archivos.',
      'Consultar solo las tablas de la lista.',
    )
  return new AppError('SQL_INVALIDO', { kind: 'input', ...inWords(text), cause: error })
}
