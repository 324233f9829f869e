import type { Connector, Entry } from '@engine/connectors'
import { cleanFilePath, nameOf } from '@engine/connectors/shared/paths'
import { AppError } from '@shared/errors/app-error'
import type { Vigilancia } from '@shared/model/recepcion'
import { MOST_DEEP, skipsFolder, takesName } from '../names'
import type { SeenFile, Sight } from '../origin'
import { backoffMs } from '../retry'
import { addressOf, below } from './address'

export interface PrefixSightDeps {
  proveedorId: number
  prefijo: string
  vigilancia: Vigilancia
  /** The first wait for a provider that is away; each further one doubles it. */
  reachMs: number
  open(): Promise<Connector>
}

/** What the server says of a version; its clock is in it only to tell one from another. */
export const remoteHuella = ({ bytes, etag }: Pick<Entry, 'bytes' | 'etag'>): string => `${bytes}:${etag}`

/**
 * A prefix of a provider as a casilla sees it: listed every so often, each time once, and nothing else is asked of what is known. Its clock is
 * not believed: what stands still is what two looks of ours found the same.
 */
export class PrefixSight implements Sight {
  readonly lugar: string
  readonly trustTimes = false
  private failures = 0

  constructor(private readonly deps: PrefixSightDeps) {
    this.lugar = addressOf({ proveedorId: deps.proveedorId, path: deps.prefijo })
  }

  listen(): Promise<void> {
    return Promise.resolve()
  }

  async lookAround(): Promise<SeenFile[]> {
    const connector = await this.deps.open()
    const found: SeenFile[] = []
    await this.visit(connector, this.deps.prefijo, 0, found)
    this.failures = 0
    return found
  }

  /** With chance, so that many casillas, or many engines, do not all ask at once. */
  restMs(): number {
    return Math.round(this.deps.vigilancia.sondeoMs * (0.9 + Math.random() * 0.2))
  }

  away(error: unknown): { reason: string; restMs: number } | null {
    if (!(error instanceof AppError)) return null
    this.failures++
    return {
      reason: error.message,
      restMs: Math.max(backoffMs(this.failures, this.deps.reachMs), this.restMs()),
    }
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  private async visit(connector: Connector, folder: string, depth: number, found: SeenFile[]): Promise<void> {
    const folders: string[] = []
    let cursor: string | null = null
    do {
      const page: Awaited<ReturnType<Connector['list']>> = await connector.list(folder, { cursor })
      for (const entry of page.entries) {
        if (entry.kind === 'folder') folders.push(entry.path)
        else {
          const file = this.seen(connector, entry)
          if (file) found.push(file)
        }
      }
      cursor = page.cursor
    } while (cursor !== null)
    if (!this.deps.vigilancia.subcarpetas || depth >= MOST_DEEP) return
    for (const one of folders) {
      const relative = below(this.deps.prefijo, one)
      if (relative === null || skipsFolder(relative)) continue
      await this.visit(connector, one, depth + 1, found).catch((error: unknown) => {
        // Removed since it was listed.
        if (!(error instanceof AppError) || error.code !== 'REMOTE_NOT_FOUND') throw error
      })
    }
  }

  private seen(connector: Connector, entry: Entry): SeenFile | null {
    const { proveedorId, prefijo, vigilancia } = this.deps
    const { path, bytes, modified } = entry
    const name = nameOf(path)
    const relative = below(prefijo, path)
    if (relative === null || !takesName(name, vigilancia) || !canBeAsked(path, connector)) return null
    const time = modified === null ? 0 : Date.parse(modified)
    return {
      ...{ path: addressOf({ proveedorId, path }), relative, name, bytes, huella: remoteHuella(entry) },
      ...{ modifiedMs: time, arrivedMs: time, inode: 0n, turn: null },
    }
  }
}

/** Some servers hold names that no path of ours may have: they can't be read nor moved. */
function canBeAsked(path: string, { limits }: Connector): boolean {
  try {
    return cleanFilePath(path, limits.pathBytes) === path
  } catch {
    return false
  }
}
