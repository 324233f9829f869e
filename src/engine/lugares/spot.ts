import { realpathSync } from 'node:fs'
import { basename, dirname, join, sep } from 'node:path'
import { connectorSpec, LOCAL, type Where } from '@engine/connectors'
import { joinPath } from '@engine/connectors/shared/paths'
import { type Db, findProveedor, type ProveedorRow, type Store } from '@engine/store'
import { AppError } from '@shared/errors/app-error'
import type { DestinoConfig } from '@shared/model/destino'

/** Somewhere that files are: what is reached, and the folder or file of it; of this machine a real path, of any other with `/`. */
export interface Spot {
  reach: string
  path: string
}

export type Lie = 'same' | 'inside' | 'around'

/** Windows and macOS take two spellings of a name as one folder. */
const spelled = (path: string): string => (process.platform === 'linux' ? path : path.toLowerCase())

/** How one spot lies to another: the same, inside it, around it, or apart (null). */
export function lies(one: Spot, other: Spot): Lie | null {
  if (one.reach !== other.reach) return null
  const isLocal = one.reach === LOCAL
  const [a, b] = isLocal ? [spelled(one.path), spelled(other.path)] : [one.path, other.path]
  if (a === b) return 'same'
  const end = isLocal ? sep : '/'
  const below = (folder: string): string => (folder === '' || folder.endsWith(end) ? folder : folder + end)
  if (a.startsWith(below(b))) return 'inside'
  return b.startsWith(below(a)) ? 'around' : null
}

export const isWithin = (one: Spot, other: Spot): boolean =>
  ['same', 'inside'].includes(lies(one, other) ?? '')

/** A path of this machine that is already real. */
export const localSpot = (path: string): Spot => ({ reach: LOCAL, path })

/** SAGE's own folder. */
export const dataDirOf = ({ path }: Store): string => realpathSync(dirname(path))

/** The path without links, as far as it is there. */
function realOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    const parent = dirname(path)
    return parent === path ? path : join(realOf(parent), basename(path))
  }
}

/** What was saved, or nothing that can be told: of a kind or a configuration that this program does not know, others still have places. */
function whereOf({ tipo, configuracion }: ProveedorRow): Where {
  try {
    return connectorSpec(tipo).where(configuracion)
  } catch (error) {
    if (error instanceof AppError) return { reach: null, base: '' }
    throw error
  }
}

/** A folder below the base of a provider. */
export function spotAt(proveedor: ProveedorRow, folder: string): Spot {
  const { reach, base } = whereOf(proveedor)
  if (reach === LOCAL) return localSpot(realOf(join(base, folder)))
  // One of which nothing is told is at least the same as itself.
  return { reach: reach ?? `proveedor://${proveedor.id}`, path: joinPath(base, folder) }
}

/** What a destination writes to; null when it is no file nor folder. */
export function spotOf(db: Db, config: DestinoConfig): Spot | null {
  switch (config.tipo) {
    case 'archivos':
      return localSpot(config.carpeta)
    case 'sqlite':
    case 'duckdb':
      return localSpot(config.ruta)
    case 'proveedor': {
      const proveedor = findProveedor(db, config.proveedorId)
      return proveedor ? spotAt(proveedor, config.carpeta) : null
    }
    default:
      return null
  }
}
