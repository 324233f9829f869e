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

/** A condition over a relation: values of a column for which it is true are refused. */
export interface ValueCheck {
  columna: string
  /** Never NULL. */
  refused: string
  /** The value as a text, for the message. */
  text: string
  motivo: string
}

const PLACE = '__place'

/** Counts, in one pass, and lists, in another only when something failed, the values of a relation that its checks refuse. */
export async function valueProblems(
  duck: Duck,
  input: { catalogo: string; relation: string; registro: string; checks: readonly ValueCheck[] },
): Promise<RowProblems> {
  const { checks } = input
  if (checks.length === 0) return { total: 0, items: [] }
  const counts = checks.map(({ refused }, i) => `count(*) FILTER (WHERE ${refused}) AS n${i}`)
  const [row] = await duck.rows(`SELECT ${counts.join(', ')} FROM ${input.relation}`)
  const failed = checks.flatMap((check, i) => (Number(row?.[`n${i}`] ?? 0) > 0 ? [{ check, i }] : []))
  const total = failed.reduce((sum, { i }) => sum + Number(row?.[`n${i}`]), 0)
  if (total === 0) return { total, items: [] }
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
  return { total, items }
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
