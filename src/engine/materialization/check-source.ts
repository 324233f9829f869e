import { placed } from '@engine/destinations/shared/text-sql'
import type { Capabilities, ColumnSpec, RowSource, ValueLimit } from '@engine/destinations/types'
import { LISTED } from '@engine/strategies'
import { AppError } from '@shared/errors/app-error'
import type { TableCheck } from './compare'

type Limits = Pick<TableCheck, 'limites' | 'sinNulos'>

interface Rule {
  nombre: string
  place: number
  /** True for a row that is refused. */
  sql: string
  says: string
}

/**
 * Refuses, before anything is sent, the rows that the table can't take: null where it takes none, a value past what its column holds. One
 * scan; the records are looked for only when there are some. Throws FILAS_RECHAZADAS.
 */
export const checkSource = (source: RowSource, check: Limits, tabla: string): Promise<void> =>
  refuseRows(
    source,
    source.columnas.flatMap((columna, place) => rulesOf(columna, place, check)),
    tabla,
  )

/**
 * After the database refused a value: names the records of what it never takes (a character NUL in a text), which are looked for only then.
 * Throws FILAS_RECHAZADAS.
 */
export async function explainRefusal(
  source: RowSource,
  { admiteNul }: Capabilities,
  tabla: string,
): Promise<void> {
  if (admiteNul) return
  const rules = source.columnas.flatMap(({ nombre, tipo }, place) =>
    tipo.tipo === 'texto'
      ? [{ nombre, place, sql: `contains(c${place}, chr(0))`, says: 'con un carácter nulo' }]
      : [],
  )
  await refuseRows(source, rules, tabla)
}

async function refuseRows(source: RowSource, rules: readonly Rule[], tabla: string): Promise<void> {
  if (rules.length === 0 || source.filas === 0) return
  const counts = rules.map(({ sql }, at) => `count(*) FILTER (${sql})::DOUBLE AS n${at}`)
  const [row = {}] = await source.duck.rows(`SELECT ${counts.join(', ')} FROM ${placed(source)}`)
  for (const [at, rule] of rules.entries()) {
    const count = Number(row[`n${at}`] ?? 0)
    if (count > 0) throw await refusal(source, rule, count, tabla)
  }
}

function rulesOf({ nombre }: ColumnSpec, place: number, { limites, sinNulos }: Limits): Rule[] {
  const rules: Rule[] = []
  const add = (sql: string, says: string): void => void rules.push({ nombre, place, sql, says })
  if (sinNulos.has(nombre)) add(`c${place} IS NULL`, 'sin valor, y la tabla lo pide')
  const limite = limites.get(nombre)
  if (limite) add(pastLimit(`c${place}`, limite), saysLimit(limite))
  return rules
}

function pastLimit(cell: string, limite: ValueLimit): string {
  const text = `CAST(${cell} AS VARCHAR)`
  if (limite.de === 'entero')
    return `${cell} IS NOT NULL AND NOT COALESCE(TRY_CAST(${cell} AS HUGEINT) BETWEEN ${limite.min} AND ${limite.max}, false)`
  if (limite.de === 'largo')
    return `${limite.unidad === 'bytes' ? 'strlen' : 'length'}(${text}) > ${limite.max}`
  // By its digits: no number type is wide enough for all of them.
  const whole = `length(ltrim(regexp_extract(${text}, '^[+-]?(\\d*)', 1), '0')) > ${limite.precision - limite.escala}`
  const fraction = `length(rtrim(regexp_extract(${text}, '\\.(\\d*)$', 1), '0')) > ${limite.escala}`
  return `${whole} OR ${fraction}`
}

function saysLimit(limite: ValueLimit): string {
  if (limite.de === 'entero') return `fuera de ${limite.min} a ${limite.max}`
  if (limite.de === 'largo') return `de más de ${limite.max} ${limite.unidad}`
  return `que no cabe en ${limite.precision} dígitos con ${limite.escala} decimales`
}

async function refusal(source: RowSource, rule: Rule, count: number, tabla: string): Promise<AppError> {
  const cell = `CAST(c${rule.place} AS VARCHAR)`
  const rows = await source.duck.rows(
    `SELECT _sage_registro::DOUBLE AS r, left(${cell}, 200) AS v FROM ${placed(source)} WHERE ${rule.sql} ORDER BY 1 LIMIT ${LISTED}`,
  )
  return refused({
    tabla,
    columnas: [rule.nombre],
    problema: rule.says,
    total: count,
    filas: rows.map(({ r, v }) => ({ registro: Number(r), valores: [v === null ? null : String(v)] })),
    archivos: source.archivos,
  })
}

export interface Refusal {
  tabla: string
  /** None where the rule is of the whole row. */
  columnas: readonly string[]
  problema: string
  /** null: more than are listed. */
  total: number | null
  filas: { registro: number; valores: (string | null)[] }[]
  archivos?: RowSource['archivos']
  /** Of what the database refused, its own. */
  codigo?: string
}

/** Rows that a table can't take, named by their records. */
export function refused({
  tabla,
  columnas,
  problema,
  total,
  filas,
  archivos,
  codigo = 'FILAS_RECHAZADAS',
}: Refusal): AppError {
  const records = filas.slice(0, LISTED).map(({ registro }) => registro)
  const many = total === null ? `Más de ${LISTED} filas` : total === 1 ? 'Una fila' : `${total} filas`
  const which = columnas.length === 0 ? '' : ` con «${columnas.join(', ')}»`
  return new AppError(codigo, {
    kind: 'input',
    message: `«${tabla}»: ${many}${which} ${problema}. Registros: ${recordsText(records, total, archivos)}`,
    hint: 'Corregir los registros en el origen, o una regla del YAML que los rechace.',
    details: { tabla, columnas, problema, total, filas: filas.slice(0, LISTED) },
  })
}

/** Records in words, with the file of each where it is known; `total` null: there are more. */
export function recordsText(
  registros: readonly number[],
  total: number | null,
  archivos: RowSource['archivos'] = [],
): string {
  const more = (total ?? Number.POSITIVE_INFINITY) > registros.length ? '…' : ''
  const byFile = new Map<string, number[]>()
  for (const registro of registros) {
    const file = archivos.findLast(({ before }) => registro > before)?.file ?? ''
    byFile.set(file, [...(byFile.get(file) ?? []), registro])
  }
  const texts = [...byFile].map(([file, own]) => own.join(', ') + (file === '' ? '' : ` (${file})`))
  return texts.join('; ') + more
}
