import { lastDue, nextDue } from '@engine/frecuencia'
import {
  type Db,
  listMaterializaciones,
  listSinCargar,
  type MaterializacionRow,
  setProgramadaHasta,
} from '@engine/store'
import type { ChangedLoads } from './changes'
import { plantCarga } from './plant'

const scheduled = (db: Db): MaterializacionRow[] =>
  listMaterializaciones(db, null).filter(
    ({ estado, configuracion }) => estado === 'activo' && configuracion.cuando.tipo === 'programada',
  )

const dates = ({ configuracion: { cuando }, zona_horaria: zone }: MaterializacionRow) => ({
  last: (now: Date) => (cuando.tipo === 'programada' ? lastDue(cuando.frecuencia, zone, now) : null),
  next: (after: Date) => (cuando.tipo === 'programada' ? nextDue(cuando.frecuencia, zone, after) : null),
})

/** The next date of any scheduled materialization, ISO; null when there is none. `after` null: from now. */
export function nextScheduled(db: Db, after: string | null): string | null {
  const from = after === null ? new Date() : new Date(after)
  const next = scheduled(db).flatMap((row) => dates(row).next(from)?.toISOString() ?? [])
  return next.sort()[0] ?? null
}

/** The loads of every date that has come, those that came while no engine ran among them: what was accepted since the date before. */
export function plantScheduled(tx: Db, at: Date): ChangedLoads {
  const now = at.toISOString()
  const cargas: string[] = []
  const materializaciones: number[] = []
  for (const row of scheduled(tx)) {
    const due = dates(row).last(at)?.toISOString()
    const since = row.programada_hasta ?? row.creado_en
    if (due === undefined || due <= since) continue
    const range = { desde: null, hasta: null, aceptadasDesde: since }
    for (const executionId of listSinCargar(tx, { materializacionId: row.id, ...range })) {
      const made = plantCarga(tx, row, { executionId, asked: false, rehacer: false, now })
      if (made !== null) cargas.push(made)
    }
    // What was accepted after the date, but before it was noticed, was loaded with it.
    setProgramadaHasta(tx, row.id, now)
    materializaciones.push(row.id)
  }
  return { cargas, materializaciones }
}
