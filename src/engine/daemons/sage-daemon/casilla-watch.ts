import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '@engine/logging'
import type { Vigilancia } from '@shared/model/recepcion'
import type { FSWatcher } from 'chokidar'
import { z } from 'zod'
import { skipsFolder, takesName } from './names'
import { errnoOf } from './retry'
import { type Look, lookAround, lookAt, relativeTo, type SeenFile } from './seen-file'
import { Settler } from './settler'

export interface WatchTimes {
  /** Changes told together are looked at together. */
  gatherMs: number
  /** The whole folder is looked at this often, whatever the system told. */
  rescanMs: number
  /** A folder that can't be read is tried again this often. */
  reachMs: number
}

export interface CasillaWatchDeps {
  casillaId: number
  root: string
  vigilancia: Vigilancia
  log: Log
  times: WatchTimes
  /** True for a file that has a row already, as it lies there. */
  knows(file: SeenFile): boolean
  /** Whole files, in the order they arrived. */
  onWhole(files: SeenFile[]): Promise<void>
  onState(): void
}

/** Where a change was, of what the system says of it; it may say nothing, or something else on another system. */
function rawPath(name: unknown, details: unknown): string | null {
  const { success, data } = rawSchema.safeParse({ name, details })
  return success ? join(data.details.watchedPath, data.name) : null
}

const rawSchema = z.object({ name: z.string().min(1), details: z.object({ watchedPath: z.string() }) })

/** Watches one casilla's folder and hands over its files once they are whole. Events only make it quicker: nothing depends on one. */
export class CasillaWatch {
  /** Why the folder can't be read now; null when it can. */
  unreachable: string | null = null
  private readonly settler: Settler
  private readonly look: Look
  private readonly dirty = new Set<string>()
  private readonly links = new Set<string>()
  /** The order in which the system told of files that are not taken yet: a tick of the disk's clock holds dozens of them. */
  private readonly turns = new Map<string, number>()
  private lastTurn = 0
  private watcher: FSWatcher | null = null
  private timer: NodeJS.Timeout | null = null
  private wakeAt = Number.POSITIVE_INFINITY
  private nextScan = 0
  private work: Promise<unknown> = Promise.resolve()
  private closed = false
  /** The system gave no watches (too many): the folder is looked at instead. */
  private blind = false

  constructor(private readonly deps: CasillaWatchDeps) {
    const { vigilancia } = deps
    this.settler = new Settler(vigilancia.asentamientoMs, !vigilancia.sondeo)
    this.look = {
      withInode: !vigilancia.sondeo,
      deep: vigilancia.subcarpetas,
      takes: (name) => takesName(name, vigilancia),
      onLink: (path) => this.refuse(path),
    }
  }

  get watching(): boolean {
    return this.unreachable === null
  }

  /** Files that are being waited for. */
  get settling(): number {
    return this.settler.size
  }

  start(): Promise<void> {
    return this.scan()
  }

  /** Looks at the whole folder now; `settleMs` 0 takes what is there without waiting. */
  scan(settleMs?: number): Promise<void> {
    return this.alone(() => this.scanNow(settleMs))
  }

  async close(): Promise<void> {
    this.closed = true
    if (this.timer) clearTimeout(this.timer)
    await this.work.catch(() => undefined)
    await this.watcher?.close()
    this.watcher = null
  }

  private alone(work: () => Promise<void>): Promise<void> {
    const next = this.work.then(async () => {
      if (!this.closed) await work()
      this.plan()
    })
    this.work = next.catch((error: unknown) => {
      this.deps.log.error('intake.failed', 'Falló la revisión de una carpeta vigilada', {
        casillaId: this.deps.casillaId,
        error,
      })
      this.plan()
    })
    return next
  }

  private async scanNow(settleMs?: number): Promise<void> {
    const { root, times, vigilancia } = this.deps
    this.dirty.clear()
    try {
      // Before looking: what arrives between the two is told.
      await this.watch()
      await this.take(await lookAround(root, this.look), settleMs)
      this.reach(null)
      this.nextScan = Date.now() + (vigilancia.sondeo || this.blind ? vigilancia.sondeoMs : times.rescanMs)
    } catch (error) {
      if (errnoOf(error) === null) throw error
      await this.watcher?.close()
      this.watcher = null
      this.reach(
        errnoOf(error) === 'ENOENT'
          ? 'La carpeta no existe o no está conectada.'
          : `No se puede leer la carpeta (${errnoOf(error)}).`,
      )
      this.nextScan = Date.now() + times.reachMs
    }
  }

  private reach(reason: string | null): void {
    if (this.unreachable === reason) return
    this.unreachable = reason
    const { casillaId, root, log } = this.deps
    if (reason === null) log.info('intake.watching', 'Carpeta vigilada', { casillaId, carpeta: root })
    else log.warn('intake.unreachable', reason, { casillaId, carpeta: root })
    this.deps.onState()
  }

  private async lookAtSome(paths: readonly string[]): Promise<void> {
    const seen: SeenFile[] = []
    for (const path of paths) {
      const file = await lookAt(this.deps.root, path, this.look)
      if (file) seen.push(file)
      else {
        this.settler.gone(path)
        this.turns.delete(path)
      }
    }
    await this.take(seen)
  }

  private async take(seen: readonly SeenFile[], settleMs?: number): Promise<void> {
    const fresh = seen.flatMap((file) => {
      if (!this.deps.knows(file)) return [{ ...file, turn: this.turns.get(file.path) ?? null }]
      this.turns.delete(file.path)
      return []
    })
    const whole = this.settler.see(fresh, Date.now(), settleMs)
    for (const { path } of whole) this.turns.delete(path)
    if (whole.length > 0) await this.deps.onWhole(whole)
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

  private async watch(): Promise<void> {
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
    const onChange = (path: string): void => {
      this.dirty.add(path)
      this.wake(Date.now() + this.deps.times.gatherMs)
    }
    watcher.on('add', onChange).on('change', onChange)
    // As the system tells it, before the watcher looks for itself: one by one and in order.
    watcher.on('raw', (_event: unknown, name: unknown, details: unknown) => {
      const path = rawPath(name, details)
      if (path === null) return
      if (!this.turns.has(path)) this.turns.set(path, ++this.lastTurn)
      onChange(path)
    })
    watcher.on('unlinkDir', (path) => {
      if (path === root) this.nextScan = 0
      this.wake(Date.now() + this.deps.times.gatherMs)
    })
    watcher.on('error', (error) => this.onWatchError(error))
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
      {
        casillaId: this.deps.casillaId,
        code,
      },
    )
    if (code === 'ENOSPC' || code === 'EMFILE') {
      this.blind = true
      void this.watcher?.close()
      this.watcher = null
    }
    this.nextScan = 0
    this.wake(Date.now() + this.deps.times.gatherMs)
  }

  /** Sets the clock for whatever is next: changes told, files that settle, the whole folder. */
  private plan(): void {
    this.wakeAt = Number.POSITIVE_INFINITY
    const now = Date.now()
    if (this.dirty.size > 0) this.wake(now + this.deps.times.gatherMs)
    this.wake(Math.min(this.settler.nextDue() ?? Number.POSITIVE_INFINITY, this.nextScan))
  }

  private wake(at: number): void {
    if (this.closed || at >= this.wakeAt) return
    this.wakeAt = at
    if (this.timer) clearTimeout(this.timer)
    this.timer = setTimeout(
      () => {
        this.wakeAt = Number.POSITIVE_INFINITY
        void this.alone(() => this.onTime()).catch(() => undefined)
      },
      Math.max(1, at - Date.now()),
    )
  }

  private async onTime(): Promise<void> {
    const now = Date.now()
    if (now >= this.nextScan) return this.scanNow()
    const paths = new Set([...this.dirty, ...this.settler.due(now)])
    this.dirty.clear()
    await this.lookAtSome([...paths])
  }
}
