import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { requireCasilla } from '@engine/casillas'
import { readSchema } from '@engine/execution/schema'
import { findYamlVersion, listEjecuciones } from '@engine/store'
import type { OperationOutput } from '@shared/contract'
import type { MaterializacionConfig, ProblemaMaterializacion } from '@shared/model/materializacion'
import type { SageSchema } from '@shared/model/schema'
import { checkConfig } from '../check'
import type { DestinationRules } from '../destination-rules'
import { profileAccepted, proposeTables } from '../proposal'
import type { AcceptedSource, DestinoTarget, Mapping } from '../service/ports'
import type { ConnectedDeps } from './index'
import { sqlOf } from './open'
import { isFiles } from './shelves'

/** Accepted executions looked at to choose types. */
const LOOKED = 3

/** The YAML that a casilla has now. @throws AppError CASILLA_NOT_FOUND, YAML_INVALID */
function currentSchema({ store }: ConnectedDeps, casillaId: number): SageSchema {
  const casilla = requireCasilla(store.db, casillaId)
  const yaml = findYamlVersion(store.db, casillaId, casilla.yaml_version)
  return readSchema(yaml?.contenido ?? '', casilla.nombre_yaml)
}

export function rulesOf(destino: DestinoTarget): DestinationRules {
  if (isFiles(destino.config)) return { nombre: destino.nombre, clase: 'archivos' }
  return { nombre: destino.nombre, clase: 'sql', dialect: sqlOf(destino).dialect }
}

/** What lately accepted executions of a casilla left, newest first. */
function lastAccepted({ store, dirOf }: ConnectedDeps, casillaId: number): string[] {
  const { items } = listEjecuciones(store.db, {
    ...{ casillaId, fase: 'terminada', sort: 'creadaEn', direction: 'desc' },
    ...{ limit: 50, offset: 0 },
  })
  return items
    .filter(({ estado }) => estado !== 'Fallido')
    .slice(0, LOOKED)
    .map(({ uuid }) => dirOf(uuid))
}

/**
 * A first mapping: as one execution was accepted, or as the casilla's YAML and what it accepted lately say.
 * @throws AppError CASILLA_NOT_FOUND, DESTINO_UNSUPPORTED, YAML_INVALID
 */
export async function propose(
  deps: ConnectedDeps,
  mapping: Mapping & { catalogos: readonly string[] | null; source: AcceptedSource | null },
): Promise<OperationOutput<'materializaciones.proponer'>> {
  const { casillaId, destino, catalogos, source } = mapping
  const schema = source
    ? readSchema(await readFile(join(source.dir, 'input.yaml'), 'utf8'))
    : currentSchema(deps, casillaId)
  const perfiles = await profileAccepted(source ? [source.dir] : lastAccepted(deps, casillaId))
  return proposeTables({ schema, catalogos, destino: rulesOf(destino), esquema: null, perfiles })
}

/** What is wrong with a materialization, as far as it can be told with no connection. @throws AppError as `propose` */
export async function review(
  deps: ConnectedDeps,
  { casillaId, destino, config }: Mapping & { config: MaterializacionConfig },
): Promise<ProblemaMaterializacion[]> {
  return checkConfig({ config, schema: currentSchema(deps, casillaId), destino: rulesOf(destino) })
}
