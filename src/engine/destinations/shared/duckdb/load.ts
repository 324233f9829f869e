import type { DuckDBConnection } from '@duckdb/node-api'
import { cancelled, quoteIdent } from '@engine/duckdb'
import { type LoadOptions, REGISTRO, type RowSource } from '../../types'
import { placed } from '../text-sql'

/** What a value that is not a text weighs; a text too, until it can be measured. */
const CELL = 8

/**
 * Hands the rows of the run's own DuckDB to the file's, chunk by chunk as they stand in memory: no text between, no file that both have
 * open. `table` is a stage: the columns of the source, in order, and REGISTRO.
 */
export async function loadChunks(
  connection: DuckDBConnection,
  rows: RowSource,
  table: string,
  { into, signal, onSent }: LoadOptions,
): Promise<number> {
  const shape = await connection.run(`SELECT * FROM ${table} LIMIT 0`)
  const cells = [...rows.columnas.map((_, place) => `c${place}`), REGISTRO]
  const typed = cells.map((cell, at) => `CAST(${cell} AS ${shape.columnType(at)})`)
  const source = await rows.duck.connection.stream(`SELECT ${typed.join(', ')} FROM ${placed(rows)}`)
  const appender = await connection.createAppender(into.tabla, into.esquema)
  let sent = 0
  try {
    for (;;) {
      if (signal?.aborted) throw cancelled()
      const chunk = await source.fetchChunk()
      if (!chunk || chunk.rowCount === 0) break
      appender.appendDataChunk(chunk)
      sent += chunk.rowCount
      onSent(sent, sent * CELL * rows.columnas.length)
    }
    appender.flushSync()
  } catch (error) {
    appender.clear()
    throw error
  } finally {
    appender.closeSync()
  }
  onSent(sent, await bytesOf(connection, table, rows))
  return sent
}

/** What the rows weigh, once their texts can be measured. */
async function bytesOf(connection: DuckDBConnection, table: string, rows: RowSource): Promise<number> {
  const texts = rows.columnas.filter(({ tipo }) => tipo.tipo === 'texto')
  const fixed = CELL * (rows.columnas.length - texts.length)
  const sum = texts.map(({ nombre }) => `coalesce(sum(strlen(${quoteIdent(nombre)})), 0)`)
  const total = [`count(*) * ${fixed}`, ...sum].join(' + ')
  const result = await connection.runAndReadAll(`SELECT CAST(${total} AS VARCHAR) FROM ${table}`)
  return Number(result.getRows()[0]?.[0] ?? 0)
}
