import { type Rechazo, rechazoOf, rowsWith } from '@engine/destinations/shared/refused-row'
import { equal } from '@engine/destinations/shared/standard-dialect'
import {
  type LoadOptions,
  REGISTRO,
  type RowSource,
  type Session,
  type TableRef,
} from '@engine/destinations/types'
import { LISTED, type TablePlan } from '@engine/strategies'
import { AppError } from '@shared/errors/app-error'
import { explainRefusal, type Refusal, recordsText, refused } from './check-source'
import type { PreparedTable } from './prepare'

/** Sends the rows of a table; what the server refuses is told by its records. Throws the errors of the session, FILAS_RECHAZADAS. */
export async function sendRows(
  session: Session,
  source: RowSource,
  options: LoadOptions,
  tabla: string,
): Promise<number> {
  try {
    return await session.load(source, options)
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'input') throw error
    await explainRefusal(source, session.dialect.capabilities, tabla)
    throw await namedRefusal(error, source, tabla)
  }
}

/** The same error with the records that it is about, by what the server told of them; as it is where it told nothing. */
export async function namedRefusal(error: AppError, source: RowSource, tabla: string): Promise<AppError> {
  const told = rechazoOf(error)
  if (told === null) return error
  const found = told.registros.length > 0 ? told : await rowsWith(source, told, LISTED)
  return found === null ? error : named(error, found, source, tabla)
}

function named(error: AppError, found: Rechazo, source: RowSource, tabla: string): AppError {
  const { registros, total, columnas, valores } = found
  const many = (total ?? registros.length) > 1 ? 'registros' : 'registro'
  const records = recordsText(registros, total, source.archivos)
  const column = columnas.length === 0 ? '' : `, «${columnas.join(', ')}»: ${valores.map(shown).join(', ')}`
  const { rechazo: _told, ...details } = error.details ?? {}
  return new AppError(error.code, {
    ...error.toData(),
    message: `«${tabla}», ${many} ${records}${column}. ${error.message}`,
    details: {
      ...details,
      tabla,
      columnas,
      total,
      filas: registros.map((registro) => ({ registro, valores })),
    },
    cause: error.cause,
  })
}

const shown = (valor: string | null): string => (valor === null ? 'sin valor' : `«${valor}»`)

export interface StagedTable extends Pick<PreparedTable, 'target' | 'tabla' | 'context' | 'strategy'> {
  plan: Pick<TablePlan, 'salvo'>
  source: RowSource
}

/**
 * After the database refused to write the rows of a stage: asks the stage for those that break a rule of the table. `loaded`: the tables of
 * the load, whose new rows are gone with its transaction. Throws RESTRICCION.
 */
export async function refuseByRules(
  session: Session,
  staged: StagedTable,
  loaded: readonly TableRef[],
): Promise<void> {
  const { table } = session.dialect
  // A server that does not tell its rules (an old one) must not hide what it said.
  const rules = (await session.rules?.(staged.target).catch(() => [])) ?? []
  for (const rule of rules) {
    const { lee, nombre, pide, sql } = rule
    if (lee && loaded.some(({ tabla }) => tabla.toLowerCase() === lee.tabla.toLowerCase())) continue
    await refuseStaged(session, staged, {
      ...{ from: `${table(staged.context.stage)} s`, where: `NOT (${sql})` },
      ...{ codigo: 'RESTRICCION', columnas: [] },
      problema: `que la restricción «${nombre}» rechaza: ${pide}`,
    })
  }
}

/**
 * After the database refused a repeated key that is not the strategy's: asks for the rows of the stage that repeat a unique one among
 * themselves, or with one of the table that the load leaves there. Throws CLAVE_REPETIDA.
 */
export async function refuseByUnique(session: Session, staged: StagedTable): Promise<void> {
  const { target, context, tabla, strategy } = staged
  const { ident, table, repeatedKeys } = session.dialect
  const mapped = context.columnas.map(({ nombre }) => nombre)
  const { unicas = [] } = (await session.inspect(target).catch(() => null)) ?? {}
  for (const columnas of unicas.filter((names) => names.every((name) => mapped.includes(name)))) {
    const own = { codigo: 'CLAVE_REPETIDA', columnas }
    const from = `(${repeatedKeys(context.stage, columnas)}) s`
    await refuseStaged(session, staged, { ...own, from, where: '1 = 1', problema: 'con la clave repetida' })
    const { key } = strategy
    if (key === null && tabla.estrategia.tipo !== 'append') continue
    const replaced = key
      ? `EXISTS (SELECT 1 FROM ${table(context.stage)} r WHERE ${key.map((name) => `r.${ident(name)} = t.${ident(name)}`).join(' AND ')})`
      : '1 = 0'
    await refuseStaged(session, staged, {
      from: `${table(context.stage)} s JOIN ${table(target)} t ON ${equal(columnas, ident)}`,
      where: `NOT (${replaced})`,
      ...{ ...own, problema: 'que ya tiene otra fila de la tabla' },
    })
  }
}

/** Refuses the rows of a stage (alias `s`), when there are some. What can't be asked (for want of a right, say) names nobody. */
async function refuseStaged(
  session: Session,
  { tabla, source, plan: { salvo } }: StagedTable,
  {
    from,
    where,
    ...told
  }: Pick<Refusal, 'codigo' | 'columnas' | 'problema'> & { from: string; where: string },
): Promise<void> {
  const { firstRows, ident } = session.dialect
  const shown = [REGISTRO, ...told.columnas].map((name) => `s.${ident(name)}`)
  const written = salvo ? ` AND NOT (${salvo.sql})` : ''
  const sql = firstRows(
    `SELECT ${shown.join(', ')} FROM ${from} WHERE ${where}${written}`,
    `s.${ident(REGISTRO)}`,
    LISTED + 1,
  )
  const rows = await session.rows({ sql, params: salvo?.params ?? [] }).catch(() => [])
  if (rows.length === 0) return
  throw refused({
    ...{ ...told, tabla: tabla.tabla, archivos: source.archivos },
    total: rows.length > LISTED ? null : rows.length,
    filas: rows.map(([record = null, ...valores]) => ({ registro: Number(record), valores })),
  })
}
