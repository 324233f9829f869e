import type { Duck } from '@engine/duckdb'
import type { ColumnaInferida } from '@shared/model/muestra'
import {
  badSql,
  type Candidate,
  HOPELESS,
  numberCandidates,
  possibleCandidates,
  SIGN_NAMES,
  SIGNS,
  type Sign,
  textSql,
  valueSql,
} from './candidates'
import { type Chosen, type ColumnFacts, chooseType, type Judged } from './choose-type'

/** Records on which candidates are thrown out before the whole file is read. */
const FIRST = 2000
/** Columns of one scan: a scan of hundreds of columns times their candidates is too long a statement. */
const AT_ONCE = 30
/** Up to here a value set is looked for. */
const SET_MOST = 20
/** Up to here distinct values are counted one by one, whatever the column. */
const COUNT_MOST = 1000
const EXAMPLES = 6
const TEXT_MOST = 200

/** A table to be profiled: `relation` gives k0.. as text. */
export interface Profiled {
  duck: Duck
  relation: string
  names: string[]
  delimiter: string | null
}

type Row = Record<string, unknown>
type Signs = Record<Sign, number>

/** What is known of a column; `chosen` gets surer from step to step. */
interface Column {
  index: number
  /** First filled values, in the order of the file. */
  first: string[]
  candidates: Candidate[]
  chosen: Chosen
  total: number
  filled: number
  approx: number
}

const number = (value: unknown): number => (value === null || value === undefined ? 0 : Number(value))
const textOrNull = (value: unknown): string | null =>
  value === null || value === undefined ? null : String(value)

const chunks = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size))

/**
 * Looks at every column of a table over all its records: what type they read as, how many are empty, how many differ, the least and
 * the greatest. The first records choose a type, the whole file confirms it, and only where it does not are all types tried on
 * it. Memory is DuckDB's; the number of distinct values is estimated where counting them would not change a decision.
 */
export async function profileColumns(
  table: Profiled,
): Promise<{ columns: ColumnaInferida[]; total: number }> {
  const columns: ColumnaInferida[] = []
  let total = 0
  for (const group of chunks([...table.names.keys()], AT_ONCE)) {
    const known = await guess(table, group)
    const doubtful = await confirm(table, known)
    if (doubtful.length > 0) await decide(table, doubtful)
    columns.push(...(await describeColumns(table, known)))
    total = known[0]?.total ?? total
  }
  return { columns, total }
}

async function firstValues({ duck, relation }: Profiled, group: number[]): Promise<string[][]> {
  const values = group.map((): string[] => [])
  const cells = group.map((index) => `left(k${index}, ${TEXT_MOST})`)
  await duck.each(`SELECT ${cells.join(', ')} FROM ${relation} LIMIT ${FIRST}`, (row) => {
    row.forEach((cell, i) => {
      if (typeof cell === 'string') values[i]?.push(cell)
    })
  })
  for (const [i, index] of group.entries()) {
    // Empty at the start says nothing: what comes later does.
    if (values[i]?.length !== 0) continue
    const rows = await duck.rows(
      `SELECT left(k${index}, ${TEXT_MOST}) AS v FROM ${relation} WHERE k${index} IS NOT NULL LIMIT ${FIRST}`,
    )
    values[i] = rows.map((row) => String(row.v))
  }
  return values
}

/** SELECT terms of one column: its signs, and what each candidate does not take. */
function judgeTerms(index: number, candidates: readonly Candidate[]): string[] {
  const raw = `k${index}`
  if (candidates.length === 0) return []
  return [
    ...SIGN_NAMES.map((sign) => `count(*) FILTER (WHERE ${SIGNS[sign](raw)}) AS s${index}_${sign}`),
    ...candidates.flatMap((candidate, c) => {
      const bad = badSql(candidate, raw)
      return [
        `count(*) FILTER (WHERE ${bad}) AS b${index}_${c}`,
        `left(any_value(${raw}) FILTER (WHERE ${bad}), ${TEXT_MOST}) AS e${index}_${c}`,
      ]
    }),
  ]
}

function judged(
  row: Row,
  index: number,
  candidates: readonly Candidate[],
): { signs: Signs; judged: Judged[] } {
  const sign = (name: Sign): number => number(row[`s${index}_${name}`])
  return {
    signs: {
      zeros: sign('zeros'),
      plus: sign('plus'),
      exponent: sign('exponent'),
      huge: sign('huge'),
      dot: sign('dot'),
      comma: sign('comma'),
      twice: sign('twice'),
      notThree: sign('notThree'),
    },
    judged: candidates.map((candidate, c) => ({
      candidate,
      bad: number(row[`b${index}_${c}`]),
      example: textOrNull(row[`e${index}_${c}`]),
    })),
  }
}

/** What the first values of each column look like. */
async function guess(table: Profiled, group: number[]): Promise<Column[]> {
  const { duck, relation, delimiter } = table
  const values = await firstValues(table, group)
  const asked = group.map((index, i) => {
    const first = values[i] ?? []
    return { index, first, candidates: possibleCandidates(first) }
  })
  const terms = asked.flatMap(({ index, candidates }) => judgeTerms(index, candidates))
  const head = `(SELECT * FROM ${relation} LIMIT ${FIRST})`
  const [row = {}] = terms.length === 0 ? [] : await duck.rows(`SELECT ${terms.join(', ')} FROM ${head}`)
  return asked.map(({ index, first, candidates }) => {
    const found = judged(row, index, candidates)
    const facts: ColumnFacts = { filled: first.length, delimiter, ...found }
    const most = first.length * HOPELESS
    return {
      index,
      first,
      candidates: found.judged.filter(({ bad }) => bad <= most).map(({ candidate }) => candidate),
      chosen: chooseType(facts),
      total: 0,
      filled: 0,
      approx: 0,
    }
  })
}

/** What the whole file says of the choice of its first records; gives the columns where it says otherwise, or where it could. */
async function confirm({ duck, relation, delimiter }: Profiled, columns: Column[]): Promise<Column[]> {
  const own = ({ chosen }: Column): Candidate[] =>
    chosen.candidate.type === 'texto' ? [] : [chosen.candidate]
  const terms = columns.flatMap((column) => [
    `count(k${column.index}) AS n${column.index}`,
    `approx_count_distinct(k${column.index}) AS d${column.index}`,
    ...judgeTerms(column.index, own(column)),
  ])
  const [row = {}] = await duck.rows(`SELECT count(*) AS total, ${terms.join(', ')} FROM ${relation}`)
  return columns.filter((column) => {
    const { index, candidates } = column
    column.total = number(row.total)
    column.filled = number(row[`n${index}`])
    column.approx = number(row[`d${index}`])
    const mine = own(column)
    // Text because nothing fitted: how near something comes is worth a look. Text because nothing resembles: settled.
    if (mine.length === 0) return candidates.length > 0
    const facts = { filled: column.filled, delimiter, ...judged(row, index, mine) }
    const alone = chooseType(facts)
    const swapped = candidates.filter(({ type }) => type === 'fecha').length > 1
    // `12.0` is a whole number to the type, and a decimal to who wrote it.
    const { type, trim } = column.chosen.candidate
    const dotted = type === 'entero' && facts.signs.dot > 0
    const refused = facts.judged.some(({ bad }) => bad > 0) || alone.candidate.type === 'texto'
    if (refused && (type === 'entero' || type === 'decimal')) {
      const known = candidates.filter(
        (candidate) => candidate.type !== 'entero' && candidate.type !== 'decimal',
      )
      column.candidates = [...known, ...numberCandidates(trim)]
    }
    if (refused || swapped || dotted) return true
    column.chosen = { ...alone, candidate: column.chosen.candidate }
    return false
  })
}

/** All that a column could be, judged over the whole file. */
async function decide({ duck, relation, delimiter }: Profiled, columns: Column[]): Promise<void> {
  const terms = columns.flatMap(({ index, candidates }) => judgeTerms(index, candidates))
  const [row = {}] = await duck.rows(`SELECT ${terms.join(', ')} FROM ${relation}`)
  for (const column of columns) {
    const { index, candidates, filled } = column
    column.chosen = chooseType({ filled, delimiter, ...judged(row, index, candidates) })
  }
}

const KEY_WORDS =
  /(^|[^a-z])(id|cod|codigo|code|nro|num|numero|folio|clave|key|documento|doc|ruc|dni|sku|ean|serie|uuid)([^a-z]|$)/i

/** Counted one by one where it can tell a key or a closed list; estimated otherwise. */
const countable = ({ approx, filled }: Column): boolean => approx <= COUNT_MOST || approx >= filled * 0.9

async function describeColumns(table: Profiled, columns: Column[]): Promise<ColumnaInferida[]> {
  const { duck, relation } = table
  const terms = columns.flatMap((column) => {
    const { index, chosen } = column
    const raw = textSql(chosen.candidate, `k${index}`)
    const value = chosen.candidate.type === 'texto' ? raw : valueSql(chosen.candidate, `k${index}`)
    return [
      `count(${raw}) AS n${index}`,
      `left(min(${value})::VARCHAR, ${TEXT_MOST}) AS low${index}`,
      `left(max(${value})::VARCHAR, ${TEXT_MOST}) AS high${index}`,
      ...(countable(column) ? [`count(DISTINCT ${raw}) AS d${index}`] : []),
    ]
  })
  const [row = {}] = await duck.rows(`SELECT ${terms.join(', ')} FROM ${relation}`)
  const found: ColumnaInferida[] = []
  for (const column of columns) found.push(await describeColumn(table, column, row))
  return found
}

async function describeColumn(table: Profiled, column: Column, row: Row): Promise<ColumnaInferida> {
  const { index, total, chosen } = column
  const { candidate } = chosen
  const nombre = table.names[index] ?? ''
  const exact = countable(column)
  const filled = number(row[`n${index}`])
  const differ = exact ? number(row[`d${index}`]) : column.approx
  const sinRepetir = exact && filled > 1 && differ === filled
  const day = (at: unknown): string | null => textOrNull(at)?.replace(/ 00:00:00$/, '') ?? null
  const closed =
    candidate.type === 'texto' && exact && differ > 0 && differ <= SET_MOST && filled >= differ * 5
  const valores = closed ? await closedSet(table, column) : null
  return {
    nombre,
    tipo: candidate.type,
    formato: candidate.format ?? null,
    decimal: candidate.decimal ?? null,
    miles: candidate.thousands ?? null,
    recortar: candidate.trim ?? false,
    obligatorio: total > 0 && filled === total,
    unico: sinRepetir && filled === total && KEY_WORDS.test(nombre) && candidate.type !== 'decimal',
    nulos: total === 0 ? 0 : 1 - filled / total,
    distintos: differ,
    distintosExactos: exact,
    sinRepetir,
    ejemplos: (valores ?? [...new Set(column.first)]).slice(0, EXAMPLES),
    valores,
    minimo: day(row[`low${index}`]),
    maximo: day(row[`high${index}`]),
    porque: chosen.why,
  }
}

/** The values of a column, the most frequent first; null when they read as sentences and hardly are a closed list. */
async function closedSet({ duck, relation }: Profiled, { index, chosen }: Column): Promise<string[] | null> {
  const raw = textSql(chosen.candidate, `k${index}`)
  const rows = await duck.rows(
    `SELECT v FROM (SELECT ${raw} AS v, count(*) AS n FROM ${relation} WHERE ${raw} IS NOT NULL GROUP BY 1) ORDER BY n DESC, v`,
  )
  const values = rows.map((row) => String(row.v))
  return values.every((value) => value.length <= 60) ? values : null
}
