import { open, rm } from 'node:fs/promises'
import { basename } from 'node:path'
import { AppError } from '@shared/errors/app-error'
import { type Duck, quoteIdent, quoteLiteral } from '../../duckdb'
import { fromFs, inputError, throwIfAborted } from '../shared/errors'
import { inspectText } from '../shared/prepare-text'
import type { ConvertedTable } from '../types'

const corrupt = (name: string, reason: string, cause?: unknown): AppError =>
  inputError(
    'PARQUET_CORRUPT',
    `«${name}» no es un Parquet completo o está dañado.`,
    'Volver a exportarlo o a copiarlo entero.',
    { reason },
    cause,
  )

/** A Parquet ends as it begins; one that was cut does not, and that is told before DuckDB sees it. */
async function checkEnds(path: string, name: string): Promise<void> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw fromFs(error, path)
  })
  try {
    const { size } = await file.stat()
    const mark = Buffer.alloc(4)
    await file.read(mark, 0, 4, Math.max(0, size - 4))
    if (size < 12 || mark.toString('latin1') !== 'PAR1') throw corrupt(name, 'sin la marca final')
  } finally {
    await file.close()
  }
}

/**
 * Writes a Parquet's rows, in its order, as a CSV with header at `target` (both inside the folder `duck` may reach): dates and
 * times as ISO, decimals with all their digits, nested values as DuckDB writes them, null and the empty text alike empty.
 * Errors: PARQUET_CORRUPT, PARQUET_COLUMNS, DISK_FULL, CANCELLED.
 */
export async function convertParquet(
  duck: Duck,
  path: string,
  target: string,
  opts: { name?: string; signal?: AbortSignal } = {},
): Promise<ConvertedTable> {
  throwIfAborted(opts.signal)
  const name = opts.name ?? basename(path)
  await checkEnds(path, name)
  const source = `read_parquet(${quoteLiteral(path)}, hive_partitioning=false, union_by_name=false)`
  try {
    const columns = (await duck.rows(`DESCRIBE SELECT * FROM ${source}`)).map((row) => ({
      name: String(row.column_name),
      type: String(row.column_type),
    }))
    if (columns.length === 0) throw corrupt(name, 'sin columnas')
    const cells = columns.map(({ name, type }) => `${asText(quoteIdent(name), type)} AS ${quoteIdent(name)}`)
    await duck.run(
      `COPY (SELECT ${cells.join(', ')} FROM ${source}) TO ${quoteLiteral(target)} ` +
        `(FORMAT csv, HEADER true, DELIMITER ',', QUOTE '"', ESCAPE '"', NULLSTR '')`,
    )
    const { utf16: _utf16, ascii: _ascii, ...info } = await inspectText(target, { ...opts, delimiter: ',' })
    return {
      path: target,
      delimiter: ',',
      header: true,
      info: { ...info, transcoded: true },
      rowLines: null,
      recordIsLine: true,
    }
  } catch (error) {
    await rm(target, { force: true })
    const mapped = fromFs(error, name)
    if (mapped instanceof AppError && (mapped.kind === 'cancelled' || mapped.kind === 'input')) throw mapped
    throw corrupt(name, error instanceof Error ? error.message : String(error), error)
  }
}

/** A timestamp at midnight is a day; any other keeps its time, ISO. */
function asText(column: string, type: string): string {
  if (type.startsWith('TIMESTAMP')) {
    const text = `strftime(${column}, '%Y-%m-%dT%H:%M:%S.%f')`
    return `regexp_replace(regexp_replace(${text}, '\\.?0+$', ''), 'T00:00:00$', '')`
  }
  return `CAST(${column} AS VARCHAR)`
}
