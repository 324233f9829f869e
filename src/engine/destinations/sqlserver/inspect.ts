import {
  type ExistingColumn,
  type ExistingTable,
  RESERVED_PREFIX,
  type Statement,
  type TableRef,
} from '../types'

type Ask = (statement: Statement) => Promise<(string | null)[][]>

const OBJECT =
  'FROM sys.objects o JOIN sys.schemas e ON e.schema_id = o.schema_id WHERE e.name = @p1 AND o.name = @p2'

/** Types as they are declared; a text's length in characters. */
const TYPE = `CASE
  WHEN y.name IN ('nvarchar', 'nchar') THEN y.name + '(' + CASE c.max_length WHEN -1 THEN 'max' ELSE CAST(c.max_length / 2 AS varchar(10)) END + ')'
  WHEN y.name IN ('varchar', 'char', 'varbinary', 'binary') THEN y.name + '(' + CASE c.max_length WHEN -1 THEN 'max' ELSE CAST(c.max_length AS varchar(10)) END + ')'
  WHEN y.name IN ('decimal', 'numeric') THEN y.name + '(' + CAST(c.precision AS varchar(10)) + ',' + CAST(c.scale AS varchar(10)) + ')'
  WHEN y.name IN ('datetime2', 'datetimeoffset', 'time') THEN y.name + '(' + CAST(c.scale AS varchar(10)) + ')'
  WHEN y.name = 'float' THEN 'float(' + CAST(c.precision AS varchar(10)) + ')'
  ELSE y.name END`

/** What the server says of a table or view. */
export async function inspect(ask: Ask, esquema: string, tabla: string): Promise<ExistingTable | null> {
  const of = (sql: string) => ask({ sql, params: [esquema, tabla] })
  const [found] = await of(
    `SELECT o.type, CAST(o.object_id AS varchar(20)) ${OBJECT} AND o.type IN ('U', 'V', 'SN', 'ET')`,
  )
  const type = found?.[0]?.trim()
  if (!type) return null
  const columns = await of(
    `SELECT c.name, ${TYPE}, c.is_nullable, CASE WHEN c.default_object_id <> 0 THEN 1 ELSE 0 END,
      CASE WHEN c.is_computed = 1 OR c.is_identity = 1 OR y.name = 'timestamp' OR c.generated_always_type <> 0 THEN 1 ELSE 0 END
     FROM sys.columns c JOIN sys.types y ON y.user_type_id = c.system_type_id
     WHERE c.object_id = (SELECT o.object_id ${OBJECT}) ORDER BY c.column_id`,
  )
  const columnas = columns.map(
    ([nombre, tipo, nulos, defecto, generada]): ExistingColumn => ({
      nombre: nombre ?? '',
      tipo: tipo ?? '',
      nulos: nulos === 'true',
      tieneDefecto: defecto === '1',
      generada: generada === '1',
    }),
  )
  const clase = type === 'U' ? 'tabla' : type === 'V' ? 'vista' : 'otra'
  return { clase, columnas, unicas: await uniqueIndexes(of) }
}

/** Unique indexes without condition; the primary key first. */
async function uniqueIndexes(of: (sql: string) => Promise<(string | null)[][]>): Promise<string[][]> {
  const rows = await of(
    `SELECT CAST(i.index_id AS varchar(10)), c.name FROM sys.indexes i
      JOIN sys.index_columns k ON k.object_id = i.object_id AND k.index_id = i.index_id AND k.is_included_column = 0
      JOIN sys.columns c ON c.object_id = k.object_id AND c.column_id = k.column_id
     WHERE i.object_id = (SELECT o.object_id ${OBJECT}) AND i.is_unique = 1 AND i.has_filter = 0
     ORDER BY i.is_primary_key DESC, i.index_id, k.key_ordinal`,
  )
  const indexes = new Map<string, string[]>()
  for (const [index = null, column = null] of rows)
    if (index !== null && column !== null) indexes.set(index, [...(indexes.get(index) ?? []), column])
  return [...indexes.values()]
}

/** Tables and views of the database, by a part of their name. */
export async function list(ask: Ask, search: string | null, limit: number): Promise<TableRef[]> {
  const found = await ask({
    sql: `SELECT TOP (${limit}) e.name, o.name FROM sys.objects o JOIN sys.schemas e ON e.schema_id = o.schema_id
      WHERE o.type IN ('U', 'V') AND LEFT(o.name, LEN(@p1)) <> @p1 AND CHARINDEX(LOWER(@p2), LOWER(o.name) + @p2) BETWEEN 1 AND LEN(o.name)
      ORDER BY e.name, o.name`,
    params: [RESERVED_PREFIX, search ?? ''],
  })
  return found.map(([esquema = null, tabla]) => ({ esquema, tabla: tabla ?? '' }))
}
