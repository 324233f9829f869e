import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Connector } from '@engine/connectors'
import {
  describeRemote,
  describeTable,
  listRemote,
  listTables,
  probarArchivos,
  probarProveedor,
} from '@engine/destinations/archivos'
import { openDuck } from '@engine/duckdb'
import type { OperationOutput } from '@shared/contract'
import type { PruebaDestino } from '@shared/model/destino'
import { equivalentType } from '../equivalent-type'
import type { DestinoTarget } from '../service/ports'
import type { ConnectedDeps } from './index'
import { contextOf, openDestination, secretsOf, sqlOf } from './open'
import { type FilesConfig, isFiles } from './shelves'

/** As many as a person may look through to choose one. */
const MOST_TABLES = 10_000

/** "Probar conexión". @throws AppError DESTINO_UNSUPPORTED, and those of its credential */
export async function probe(
  deps: ConnectedDeps,
  destino: DestinoTarget,
  signal: AbortSignal,
): Promise<PruebaDestino> {
  const { config } = destino
  if (config.tipo === 'archivos') return probarArchivos(config.carpeta)
  if (config.tipo === 'proveedor')
    return probarProveedor(() => deps.openProveedor(config.proveedorId), config.carpeta, { signal })
  return sqlOf(destino).probar(await secretsOf(deps, destino), contextOf(deps, signal))
}

/** @throws AppError those of connecting */
export async function tablesIn(
  deps: ConnectedDeps,
  destino: DestinoTarget,
  search: string | null,
  signal: AbortSignal,
): Promise<OperationOutput<'destinos.tablas'>> {
  const { config } = destino
  if (isFiles(config)) {
    const wanted = search?.toLowerCase() ?? ''
    const found =
      config.tipo === 'archivos'
        ? await listTables(config.carpeta)
        : await withProvider(deps, config.proveedorId, (connector) =>
            listRemote(connector, config.carpeta, { signal }),
          )
    return {
      items: found.filter(({ tabla }) => tabla.toLowerCase().includes(wanted)).slice(0, MOST_TABLES),
    }
  }
  const session = await openDestination(deps, destino, signal)
  try {
    return { items: await session.list(search, MOST_TABLES) }
  } finally {
    await session.close()
  }
}

async function withProvider<T>(
  deps: ConnectedDeps,
  id: number,
  work: (connector: Connector) => Promise<T>,
): Promise<T> {
  const connector = await deps.openProveedor(id)
  try {
    return await work(connector)
  } finally {
    await connector.close()
  }
}

async function fileTableIn(
  deps: ConnectedDeps,
  config: FilesConfig,
  ref: { esquema: string | null; tabla: string },
  signal: AbortSignal,
): Promise<OperationOutput<'destinos.tabla'>> {
  const dir = await mkdtemp(join(tmpdir(), 'sage-tabla-'))
  const alsoDirs = config.tipo === 'archivos' ? [config.carpeta] : []
  const duck = await openDuck({ dir, alsoDirs, signal })
  try {
    if (config.tipo === 'archivos') return await describeTable(duck, config.carpeta, ref)
    return await withProvider(deps, config.proveedorId, (connector) =>
      describeRemote({ connector, duck, dir }, config.carpeta, ref, { signal }),
    )
  } finally {
    await duck.close()
    await rm(dir, { recursive: true, force: true })
  }
}

/** @throws AppError those of connecting */
export async function tableIn(
  deps: ConnectedDeps,
  destino: DestinoTarget,
  ref: { esquema: string | null; tabla: string },
  signal: AbortSignal,
): Promise<OperationOutput<'destinos.tabla'>> {
  if (isFiles(destino.config)) return fileTableIn(deps, destino.config, ref, signal)
  const session = await openDestination(deps, destino, signal)
  try {
    const found = await session.inspect({ ...ref, esquema: ref.esquema ?? session.esquema })
    if (!found) return { existe: false, columnas: [], clave: [] }
    const columnas = found.columnas.map(({ nombre, tipo, nulos }) => ({
      ...{ nombre, tipo, nulos },
      equivale: equivalentType(tipo),
    }))
    return { existe: true, columnas, clave: [...(found.unicas[0] ?? [])] }
  } finally {
    await session.close()
  }
}
