import { oneRow, type Rechazo, shownCell } from '../shared/refused-row'
import { placed } from '../shared/text-sql'
import { REGISTRO, type RowSource } from '../types'

/**
 * The key that the DETAIL of an error tells: `Key (canal, zona)=(9, x) is not present in table "t".`, in whatever language. Null where its
 * names and values can't be told apart.
 */
export function refusedKey(detail: string | undefined): Rechazo | null {
  const [, names = '', values = ''] = /\(([^()]+)\) ?= ?\((.*)\)/s.exec(detail ?? '') ?? []
  if (names === '') return null
  const columnas = names.split(', ').map((name) => name.replace(/^"(.*)"$/, '$1').replaceAll('""', '"'))
  const valores = columnas.length === 1 ? [values] : values.split(', ')
  return columnas.length === valores.length ? { registros: [], total: null, columnas, valores } : null
}

/** `COPY ventas, line 2, column canal: "radio"` among the lines of CONTEXT, in whatever language. */
export function copyPlace(
  where: string | undefined,
  tabla: string,
  { columnas }: RowSource,
): { line: number; columna: string | null } | null {
  const own = `COPY ${tabla}, `
  const start = `\n${where ?? ''}`.indexOf(`\n${own}`)
  if (start < 0) return null
  const told = (where ?? '').slice(start + own.length)
  const [before, line] = /^\p{L}+ (\d+)/u.exec(told) ?? []
  if (before === undefined) return null
  const [, rest = ''] = /^, \p{L}+ (.*)/su.exec(told.slice(before.length)) ?? []
  const found = columnas.find(({ nombre }) => rest.startsWith(`${nombre}:`) || rest.startsWith(`${nombre} :`))
  return { line: Number(line), columna: found?.nombre ?? null }
}

/**
 * The row whose last line is this one in our CSV: COPY counts lines, and a text may have several. Of the first row it counts CR: it does
 * not know yet how lines end. Null where no row ends there.
 */
export async function refusedLine(
  rows: RowSource,
  { line, columna }: { line: number; columna: string | null },
): Promise<Rechazo | null> {
  const texts = rows.columnas.flatMap(({ tipo }, place) => (tipo.tipo === 'texto' ? [`c${place}`] : []))
  const breaks = (char: number): string =>
    texts
      .map((cell) => `coalesce(length(${cell}) - length(replace(${cell}, chr(${char}), '')), 0)`)
      .join(' + ') || '0'
  const { nombre, sql } = shownCell(rows, columna)
  const own = `SELECT ${REGISTRO}::DOUBLE AS r, ${sql} AS v, row_number() OVER () AS n, ${breaks(13)} AS cr, ${breaks(10)} AS lf FROM ${placed(rows)}`
  const ended = `SELECT r, v, sum(1 + CASE WHEN n = 1 THEN cr ELSE lf END) OVER (ROWS UNBOUNDED PRECEDING) AS line FROM (${own})`
  const [row] = await rows.duck.rows(`SELECT r, v FROM (${ended}) WHERE line = ${line} LIMIT 1`)
  return row ? oneRow(row, nombre) : null
}
