import { Cargas } from './cargas'
import { LoadChanges } from './changes'
import type { ServiceDeps } from './deps'
import { Destinos } from './destinos'
import { Handing } from './hand-on'
import { Loader, type LoaderTimes } from './loader'
import { Materializaciones } from './materializaciones'

export type { ServiceDeps } from './deps'
export { LOADER_TIMES, type Loader, type LoaderTimes } from './loader'
export type * from './ports'

export interface Materialization {
  destinos: Destinos
  materializaciones: Materializaciones
  cargas: Cargas
  loader: Loader
  changes: LoadChanges
  handing: Handing
}

/** Destinations, materializations and their loads over a store. Nothing runs until the loader starts. */
export function createMaterialization(deps: ServiceDeps, times: Partial<LoaderTimes> = {}): Materialization {
  const changes = new LoadChanges(deps)
  const loader = new Loader(deps, changes, times)
  return {
    changes,
    loader,
    destinos: new Destinos(deps),
    materializaciones: new Materializaciones(deps, changes, () => loader.look()),
    cargas: new Cargas(deps, changes, loader),
    handing: new Handing(deps, changes, loader),
  }
}
