import { openDuck, quoteLiteral } from '@engine/duckdb'
import type { Estrategia } from '@shared/model/materializacion'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { type Changes, changesOf } from './changes'
import { FilesBench } from './files-bench.fixture'
import { readFiles } from './formats'
import { rowShape } from './row-shape'

const MIB = 1024 * 1024
const COLUMNS = [
  { nombre: 'id', tipo: { tipo: 'entero' }, nulos: false },
  { nombre: 'texto', tipo: { tipo: 'texto' }, nulos: true },
] as const

let bench: FilesBench
let old: string
let fresh: string
beforeAll(async () => {
  bench = await FilesBench.open()
  old = `${bench.root}/grande.csv`
  fresh = `${bench.root}/nuevo.parquet`
  const rows = 'SELECT i AS id, repeat(md5(i::VARCHAR), 64) AS texto FROM range(40000) t(i)'
  await bench.duck.run(`COPY (${rows}) TO ${quoteLiteral(old)} (FORMAT csv, HEADER true)`)
  await bench.duck.run(`COPY (${rows}) TO ${quoteLiteral(fresh)} (FORMAT parquet)`)
})
afterAll(() => bench.close())

/** A strategy over a CSV of 78 MiB, of which every row comes anew. */
function changesOfBig(estrategia: Estrategia): Changes {
  const formato = { tipo: 'csv', delimitador: ',', encabezado: true } as const
  const existing = COLUMNS.map(({ nombre }) => nombre)
  return changesOf({
    estrategia,
    shape: rowShape({ formato, existing, mapped: COLUMNS, keepOthers: true, others: new Map() }),
    mapped: COLUMNS,
    fresh: `(SELECT *, id AS _sage_registro FROM read_parquet(${quoteLiteral(fresh)}))`,
    existing: `(SELECT * FROM ${readFiles(formato, [old], existing, 0)})`,
  })
}

const profileSchema = z.object({ system_peak_buffer_memory: z.number() })

/** What DuckDB holds at most while it gives the rows of a query. */
async function peakMiB(sql: string): Promise<number> {
  // An engine of its own: what it tells is the most it has held since it was opened.
  const duck = await openDuck({ dir: bench.root, memoryLimit: 2048 * MIB, threads: 1 })
  try {
    const [plan] = await duck.rows(`EXPLAIN (ANALYZE, FORMAT json) ${sql}`)
    return profileSchema.parse(JSON.parse(String(plan?.explain_value))).system_peak_buffer_memory / MIB
  } finally {
    await duck.close()
  }
}

/** Reading a CSV takes about 100 MiB whatever its size, and to count an UPSERT it is read twice at once; held too, it is past 300. */
const MOST_MIB = 250

it.each([
  { tipo: 'upsert', clave: ['id'] },
  { tipo: 'delete_insert', borrar: { por: 'clave', clave: ['id'] } },
  { tipo: 'delete_insert', borrar: { por: 'particion', columnas: ['id'] } },
] satisfies Estrategia[])('a file that is rewritten is not held in memory: %j', async (estrategia) => {
  const { result, counts } = changesOfBig(estrategia)
  expect(await peakMiB(result)).toBeLessThan(MOST_MIB)
  expect(await peakMiB(counts)).toBeLessThan(MOST_MIB)
})
