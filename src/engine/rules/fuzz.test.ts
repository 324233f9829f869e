import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCompiled } from './conformance'
import { compileRule, languageEntries } from './index'
import type { FrameSpec, RuleContext } from './types'

const COUNT = Number(process.env.SAGE_FUZZ ?? 2000)
const SEED = Number(process.env.SAGE_FUZZ_SEED ?? 20261125)

const FRAMES: FrameSpec[] = [
  {
    catalog: 'a',
    relation: '"_cat_a"',
    columns: [
      { name: 't', type: 'texto' },
      { name: 'n', type: 'entero' },
      { name: 'd', type: 'decimal' },
      { name: 'f', type: 'fecha' },
      { name: 'b', type: 'booleano' },
      { name: 'g', type: 'fecha' },
      { name: '30001', type: 'texto' },
    ],
  },
  {
    catalog: 'c',
    relation: '"_cat_c"',
    columns: [
      { name: 't', type: 'texto' },
      { name: 'd', type: 'decimal' },
      { name: 'n', type: 'entero' },
    ],
  },
]

const DATA = `
CREATE TABLE "_cat_a" (_rec BIGINT, c0 VARCHAR, c1 BIGINT, c2 DOUBLE, c3 TIMESTAMP, c4 BOOLEAN, c5 TIMESTAMP, c6 VARCHAR, b0 BOOLEAN, b1 BOOLEAN, b2 BOOLEAN, b3 BOOLEAN, b4 BOOLEAN, b5 BOOLEAN, b6 BOOLEAN);
INSERT INTO "_cat_a" VALUES
 (1, 'Ñandú 12', 9223372036854775807, 1e308, '2025-01-31', TRUE, '2025-02-01 10:00:00', 'x', FALSE, FALSE, FALSE, FALSE, FALSE, FALSE, FALSE),
 (2, '', -9223372036854775808, -1e308, '1677-09-22', FALSE, NULL, NULL, FALSE, FALSE, FALSE, FALSE, FALSE, FALSE, FALSE),
 (3, NULL, NULL, NULL, NULL, NULL, '9999-12-31', 'y', FALSE, TRUE, FALSE, FALSE, FALSE, FALSE, FALSE),
 (4, 'a''b"c;--' || chr(10), 0, 0, '2024-02-29', TRUE, '2024-02-29', 'x', FALSE, FALSE, FALSE, FALSE, FALSE, FALSE, FALSE),
 (5, '00123', 7, 2.675, '2025-06-30 23:59:59.999999', NULL, '2025-06-30', 'x@y.z', FALSE, FALSE, FALSE, FALSE, FALSE, FALSE, FALSE),
 (6, '👍🏽', -7, 'inf', '0001-01-01', FALSE, '2025-01-01', '', FALSE, FALSE, FALSE, FALSE, FALSE, FALSE, FALSE);
CREATE TABLE "_cat_c" (_rec BIGINT, c0 VARCHAR, c1 DOUBLE, c2 BIGINT, b0 BOOLEAN, b1 BOOLEAN, b2 BOOLEAN);
INSERT INTO "_cat_c" VALUES (1, '00123', 5, 7, FALSE, FALSE, FALSE), (2, 'z', NULL, NULL, FALSE, FALSE, FALSE), (3, NULL, 1.5, -7, FALSE, TRUE, FALSE);
`

/** A small seeded generator (mulberry32): the same seed is the same run. */
function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const EXAMPLES = languageEntries().map((entry) => entry.example)

class Generator {
  constructor(
    private readonly next: () => number,
    private readonly frame: string,
  ) {}

  private pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.next() * items.length)]
    if (item === undefined) throw new Error('nothing to pick')
    return item
  }

  private readonly numbers = [
    '0',
    '1',
    '-1',
    '2.5',
    '1e308',
    '9223372036854775807',
    '0.0',
    '10**6',
    '365',
    'np.inf',
    'np.nan',
    'None',
  ]
  private readonly texts = [
    "'a'",
    "''",
    "'Ñ'",
    "'%_'",
    "'\\''",
    "'2025-01-31'",
    "'\\x00\\n'",
    "'\"; DROP TABLE x; --'",
    "'00123'",
    "'sum'",
  ]
  private readonly patterns = [
    "'^[A-Z]\\\\d+$'",
    "r'\\w+'",
    "'(a|b)*c'",
    "r'(?i)ñ'",
    "'['",
    "r'(?=x)y'",
    "'a{2,5}'",
    "r'\\bx'",
    "'.'",
    "r'[^\\W\\d]'",
    "r'(\\d)(\\d)'",
  ]

  column(depth: number): string {
    const name = this.pick(['t', 'n', 'd', 'f', 'b', 'g', '30001', 't', 'n', 'd', 'tt'])
    return depth > 0 && this.next() < 0.1
      ? `${this.frame}[${this.bool(depth - 1)}]['${name}']`
      : `${this.frame}['${name}']`
  }

  text(depth: number): string {
    const x = `${this.frame}['${this.pick(['t', '30001'])}']`
    if (depth <= 0) return x
    const inner = this.text(depth - 1)
    return this.pick([
      x,
      `${inner}.str.${this.pick(['upper()', 'lower()', 'strip()', 'title()', 'zfill(5)', 'slice(1, 3)', '[::-1]', '[-1]', '[0]', 'capitalize()', "pad(4, side='both')", 'swapcase()'])}`.replace(
        '.[',
        '[',
      ),
      `${inner}.str.replace(${this.pick(this.patterns)}, ${this.pick(this.texts)}, regex=${this.pick(['True', 'False'])})`,
      `${inner}.str.split(${this.pick(["'-'", "' '", "'ab'", ''])}).str[${this.pick(['0', '1', '-1'])}]`,
      `${inner}.str.extract(${this.pick(this.patterns)})[0]`,
      `${inner}.fillna(${this.pick(this.texts)})`,
      `${this.number(depth - 1)}.astype(str)`,
      `${this.date(depth - 1)}.dt.strftime('%Y-%m')`,
      `(${inner} + ${this.pick(this.texts)})`,
    ])
  }

  number(depth: number): string {
    const x = `${this.frame}['${this.pick(['n', 'd'])}']`
    if (depth <= 0) return this.next() < 0.8 ? x : this.pick(this.numbers)
    const a = this.number(depth - 1)
    const b = this.number(depth - 1)
    return this.pick([
      `(${a} ${this.pick(['+', '-', '*', '/', '//', '%', '**'])} ${b})`,
      `${x}.${this.pick(['abs()', 'round(2)', 'fillna(0)', 'shift(1)', 'diff()', 'cumsum()', 'rank()', 'clip(0, 10)', 'mean()', 'sum()', 'std()', 'quantile(0.9)', 'max()', 'count()', 'nunique()', 'rolling(2).mean()', 'astype(int)', 'ffill()', 'median()', 'var()'])}`,
      `(${a}).${this.pick(['abs()', 'round(1)', 'fillna(0)', 'sum()', 'mean()', 'std()', 'cumsum()', 'diff()'])}`,
      `np.${this.pick(['abs', 'sqrt', 'log', 'exp', 'floor', 'sign', 'log10'])}(${a})`,
      `${this.text(depth - 1)}.str.${this.pick(['len()', "count('a')", "find('a')"])}`,
      `${this.date(depth - 1)}.dt.${this.pick(['year', 'month', 'dayofweek', 'quarter', 'days_in_month'])}`,
      `(${this.date(depth - 1)} - ${this.date(depth - 1)}).dt.${this.pick(['days', 'total_seconds()'])}`,
      `${this.frame}.groupby('${this.pick(['t', '30001', 'b', 'f'])}')['${this.pick(['n', 'd', 't'])}'].${this.pick(["transform('sum')", "transform('count')", 'cumsum()', 'sum().max()', 'transform(lambda s: s.max() - s.min())', 'size().max()'])}`,
      `np.where(${this.bool(depth - 1)}, ${a}, ${b})`,
      `(${a} if ${this.bool(depth - 1)} else ${b})`,
      `pd.to_numeric(${this.text(depth - 1)}, errors='coerce')`,
    ])
  }

  date(depth: number): string {
    const x = `${this.frame}['${this.pick(['f', 'g'])}']`
    if (depth <= 0) return x
    return this.pick([
      x,
      `pd.to_datetime(${this.text(depth - 1)}, errors='coerce')`,
      `(${x} + pd.Timedelta(days=${this.pick(['1', '-400000', '1e9'])}))`,
      `${x}.fillna(pd.Timestamp('2025-01-01'))`,
      `${x}.max()`,
      `${x}.shift(-1)`,
    ])
  }

  bool(depth: number): string {
    if (depth <= 0)
      return this.pick([
        `${this.frame}['b']`,
        `${this.column(0)}.${this.pick(['isnull()', 'notna()', 'duplicated()'])}`,
        'True',
      ])
    const d = depth - 1
    return this.pick([
      `(${this.number(d)} ${this.pick(['<', '<=', '==', '!=', '>', '>='])} ${this.number(d)})`,
      `(${this.text(d)} ${this.pick(['==', '!=', '<'])} ${this.pick(this.texts)})`,
      `(${this.date(d)} ${this.pick(['<', '>=', '=='])} ${this.date(d)})`,
      `(${this.bool(d)} ${this.pick(['&', '|', '^', 'and', 'or'])} ${this.bool(d)})`,
      `(~${this.bool(d)})`,
      `${this.text(d)}.str.${this.pick(['match', 'contains', 'fullmatch'])}(${this.pick(this.patterns)})`,
      `${this.text(d)}.str.${this.pick(['isdigit', 'isupper', 'isalpha', 'istitle', 'isspace'])}()`,
      `${this.column(d)}.isin([${this.pick(this.texts)}, ${this.pick(this.numbers)}])`,
      `${this.column(d)}.isin(${this.column(d)})`,
      `${this.bool(d)}.${this.pick(['all()', 'any()', 'mean() > 0.5', 'sum() == 0', 'fillna(False)'])}`,
      `${this.frame}.apply(lambda r: r['n'] ${this.pick(['>', '==', '<'])} ${this.pick(this.numbers)} ${this.pick(['and', 'or'])} r['t'] ${this.pick(['in', 'not in', '=='])} ${this.pick(["['a', 'b']", "'abc'"])}, axis=1)`,
      `np.isclose(${this.number(d)}, ${this.number(d)})`,
      `(len(${this.frame}) > ${this.pick(this.numbers)})`,
      `${this.frame}.duplicated(subset=['t'])`,
    ])
  }

  /** A whole rule: well formed, or an example of the language with a piece changed or lost. */
  rule(): string {
    const roll = this.next()
    if (roll < 0.6) return this.bool(1 + Math.floor(this.next() * 4))
    const example = this.pick(EXAMPLES)
    const retyped = example.replace(/df(\['\w+'\])?\['\w+'\]/g, () => this.column(0))
    if (roll < 0.85) return retyped
    const cut = Math.floor(this.next() * retyped.length)
    return (
      retyped.slice(0, cut) +
      this.pick(['', '(', ')', "'", '.', ' and ', '[', '==', '\u0000', 'ñ', '**', ':']) +
      retyped.slice(cut + Math.floor(this.next() * 3))
    )
  }
}

let connection: DuckDBConnection
let instance: DuckDBInstance

beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:', {
    enable_external_access: 'false',
    threads: '2',
    memory_limit: '1GB',
  })
  connection = await instance.connect()
  await connection.run(DATA)
})

afterAll(() => {
  connection.closeSync()
  instance.closeSync()
})

const LEVELS: RuleContext[] = [
  { level: 'row', frames: FRAMES.slice(0, 1) },
  { level: 'field', frames: FRAMES.slice(0, 1), field: 't' },
  { level: 'catalog', frames: FRAMES.slice(0, 1) },
  { level: 'package', frames: FRAMES },
]

test(`${COUNT} generated rules: a verdict or a refusal with a place, never anything else`, async () => {
  const next = random(SEED)
  const broken: string[] = []
  let verdicts = 0
  let refusals = 0
  for (let i = 0; i < COUNT; i++) {
    const context = LEVELS[i % LEVELS.length] ?? LEVELS[0]
    if (!context) throw new Error('no level')
    const rule = new Generator(next, context.level === 'package' ? "df['a']" : 'df').rule()
    const started = performance.now()
    try {
      const compiled = compileRule(rule, context)
      if (!compiled.ok) {
        refusals++
        const problem = compiled.problems[0]
        const placed =
          problem &&
          problem.from >= 0 &&
          problem.to <= rule.length &&
          problem.from <= problem.to &&
          problem.message !== ''
        if (!placed) broken.push(`${rule}\n  refused without a place`)
        continue
      }
      await runCompiled(connection, compiled.rule, FRAMES)
      verdicts++
    } catch (error) {
      broken.push(
        `${context.level}: ${rule}\n  ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`,
      )
    }
    if (performance.now() - started > 60_000) broken.push(`${rule}\n  took too long`)
  }
  expect(broken.slice(0, 20)).toEqual([])
  expect(verdicts).toBeGreaterThan(COUNT / 5)
  expect(refusals).toBeGreaterThan(0)
}, 600_000)
