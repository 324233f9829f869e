import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { quoteIdent } from '@engine/duckdb'
import { AppError } from '@shared/errors/app-error'
import type { TipoColumna } from '@shared/model/materializacion'
import type { RowSource } from '../types'

/** What a sheet holds below its header. */
export const EXCEL_ROWS = 1_048_575
const EXCEL_TEXT = 32_767
const EXCEL_DIGITS = 15
/** Its calendar begins in 1900. */
const FIRST_DAY = '1900-03-01'

type Cell = string | number | boolean | Date | null

/**
 * Writes rows as a workbook of one sheet, streamed. What a cell can't hold exactly (a number of more than 15 digits, a date of before 1900)
 * is written as text. Errors: EXCEL_DEMASIADAS_FILAS, EXCEL_TEXTO_LARGO.
 */
export async function writeWorkbook(
  source: RowSource,
  sheet: string,
  path: string,
  signal?: AbortSignal,
): Promise<void> {
  if (source.filas > EXCEL_ROWS) {
    throw new AppError('EXCEL_DEMASIADAS_FILAS', {
      kind: 'input',
      message: `El resultado tiene ${source.filas} filas y una hoja de Excel admite ${EXCEL_ROWS}.`,
      hint: 'Usar CSV o Parquet, o un filtro.',
    })
  }
  await refuseLongTexts(source)
  const { writeXlsxStream } = await import('hucre/xlsx')
  const columns = source.columnas.map(({ nombre, tipo }) => ({
    header: nombre,
    key: nombre,
    ...format(tipo),
  }))
  const bytes = writeXlsxStream(rowsOf(source), { name: sheet, columns })
  await pipeline(Readable.from(bytes), createWriteStream(path), signal ? { signal } : {})
}

const format = ({ tipo }: TipoColumna) => {
  if (tipo === 'fecha') return { numFmt: 'yyyy-mm-dd' }
  return tipo === 'fecha_hora' ? { numFmt: 'yyyy-mm-dd hh:mm:ss' } : {}
}

async function* rowsOf({ duck, columnas, sql }: RowSource): AsyncGenerator<Cell[]> {
  const cells = columnas.map(({ nombre }) => `CAST(${quoteIdent(nombre)} AS VARCHAR)`)
  const result = await duck.connection.stream(`SELECT ${cells.join(', ')} FROM (${sql})`)
  for (;;) {
    const chunk = await result.fetchChunk()
    if (!chunk || chunk.rowCount === 0) return
    for (const row of chunk.getRows()) {
      yield columnas.map(({ tipo }, i) => {
        const value = row[i]
        return value === null || value === undefined ? null : cellOf(String(value), tipo)
      })
    }
  }
}

function cellOf(text: string, { tipo }: TipoColumna): Cell {
  switch (tipo) {
    case 'entero':
    case 'decimal':
      return text.replace(/^-|\./g, '').replace(/^0+/, '').length <= EXCEL_DIGITS ? Number(text) : text
    case 'doble':
      return Number.isFinite(Number(text)) ? Number(text) : text
    case 'booleano':
      return text === 'true'
    case 'fecha':
    case 'fecha_hora': {
      const date =
        text < FIRST_DAY || text.length > 29
          ? null
          : new Date(`${text.slice(0, 10)}T${text.slice(11, 23) || '00:00:00'}Z`)
      return date === null || Number.isNaN(date.getTime()) ? text : date
    }
    default:
      return text
  }
}

async function refuseLongTexts({ duck, columnas, sql }: RowSource): Promise<void> {
  const texts = columnas.filter(({ tipo }) => tipo.tipo === 'texto')
  if (texts.length === 0) return
  const longest = texts.map(({ nombre }, i) => `max(length(${quoteIdent(nombre)}))::DOUBLE AS n${i}`)
  const [row] = await duck.rows(`SELECT ${longest.join(', ')} FROM (${sql})`)
  const at = texts.findIndex((_, i) => Number(row?.[`n${i}`] ?? 0) > EXCEL_TEXT)
  if (at < 0) return
  throw new AppError('EXCEL_TEXTO_LARGO', {
    kind: 'input',
    message: `«${texts[at]?.nombre}» trae un texto de ${Number(row?.[`n${at}`])} caracteres y una celda de Excel admite ${EXCEL_TEXT}.`,
    hint: 'Usar CSV o Parquet, o quitar la columna.',
  })
}
