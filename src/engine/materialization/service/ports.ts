import type { OperationOutput } from '@shared/contract'
import type { DestinoConfig, PruebaDestino } from '@shared/model/destino'
import type {
  Carga,
  Ensayo,
  MaterializacionConfig,
  ProblemaMaterializacion,
  ProgresoCarga,
} from '@shared/model/materializacion'

/** A destination as what writes to it needs it; the credential is revealed only to connect. */
export interface DestinoTarget {
  id: number
  nombre: string
  config: DestinoConfig
  secretoId: number | null
}

/** The accepted records of one execution. */
export interface AcceptedSource {
  executionId: string
  /** Folder of the execution. */
  dir: string
  archivo: string
}

export interface LoadJob {
  /** Control UUID. */
  cargaId: string
  materializacionId: number
  destino: DestinoTarget
  config: MaterializacionConfig
  source: AcceptedSource
  /** Also if the ledger of the destination has it. */
  rehacer: boolean
}

export interface LoadHooks {
  /** Its reason is `cancelled` or `shutdown`. */
  signal: AbortSignal
  onProgress(progress: Omit<ProgresoCarga, 'cargaId' | 'materializacionId' | 'executionId' | 'ms'>): void
}

export interface LoadOutcome {
  /** The ledger of the destination had it already: nothing was changed. */
  repetida: boolean
  totales: Carga['totales']
  bytes: number
  tablas: Carga['tablas']
  /** What it changed, for a person; null when it could not be told. */
  diferencia: Ensayo | null
}

export interface Mapping {
  casillaId: number
  destino: DestinoTarget
}

/**
 * What the service asks of the destinations, the strategies and the rows. All fail with AppErrors; those that may pass are `retryable`.
 * A load is idempotent: asked again with the same control UUID it changes nothing and says so.
 */
export interface MaterializationPlugs {
  load(job: LoadJob, hooks: LoadHooks): Promise<LoadOutcome>
  ensayar(
    job: Omit<LoadJob, 'cargaId' | 'materializacionId' | 'rehacer'>,
    signal: AbortSignal,
  ): Promise<Ensayo>
  proponer(
    /** `source`: as that execution was accepted; else as the casilla's YAML and its last accepted execution say. */
    mapping: Mapping & { catalogos: readonly string[] | null; source: AcceptedSource | null },
  ): Promise<OperationOutput<'materializaciones.proponer'>>
  revisar(mapping: Mapping & { config: MaterializacionConfig }): Promise<ProblemaMaterializacion[]>
  probar(destino: DestinoTarget, signal: AbortSignal): Promise<PruebaDestino>
  tablas(
    destino: DestinoTarget,
    search: string | null,
    signal: AbortSignal,
  ): Promise<OperationOutput<'destinos.tablas'>>
  tabla(
    destino: DestinoTarget,
    ref: { esquema: string | null; tabla: string },
    signal: AbortSignal,
  ): Promise<OperationOutput<'destinos.tabla'>>
}
