import type { Log } from '@engine/logging'
import type { SeenFile, Sight } from './origin'
import { Settler } from './settler'

export interface CasillaWatchDeps {
  casillaId: number
  sight: Sight
  /** A file is whole when it has stood still this long. */
  settleMs: number
  log: Log
  /** Changes told together are looked at together. */
  gatherMs: number
  /** True for a file that has a row already, as it lies there. */
  knows(file: SeenFile): boolean
  /** Whole files, in the order they arrived. */
  onWhole(files: SeenFile[]): Promise<void>
  onState(): void
  /** It can be looked at again: what waited for that need not wait any longer. */
  onBack(): Promise<void>
}

/** Watches where one casilla receives and hands over its files once they are whole. What is told only makes it quicker: nothing depends on it. */
export class CasillaWatch {
  /** Why it can't be looked at now; null when it can. */
  unreachable: string | null = null
  private readonly settler: Settler
  private readonly dirty = new Set<string>()
  /** The order in which the system told of files that are not taken yet: a tick of the disk's clock holds dozens of them. */
  private readonly turns = new Map<string, number>()
  private lastTurn = 0
  private timer: NodeJS.Timeout | null = null
  private wakeAt = Number.POSITIVE_INFINITY
  private nextScan = 0
  private work: Promise<unknown> = Promise.resolve()
  private closed = false

  constructor(private readonly deps: CasillaWatchDeps) {
    this.settler = new Settler(deps.settleMs, deps.sight.trustTimes)
  }

  /** Files that are being waited for. */
  get settling(): number {
    return this.settler.size
  }

  start(): Promise<void> {
    return this.scan()
  }

  /** Looks at everything now; `settleMs` 0 takes what is there without waiting. */
  scan(settleMs?: number): Promise<void> {
    return this.alone(() => this.scanNow(settleMs))
  }

  async close(): Promise<void> {
    this.closed = true
    if (this.timer) clearTimeout(this.timer)
    await this.work.catch(() => undefined)
    await this.deps.sight.close()
  }

  private alone(work: () => Promise<void>): Promise<void> {
    const next = this.work.then(async () => {
      const waited = this.settler.size > 0
      if (!this.closed) await work()
      // Those it waited for may have gone away.
      if (waited && this.settler.size === 0) this.deps.onState()
      this.plan()
    })
    this.work = next.catch((error: unknown) => {
      this.deps.log.error('intake.failed', 'Falló la revisión de una casilla vigilada', {
        casillaId: this.deps.casillaId,
        error,
      })
      this.plan()
    })
    return next
  }

  private async scanNow(settleMs?: number): Promise<void> {
    const { sight } = this.deps
    this.dirty.clear()
    try {
      // Before looking: what arrives between the two is told.
      await sight.listen({
        changed: (path, inOrder) => this.onChange(path, inOrder),
        lookAgain: () => {
          this.nextScan = 0
          this.wake(Date.now() + this.deps.gatherMs)
        },
      })
      const seen = await sight.lookAround()
      this.settler.keepOnly(seen)
      await this.take(seen, settleMs)
      if (this.unreachable !== null) await this.deps.onBack()
      this.reach(null)
      this.nextScan = Date.now() + sight.restMs()
    } catch (error) {
      const away = sight.away(error)
      this.nextScan = Date.now() + (away?.restMs ?? sight.restMs())
      if (away === null) throw error
      this.reach(away.reason)
    }
  }

  private onChange(path: string, inOrder: boolean): void {
    if (inOrder && !this.turns.has(path)) this.turns.set(path, ++this.lastTurn)
    this.dirty.add(path)
    this.wake(Date.now() + this.deps.gatherMs)
  }

  private reach(reason: string | null): void {
    if (this.unreachable === reason) return
    this.unreachable = reason
    const { casillaId, sight, log } = this.deps
    const facts = { casillaId, carpeta: sight.lugar }
    if (reason === null) log.info('intake.watching', 'Carpeta vigilada', facts)
    else log.warn('intake.unreachable', reason, facts)
    this.deps.onState()
  }

  private async lookAtSome(paths: readonly string[]): Promise<void> {
    const seen: SeenFile[] = []
    for (const path of paths) {
      const file = await this.deps.sight.lookAt?.(path)
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

  /** Sets the clock for whatever is next: changes told, files that settle, the look at everything. */
  private plan(): void {
    this.wakeAt = Number.POSITIVE_INFINITY
    const now = Date.now()
    if (this.dirty.size > 0) this.wake(now + this.deps.gatherMs)
    // Where only a look at everything tells, what settles waits for the next one.
    const settled = this.deps.sight.lookAt ? this.settler.nextDue() : null
    this.wake(Math.min(settled ?? Number.POSITIVE_INFINITY, this.nextScan))
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
