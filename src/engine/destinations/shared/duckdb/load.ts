import type { DuckDBConnection } from '@duckdb/node-api'
import { cancelled, quoteIdent } from '@engine/duckdb'
import type { LoadOptions, RowSource } from '../../types'

/**
 * Hands the rows of the run's own DuckDB to the file's, chunk by chunk as they stand in memory: no text between, no file that both have
 * open. `table` is a stage with the columns of the source and REGISTRO.
 */
export async function loadChunks(
  connection: DuckDBConnection,
  rows: RowSource,
  table: string,
  { into, signal, onSent }: LoadOptions,
): Promise<number> {
  const shape = await connection.run(`SELECT * FROM ${table} LIMIT 0`)
  const typed = shape.columnNames().map((name, at) => {
    return `CAST(${quoteIdent(name)} AS ${shape.columnType(at)}) AS ${quoteIdent(name)}`
  })
  const source = await rows.duck.connection.stream(`SELECT ${typed.join(', ')} FROM (${rows.sql})`)
  const appender = await connection.createAppender(into.tabla, into.esquema)
  let sent = 0
  try {
    for (;;) {
      if (signal?.aborted) throw cancelled()
      const chunk = await source.fetchChunk()
      if (!chunk || chunk.rowCount === 0) break
      appender.appendDataChunk(chunk)
      sent += chunk.rowCount
      onSent(sent, 0)
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

/** What the rows weigh: their texts, and eight bytes for any other value. */
async function bytesOf(connection: DuckDBConnection, table: string, rows: RowSource): Promise<number> {
  const texts = rows.columnas.filter(({ tipo }) => tipo.tipo === 'texto')
  const fixed = 8 * (rows.columnas.length - texts.length)
  const sum = texts.map(({ nombre }) => `coalesce(sum(strlen(${quoteIdent(nombre)})), 0)`)
  const total = [`count(*) * ${fixed}`, ...sum].join(' + ')
  const result = await connection.runAndReadAll(`SELECT CAST(${total} AS VARCHAR) FROM ${table}`)
  return Number(result.getRows()[0]?.[0] ?? 0)
}
