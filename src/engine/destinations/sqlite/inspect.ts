import {
  type ExistingColumn,
  type ExistingTable,
  RESERVED_PREFIX,
  type Statement,
  type TableRef,
} from '../types'

type Ask = (statement: Statement) => Promise<(string | null)[][]>

/** What an SQLite file says of a table or view of its own (not of a temporary one). */
export async function inspect(ask: Ask, name: string): Promise<ExistingTable | null> {
  const [found] = await ask({
    sql: "SELECT name, type FROM pragma_table_list WHERE schema = 'main' AND name = ? COLLATE NOCASE",
    params: [name],
  })
  const [table, type] = found ?? []
  if (!table) return null
  const listed = await ask({
    sql: `SELECT name, type, "notnull", dflt_value IS NOT NULL, pk, hidden FROM pragma_table_xinfo(?, 'main') WHERE hidden <> 1 ORDER BY cid`,
    params: [table],
  })
  const key = listed
    .filter(([, , , , pk]) => pk !== '0')
    .sort((a, b) => Number(a[4]) - Number(b[4]))
    .map(([column]) => column ?? '')
  const columnas = listed.map(([nombre, tipo, notNull, hasDefault, , hidden]): ExistingColumn => {
    // The row's own number under another name: SQLite gives it when it is left out.
    const rowId = key.length === 1 && key[0] === nombre && tipo?.toUpperCase() === 'INTEGER'
    return {
      nombre: nombre ?? '',
      tipo: tipo ?? '',
      nulos: notNull === '0' && !key.includes(nombre ?? ''),
      tieneDefecto: hasDefault === '1' || rowId,
      generada: hidden !== '0',
    }
  })
  const clase = type === 'table' ? 'tabla' : type === 'view' ? 'vista' : 'otra'
  const indexes = await uniqueIndexes(ask, table)
  return { clase, columnas, unicas: key.length > 0 ? [key, ...indexes] : indexes }
}

/** Tables and views of the file, by a part of their name. */
export async function list(ask: Ask, search: string | null, limit: number): Promise<TableRef[]> {
  const found = await ask({
    sql: `SELECT name FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
      AND substr(name, 1, length(?)) <> ? AND instr(lower(name), lower(?)) > 0 ORDER BY name LIMIT ${limit}`,
    params: [RESERVED_PREFIX, RESERVED_PREFIX, search ?? ''],
  })
  return found.map(([tabla]) => ({ esquema: null, tabla: tabla ?? '' }))
}

/** Unique indexes over plain columns, without condition, that are not the primary key's. */
async function uniqueIndexes(ask: Ask, table: string): Promise<string[][]> {
  const rows = await ask({
    sql: `SELECT l.name, i.name FROM pragma_index_list(?, 'main') l, pragma_index_info(l.name, 'main') i
      WHERE l."unique" = 1 AND l.partial = 0 AND l.origin <> 'pk' ORDER BY l.seq, i.seqno`,
    params: [table],
  })
  const indexes = new Map<string, (string | null)[]>()
  for (const [index, column] of rows) {
    if (index) indexes.set(index, [...(indexes.get(index) ?? []), column ?? null])
  }
  return [...indexes.values()].flatMap((columns) => {
    const plain = columns.filter((column) => column !== null)
    return plain.length === columns.length ? [plain] : []
  })
}
