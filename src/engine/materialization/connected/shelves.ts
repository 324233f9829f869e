import { folderShelves, providerShelves, type Shelves } from '@engine/destinations/archivos'
import type { DestinoConfig, DestinoConfigOf } from '@shared/model/destino'
import type { ConnectedDeps } from './index'

export type FilesConfig = DestinoConfigOf<'archivos' | 'proveedor'>

export const isFiles = (config: DestinoConfig): config is FilesConfig =>
  config.tipo === 'archivos' || config.tipo === 'proveedor'

/** Works with the tables of a destination of files. `dir`: a folder that the engine of the rows reaches. @throws AppError those of a provider */
export async function withShelves<T>(
  deps: Pick<ConnectedDeps, 'openProveedor'>,
  config: FilesConfig,
  dir: string,
  work: (shelves: Shelves) => Promise<T>,
): Promise<T> {
  if (config.tipo === 'archivos') return work(folderShelves(config.carpeta))
  const connector = await deps.openProveedor(config.proveedorId)
  try {
    return await work(providerShelves(connector, config.carpeta, dir))
  } finally {
    await connector.close()
  }
}
