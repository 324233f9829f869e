import type { ArchivoRecibido, EstadoArchivo } from '@shared/model/recepcion'

const ORDER: readonly EstadoArchivo[] = [
  'detectado',
  'reclamado',
  'copiado',
  'validando',
  'validado',
  'materializando',
]
/** Steps passed through only on the way to a destination: drawn while the file is there. */
const PASSING = new Set<EstadoArchivo>(['validado', 'materializando'])

export interface PathStep {
  estado: EstadoArchivo
  /** `skipped`: it ended without passing here. */
  mark: 'done' | 'now' | 'ahead' | 'skipped'
}

/** The states a file went through, where it is, and what it still has before it. */
export function pathOf(
  row: Pick<ArchivoRecibido, 'estado' | 'desenlace' | 'intentos' | 'sha256' | 'executionId'>,
): PathStep[] {
  const ended = row.desenlace !== null
  const at = ORDER.indexOf(row.estado)
  // An ended row says no more where it was: what it left behind does.
  const judged = ended && row.desenlace !== 'duplicado' && row.sha256 !== null && row.executionId !== null
  const reached: Partial<Record<EstadoArchivo, boolean>> = {
    detectado: true,
    reclamado: row.intentos > 0 || row.sha256 !== null,
    copiado: row.sha256 !== null,
    validando: judged,
  }
  const steps = ORDER.filter((state) => !PASSING.has(state) || state === row.estado).map(
    (estado): PathStep => {
      if (ended) return { estado, mark: reached[estado] ? 'done' : 'skipped' }
      const index = ORDER.indexOf(estado)
      return { estado, mark: index < at ? 'done' : index === at ? 'now' : 'ahead' }
    },
  )
  const last: EstadoArchivo = row.estado === 'cuarentena' ? 'cuarentena' : 'terminado'
  return [...steps, { estado: last, mark: ended ? 'now' : 'ahead' }]
}
