import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Connector } from '@engine/connectors'
import { cleanPath } from '@engine/connectors/shared/paths'
import { AppError } from '@shared/errors/app-error'
import type { TablaMaterializada } from '@shared/model/materializacion'
import { ownName, requireNames } from '../place'
import type { Shelves } from '../shelf'
import { Objects } from './objects'
import { ProviderShelf } from './provider-shelf'
import { RemoteSight } from './remote-sight'

export { describeRemote, listRemote } from './describe'
export { probarProveedor } from './probe'

/**
 * Tables under a folder of a provider. `dir`: a folder of this machine that DuckDB reaches, where files are written before they are sent and
 * what is there is brought to; whoever made it takes it away.
 */
export function providerShelves(connector: Connector, carpeta: string, dir: string): Shelves {
  const work = join(dir, `nube-${randomUUID()}`)
  const objects = new Objects(connector, work)
  const folder = cleanPath(carpeta, connector.limits.pathBytes)
  const make = async (): Promise<string> => {
    const own = join(work, randomUUID())
    await mkdir(own, { recursive: true })
    return own
  }
  const look = async (tabla: TablaMaterializada, signal?: AbortSignal): Promise<RemoteSight> => {
    requireNames(tabla)
    const sight = new RemoteSight(objects, folder, tabla, { signal }, await make())
    await sight.refresh()
    return sight
  }
  return {
    nombre: connector.place,
    keyOf(tabla) {
      requireNames(tabla)
      return ownName(tabla)
    },
    async open(tabla, options) {
      const shelf = new ProviderShelf(objects, folder, tabla, { signal: options.signal }, await make())
      try {
        await shelf.take(options)
        return shelf
      } catch (error) {
        await shelf.close()
        throw error
      }
    },
    look,
    async bytesToLook(tabla, signal) {
      const files = await (await look(tabla, signal)).remoteFiles()
      return files.reduce((sum, { bytes }) => sum + bytes, 0)
    },
    explain: AppError.from,
  }
}
