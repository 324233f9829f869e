import type { Duck } from '@engine/duckdb'
import type { ColumnaInferida } from '@shared/model/muestra'

/** Past this, pairs are not tried: each is a pass that remembers every pair. */
const PAIRS_MOST_RECORDS = 2_000_000
const PAIR_COLUMNS = 7
const SINGLE_MOST = 5
const PAIRS_MOST = 3

/** By what a key usually is: a code before a date, a date before an amount. */
const ORDER = { texto: 0, entero: 0, fecha: 1, booleano: 2, decimal: 3 } as const

/**
 * Sets of columns whose values never repeat and are never empty: single ones and, only where there is none, pairs.
 * Fewer than two records have no key.
 */
export async function candidateKeys(
  duck: Duck,
  relation: string,
  columns: ColumnaInferida[],
  total: number,
): Promise<string[][]> {
  if (total < 2) return []
  const single = columns
    .filter((column) => column.sinRepetir && column.nulos === 0 && column.tipo !== 'decimal')
    .sort((a, b) => Number(b.unico) - Number(a.unico) || ORDER[a.tipo] - ORDER[b.tipo])
  if (single.length > 0) return single.slice(0, SINGLE_MOST).map((column) => [column.nombre])
  if (total > PAIRS_MOST_RECORDS) return []
  return await pairs(duck, relation, columns, total)
}

async function pairs(
  duck: Duck,
  relation: string,
  columns: ColumnaInferida[],
  total: number,
): Promise<string[][]> {
  const usable = columns
    .map((column, index) => ({ column, index }))
    .filter(({ column }) => column.nulos === 0 && column.distintos > 1 && column.tipo !== 'decimal')
    .sort((a, b) => ORDER[a.column.tipo] - ORDER[b.column.tipo] || b.column.distintos - a.column.distintos)
    .slice(0, PAIR_COLUMNS)
  const found: string[][] = []
  for (const [i, a] of usable.entries()) {
    for (const b of usable.slice(i + 1)) {
      // Fewer combinations than records: some pair must repeat.
      if (a.column.distintos * b.column.distintos < total) continue
      const [row] = await duck.rows(`SELECT count(DISTINCT (k${a.index}, k${b.index})) AS n FROM ${relation}`)
      if (Number(row?.n ?? 0) !== total) continue
      found.push([a.column.nombre, b.column.nombre])
      if (found.length === PAIRS_MOST) return found
    }
  }
  return found
}
