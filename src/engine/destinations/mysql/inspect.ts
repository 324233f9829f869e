import { AppError } from '@shared/errors/app-error'
import {
  type ExistingColumn,
  type ExistingTable,
  RESERVED_PREFIX,
  type Statement,
  type TableRef,
} from '../types'

type Ask = (statement: Statement) => Promise<(string | null)[][]>

/** What the server says of a table or view of the database. */
export async function inspect(ask: Ask, table: string): Promise<ExistingTable | null> {
  const of = (sql: string) => ask({ sql, params: [table] })
  const [found] = await of(
    'SELECT table_type, engine FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?',
  )
  if (!found) return null
  const [type, engine] = found
  if (type === 'BASE TABLE' && engine?.toLowerCase() !== 'innodb') throw notUndone(table, engine ?? '')
  const columns = await of(
    `SELECT column_name, column_type, is_nullable, (column_default IS NOT NULL AND column_default <> 'NULL') OR extra LIKE '%auto_increment%', extra LIKE '%GENERATED%' AND extra NOT LIKE '%DEFAULT_GENERATED%'
     FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ? ORDER BY ordinal_position`,
  )
  const columnas = columns.map(
    ([nombre, tipo, nulos, tieneDefecto, generada]): ExistingColumn => ({
      nombre: nombre ?? '',
      tipo: tipo ?? '',
      nulos: nulos === 'YES',
      tieneDefecto: tieneDefecto === '1',
      generada: generada === '1',
    }),
  )
  const clase = type === 'BASE TABLE' ? 'tabla' : type === 'VIEW' ? 'vista' : 'otra'
  return { clase, columnas, unicas: await uniqueIndexes(of) }
}

/** Unique indexes over whole columns; the primary key first. */
async function uniqueIndexes(of: (sql: string) => Promise<(string | null)[][]>): Promise<string[][]> {
  const rows = await of(
    `SELECT index_name, column_name, sub_part FROM information_schema.statistics
     WHERE table_schema = DATABASE() AND table_name = ? AND non_unique = 0 ORDER BY index_name <> 'PRIMARY', index_name, seq_in_index`,
  )
  const indexes = new Map<string, (string | null)[]>()
  for (const [index = null, column = null, part = null] of rows)
    if (index !== null) indexes.set(index, [...(indexes.get(index) ?? []), part === null ? column : null])
  return [...indexes.values()].flatMap((columns) => {
    const whole = columns.filter((column) => column !== null)
    return whole.length === columns.length ? [whole] : []
  })
}

/** Tables and views of the database, by a part of their name. */
export async function list(ask: Ask, search: string | null, limit: number): Promise<TableRef[]> {
  const found = await ask({
    sql: `SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()
      AND LEFT(table_name, CHAR_LENGTH(?)) <> ? AND LOCATE(LOWER(?), LOWER(table_name)) > 0 ORDER BY table_name LIMIT ${limit}`,
    params: [RESERVED_PREFIX, RESERVED_PREFIX, search ?? ''],
  })
  return found.map(([tabla]) => ({ esquema: null, tabla: tabla ?? '' }))
}

const notUndone = (table: string, engine: string): AppError =>
  new AppError('TABLA_SIN_TRANSACCIONES', {
    kind: 'config',
    message: `MySQL: «${table}» usa el motor ${engine}, que no deshace una carga a medias.`,
    hint: 'Pasarla a InnoDB (ALTER TABLE … ENGINE=InnoDB) o elegir otra tabla.',
  })
