import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Executions, Work } from '@engine/casillas'
import type { Log } from '@engine/logging'
import {
  type ArchivoRow,
  type CasillaRow,
  countArchivos,
  endOfRemoved,
  knowsArchivo,
  listCasillas,
  listPermisos,
  listReady,
  nextDue,
  proveedorVersion,
  renewClaims,
  type Store,
  wakeArchivos,
} from '@engine/store'
import type { Emit } from '@shared/contract'
import { CasillaWatch } from './casilla-watch'
import { FileWork } from './file-work'
import { LocalOrigin } from './local/local-origin'
import { Mover } from './mover'
import { noteFiles } from './note-files'
import type { Origin, SeenFile } from './origin'
import { recoverFiles } from './recover'
import { parseAddress } from './remote/address'
import { type OpenProveedor, ProviderPool } from './remote/provider-pool'
import { RemoteOrigin } from './remote/remote-origin'
import { casillaState, Telling } from './telling'

export interface DaemonTimes {
  /** Changes told together are looked at together. */
  gatherMs: number
  /** The whole folder is looked at this often, whatever the system told. */
  rescanMs: number
  /** A folder that can't be read is tried again this often. */
  reachMs: number
  leaseMs: number
  retryBaseMs: number
  /** Changes made by another process (the terminal) are looked for this often. */
  outsideMs: number
  /** A claim at a provider that was not renewed for so long is a dead engine's. */
  claimMs: number
}

export const DAEMON_TIMES: DaemonTimes = {
  gatherMs: 50,
  rescanMs: 60_000,
  reachMs: 5_000,
  leaseMs: 60_000,
  retryBaseMs: 2_000,
  outsideMs: 2_000,
  claimMs: 5 * 60_000,
}

export interface DaemonDeps {
  store: Store
  log: Log
  emit: Emit
  executions: Executions
  /** Of casillas that receive from providers. */
  openProveedor: OpenProveedor
  times?: Partial<DaemonTimes>
}

/** Rows written in one go: a burst must not hold the store, nor the window, for long. */
const INSERT_BATCH = 200

const nowIso = (): string => new Date().toISOString()

interface Watched {
  watch: CasillaWatch
  /** What it was made from: another one is made when that changes. */
  key: string
  started: Promise<void>
}

/**
 * The intake daemon: watches the folder of every active casilla, takes each file once through its states and moves the original away.
 * All it knows is in the store; killed at any instant, the next one goes on from there.
 */
export class SageDaemon {
  readonly mover: Mover
  private readonly times: DaemonTimes
  private readonly owner = `${hostname()}:${process.pid}:${randomUUID()}`
  private readonly watched = new Map<number, Watched>()
  private readonly held = new Set<number>()
  private readonly local: Origin
  private readonly remote: RemoteOrigin
  private readonly pool: ProviderPool
  private readonly work: FileWork
  private readonly telling: Telling
  private lanes: readonly number[] = []
  private refreshing: Promise<void> = Promise.resolve()
  private dueTimer: NodeJS.Timeout | null = null
  private leaseTimer: NodeJS.Timeout | null = null
  private sweepTimer: NodeJS.Timeout | null = null
  private outsideTimer: NodeJS.Timeout | null = null
  private outsideVersion: unknown = null
  private closed = false
  private readonly idleWaiters = new Set<() => void>()

  constructor(private readonly deps: DaemonDeps) {
    const { store, log, emit, executions } = deps
    this.times = { ...DAEMON_TIMES, ...deps.times }
    this.local = new LocalOrigin(log, this.times)
    this.pool = new ProviderPool(deps.openProveedor, (id) => proveedorVersion(store.db, id))
    this.remote = new RemoteOrigin({ store, log, pool: this.pool, times: this.times })
    this.mover = new Mover(store, log, (row) => this.originOf(row))
    this.telling = new Telling(store, emit, (id) => casillaState(store, id, this.unreachable(id)))
    this.work = new FileWork({
      store,
      log,
      executions,
      owner: this.owner,
      leaseMs: this.times.leaseMs,
      retryBaseMs: this.times.retryBaseMs,
      tell: (row) => this.telling.changed(row.casilla_id, row.id),
      originOf: (row) => this.originOf(row),
      onEnded: (row) => this.mover.add(row),
    })
  }

  /** Before the executions are recovered: it says which of them still judge a file. */
  async recover(): Promise<number> {
    const { store, log, executions } = this.deps
    return recoverFiles({ store, log, executions, retryBaseMs: this.times.retryBaseMs })
  }

  /** Watches, takes files, ends what was left. Resolves when every folder was looked at once. */
  async start(): Promise<void> {
    this.deps.executions.queue.attach({
      lanes: () => this.openLanes(),
      take: (lane) => this.take(lane),
    })
    this.leaseTimer = setInterval(() => void this.renew(), this.times.leaseMs / 3)
    this.sweepTimer = setInterval(() => void this.mover.sweep().catch(() => undefined), this.times.rescanMs)
    this.outsideTimer = setInterval(() => this.lookOutside(), this.times.outsideMs)
    void this.mover.sweep().catch(() => undefined)
    // Read before the casillas are: what changes from here on is seen.
    this.outsideVersion = this.storeVersion()
    await this.refresh()
    await Promise.all([...this.watched.values()].map(({ started }) => started))
  }

  /** Follows what changed in the casillas: folders, patterns, pauses, removals. */
  refresh(): Promise<void> {
    this.refreshing = this.refreshing
      .then(() => this.follow())
      .catch((error: unknown) =>
        this.deps.log.error('intake.failed', 'No se pudo seguir un cambio de las casillas', { error }),
      )
    return this.refreshing
  }

  /** Where a file lies. */
  originOf({ ruta }: Pick<ArchivoRow, 'ruta'>): Origin {
    return parseAddress(ruta) ? this.remote : this.local
  }

  /** Providers changed, or what they enter with (`credentials`): the casillas that receive from one look at once. */
  async proveedoresChanged(credentials: boolean): Promise<void> {
    if (credentials) await this.pool.close()
    for (const { id, proveedor_id } of listCasillas(this.deps.store.db))
      if (proveedor_id !== null)
        void this.watched
          .get(id)
          ?.watch.scan()
          .catch(() => undefined)
  }

  /** Why a casilla's folder can't be read; null when it can, or is not watched. */
  unreachable(casillaId: number): string | null {
    return this.watched.get(casillaId)?.watch.unreachable ?? null
  }

  /** Looks at a folder now, without waiting for files to stand still. */
  async scanNow(casillaId: number): Promise<void> {
    await this.watched.get(casillaId)?.watch.scan(0)
  }

  /** Tells again how a casilla stands, and takes what may be taken. */
  nudge(casillaId: number): void {
    this.telling.changed(casillaId, null)
    this.pump()
  }

  /** These files got the outcome that waited for their loads: their originals may go. */
  ended(ids: readonly number[]): void {
    for (const id of ids) this.work.ended(id)
    this.wakeIdle()
  }

  /** Resolves when no folder has a file to wait for and no file may be taken now; those put off are left for later. */
  async idle(): Promise<void> {
    for (;;) {
      await this.refreshing
      await Promise.all([...this.watched.values()].map(({ started }) => started))
      const settling = [...this.watched.values()].some(
        ({ watch }) => watch.unreachable === null && watch.settling > 0,
      )
      if (!settling && this.held.size === 0 && this.deps.executions.running === 0 && !this.anyReady()) {
        await this.mover.idle()
        return
      }
      await new Promise<void>((done) => this.idleWaiters.add(done))
    }
  }

  async close(): Promise<void> {
    this.closed = true
    for (const timer of [this.leaseTimer, this.sweepTimer, this.outsideTimer]) if (timer) clearInterval(timer)
    if (this.dueTimer) clearTimeout(this.dueTimer)
    await this.refreshing
    await Promise.all([...this.watched.values()].map(({ watch }) => watch.close()))
    await this.deps.executions.stop()
    await this.mover.idle().catch(() => undefined)
    this.remote.close()
    await this.pool.close()
    this.telling.close()
  }

  /** Casillas that take files now: those whose folder is away wait for it, with no try of their files spent. */
  private openLanes(): readonly number[] {
    return this.lanes.filter((id) => this.unreachable(id) === null)
  }

  private anyReady(): boolean {
    const now = nowIso()
    return this.openLanes().some((lane) => listReady(this.deps.store.db, lane, now, 1).length > 0)
  }

  private wakeIdle(): void {
    for (const done of [...this.idleWaiters]) {
      this.idleWaiters.delete(done)
      done()
    }
  }

  private async follow(): Promise<void> {
    if (this.closed) return
    const { store } = this.deps
    await store.write((tx) => endOfRemoved(tx, nowIso()))
    const casillas = listCasillas(store.db)
    this.lanes = casillas.filter((one) => one.is_active && one.pausada_en === null).map(({ id }) => id)
    const wanted = new Map(
      casillas.filter((one) => one.is_active && watches(one)).map((one) => [one.id, one]),
    )
    for (const [id, { watch, key }] of this.watched) {
      const casilla = wanted.get(id)
      if (casilla && keyOf(casilla) === key) continue
      this.watched.delete(id)
      await watch.close()
      this.deps.log.info('intake.unwatched', 'Carpeta sin vigilar', { casillaId: id })
    }
    const used = new Set(casillas.map(({ proveedor_id }) => proveedor_id))
    await this.pool.keepOnly((id) => used.has(id))
    for (const casilla of wanted.values()) if (!this.watched.has(casilla.id)) this.watch(casilla)
    for (const { id } of casillas) this.telling.changed(id, null)
    this.pump()
    this.wakeIdle()
  }

  private watch(casilla: CasillaRow): void {
    const { id, vigilancia } = casilla
    const { store, log } = this.deps
    const origin = casilla.proveedor_id === null ? this.local : this.remote
    const sight = origin.sight(casilla)
    const watch = new CasillaWatch({
      casillaId: id,
      sight,
      settleMs: vigilancia.asentamientoMs,
      log,
      gatherMs: this.times.gatherMs,
      knows: (file) => knowsArchivo(store.db, id, file.path, file.huella),
      onWhole: (files) => this.detected(casilla, origin, files),
      onBack: () => store.write((tx) => wakeArchivos(tx, id)),
      onState: () => {
        this.telling.changed(id, null)
        this.pump()
        this.wakeIdle()
      },
    })
    // Senders find theirs in the folder that a casilla has now.
    const subfolders = listPermisos(store.db, id).map(({ subdirectorio }) => subdirectorio)
    const started = origin
      .makeSubfolders(casilla, subfolders)
      .catch((error: unknown) =>
        log.warn('permiso.no-folder', 'No se crearon subcarpetas', { casillaId: id, error }),
      )
      .then(() => watch.start())
      .catch(() => undefined)
    this.watched.set(id, { watch, key: keyOf(casilla), started })
    const facts = { casillaId: id, carpeta: sight.lugar, sondeo: vigilancia.sondeo }
    log.info('intake.watching', 'Carpeta vigilada', facts)
  }

  private async detected(casilla: CasillaRow, origin: Origin, files: SeenFile[]): Promise<void> {
    const { store, log } = this.deps
    let added = 0
    for (let i = 0; i < files.length; i += INSERT_BATCH) {
      const some = files.slice(i, i + INSERT_BATCH)
      added += await noteFiles({ store, mover: this.mover, origin }, casilla, some)
      this.pump()
    }
    if (added === 0) return
    log.info('intake.detected', 'Archivos detectados', { casillaId: casilla.id, archivos: added })
    this.telling.changed(casilla.id, null)
    this.wakeIdle()
  }

  private take(lane: number): Work | null {
    const { db } = this.deps.store
    const next = listReady(db, lane, nowIso(), this.held.size + 1).find(({ id }) => !this.held.has(id))
    if (!next) return null
    const { id } = next
    const uuid = next.ejecucion_uuid ?? randomUUID()
    this.held.add(id)
    return {
      id: uuid,
      run: async (signal) => {
        await this.work.run(id, uuid, signal)
        this.held.delete(id)
        this.planDue()
        // The queue counts it out only after this.
        setImmediate(() => this.wakeIdle())
      },
    }
  }

  private pump(): void {
    if (this.closed) return
    // What falls due while the queue looks was not seen by it, and must not be past for the clock either.
    const looked = nowIso()
    this.deps.executions.queue.pump()
    this.planDue(looked)
  }

  /** Sets the clock for the next file that was put off. */
  private planDue(after = nowIso()): void {
    if (this.dueTimer) clearTimeout(this.dueTimer)
    this.dueTimer = null
    const due = this.closed ? null : nextDue(this.deps.store.db, after)
    if (due === null) return
    const wait = Math.min(Math.max(1, Date.parse(due) - Date.now()), this.times.rescanMs)
    this.dueTimer = setTimeout(() => this.pump(), wait)
  }

  private async renew(): Promise<void> {
    if (this.held.size === 0) return
    const expires = new Date(Date.now() + this.times.leaseMs).toISOString()
    await this.deps.store
      .write((tx) => renewClaims(tx, this.owner, expires))
      .catch((error: unknown) => this.deps.log.warn('intake.failed', 'No se renovó un reclamo', { error }))
  }

  /** The terminal may have changed the casillas: the store tells that another process wrote. */
  private lookOutside(): void {
    const version = this.storeVersion()
    if (version !== this.outsideVersion) void this.refresh()
    this.outsideVersion = version
  }

  /** Changes only when another process writes (sqlite.org/pragma.html#pragma_data_version). */
  private storeVersion(): unknown {
    return this.deps.store.db.pragma('data_version', { simple: true })
  }

  /** How every living casilla stands. */
  states() {
    return [...countArchivos(this.deps.store.db, null).keys()].flatMap(
      (id) => casillaState(this.deps.store, id, this.unreachable(id)) ?? [],
    )
  }
}

const watches = (casilla: CasillaRow): boolean => casilla.carpeta !== null || casilla.proveedor_id !== null

const keyOf = ({ carpeta, proveedor_id, prefijo, vigilancia }: CasillaRow): string =>
  JSON.stringify([carpeta, proveedor_id, prefijo, vigilancia])
