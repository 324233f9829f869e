import { AppError } from '@shared/errors/app-error'
import type { LoadHooks, LoadJob, LoadOutcome, MaterializationPlugs } from './ports'

/** A load that a test holds in its hands. */
export interface Held {
  job: LoadJob
  done(): void
  fail(error: unknown): void
}

const OUTCOME: Omit<LoadOutcome, 'repetida'> = {
  totales: { leidas: 2, insertadas: 2, actualizadas: 0, eliminadas: 0 },
  bytes: 10,
  tablas: [
    { tabla: 'personas', catalogo: 'personas', leidas: 2, insertadas: 2, actualizadas: 0, eliminadas: 0 },
  ],
  diferencia: { problemas: [], tablas: [] },
}

export const fault = (kind: 'transient' | 'terminal', message = 'El servidor no responde.'): AppError =>
  new AppError('PRUEBA', { kind, message })

/**
 * A destination whose every load is told by the test, for what happens around one: order, turns, tries. It keeps a ledger, as real ones
 * do. The real ones are in loads.test.ts.
 */
export function scriptedPlugs() {
  /** What was written, in order: `materialization:file`. */
  const written: string[] = []
  const ledger = new Set<string>()
  const held: Held[] = []
  const running = new Set<string>()
  const state = {
    /** Most loads that were running at once. */
    most: 0,
    holding: false,
    /** Thrown by the loads of these files, while they are here. */
    faults: new Map<string, AppError>(),
    suggested: 0,
  }

  async function load(job: LoadJob, { signal, onProgress }: LoadHooks): Promise<LoadOutcome> {
    running.add(job.cargaId)
    state.most = Math.max(state.most, running.size)
    try {
      const turn = state.holding
        ? new Promise<void>((done, fail) => {
            signal.addEventListener('abort', () => fail(new Error('interrumpida')), { once: true })
            held.push({ job, done, fail })
          })
        : null
      // Last: whoever waits for it to be held is woken by this.
      onProgress({ paso: 'enviar', tabla: 'personas', hechas: 0, total: 2, bytes: 0 })
      await turn
      const failure = state.faults.get(job.source.archivo)
      if (failure) throw failure
      const key = `${job.materializacionId}|${job.source.executionId}`
      if (ledger.has(key) && !job.rehacer) return { ...OUTCOME, repetida: true }
      ledger.add(key)
      written.push(`${job.materializacionId}:${job.source.archivo}`)
      return { ...OUTCOME, repetida: false }
    } finally {
      running.delete(job.cargaId)
    }
  }

  const plugs: MaterializationPlugs = {
    load,
    ensayar: () => Promise.resolve({ problemas: [], tablas: [] }),
    proponer: () => Promise.resolve({ tablas: [], avisos: [] }),
    revisar: () => Promise.resolve([]),
    probar: () => Promise.resolve({ ok: true, en: new Date().toISOString(), servidor: null, pasos: [] }),
    tablas: () => Promise.resolve({ items: [] }),
    tabla: () => Promise.resolve({ existe: false, columnas: [], clave: [] }),
  }
  return { plugs, written, held, running, state }
}
