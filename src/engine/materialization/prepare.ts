import {
  type ColumnSpec,
  type Dialect,
  type ExistingTable,
  type Session,
  STAGE_PREFIX,
  type Statement,
  type TableRef,
} from '@engine/destinations/types'
import { type BoundStrategy, type PlanContext, strategyOf } from '@engine/strategies'
import { AppError } from '@shared/errors/app-error'
import type { ProblemaMaterializacion, TablaMaterializada } from '@shared/model/materializacion'
import { compareTable, type TableCheck } from './compare'
import { LEDGER_COLUMNS, ledgerRef } from './ledger'
import type { LoadRun } from './types'

/** A table of a load, compared with what is there. */
export interface PreparedTable {
  place: number
  tabla: TablaMaterializada
  target: TableRef
  strategy: BoundStrategy
  check: TableCheck
  context: PlanContext
}

export const targetOf = (
  { esquema, tabla }: Pick<TablaMaterializada, 'esquema' | 'tabla'>,
  { capabilities }: Dialect,
  defaultSchema: string | null,
): TableRef => ({ esquema: capabilities.esquemas ? (esquema ?? defaultSchema) : null, tabla })

export const stageOf = (carga: string, place: number): TableRef => ({
  esquema: null,
  tabla: `${STAGE_PREFIX}${carga.replaceAll('-', '')}_${place}`,
})

/** The tables as they are, and what must be run to have them as the materialization says. Changes nothing. */
export async function inspectTables(
  session: Session,
  tablas: readonly { place: number; tabla: TablaMaterializada }[],
  run: LoadRun,
): Promise<{ tables: PreparedTable[]; ddl: Statement[] }> {
  const { dialect } = session
  const ledger = ledgerRef(session.esquema)
  const ddl = (await session.inspect(ledger)) === null ? ledgerDdl(dialect, ledger) : []
  const tables: PreparedTable[] = []
  for (const { place, tabla } of tablas) {
    const target = targetOf(tabla, dialect, session.esquema)
    const check = compareTable(tabla, target, await session.inspect(target), dialect)
    const stage = stageOf(run.carga, place)
    const context: PlanContext = {
      ...{ target, stage, dialect, ledger, claveUnica: check.claveUnica },
      ...{ columnas: check.columnas, carga: run.carga, en: run.en },
    }
    const strategy = strategyOf(tabla.estrategia)
    ddl.push(...check.ddl)
    if (check.problems.every(({ severidad }) => severidad === 'aviso'))
      for (const extra of strategy.extraTables(context))
        ddl.push(...extraDdl(dialect, extra, await session.inspect(extra.ref)))
    tables.push({ place, tabla, target, strategy, check, context })
  }
  return { tables, ddl }
}

const ledgerDdl = (dialect: Dialect, ref: TableRef): Statement[] =>
  dialect.createTable({ ref, columnas: LEDGER_COLUMNS, clave: ['clave'], indices: [] })

/** A table of the engine's own: made, or given the columns that the target got since. */
function extraDdl(
  dialect: Dialect,
  { ref, columnas }: { ref: TableRef; columnas: readonly ColumnSpec[] },
  existing: ExistingTable | null,
): Statement[] {
  if (existing === null) return dialect.createTable({ ref, columnas, clave: null, indices: [] })
  const there = new Set(existing.columnas.map(({ nombre }) => nombre))
  return columnas.filter(({ nombre }) => !there.has(nombre)).map((columna) => dialect.addColumn(ref, columna))
}

export function problemsOf(tables: readonly PreparedTable[]): ProblemaMaterializacion[] {
  return tables.flatMap(({ place, check }) => check.problems.map((problem) => ({ ...problem, tabla: place })))
}

/** Throws MATERIALIZACION_INVALIDA when there is an error among the problems: the first in words, all in the details. */
export function refuseProblems(
  problems: readonly ProblemaMaterializacion[],
  nombres: readonly string[],
): void {
  const errors = problems.filter(({ severidad }) => severidad === 'error')
  const [first] = errors
  if (!first) return
  const where = first.tabla === null ? '' : `«${nombres[first.tabla] ?? ''}»: `
  const more = errors.length > 1 ? ` Hay ${errors.length - 1} problemas más.` : ''
  throw new AppError('MATERIALIZACION_INVALIDA', {
    kind: 'config',
    message: `${where}${first.mensaje}${more}`,
    ...(first.sugerencia ? { hint: first.sugerencia } : {}),
    details: { problemas: errors },
  })
}

/**
 * Has the tables as the materialization says, in a transaction of its own: one engine at a time makes them, the next finds them made.
 * Gives the tables and the DDL that was run. Throws MATERIALIZACION_INVALIDA for what the tables there do not allow.
 */
export async function prepareTables(
  session: Session,
  tablas: readonly { place: number; tabla: TablaMaterializada }[],
  run: LoadRun,
  waitMs: number,
): Promise<{ tables: PreparedTable[]; ddl: string[] }> {
  const names = tablas.reduce<string[]>((all, { place, tabla }) => {
    all[place] = tabla.tabla
    return all
  }, [])
  const first = await inspectTables(session, tablas, run)
  refuseProblems(problemsOf(first.tables), names)
  if (first.ddl.length === 0) return { tables: first.tables, ddl: [] }
  const refs = [ledgerRef(session.esquema), ...first.tables.map(({ target }) => target)]
  await session.begin()
  try {
    await session.lock(
      refs.map((ref) => ({ ref, exclusive: false })),
      waitMs,
    )
    // Another engine may have made them while this one waited.
    const now = await inspectTables(session, tablas, run)
    refuseProblems(problemsOf(now.tables), names)
    for (const statement of now.ddl) await session.run(statement)
    await session.commit()
    return { tables: now.tables, ddl: now.ddl.map(({ sql }) => sql) }
  } catch (error) {
    await session.rollback()
    throw error
  }
}
