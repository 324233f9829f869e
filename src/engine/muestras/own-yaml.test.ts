import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SampleBench } from './sample-bench'

let bench: SampleBench
beforeEach(async () => {
  bench = await SampleBench.open()
})
afterEach(() => bench.close())

describe('the YAML of a sample', () => {
  it('reads the shipped sample without an error', async () => {
    const zip = await readFile(join(__dirname, '../../../resources/samples/distribuidora/diario.zip'))
    const { muestra, diagnostics, verdict } = await bench.wholeWay('diario.zip', zip)
    expect(diagnostics).toEqual([])
    expect(verdict.checks.filter((check) => check.severity === 'error')).toEqual([])
    expect(muestra.relaciones.length).toBeGreaterThan(0)
  })

  const cell = {
    entero: fc.integer({ min: -1_000_000, max: 1_000_000 }).map(String),
    decimal: fc.integer({ min: -99_999, max: 99_999 }).map((n) => (n / 100).toFixed(2)),
    coma: fc
      .integer({ min: 0, max: 9_999_999 })
      .map((n) => (n / 100).toLocaleString('de-DE', { minimumFractionDigits: 2 })),
    fecha: fc
      .integer({ min: 0, max: 20_000 })
      .map((n) => new Date(n * 86_400_000).toISOString().slice(0, 10)),
    latina: fc.integer({ min: 0, max: 20_000 }).map((n) => {
      const [y, m, d] = new Date(n * 86_400_000).toISOString().slice(0, 10).split('-')
      return `${d}/${m}/${y}`
    }),
    booleano: fc.constantFrom('true', 'false', 'Sí', 'no'),
    codigo: fc.integer({ min: 0, max: 99_999 }).map((n) => String(n).padStart(6, '0')),
    texto: fc.string({
      unit: fc.constantFrom('a', 'ñ', 'Z', '9', '"', "'", ',', ';', '|', '\n', ' ', '\\', '-', '=', '#', '{'),
      maxLength: 8,
    }),
    conjunto: fc.constantFrom("O'Higgins", 'A\\B', '"x"', 'no', '1'),
  }
  const kinds = fc.array(fc.constantFrom(...(Object.keys(cell) as (keyof typeof cell)[])), {
    minLength: 2,
    maxLength: 6,
  })
  const table = kinds.chain((chosen) =>
    fc.record({
      kinds: fc.constant(chosen),
      header: fc.boolean(),
      delimiter: fc.constantFrom(',', ';', '|', '\t'),
      empty: fc.double({ min: 0, max: 0.3, noNaN: true }),
      rows: fc.array(
        fc.tuple(...chosen.map((kind) => fc.tuple(cell[kind], fc.double({ min: 0, max: 1, noNaN: true })))),
        {
          minLength: 2,
          maxLength: 60,
        },
      ),
    }),
  )

  it('parses clean and takes its own sample, whatever the sample', async () => {
    let turn = 0
    await fc.assert(
      fc.asyncProperty(table, async ({ kinds: chosen, header, delimiter, empty, rows }) => {
        const quote = (text: string): string =>
          /["\n]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text
        const body = rows.map((cells) =>
          cells.map(([text, dice]) => (dice < empty ? '' : quote(text))).join(delimiter),
        )
        const head = header ? [chosen.map((kind, i) => `${kind}_${i}`).join(delimiter)] : []
        const name = `s${turn++}.csv`
        const { muestra, diagnostics, verdict, yaml } = await bench.wholeWay(
          name,
          `${[...head, ...body].join('\n')}\n`,
        )
        const problems = [
          ...diagnostics,
          ...verdict.fileErrors.filter(({ severity }) => severity === 'error'),
          ...verdict.checks.filter(({ severity }) => severity === 'error'),
        ]
        // What the proposal itself warned of is not a surprise.
        if (muestra.catalogos.some(({ avisos }) => avisos.length > 0)) return
        expect(problems, `${yaml}\n${JSON.stringify(muestra.catalogos[0]?.decision)}`).toEqual([])
      }),
      { numRuns: 15, seed: 20261125 },
    )
  })
})
