import { quoteIdent, quoteLiteral } from '@engine/duckdb'
import type { FormatoArchivo } from '@shared/model/materializacion'
import type { ColumnSpec } from '../types'
import { LINE } from './line-shape'

/** Characters that no line of JSON has: it escapes them. */
const NO_QUOTE = '\u0001'
const NO_DELIMITER = '\u0002'
/** DuckDB's own default; raised only for files that need it, because its buffers grow with it. */
const DEFAULT_LINE = 2_000_000

const lineOptions = (longest: number): string =>
  longest <= DEFAULT_LINE
    ? ''
    : `, max_line_size = ${longest}, buffer_size = ${Math.max(32_000_000, longest * 2)}`

/** The most bytes that a row of these can take in a CSV, whose quotes are doubled. */
export function longestCsvSql(columnas: readonly ColumnSpec[], relation: string): string {
  const texts = columnas
    .filter(({ tipo }) => tipo.tipo === 'texto')
    .map(({ nombre }) => `coalesce(strlen(${quoteIdent(nombre)}), 0)`)
  return `SELECT coalesce(max(${['0', ...texts].join(' + ')}), 0)::DOUBLE * 2 + ${columnas.length * 64} AS n FROM ${relation}`
}

/** Options of the COPY that writes one file. A workbook is not written by DuckDB. */
export function copyOptions(formato: Exclude<FormatoArchivo, { tipo: 'excel' }>): string {
  switch (formato.tipo) {
    case 'parquet':
      return `FORMAT parquet, ${parquetOptions(formato)}`
    case 'csv':
      return `FORMAT csv, HEADER ${formato.encabezado}, DELIMITER ${quoteLiteral(formato.delimitador)}, QUOTE '"', ESCAPE '"'`
    case 'jsonl':
      return `FORMAT csv, HEADER false, DELIMITER '${NO_DELIMITER}', QUOTE '${NO_QUOTE}', ESCAPE '${NO_QUOTE}'`
  }
}

const parquetOptions = ({
  compresion,
  filasPorGrupo,
}: Extract<FormatoArchivo, { tipo: 'parquet' }>): string =>
  `COMPRESSION ${compresion === 'ninguna' ? 'uncompressed' : compresion}, ROW_GROUP_SIZE ${filasPorGrupo}`

/**
 * Options of the COPY that writes partitions as folders (`pais=PE`). The columns are in the files too: the name of a folder does not tell a
 * null from a text, nor a number from one.
 */
export function partitionOptions(
  formato: Extract<FormatoArchivo, { tipo: 'parquet' }>,
  name: string,
): string {
  const columns = formato.particiones.map(quoteIdent).join(', ')
  return `FORMAT parquet, ${parquetOptions(formato)}, PARTITION_BY (${columns}), WRITE_PARTITION_COLUMNS true, FILENAME_PATTERN ${quoteLiteral(`${name}_{uuid}`)}, OVERWRITE_OR_IGNORE true`
}

/** Files of a table as a relation: typed columns (Parquet), texts (CSV, under the names given), or its lines (JSON). */
export function readFiles(
  formato: FormatoArchivo,
  files: readonly string[],
  columns: readonly string[],
  longestLine: number,
): string {
  const list = `[${files.map(quoteLiteral).join(', ')}]`
  switch (formato.tipo) {
    case 'parquet':
      return `read_parquet(${list}, hive_partitioning = false, union_by_name = true)`
    case 'csv': {
      const types = columns.map((name) => `${quoteLiteral(name)}: 'VARCHAR'`).join(', ')
      return `read_csv(${list}, auto_detect = false, header = ${formato.encabezado}, delim = ${quoteLiteral(formato.delimitador)}, quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, columns = {${types}}${lineOptions(longestLine)})`
    }
    case 'jsonl':
      return `read_csv(${list}, auto_detect = false, header = false, delim = '${NO_DELIMITER}', quote = '', escape = '', nullstr = '${NO_QUOTE}', columns = {'${LINE}': 'VARCHAR'}${lineOptions(longestLine)})`
    case 'excel':
      throw new RangeError('A workbook is not read back')
  }
}

/** The names in the header of a CSV, as DuckDB reads it. */
export const headerSql = (
  formato: Extract<FormatoArchivo, { tipo: 'csv' }>,
  file: string,
  longestLine: number,
): string =>
  `SELECT column_name FROM (DESCRIBE SELECT * FROM read_csv(${quoteLiteral(file)}, header = true, all_varchar = true, delim = ${quoteLiteral(formato.delimitador)}, quote = '"', escape = '"'${lineOptions(longestLine)}))`
