import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBResult } from '@duckdb/node-api'
import { copyOptions, writeWorkbook } from '@engine/destinations/archivos'
import type { ColumnSpec } from '@engine/destinations/types'
import { cancelled, type Duck, openDuck, quoteIdent, quoteLiteral } from '@engine/duckdb'
import type { OperationOutput, OperationParams } from '@shared/contract'
import type { TipoColumna } from '@shared/model/materializacion'
import type { QueryOptions } from './consultar'
import { reading, startReading } from './reader'

const TIMEOUT_MS = 540_000
type Formato = OperationParams<'sql.exportar'>['formato']

const COPY_OPTIONS: Record<Exclude<Formato, 'excel'>, string> = {
  csv: copyOptions({ tipo: 'csv', delimitador: ',', encabezado: true }),
  parquet: copyOptions({ tipo: 'parquet', compresion: 'zstd', filasPorGrupo: 122_880, particiones: [] }),
  jsonl: 'FORMAT json',
}
const EXTENSIONS: Record<Formato, string> = { csv: 'csv', parquet: 'parquet', jsonl: 'jsonl', excel: 'xlsx' }

export interface ExportOptions extends QueryOptions {
  /** Folder of the exports. */
  dir: string
}

/**
 * Writes all the rows of a statement to a file of its own. The rows pass from the console's data to an engine of the export chunk by chunk,
 * and from there to the file, whatever their number: what does not fit in memory spills to `dir`. Errors: those of `reading`,
 * `prepareReading` and `writeWorkbook`.
 */
export async function exportar(
  { sql, formato }: { sql: string; formato: Formato },
  options: ExportOptions,
): Promise<OperationOutput<'sql.exportar'>> {
  const { dir, signal } = options
  await mkdir(dir, { recursive: true })
  const name = `consulta-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}-${randomUUID().slice(0, 8)}`
  const archivo = join(dir, `${name}.${EXTENSIONS[formato]}`)
  const part = `${archivo}.parte`
  const duck = await openDuck({ dir, ...(signal ? { signal } : {}) })
  try {
    const { columnas, filas } = await reading({ timeoutMs: TIMEOUT_MS, ...options }, async (connection) =>
      copyRows(await startReading(connection, sql), duck, signal),
    )
    if (formato === 'excel') {
      const source = { duck, dir, columnas, filas, sql: 'SELECT * FROM resultado' }
      await writeWorkbook(source, 'Consulta', part, signal)
    } else await duck.run(`COPY resultado TO ${quoteLiteral(part)} (${COPY_OPTIONS[formato]})`)
    await rename(part, archivo)
    return { archivo, filas }
  } finally {
    await duck.close()
    await rm(part, { force: true })
  }
}

/** The rows as a table `resultado` of the engine of the export. */
async function copyRows(
  result: DuckDBResult,
  duck: Duck,
  signal: AbortSignal | undefined,
): Promise<{ columnas: ColumnSpec[]; filas: number }> {
  const types = result.columnTypes().map(String)
  const names = uniqueNames(result.columnNames())
  const columns = names.map((name, i) => `${quoteIdent(name)} ${types[i]}`)
  await duck.run(`CREATE TABLE resultado (${columns.join(', ')})`)
  const appender = await duck.connection.createAppender('resultado')
  let filas = 0
  try {
    for (;;) {
      if (signal?.aborted) throw cancelled()
      const chunk = await result.fetchChunk()
      if (!chunk || chunk.rowCount === 0) break
      appender.appendDataChunk(chunk)
      filas += chunk.rowCount
    }
    appender.flushSync()
  } finally {
    appender.closeSync()
  }
  const columnas = names.map((nombre, i) => ({ nombre, tipo: sheetType(types[i] ?? ''), nulos: true }))
  return { columnas, filas }
}

/** A result may have two columns of one name; a file can't. */
function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>()
  return names.map((given) => {
    let name = given
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${given}_${n}`
    taken.add(name.toLowerCase())
    return name
  })
}

/** What a cell of a sheet takes a type for. */
function sheetType(type: string): TipoColumna {
  if (/^(?:U?(?:TINY|SMALL|BIG|HUGE)INT|U?INTEGER)$/.test(type)) return { tipo: 'entero' }
  if (type.startsWith('DECIMAL(')) return { tipo: 'decimal', precision: 38, escala: 0 }
  if (type === 'DOUBLE' || type === 'FLOAT') return { tipo: 'doble' }
  if (type === 'BOOLEAN') return { tipo: 'booleano' }
  if (type === 'DATE') return { tipo: 'fecha' }
  return type.startsWith('TIMESTAMP')
    ? { tipo: 'fecha_hora', zona: type.includes('ZONE') }
    : { tipo: 'texto' }
}
