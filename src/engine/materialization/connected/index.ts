import type { Connector } from '@engine/connectors'
import type { Secretos } from '@engine/secrets'
import type { Settings } from '@engine/settings'
import type { Store } from '@engine/store'
import type { MaterializationPlugs } from '../service/ports'
import { probe, tableIn, tablesIn } from './existing'
import { load, rehearse } from './load'
import { propose, review } from './mapping'

export interface ConnectedDeps {
  store: Store
  settings: Settings
  secretos: Pick<Secretos, 'reveal'>
  /** A connection of its own to a saved provider; whoever asks closes it. @throws AppError PROVEEDOR_NOT_FOUND, and those of its credential */
  openProveedor(id: number): Promise<Connector>
  dataDir: string
  /** Before each step of a load; for tests that cut one. */
  onStep?(what: string): void
  /** Folder of an execution. */
  dirOf(executionId: string): string
}

/** The service's view of the destinations, strategies and rows that there are. */
export function connectedPlugs(deps: ConnectedDeps): MaterializationPlugs {
  return {
    load: (job, hooks) => load(deps, job, hooks),
    ensayar: (job, signal) => rehearse(deps, job, signal),
    proponer: (mapping) => propose(deps, mapping),
    revisar: (mapping) => review(deps, mapping),
    probar: (destino, signal) => probe(deps, destino, signal),
    tablas: (destino, search, signal) => tablesIn(deps, destino, search, signal),
    tabla: (destino, ref, signal) => tableIn(deps, destino, ref, signal),
  }
}
