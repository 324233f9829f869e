import { z } from 'zod'
import type { Db } from './db'

/** What a migration may never take away: tables, their columns, and the rows they hold. */
export interface Shape {
  tables: Map<string, { columns: Map<string, string>; rows: number }>
}

const named = z.array(z.object({ name: z.string() }))
const column = z.array(z.object({ name: z.string(), type: z.string(), pk: z.number() }))
const counted = z.object({ n: z.number() })

export const quoteIdentifier = (name: string): string => `"${name.replaceAll('"', '""')}"`

export function readShape(db: Db): Shape {
  const tables: Shape['tables'] = new Map()
  const names = named.parse(
    db
      .prepare(
        `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`,
      )
      .all(),
  )
  for (const { name } of names) {
    const columns = column.parse(db.prepare('SELECT name, type, pk FROM pragma_table_info(?)').all(name))
    const { n } = counted.parse(db.prepare(`SELECT count(*) AS n FROM ${quoteIdentifier(name)}`).get())
    tables.set(name, {
      columns: new Map(columns.map((c) => [c.name, c.pk > 0 ? `${c.type} pk${c.pk}` : c.type])),
      rows: n,
    })
  }
  return { tables }
}

/**
 * What `after` lost of `before`, one sentence each; empty when the change only added. A table rebuilt in place with all
 * its columns and rows loses nothing.
 */
export function shapeLosses(before: Shape, after: Shape): string[] {
  const losses: string[] = []
  for (const [name, old] of before.tables) {
    const now = after.tables.get(name)
    if (!now) {
      losses.push(`desaparece la tabla ${name}`)
      continue
    }
    for (const [columnName, type] of old.columns) {
      const current = now.columns.get(columnName)
      if (current === undefined) losses.push(`desaparece la columna ${name}.${columnName}`)
      else if (current !== type) losses.push(`${name}.${columnName} cambia de ${type} a ${current}`)
    }
    if (now.rows < old.rows) losses.push(`${name} pierde ${old.rows - now.rows} filas`)
  }
  return losses
}
