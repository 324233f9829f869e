import { type ExistingTable, RESERVED_PREFIX, type Statement, type TableRef, type TableRule } from '../types'

const LIST = `SELECT n.nspname::text, c.relname::text FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND n.nspname !~ '^(pg_|information_schema$)'
    AND left(c.relname, length($1)) <> $1 AND strpos(lower(c.relname), lower($2)) > 0
    AND has_schema_privilege(n.oid, 'USAGE')
  ORDER BY 1, 2 LIMIT CAST($3 AS integer)`

type Rows = (statement: Statement) => Promise<(string | null)[][]>

const TABLE = `SELECT c.oid::text, c.relkind::text FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p', 'v', 'm', 'f')`

// A domain is what it is made of, an enumeration says that it is one.
const COLUMNS = `SELECT a.attname::text,
    CASE t.typtype WHEN 'd' THEN pg_catalog.format_type(t.typbasetype, t.typtypmod)
      WHEN 'e' THEN 'enum ' || pg_catalog.format_type(a.atttypid, a.atttypmod)
      ELSE pg_catalog.format_type(a.atttypid, a.atttypmod) END,
    (NOT (a.attnotnull OR t.typnotnull))::text,
    (a.atthasdef OR a.attidentity <> '' OR t.typdefault IS NOT NULL)::text,
    (a.attgenerated <> '' OR a.attidentity = 'a')::text
  FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
  WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`

const UNIQUE = `SELECT i.indexrelid::text, a.attname::text FROM pg_catalog.pg_index i
  CROSS JOIN LATERAL pg_catalog.unnest(i.indkey[0:i.indnkeyatts - 1]) WITH ORDINALITY AS k (attnum, place)
  JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
  WHERE i.indrelid = $1::oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
  ORDER BY i.indexrelid, k.place`

/** What stands in the database under a name, or null. */
export async function inspect(rows: Rows, { esquema, tabla }: TableRef): Promise<ExistingTable | null> {
  const [found] = await rows({ sql: TABLE, params: [esquema, tabla] })
  if (!found) return null
  const [oid = null, kind] = found
  const columns = await rows({ sql: COLUMNS, params: [oid] })
  const keys = new Map<string, string[]>()
  for (const [index, name] of await rows({ sql: UNIQUE, params: [oid] }))
    keys.set(index ?? '', [...(keys.get(index ?? '') ?? []), name ?? ''])
  return {
    clase: kind === 'r' || kind === 'p' ? 'tabla' : kind === 'v' || kind === 'm' ? 'vista' : 'otra',
    columnas: columns.map(([nombre, tipo, nulos, tieneDefecto, generada]) => ({
      nombre: nombre ?? '',
      tipo: tipo ?? '',
      nulos: nulos === 'true',
      tieneDefecto: tieneDefecto === 'true',
      generada: generada === 'true',
    })),
    unicas: [...keys.values()],
    particionada: kind === 'p',
  }
}

const CHECKS = `SELECT k.conname::text, pg_catalog.pg_get_expr(k.conbin, k.conrelid) FROM pg_catalog.pg_constraint k
  JOIN pg_catalog.pg_class c ON c.oid = k.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = $1 AND c.relname = $2 AND k.contype = 'c' ORDER BY k.conname`

/** The CHECKs of a table. A key of another table is told by its own error. */
export async function rules(rows: Rows, { esquema, tabla }: TableRef): Promise<TableRule[]> {
  const found = await rows({ sql: CHECKS, params: [esquema, tabla] })
  return found.flatMap(([nombre, sql]) => (nombre && sql ? [{ nombre, pide: sql, sql }] : []))
}

export async function list(rows: Rows, search: string | null, limit: number): Promise<TableRef[]> {
  const found = await rows({ sql: LIST, params: [RESERVED_PREFIX, search ?? '', String(limit)] })
  return found.map(([esquema = null, tabla]) => ({ esquema, tabla: tabla ?? '' }))
}
