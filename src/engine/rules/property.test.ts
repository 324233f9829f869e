import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compileRule } from './compile-rule'
import { runCompiled } from './conformance'
import { quoteText } from './plan/sql'
import { type Cell, interpret, type Rows } from './row-interpreter.fixture'
import { parseExpression } from './syntax/parse'
import type { FrameSpec } from './types'

const COLUMNS = [
  { name: 't', type: 'texto' },
  { name: 'u', type: 'texto' },
  { name: 'n', type: 'entero' },
  { name: 'd', type: 'decimal' },
  { name: 'f', type: 'fecha' },
  { name: 'b', type: 'booleano' },
] as const
const FRAME: FrameSpec = { catalog: 'c', relation: '"c"', columns: [...COLUMNS] }
const SQL_TYPES = {
  texto: 'VARCHAR',
  entero: 'BIGINT',
  decimal: 'DOUBLE',
  fecha: 'TIMESTAMP',
  booleano: 'BOOLEAN',
}

let instance: DuckDBInstance
let connection: DuckDBConnection
beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  connection = await instance.connect()
})
afterAll(() => {
  connection.closeSync()
  instance.closeSync()
})

const written = (value: Cell): string =>
  value === null
    ? 'NULL'
    : typeof value === 'string'
      ? quoteText(value)
      : value instanceof Date
        ? `TIMESTAMP '${value.toISOString().slice(0, 10)}'`
        : String(value)

async function load(rows: Rows, size: number): Promise<void> {
  const lines = Array.from({ length: size }, (_, i) => {
    const cells = COLUMNS.flatMap(({ name }) => [written(rows[name]?.[i] ?? null), 'FALSE'])
    return `(${i + 1}, ${cells.join(', ')})`
  })
  const columns = COLUMNS.map(({ type }, i) => `c${i} ${SQL_TYPES[type]}, b${i} BOOLEAN`)
  await connection.run(`CREATE OR REPLACE TABLE "c" (_rec BIGINT, ${columns.join(', ')})`)
  await connection.run(`INSERT INTO "c" VALUES ${lines.join(', ')}`)
}

const nullable = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(of, { nil: null, freq: 4 })
const text = fc.constantFrom('', 'a', 'A', 'ab', 'Ñu', '00123', ' x ', '12', 'PAGADO')
const day = fc.integer({ min: 0, max: 800 }).map((days) => new Date(Date.UTC(2024, 0, 1 + days)))
const rowsOf = fc.integer({ min: 1, max: 7 }).chain((size) => {
  const column = <T extends Cell>(of: fc.Arbitrary<T>) =>
    fc.array(nullable(of), { minLength: size, maxLength: size })
  return fc.record({
    t: column(text),
    u: column(text),
    n: column(fc.integer({ min: -9, max: 40 })),
    d: column(fc.integer({ min: -40, max: 200 }).map((x) => x / 4)),
    f: column(day),
    b: column(fc.boolean()),
  })
})

/** Expressions of each kind, composed of the others; division only by what is written, so that both sides round alike. */
const { truth } = fc.letrec<{ number: string; words: string; truth: string; moment: string }>((tie) => {
  const [number, words, bool, moment] = [tie('number'), tie('words'), tie('truth'), tie('moment')]
  const of = (template: string, ...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
    fc
      .tuple(...parts)
      .map((given) => template.replace(/\$(\d)/g, (_whole, at: string) => given[Number(at)] ?? ''))
  const pick = (...options: string[]): fc.Arbitrary<string> => fc.constantFrom(...options)
  const compare = pick('<', '<=', '==', '!=', '>', '>=')
  return {
    number: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      pick("df['n']", "df['d']"),
      pick('0', '1', '-3', '2.5', '10'),
      of('($0 $1 $2)', number, pick('+', '-', '*'), number),
      of('($0 $1 $2)', number, pick('/', '//', '%'), pick('2', '4', '-4')),
      of('$0.abs()', pick("df['n']", "df['d']")),
      of("df['d'].clip($0, $1)", pick('-1', '0'), pick('5', '12.5')),
      of('$0.fillna($1)', pick("df['n']", "df['d']"), pick('0', '-1')),
      of('np.where($0, $1, $2)', bool, number, number),
      of('$0.str.len()', words),
      of("df['f'].dt.$0", pick('year', 'month', 'day', 'dayofweek', 'quarter')),
      of("df['$0'].$1()", pick('n', 'd'), pick('sum', 'max', 'count', 'nunique', 'shift', 'cumsum')),
    ),
    words: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      pick("df['t']", "df['u']"),
      of('$0.str.$1()', words, pick('upper', 'lower', 'strip')),
      of('$0.str[$1]', words, pick('0', '-1', '1:', ':2', '-2:', '1:3')),
      of("$0.fillna('$1')", words, pick('z', '')),
      of('($0 + $1)', words, words),
    ),
    moment: pick("df['f']"),
    truth: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      of('($0 $1 $2)', number, compare, number),
      of("($0 $1 '$2')", words, compare, pick('A', 'ab', '', '00123')),
      of("($0 $1 '$2')", moment, compare, pick('2024-06-01', '2025-12-31')),
      of('($0 $1 $2)', bool, pick('&', '|', '^', 'and', 'or'), bool),
      of('(~$0)', bool),
      of('(not $0)', bool),
      of("$0.str.$1('$2')", words, pick('startswith', 'contains'), pick('a', 'A', '0')),
      of('$0.str.isdigit()', words),
      of("df['$0'].$1()", pick('t', 'n', 'd', 'f', 'b'), pick('isnull', 'notna', 'duplicated')),
      of("df['t'].isin(['A', '$0'])", pick('ab', '12')),
      of("df['n'].isin([0, $0])", pick('1', '7')),
      of(
        "$0.between($1, $2, inclusive='$3')",
        pick("df['n']", "df['d']"),
        pick('0', '-2'),
        pick('5', '20'),
        pick('both', 'neither', 'left', 'right'),
      ),
      of('($0 < $1 <= $2)', pick('0', '-5'), number, pick('10', '30')),
      pick("df['b']", "(df['b'] == True)"),
    ),
  }
})

test('compositions mean what a reading cell by cell gives', async () => {
  let verdicts = 0
  await fc.assert(
    fc.asyncProperty(rowsOf, truth, async (rows, rule) => {
      const compiled = compileRule(rule, { level: 'row', frames: [FRAME] })
      // `np.where` gives an array: what pandas asks of a column it can't be asked. Both refuse it.
      if (!compiled.ok) return
      const passes = interpret(parseExpression(rule), rows)
      await load(rows, passes.length)
      const got = await runCompiled(connection, compiled.rule, [FRAME])
      const failing = passes.flatMap((pass, i) => (pass ? [] : [i + 1]))
      verdicts++
      if ('ok' in got) expect(got.ok, rule).toBe(passes.every((pass) => pass))
      else expect(got.failing, rule).toEqual(failing)
    }),
    { numRuns: Number(process.env.SAGE_RUNS ?? 400), seed: 20_251_125 },
  )
  expect(verdicts).toBeGreaterThan(200)
}, 120_000)
