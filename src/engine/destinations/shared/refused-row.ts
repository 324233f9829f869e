import { quoteLiteral } from '@engine/duckdb'
import { AppError } from '@shared/errors/app-error'
import { z } from 'zod'
import { REGISTRO, type RowSource } from '../types'
import { placed } from './text-sql'

/** Characters of a value that an error shows. */
const SHOWN = 200

const rechazoSchema = z.object({
  /** In order; none where the server told only values. */
  registros: z.array(z.number()),
  /** More than are listed, all counted; null: nobody counted them. */
  total: z.number().nullable(),
  columnas: z.array(z.string()),
  valores: z.array(z.string().nullable()),
})

/** The rows that a server refused, as far as it told them: a plug puts it in its error, the load names the records by it. */
export type Rechazo = z.infer<typeof rechazoSchema>

/** The same error with what is known of the rows that it is about. */
export const withRechazo = (error: AppError, rechazo: Rechazo | null): AppError =>
  rechazo === null
    ? error
    : new AppError(error.code, {
        ...error.toData(),
        details: { ...error.details, rechazo },
        cause: error.cause,
      })

export const rechazoOf = ({ details }: AppError): Rechazo | null =>
  rechazoSchema.safeParse(details?.rechazo).data ?? null

/** A column of the rows as an error shows it: its place, and its value cut; without a column, nothing. */
export function shownCell(
  { columnas }: RowSource,
  columna: string | null,
): { nombre: string[]; sql: string } {
  const place = columnas.findIndex(({ nombre }) => nombre === columna)
  return place < 0 || columna === null
    ? { nombre: [], sql: 'NULL' }
    : { nombre: [columna], sql: `left(CAST(c${place} AS VARCHAR), ${SHOWN})` }
}

/** The row that a server refused by its place among those sent (from 1), with the column where it told it. Null: there is none. */
export async function refusedAt(
  rows: RowSource,
  place: number,
  columna: string | null,
): Promise<Rechazo | null> {
  if (!Number.isSafeInteger(place) || place < 1) return null
  const { nombre, sql } = shownCell(rows, columna)
  const [row] = await rows.duck.rows(
    `SELECT ${REGISTRO}::DOUBLE AS r, ${sql} AS v FROM ${placed(rows)} LIMIT 1 OFFSET ${place - 1}`,
  )
  return row ? oneRow(row, nombre) : null
}

/** A row of `r` (its record) and `v` (the value of the column shown). */
export const oneRow = ({ r, v }: Record<string, unknown>, columnas: string[]): Rechazo => ({
  ...{ registros: [Number(r)], total: 1, columnas },
  valores: columnas.map(() => (v === null ? null : String(v))),
})

/** The records whose columns have these texts; null where a column is not one of the rows, or no row has them. At most `most` listed. */
export async function rowsWith(
  rows: RowSource,
  { columnas, valores }: Pick<Rechazo, 'columnas' | 'valores'>,
  most: number,
): Promise<Rechazo | null> {
  const places = columnas.map((name) => rows.columnas.findIndex(({ nombre }) => nombre === name))
  if (places.length === 0 || places.includes(-1)) return null
  const same = places.map((place, at) => {
    const valor = valores[at] ?? null
    return valor === null ? `c${place} IS NULL` : `CAST(c${place} AS VARCHAR) = ${quoteLiteral(valor)}`
  })
  const found = await rows.duck.rows(
    `SELECT ${REGISTRO}::DOUBLE AS r, (count(*) OVER ())::DOUBLE AS n FROM ${placed(rows)} WHERE ${same.join(' AND ')} ORDER BY 1 LIMIT ${most}`,
  )
  if (found.length === 0) return null
  return { registros: found.map(({ r }) => Number(r)), total: Number(found[0]?.n), columnas, valores }
}
