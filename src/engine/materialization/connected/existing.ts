import { describeTable, listTables, probarArchivos } from '@engine/destinations/archivos'
import { openDuck } from '@engine/duckdb'
import type { OperationOutput } from '@shared/contract'
import type { PruebaDestino } from '@shared/model/destino'
import { equivalentType } from '../equivalent-type'
import type { DestinoTarget } from '../service/ports'
import type { ConnectedDeps } from './index'
import { contextOf, openDestination, secretsOf, sqlOf } from './open'

/** As many as a person may look through to choose one. */
const MOST_TABLES = 10_000

/** "Probar conexión". @throws AppError DESTINO_UNSUPPORTED, and those of its credential */
export async function probe(
  deps: ConnectedDeps,
  destino: DestinoTarget,
  signal: AbortSignal,
): Promise<PruebaDestino> {
  if (destino.config.tipo === 'archivos') return probarArchivos(destino.config.carpeta)
  return sqlOf(destino).probar(await secretsOf(deps, destino), contextOf(deps, signal))
}

/** @throws AppError those of connecting */
export async function tablesIn(
  deps: ConnectedDeps,
  destino: DestinoTarget,
  search: string | null,
  signal: AbortSignal,
): Promise<OperationOutput<'destinos.tablas'>> {
  if (destino.config.tipo === 'archivos') {
    const wanted = search?.toLowerCase() ?? ''
    const found = await listTables(destino.config.carpeta)
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

/** @throws AppError those of connecting */
export async function tableIn(
  deps: ConnectedDeps,
  destino: DestinoTarget,
  ref: { esquema: string | null; tabla: string },
  signal: AbortSignal,
): Promise<OperationOutput<'destinos.tabla'>> {
  if (destino.config.tipo === 'archivos') {
    const { carpeta } = destino.config
    const duck = await openDuck({ dir: deps.dataDir, alsoDirs: [carpeta], signal })
    try {
      return await describeTable(duck, carpeta, ref)
    } finally {
      await duck.close()
    }
  }
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
