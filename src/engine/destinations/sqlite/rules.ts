import { referenceRules } from '../shared/reference-rule'
import type { Statement, TableRule } from '../types'
import { sqliteDialect } from './dialect'

const OPENERS: Record<string, string> = { "'": "'", '"': '"', '`': '`', '[': ']' }

/** Where what starts at `at` ends when it is a text, a quoted name or a comment; `at` when it is none. */
function skipped(sql: string, at: number): number {
  const ends = (mark: string): number => {
    const end = sql.indexOf(mark, at + mark.length)
    return end === -1 ? sql.length : end + mark.length
  }
  if (sql.startsWith('--', at)) return ends('\n')
  if (sql.startsWith('/*', at)) return ends('*/')
  const closer = OPENERS[sql[at] ?? '']
  return closer === undefined ? at : ends(closer)
}

/** The expressions of the CHECKs of a table, out of the SQL that made it: SQLite tells them nowhere else. */
export function checksOf(sql: string): string[] {
  const found: string[] = []
  let depth = 0
  let start: number | null = null
  let level = 0
  for (let at = 0; at < sql.length; ) {
    const next = skipped(sql, at)
    if (next > at) {
      at = next
      continue
    }
    const [word] = /^[\p{L}_][\p{L}\p{N}_$]*/u.exec(sql.slice(at, at + 64)) ?? ['']
    if (start === null && word.toUpperCase() === 'CHECK') {
      start = -1
      level = depth
    } else if (sql[at] === '(') {
      if (start === -1) start = at + 1
      depth += 1
    } else if (sql[at] === ')') {
      depth -= 1
      if (start !== null && depth === level) {
        found.push(sql.slice(start, at).trim())
        start = null
      }
    }
    at += Math.max(1, word.length)
  }
  return found
}

/** The CHECKs and the foreign keys of a table of the file. */
export async function rules(
  ask: (statement: Statement) => Promise<(string | null)[][]>,
  table: string,
): Promise<TableRule[]> {
  const [[ddl] = []] = await ask({
    sql: "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ? COLLATE NOCASE",
    params: [table],
  })
  const references = await ask({
    sql: `SELECT f.id, f."from", f."table", coalesce(f."to", k.name) FROM pragma_foreign_key_list(?, 'main') f
      LEFT JOIN pragma_table_xinfo(f."table", 'main') k ON k.pk = f.seq + 1 ORDER BY f.id, f.seq`,
    params: [table],
  })
  return [
    ...checksOf(ddl ?? '').map((sql) => ({ nombre: 'CHECK', pide: sql, sql })),
    ...referenceRules(
      references.map(([id, columna, tabla, ajena]) => ({
        ...{ nombre: `FOREIGN KEY ${id}`, columna: columna ?? '', ajena: ajena ?? '' },
        tabla: { esquema: null, tabla: tabla ?? '' },
      })),
      sqliteDialect,
    ),
  ]
}
