import type { RowSource } from '@engine/destinations/types'
import type { Conteos, TablaMaterializada } from '@shared/model/materializacion'

/** One table of a load: what the materialization says of it and the rows of the execution. */
export interface TableJob {
  tabla: TablaMaterializada
  source: RowSource
}

/** What the rows come from. */
export interface LoadRun {
  /** Control UUID of this load. */
  carga: string
  ejecucion: string
  materializacion: string
  /** Time of the load, ISO UTC. */
  en: string
  /** Loads again what the ledger has, because a person asked; refused for APPEND, which would double the rows. */
  rehacer?: boolean
}

export const FASES = ['preparar', 'enviar', 'comprobar', 'esperar', 'cambiar', 'limpiar'] as const
export type Fase = (typeof FASES)[number]

export interface LoadProgress {
  fase: Fase
  tabla: string | null
  filas: number
  totalFilas: number
  bytes: number
}

export interface LoadHooks {
  signal?: AbortSignal
  onProgress?(progress: LoadProgress): void
  /** Before each step of the plan; the load waits for it. */
  onStep?(what: string): void | Promise<void>
  /** How long to wait for another load of the same table; 30 s. */
  lockWaitMs?: number
}

export interface TableResult extends Conteos {
  tabla: string
  catalogo: string
  /** The ledger had it: nothing was changed. */
  repetida: boolean
}

export interface LoadResult {
  /** Every table had been loaded before. */
  repetida: boolean
  totales: Conteos
  bytes: number
  tablas: TableResult[]
  /** DDL that was run: tables made, columns added. */
  ddl: string[]
  /** Columns left out by the policy `descartar`, as `tabla.columna`. */
  descartadas: string[]
}
