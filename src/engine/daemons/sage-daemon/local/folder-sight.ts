import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '@engine/logging'
import type { Vigilancia } from '@shared/model/recepcion'
import type { FSWatcher } from 'chokidar'
import { z } from 'zod'
import { skipsFolder, takesName } from '../names'
import type { SeenFile, Sight, Told } from '../origin'
import { errnoOf } from '../retry'
import { type Look, lookAround, lookAt, relativeTo } from './seen-file'

export interface FolderSightDeps {
  casillaId: number
  root: string
  vigilancia: Vigilancia
  log: Log
  times: {
    /** The whole folder is looked at this often, whatever the system told. */
    rescanMs: number
    /** A folder that can't be read is tried again this often. */
    reachMs: number
  }
}

/** Where a change was, of what the system says of it; it may say nothing, or something else on another system. */
function rawPath(name: unknown, details: unknown): string | null {
  const { success, data } = rawSchema.safeParse({ name, details })
  return success ? join(data.details.watchedPath, data.name) : null
}

const rawSchema = z.object({ name: z.string().min(1), details: z.object({ watchedPath: z.string() }) })

/** A folder of this machine as a casilla sees it. The system tells of its changes, unless it is looked at every so often. */
export class FolderSight implements Sight {
  readonly lugar: string
  readonly trustTimes: boolean
  private readonly look: Look
  private readonly links = new Set<string>()
  private watcher: FSWatcher | null = null
  /** The system gave no watches (too many): the folder is looked at instead. */
  private blind = false

  constructor(private readonly deps: FolderSightDeps) {
    const { root, vigilancia } = deps
    this.lugar = root
    this.trustTimes = !vigilancia.sondeo
    this.look = {
      withInode: !vigilancia.sondeo,
      deep: vigilancia.subcarpetas,
      takes: (name) => takesName(name, vigilancia),
      onLink: (path) => this.refuse(path),
    }
  }

  lookAround(): Promise<SeenFile[]> {
    return lookAround(this.deps.root, this.look)
  }

  lookAt(path: string): Promise<SeenFile | null> {
    return lookAt(this.deps.root, path, this.look)
  }

  restMs(): number {
    const { vigilancia, times } = this.deps
    return vigilancia.sondeo || this.blind ? vigilancia.sondeoMs : times.rescanMs
  }

  away(error: unknown): { reason: string; restMs: number } | null {
    const code = errnoOf(error)
    if (code === null) return null
    void this.close()
    const reason =
      code === 'ENOENT'
        ? 'La carpeta no existe o no está conectada.'
        : `No se puede leer la carpeta (${code}).`
    return { reason, restMs: this.deps.times.reachMs }
  }

  async close(): Promise<void> {
    const watcher = this.watcher
    this.watcher = null
    await watcher?.close()
  }

  async listen(told: Told): Promise<void> {
    const { root, vigilancia } = this.deps
    // A folder that is not there can't be watched, and must be told apart from an empty one.
    const stat = await lstat(root)
    if (!stat.isDirectory()) throw Object.assign(new Error('no es una carpeta'), { code: 'ENOTDIR' })
    if (vigilancia.sondeo || this.blind || this.watcher) return
    const { watch } = await import('chokidar')
    const watcher = watch(root, {
      ignoreInitial: true,
      followSymlinks: false,
      ignorePermissionErrors: true,
      ...(vigilancia.subcarpetas ? {} : { depth: 0 }),
      ignored: (path) => path !== root && skipsFolder(relativeTo(root, path)),
    })
    this.watcher = watcher
    watcher.on('add', (path) => told.changed(path, false)).on('change', (path) => told.changed(path, false))
    // As the system tells it, before the watcher looks for itself: one by one and in order.
    watcher.on('raw', (_event: unknown, name: unknown, details: unknown) => {
      const path = rawPath(name, details)
      if (path !== null) told.changed(path, true)
    })
    watcher.on('unlinkDir', (path) => {
      if (path === root) told.lookAgain()
    })
    watcher.on('error', (error) => {
      this.onWatchError(error)
      told.lookAgain()
    })
    await new Promise<void>((ready) => {
      watcher.once('ready', () => ready())
      watcher.once('error', () => ready())
    })
  }

  private onWatchError(error: unknown): void {
    const code = errnoOf(error)
    this.deps.log.warn(
      'intake.unreachable',
      'El sistema dejó de avisar de los cambios; la carpeta se revisa cada tanto',
      { casillaId: this.deps.casillaId, code },
    )
    if (code !== 'ENOSPC' && code !== 'EMFILE') return
    this.blind = true
    void this.close()
  }

  private refuse(path: string): void {
    if (this.links.has(path)) return
    if (this.links.size > 10_000) this.links.clear()
    this.links.add(path)
    this.deps.log.warn('intake.refused-link', 'Un enlace no se toma como archivo', {
      casillaId: this.deps.casillaId,
      enlace: path,
    })
  }
}
