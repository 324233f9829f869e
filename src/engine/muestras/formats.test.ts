import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { openDuck } from '@engine/duckdb'
import type { CorreccionMuestra } from '@shared/model/muestra'
import { writeXlsx } from 'hucre/xlsx'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SampleBench } from './sample-bench'

let bench: SampleBench
beforeEach(async () => {
  bench = await SampleBench.open()
})
afterEach(() => bench.close())

async function wholeWay(name: string, bytes: Uint8Array | string, corrections: CorreccionMuestra[] = []) {
  const { catalog, diagnostics, verdict } = await bench.wholeWay(name, bytes, corrections)
  const types = catalog.columnas.map(({ nombre, tipo }) => `${nombre}:${tipo}`)
  return { catalog, types, diagnostics, estado: verdict.estado, records: verdict.totals.records }
}

const clean = { diagnostics: [], estado: 'Éxito' }
const rows = [
  ['00123', 10.5, new Date('2026-01-31T00:00:00Z'), true],
  ['00124', 11.25, new Date('2026-02-01T00:00:00Z'), false],
  ['00125', 12, new Date('2026-02-02T00:00:00Z'), true],
]
const TYPES = ['codigo:texto', 'monto:decimal', 'alta:fecha', 'activo:booleano']
const HEADER = ['codigo', 'monto', 'alta', 'activo']

describe('a sample in each format', () => {
  it('reads a workbook by its cells, and another of its sheets when it is told', async () => {
    const book = await writeXlsx({
      sheets: [
        { name: 'Ventas', rows: [HEADER, ...rows] },
        {
          name: 'Otra',
          rows: [
            ['clave', 'nota'],
            ['A1', 'x'],
            ['A2', 'y'],
          ],
        },
      ],
    })
    const first = await wholeWay('ventas.xlsx', book)
    expect(first).toMatchObject({ ...clean, types: TYPES, records: 3 })
    expect(first.catalog).toMatchObject({
      formato: 'EXCEL',
      hoja: 'Ventas',
      hojas: ['Ventas', 'Otra'],
      delimitador: null,
    })
    const other = await wholeWay('ventas.xlsx', book, [{ origen: 'ventas.xlsx', hoja: 'Otra' }])
    expect(other).toMatchObject({ ...clean, types: ['clave:texto', 'nota:texto'], records: 2 })
  })

  it('reads a workbook without a header, whose rows end where their values do', async () => {
    const book = await writeXlsx({
      sheets: [
        {
          name: 'H',
          rows: [
            ['A1', 5],
            ['A2', 6, 'x'],
            ['A3', 7, 'y'],
          ],
        },
      ],
    })
    const found = await wholeWay('h.xlsx', book)
    expect(found).toMatchObject({ ...clean, records: 3 })
    expect(found.types).toEqual(['COLUMNA_1:texto', 'COLUMNA_2:entero', 'COLUMNA_3:texto'])
    expect(found.catalog.columnas[2]).toMatchObject({ obligatorio: false })
  })

  it('reads Parquet and JSON lines by their own names', async () => {
    const duck = await openDuck({ dir: bench.root })
    try {
      await duck.run(
        `COPY (SELECT printf('%05d', i) AS codigo, i + 0.5 AS monto, DATE '2026-01-01' + i::INTEGER AS alta, i % 2 = 0 AS activo FROM range(1, 40) r(i)) TO '${join(bench.root, 'p.parquet')}' (FORMAT parquet)`,
      )
    } finally {
      await duck.close()
    }
    const parquet = await wholeWay('ventas.parquet', await readFile(join(bench.root, 'p.parquet')))
    expect(parquet).toMatchObject({ ...clean, types: TYPES, records: 39 })
    const lines = [1, 2, 3].map((i) =>
      JSON.stringify({ codigo: `0${i}`, monto: i + 0.5, alta: `2026-01-0${i}`, activo: true }),
    )
    const json = await wholeWay('ventas.jsonl', lines.join('\n'))
    expect(json).toMatchObject({ ...clean, types: TYPES, records: 3 })
  })

  const csv = `\ufeffcódigo;año\r\n${[1, 2, 3, 4].map((i) => `P-${i};202${i}`).join('\r\n')}\r\n`
  it.each([
    ['UTF-8 with a mark', Buffer.from(csv), 'utf-8-bom'],
    ['UTF-16', Buffer.from(csv, 'utf16le'), 'utf-16le'],
    ['Windows-1252', Buffer.from(csv.slice(1), 'latin1'), 'windows-1252'],
  ])('reads a text in %s, also inside a gzip', async (_name, bytes, codificacion) => {
    for (const [name, content] of [
      ['datos.csv', bytes],
      ['datos.csv.gz', gzipSync(bytes)],
    ] as const) {
      const found = await wholeWay(name, content)
      expect(found).toMatchObject({ ...clean, types: ['código:texto', 'año:entero'], records: 4 })
      expect(found.catalog.codificacion).toBe(codificacion)
    }
  })
})
