import { type Db, endMaterializados, findCarga, toCarga } from '@engine/store'
import type { ServiceDeps } from './deps'

export interface ChangedLoads {
  /** Loads whose row changed. */
  cargas: readonly string[]
  /** Whose lists look different now. */
  materializaciones: readonly number[]
  /** The only execution whose file may end with it; without it, any. Thousands may be waiting. */
  ejecucion?: string
}

/**
 * Every change of loads goes through here: the received files that waited for them end in the same write, and then it is told, from the
 * store, so that what is told is what is.
 */
export class LoadChanges {
  private readonly listeners = new Set<(archivos: readonly number[]) => void>()

  constructor(private readonly deps: Pick<ServiceDeps, 'store' | 'emit'>) {}

  /** Called with the received files that ended, after the write. */
  onFilesEnded(listener: (archivos: readonly number[]) => void): void {
    this.listeners.add(listener)
  }

  async write(change: (tx: Db) => ChangedLoads): Promise<ChangedLoads> {
    const { changed, archivos } = await this.deps.store.write((tx) => {
      const done = change(tx)
      return {
        changed: done,
        archivos: endMaterializados(tx, done.ejecucion ?? null, new Date().toISOString()),
      }
    })
    this.tell(changed)
    if (archivos.length > 0) for (const listener of this.listeners) listener(archivos)
    return changed
  }

  tell({ cargas, materializaciones }: ChangedLoads): void {
    for (const uuid of cargas) {
      const row = findCarga(this.deps.store.db, uuid)
      if (row) this.deps.emit('cargas.changed', toCarga(row))
    }
    for (const id of new Set(materializaciones)) this.deps.emit('materializaciones.changed', { id })
  }
}
