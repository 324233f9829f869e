import type { OperationOutput } from '@shared/contract'
import { type ReadingOptions, reading, startReading } from './reader'

type Result = OperationOutput<'sql.consultar'>

const MOST_BYTES = 1024 * 1024
/** Of a cell that is shown; the whole of it is in an export. */
const MOST_CELL = 20_000
const TIMEOUT_MS = 60_000

export type QueryOptions = Omit<ReadingOptions, 'timeoutMs'> & { timeoutMs?: number }

/**
 * One page of the rows of a statement: at most `limit` rows after the first `offset`, and 1 MiB of text. A statement without an order has
 * that of the data. Errors: those of `reading` and of `prepareReading`.
 */
export async function consultar(
  { sql, limit, offset }: { sql: string; limit: number; offset: number },
  options: QueryOptions,
): Promise<Result> {
  const started = performance.now()
  return reading({ timeoutMs: TIMEOUT_MS, ...options }, async (connection) => {
    const result = await startReading(connection, sql)
    const types = result.columnTypes().map(String)
    const columnas = result.columnNames().map((nombre, i) => ({ nombre, tipo: types[i] ?? '' }))
    const filas: Result['filas'] = []
    let skipped = 0
    let bytes = 0
    let hayMas = false
    for (;;) {
      const chunk = await result.fetchChunk()
      if (!chunk || chunk.rowCount === 0 || hayMas) break
      if (skipped + chunk.rowCount <= offset) {
        skipped += chunk.rowCount
        continue
      }
      for (const row of chunk.getRows()) {
        if (skipped < offset) {
          skipped += 1
          continue
        }
        const cells = row.map(cellText)
        const size = cells.reduce(
          (total, cell) => total + (cell === null ? 4 : Buffer.byteLength(cell) + 2),
          0,
        )
        // The first row always comes, however large: a page without rows would have no next.
        if (filas.length === limit || (filas.length > 0 && bytes + size > MOST_BYTES)) {
          hayMas = true
          break
        }
        filas.push(cells)
        bytes += size
      }
    }
    return { columnas, filas, hayMas, ms: Math.round(performance.now() - started) }
  })
}

/** As DuckDB writes it; an instant in UTC. */
export function cellText(value: unknown): string | null {
  if (value === null || value === undefined) return null
  const text = String(value)
  return text.length > MOST_CELL ? `${text.slice(0, MOST_CELL)}…` : text
}
