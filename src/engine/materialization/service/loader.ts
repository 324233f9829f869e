import { createQueue, type Work, type WorkQueue } from '@engine/casillas'
import {
  type CargaRow,
  cancelCargasOfRemoved,
  findMaterializacion,
  hurryCargas,
  listLanes,
  nextCarga,
  nextCargaDue,
} from '@engine/store'
import type { AppErrorData } from '@shared/errors/app-error'
import type { LoadChanges } from './changes'
import type { ServiceDeps } from './deps'
import { LoadWork, SECRETS_AWAY } from './load-work'
import { placesOf } from './places'
import { recoverLoads } from './recover'
import { nextScheduled, plantScheduled } from './schedule'

export interface LoaderTimes {
  retryBaseMs: number
  /** The clock is looked at this often at least: a machine that slept, a date far away. */
  lookMs: number
  /** Changes made by another process (the terminal) are looked for this often. */
  outsideMs: number
}

export const LOADER_TIMES: LoaderTimes = { retryBaseMs: 5_000, lookMs: 60_000, outsideMs: 2_000 }

const GONE: AppErrorData = {
  code: 'CASILLA_REMOVED',
  kind: 'cancelled',
  message: 'La casilla se eliminó antes de esta carga.',
  retryable: false,
}

const nowIso = (): string => new Date().toISOString()

/**
 * Takes every load that waits in the store to its end: so many at once, materializations in turns, never two into one table. All it
 * knows is in the store; killed at any instant, the next one goes on from there.
 */
export class Loader {
  private readonly queue: WorkQueue
  private readonly work: LoadWork
  private readonly times: LoaderTimes
  /** Tables that are being written now. */
  private readonly busy = new Map<string, readonly string[]>()
  private timer: NodeJS.Timeout | null = null
  private outsideTimer: NodeJS.Timeout | null = null
  private outsideVersion: unknown = null
  private started = false
  private closed = false
  private looking: Promise<void> = Promise.resolve()
  private readonly idleWaiters = new Set<() => void>()

  constructor(
    private readonly deps: ServiceDeps,
    private readonly changes: LoadChanges,
    times: Partial<LoaderTimes> = {},
  ) {
    this.times = { ...LOADER_TIMES, ...times }
    this.work = new LoadWork(deps, changes, this.times.retryBaseMs)
    this.queue = createQueue(
      () => deps.settings.get('loadConcurrency'),
      // Every materialization in its turn.
      () => 0,
    )
    deps.settings.onChange(() => this.wake())
  }

  get running(): number {
    return this.queue.running
  }

  /** Settles what a dead engine left half done; before `start`. */
  recover(): Promise<number> {
    return recoverLoads(this.deps, this.changes, this.times.retryBaseMs)
  }

  start(): void {
    this.started = true
    this.outsideVersion = this.storeVersion()
    this.outsideTimer = setInterval(() => this.lookOutside(), this.times.outsideMs)
    this.queue.attach({
      lanes: () => listLanes(this.deps.store.db, nowIso()),
      take: (lane) => this.take(lane),
    })
    this.look()
  }

  /** There may be something to load, or dates changed. */
  wake(): void {
    if (!this.started || this.closed) return
    const looked = nowIso()
    this.queue.pump()
    this.plan(looked)
    this.wakeIdle()
  }

  /** A credential changed, or the vault was opened: what waited for that goes on. */
  async secretsChanged(): Promise<void> {
    if (!this.started || this.closed) return
    await this.deps.store.write((tx) => hurryCargas(tx, SECRETS_AWAY))
    this.wake()
  }

  /** True when it runs: it is told to stop. One that only waits is left to its row. */
  cancel(uuid: string): boolean {
    return this.queue.cancel(uuid) === 'running'
  }

  /** Follows what changed outside the loads: dates that came, casillas that went. */
  look(): void {
    this.looking = this.looking
      .then(() => this.follow())
      .catch((error: unknown) =>
        this.deps.log.error('carga.failed', 'No se pudieron revisar las cargas', { error }),
      )
      .then(() => this.wake())
  }

  /** Resolves when nothing runs and nothing may be taken now; what was put off, failed or is held is left for later. */
  async idle(): Promise<void> {
    for (;;) {
      await this.looking
      if (this.queue.running === 0 && !this.anyReady()) return
      await new Promise<void>((done) => this.idleWaiters.add(done))
    }
  }

  /** Interrupts what runs, which waits again; resolves when nothing runs. */
  async close(): Promise<void> {
    this.closed = true
    if (this.timer) clearTimeout(this.timer)
    if (this.outsideTimer) clearInterval(this.outsideTimer)
    await this.looking
    await this.queue.stop()
  }

  private async follow(): Promise<void> {
    if (this.closed) return
    const { store } = this.deps
    await this.changes.write((tx) => ({
      cargas: cancelCargasOfRemoved(tx, GONE, nowIso()),
      materializaciones: [],
    }))
    if (nextScheduled(store.db, null) !== null)
      await this.changes.write((tx) => plantScheduled(tx, new Date()))
  }

  private anyReady(): boolean {
    const { db } = this.deps.store
    const now = nowIso()
    return listLanes(db, now).some((lane) => nextCarga(db, lane, now) !== null)
  }

  private take(lane: number): Work | null {
    const { db } = this.deps.store
    const carga = nextCarga(db, lane, nowIso())
    const materializacion = carga && findMaterializacion(db, lane)
    if (!carga || !materializacion) return null
    const places = placesOf(materializacion)
    const taken = new Set([...this.busy.values()].flat())
    if (places.some((place) => taken.has(place))) return null
    this.busy.set(carga.uuid, places)
    return { id: carga.uuid, run: (signal) => this.run(carga, signal) }
  }

  private async run(carga: CargaRow, signal: AbortSignal): Promise<void> {
    try {
      await this.work.run(carga.uuid, signal)
    } finally {
      this.busy.delete(carga.uuid)
      // The queue counts it out only after this.
      setImmediate(() => this.wake())
    }
  }

  /** Sets the clock for the next load that was put off and the next date of a schedule. */
  private plan(after: string): void {
    if (this.timer) clearTimeout(this.timer)
    const { db } = this.deps.store
    const dates = [nextCargaDue(db, after), nextScheduled(db, after)].filter((date) => date !== null)
    const next = Math.min(...dates.map((date) => Date.parse(date)))
    const wait = Math.min(Math.max(1, next - Date.now()), this.times.lookMs)
    this.timer = setTimeout(() => this.look(), wait)
  }

  private lookOutside(): void {
    const version = this.storeVersion()
    if (version !== this.outsideVersion) this.look()
    this.outsideVersion = version
  }

  /** Changes only when another process writes (sqlite.org/pragma.html#pragma_data_version). */
  private storeVersion(): unknown {
    return this.deps.store.db.pragma('data_version', { simple: true })
  }

  private wakeIdle(): void {
    for (const done of [...this.idleWaiters]) {
      this.idleWaiters.delete(done)
      done()
    }
  }
}
