import type { RowSource, Session } from '@engine/destinations/types'
import { LISTED, type Step } from '@engine/strategies'
import { AppError } from '@shared/errors/app-error'
import { refused } from './check-source'

type CheckStep = Extract<Step, { do: 'check' }>

/** Runs a check of a stage. Throws FILAS_DE_MENOS, or FILAS_RECHAZADAS with the records. */
export async function checkStep(
  session: Session,
  step: CheckStep,
  source: RowSource,
  tabla: string,
): Promise<void> {
  const rows = await session.rows(step.statement)
  if (step.kind === 'filas') {
    sameCount(Number(rows[0]?.[0] ?? 0), source, tabla)
    return
  }
  if (rows.length === 0) return
  throw refused({
    ...{ tabla, columnas: step.columnas, total: rows.length > LISTED ? null : rows.length },
    archivos: source.archivos,
    problema: 'con la clave repetida',
    filas: rows.map(([registro = null, ...valores]) => ({ registro: Number(registro), valores })),
  })
}

/** All the rows that were sent are there, or FILAS_DE_MENOS. */
export function sameCount(there: number, { filas }: RowSource, tabla: string): void {
  if (there === filas) return
  throw new AppError('FILAS_DE_MENOS', {
    kind: 'terminal',
    message: `«${tabla}»: se enviaron ${filas} filas y la base tiene ${there}.`,
    hint: 'Revisar los disparadores y las reglas de la tabla: alguno descarta filas.',
  })
}
