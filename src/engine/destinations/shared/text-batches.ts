import type { DuckDBValue } from '@duckdb/node-api'
import { cancelled } from '@engine/duckdb'
import type { RowSource } from '../types'
import { textSql } from './text-sql'

export interface TextBatch {
  /** Cells as text (see `textSql`), in the order of the columns. */
  rows: (string | null)[][]
  /** Record number of each row. */
  registros: number[]
}

/**
 * The rows of a source in batches of at least `size` (the last may be shorter), no more than that in memory. Aborting `signal` ends it
 * with CANCELLED. Nothing else may be asked of `source.duck` until it ends.
 */
export async function* textBatches(
  source: RowSource,
  size: number,
  signal?: AbortSignal,
): AsyncGenerator<TextBatch> {
  const result = await source.duck.connection.stream(textSql(source, true))
  let batch: TextBatch = { rows: [], registros: [] }
  for (;;) {
    if (signal?.aborted) throw cancelled()
    const chunk = await result.fetchChunk()
    if (!chunk || chunk.rowCount === 0) break
    for (const values of chunk.getRows()) {
      batch.registros.push(Number(values.pop()))
      batch.rows.push(values.map(asText))
    }
    if (batch.rows.length >= size) {
      yield batch
      batch = { rows: [], registros: [] }
    }
  }
  if (batch.rows.length > 0) yield batch
}

const asText = (value: DuckDBValue): string | null => (value === null ? null : String(value))
