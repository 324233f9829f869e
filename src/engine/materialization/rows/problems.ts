import type { Duck } from '@engine/duckdb'
import { AppError } from '@shared/errors/app-error'

/** Problems listed, at most; all are counted. */
export const LISTED_MOST = 1000
const VALUE_MOST = 200

/** A value that its column can't hold. */
export interface RowProblem {
  catalogo: string
  /** Number of the record, or of the row among the accepted where the execution did not keep it. */
  registro: number
  columna: string
  valor: string | null
  motivo: string
}

export interface RowProblems {
  /** Values refused, all of them. */
  total: number
  /** The first ones, by record. */
  items: RowProblem[]
}

export interface Judged extends RowProblems {
  /** Columns with some value that could not be told to fit at once. */
  doubtful: ReadonlySet<string>
}

/** A condition over a relation: values of a column for which it is true are refused. */
export interface ValueCheck {
  columna: string
  /** Never NULL. */
  refused: string
  /** True wherever `refused` is, and cheaper: only where some value is doubtful are they judged. */
  doubtful?: string
  /** The value as a text, for the message. */
  text: string
  motivo: string
}

const PLACE = '__place'

/**
 * The values of a relation that its checks refuse, counted, and listed when there are some. One pass looks whether any value is doubtful at
 * all, and stops at the first: nearly always that is the only one.
 */
export async function valueProblems(
  duck: Duck,
  input: { catalogo: string; relation: string; registro: string; checks: readonly ValueCheck[] },
): Promise<Judged> {
  const { checks } = input
  const doubt = ({ doubtful, refused }: ValueCheck): string => doubtful ?? refused
  if (!(await anyHolds(duck, input.relation, checks, doubt)))
    return { total: 0, items: [], doubtful: new Set() }
  const doubts = await countEach(duck, input.relation, checks, doubt)
  const judged = checks.filter((_, i) => (doubts[i] ?? 0) > 0)
  const doubtful = new Set(judged.map(({ columna }) => columna))
  const counts = await countEach(duck, input.relation, judged, ({ refused }) => refused)
  const failed = judged.flatMap((check, i) => ((counts[i] ?? 0) > 0 ? [{ check }] : []))
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total === 0) return { total, items: [], doubtful }
  const cells = failed.map(
    ({ check }, at) =>
      `CASE WHEN ${check.refused} THEN {'which': ${at}, 'valor': left(${check.text}, ${VALUE_MOST})} END`,
  )
  const any = failed.map(({ check }) => `(${check.refused})`).join(' OR ')
  // The first rows hold at least as many values: rows are cut first, so that the list never grows with the data.
  const rows = `SELECT ${input.registro} AS ${PLACE}, [${cells.join(', ')}] AS cells FROM ${input.relation} WHERE ${any} ORDER BY ${PLACE} LIMIT ${LISTED_MOST}`
  const listed = await duck.rows(
    `SELECT ${PLACE} AS place, c.which AS which, c.valor AS valor FROM (SELECT ${PLACE}, unnest(list_filter(cells, c -> c IS NOT NULL)) AS c FROM (${rows})) ORDER BY place, which LIMIT ${LISTED_MOST}`,
  )
  const items = listed.map((item) => {
    const check = failed[Number(item.which)]?.check
    return {
      catalogo: input.catalogo,
      registro: Number(item.place),
      columna: check?.columna ?? '',
      valor: item.valor === null ? null : String(item.valor),
      motivo: check?.motivo ?? '',
    }
  })
  return { total, items, doubtful }
}

/** Whether some check holds for some row. A condition over the rows costs less than a count of each. */
async function anyHolds(
  duck: Duck,
  relation: string,
  checks: readonly ValueCheck[],
  holds: (check: ValueCheck) => string,
): Promise<boolean> {
  if (checks.length === 0) return false
  const any = checks.map((check) => `(${holds(check)})`).join(' OR ')
  return (await duck.rows(`SELECT 1 FROM ${relation} WHERE ${any} LIMIT 1`)).length > 0
}

/** For how many rows each check holds, in one pass. */
async function countEach(
  duck: Duck,
  relation: string,
  checks: readonly ValueCheck[],
  holds: (check: ValueCheck) => string,
): Promise<number[]> {
  if (checks.length === 0) return []
  const counts = checks.map((check, i) => `count(*) FILTER (WHERE ${holds(check)})::DOUBLE AS n${i}`)
  const [row] = await duck.rows(`SELECT ${counts.join(', ')} FROM ${relation}`)
  return checks.map((_, i) => Number(row?.[`n${i}`] ?? 0))
}

const TOLD_MOST = 3

/** The error that refuses a load: the first values in its message, the list in its details. */
export function valuesRefused(problems: RowProblems): AppError {
  const told = problems.items.slice(0, TOLD_MOST).map(describe)
  const more = problems.total - told.length
  return new AppError('VALORES_RECHAZADOS', {
    kind: 'input',
    message: `${told.join(' ')}${more > 0 ? ` Y ${more} más.` : ''} No se cargó nada.`,
    hint: 'Ampliar el tipo de la columna en la materialización o corregir los registros y volver a enviarlos.',
    details: { total: problems.total, problemas: problems.items },
  })
}

const describe = ({ catalogo, registro, columna, valor, motivo }: RowProblem): string =>
  `«${catalogo}», registro ${registro}, columna «${columna}»: ${valor === null ? '' : `«${valor}» `}${motivo}.`
