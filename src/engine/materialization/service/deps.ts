import type { Log } from '@engine/logging'
import type { Settings } from '@engine/settings'
import type { Store } from '@engine/store'
import type { Emit } from '@shared/contract'
import type { MaterializationPlugs } from './ports'

export interface ServiceDeps {
  store: Store
  settings: Settings
  log: Log
  emit: Emit
  plugs: MaterializationPlugs
  /** The data folder, real path. */
  dataDir: string
  /** Folder of an execution. */
  dirOf(executionId: string): string
}
