import { openDuck } from '@engine/duckdb'
import { type ColumnSpec, REGISTRO, type RowSource, type Statement } from '../types'

export const plain = (sql: string): Statement => ({ sql, params: [] })

export const column = (nombre: string, tipo: ColumnSpec['tipo']): ColumnSpec => ({
  nombre,
  tipo,
  nulos: true,
})

/** Rows of a SELECT with the columns of `columnas`, in a DuckDB of the run's own, as a load has them. */
export async function withRows<T>(
  dir: string,
  columnas: readonly ColumnSpec[],
  select: string,
  use: (rows: RowSource) => Promise<T>,
): Promise<T> {
  const duck = await openDuck({ dir, memoryLimit: 256 * 1024 * 1024 })
  try {
    const sql = `SELECT *, row_number() OVER () AS ${REGISTRO} FROM (${select})`
    const [count] = await duck.rows(`SELECT count(*) AS n FROM (${select})`)
    return await use({ columnas, filas: Number(count?.n), duck, sql, dir })
  } finally {
    await duck.close()
  }
}
