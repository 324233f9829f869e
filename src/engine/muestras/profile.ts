import type { Duck } from '@engine/duckdb'
import type { ColumnaInferida } from '@shared/model/muestra'
import {
  badSql,
  type Candidate,
  HOPELESS,
  possibleCandidates,
  SIGN_NAMES,
  SIGNS,
  type Sign,
  textSql,
  valueSql,
} from './candidates'
import { chooseType, type Judged } from './choose-type'

/** Records on which candidates are thrown out before the whole file is read. */
const FIRST = 2000
/** Columns of one scan: a scan of hundreds of columns times their candidates is too long a statement. */
const AT_ONCE = 30
/** Up to here a value set is looked for. */
const SET_MOST = 20
const EXAMPLES = 6
const TEXT_MOST = 200
/** Values of each column that are looked at one by one. */
const SEEN = FIRST

/** A table to be profiled: `relation` gives k0.. as text. */
export interface Profiled {
  duck: Duck
  relation: string
  names: string[]
  delimiter: string | null
}

interface Kept {
  index: number
  candidates: Candidate[]
}

interface Scanned {
  total: number
  filled: number
  approx: number
  signs: Record<Sign, number>
  judged: Judged[]
}

const number = (value: unknown): number => (value === null || value === undefined ? 0 : Number(value))
const textOrNull = (value: unknown): string | null =>
  value === null || value === undefined ? null : String(value)

const chunks = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size))

/**
 * Looks at every column of a table over all its records: what type they read as, how many are empty, how many differ, the least and
 * the greatest. Memory is DuckDB's; the number of distinct values is estimated where counting them would not change a decision.
 */
export async function profileColumns(
  table: Profiled,
): Promise<{ columns: ColumnaInferida[]; total: number }> {
  const kept = await narrow(table)
  const columns: ColumnaInferida[] = []
  let total = 0
  for (const group of chunks(kept, AT_ONCE)) {
    const scanned = await scan(table, group)
    for (const [i, { index }] of group.entries()) {
      const facts = scanned[i]
      if (!facts) continue
      total = facts.total
      columns.push(await describeColumn(table, index, facts))
    }
  }
  return { columns, total }
}

/** The candidates that the first records leave, by column. */
async function narrow({ duck, relation, names }: Profiled): Promise<Kept[]> {
  const kept: Kept[] = []
  for (const group of chunks([...names.keys()], AT_ONCE)) {
    const first = await firstValues(duck, relation, group)
    const asked = group.map((index, i) => ({ index, candidates: possibleCandidates(first[i] ?? []) }))
    const terms = asked.flatMap(({ index, candidates }) => [
      `count(k${index}) AS n${index}`,
      ...candidates.map(
        (candidate, c) => `count(*) FILTER (WHERE ${badSql(candidate, `k${index}`)}) AS b${index}_${c}`,
      ),
    ])
    const [row] = await duck.rows(
      `SELECT ${terms.join(', ')} FROM (SELECT * FROM ${relation} LIMIT ${FIRST})`,
    )
    for (const { index, candidates } of asked) {
      const filled = number(row?.[`n${index}`])
      kept.push({
        index,
        candidates: candidates.filter((_, c) => number(row?.[`b${index}_${c}`]) <= filled * HOPELESS),
      })
    }
  }
  return kept
}

/** The first filled values of each column. */
async function firstValues(duck: Duck, relation: string, group: number[]): Promise<string[][]> {
  const values = group.map((): string[] => [])
  const cells = group.map((index) => `left(k${index}, ${TEXT_MOST})`)
  await duck.each(`SELECT ${cells.join(', ')} FROM ${relation} LIMIT ${FIRST}`, (row) => {
    row.forEach((cell, i) => {
      if (typeof cell === 'string' && (values[i]?.length ?? 0) < SEEN) values[i]?.push(cell)
    })
  })
  return values
}

async function scan({ duck, relation }: Profiled, group: Kept[]): Promise<Scanned[]> {
  const terms = group.flatMap(({ index, candidates }) => {
    const raw = `k${index}`
    const numeric = candidates.some(({ type }) => type === 'entero' || type === 'decimal' || type === 'fecha')
    return [
      `count(${raw}) AS n${index}`,
      `approx_count_distinct(${raw}) AS d${index}`,
      ...(numeric
        ? SIGN_NAMES.map((sign) => `count(*) FILTER (WHERE ${SIGNS[sign](raw)}) AS s${index}_${sign}`)
        : []),
      ...candidates.flatMap((candidate, c) => {
        const bad = badSql(candidate, raw)
        return [
          `count(*) FILTER (WHERE ${bad}) AS b${index}_${c}`,
          `left(any_value(${raw}) FILTER (WHERE ${bad}), ${TEXT_MOST}) AS e${index}_${c}`,
        ]
      }),
    ]
  })
  const [row = {}] = await duck.rows(`SELECT count(*) AS total, ${terms.join(', ')} FROM ${relation}`)
  return group.map(({ index, candidates }) => ({
    total: number(row.total),
    filled: number(row[`n${index}`]),
    approx: number(row[`d${index}`]),
    signs: Object.fromEntries(SIGN_NAMES.map((sign) => [sign, number(row[`s${index}_${sign}`])])) as Record<
      Sign,
      number
    >,
    judged: candidates.map((candidate, c) => ({
      candidate,
      bad: number(row[`b${index}_${c}`]),
      example: textOrNull(row[`e${index}_${c}`]),
    })),
  }))
}

const KEY_WORDS =
  /(^|[^a-z])(id|cod|codigo|code|nro|num|numero|folio|clave|key|documento|doc|ruc|dni|sku|ean|serie|uuid)([^a-z]|$)/i

async function describeColumn(table: Profiled, index: number, facts: Scanned): Promise<ColumnaInferida> {
  const { duck, relation } = table
  const nombre = table.names[index] ?? ''
  const { candidate, why } = chooseType({ ...facts, delimiter: table.delimiter })
  const raw = textSql(candidate, `k${index}`)
  const maybeUnique = facts.filled > 0 && facts.approx >= facts.filled * 0.9
  const countable = maybeUnique || facts.approx <= 1000
  const value = candidate.type === 'texto' ? raw : valueSql(candidate, `k${index}`)
  const [row = {}] = await duck.rows(
    `SELECT count(${raw}) AS filled, left(min(${value})::VARCHAR, ${TEXT_MOST}) AS low, left(max(${value})::VARCHAR, ${TEXT_MOST}) AS high` +
      `${countable ? `, count(DISTINCT ${raw}) AS differ` : ''} FROM ${relation}`,
  )
  const filled = number(row.filled)
  const differ = countable ? number(row.differ) : facts.approx
  const sinRepetir = countable && filled > 1 && differ === filled
  const day = (at: unknown): string | null => textOrNull(at)?.replace(/ 00:00:00$/, '') ?? null
  return {
    nombre,
    tipo: candidate.type,
    formato: candidate.format ?? null,
    decimal: candidate.decimal ?? null,
    miles: candidate.thousands ?? null,
    recortar: candidate.trim ?? false,
    obligatorio: facts.total > 0 && filled === facts.total,
    unico: sinRepetir && filled === facts.total && KEY_WORDS.test(nombre) && candidate.type !== 'decimal',
    nulos: facts.total === 0 ? 0 : 1 - filled / facts.total,
    distintos: differ,
    distintosExactos: countable,
    sinRepetir,
    ...(await values(table, index, candidate, { differ, filled, countable })),
    minimo: day(row.low),
    maximo: day(row.high),
    porque: why,
  }
}

/** A value set when few values come again and again; some examples otherwise. */
async function values(
  { duck, relation }: Profiled,
  index: number,
  candidate: Candidate,
  { differ, filled, countable }: { differ: number; filled: number; countable: boolean },
): Promise<{ ejemplos: string[]; valores: string[] | null }> {
  const raw = textSql(candidate, `k${index}`)
  const closed =
    candidate.type === 'texto' && countable && differ > 0 && differ <= SET_MOST && filled >= differ * 5
  if (closed) {
    const rows = await duck.rows(
      `SELECT v FROM (SELECT ${raw} AS v, count(*) AS n FROM ${relation} WHERE ${raw} IS NOT NULL GROUP BY 1) ORDER BY n DESC, v`,
    )
    const valores = rows.map((row) => String(row.v))
    // A rule of long texts reads as noise, and is hardly a closed set.
    if (valores.every((value) => value.length <= 60)) return { ejemplos: valores.slice(0, EXAMPLES), valores }
  }
  const rows = await duck.rows(
    `SELECT DISTINCT left(v, ${TEXT_MOST}) AS v FROM (SELECT ${raw} AS v FROM ${relation} WHERE ${raw} IS NOT NULL LIMIT 200) LIMIT ${EXAMPLES}`,
  )
  return { ejemplos: rows.map((row) => String(row.v)).sort(), valores: null }
}
