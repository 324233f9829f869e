import type { LoadResult } from '@engine/materialization'

/** Where many rows go: a SQL destination or a folder of files. */
export interface VolumeTarget {
  /** Loads as many rows by UPSERT of `id`: SQL of DuckDB over `i`, from 1, for each column of `VOLUME_TYPES`. */
  load(exprs: readonly string[], rows: number): Promise<LoadResult>
  /** Rows of the table, and the sum of `monto`. */
  read(): Promise<{ count: number; sum: number }>
}

export const volumeTypes = (digits: number) =>
  ({
    id: { tipo: 'entero' },
    codigo: { tipo: 'texto', largo: 40 },
    monto: { tipo: 'decimal', precision: Math.min(18, digits), escala: 2 },
    dia: { tipo: 'fecha' },
  }) as const

const exprsOf = (from: number, cents: string): string[] => [
  `i + ${from}`,
  `'código ' || (i + ${from})`,
  `(i + ${from}) + ${cents}`,
  `DATE '2026-01-01' + CAST(i % 365 AS INTEGER)`,
]

/**
 * So many rows, and then as many over them: half are there with another amount, half are new. Gives how long each load took (ms). Throws
 * when a row is not there once, or not as it was sent.
 */
export async function volumeLoads(
  target: VolumeTarget,
  rows: number,
): Promise<{ first: number; second: number }> {
  const timed = async (from: number, cents: string) => {
    const start = performance.now()
    const { totales } = await target.load(exprsOf(from, cents), rows)
    return { ms: Math.round(performance.now() - start), totales }
  }
  const half = Math.floor(rows / 2)
  const first = await timed(0, '0.25')
  const second = await timed(half, '0.50')
  same('first load', first.totales, { leidas: rows, insertadas: rows, actualizadas: 0, eliminadas: 0 })
  same('second load', second.totales, {
    ...{ leidas: rows, insertadas: half, actualizadas: rows - half, eliminadas: 0 },
  })
  const { count, sum } = await target.read()
  const all = rows + half
  // Every id once, a quarter more below the half and a half more above it.
  const cents = (BigInt(all) * BigInt(all + 1) * 100n) / 2n + BigInt(half) * 25n + BigInt(rows) * 50n
  same('table', [count, String(Math.round(sum * 100))], [all, String(cents)])
  return { first: first.ms, second: second.ms }
}

function same(what: string, there: unknown, wanted: unknown): void {
  const [a, b] = [JSON.stringify(there), JSON.stringify(wanted)]
  if (a !== b) throw new Error(`${what}: ${a} where ${b} was expected`)
}
