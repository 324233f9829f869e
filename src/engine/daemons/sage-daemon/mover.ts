import type { Log } from '@engine/logging'
import {
  type ArchivoRow,
  casillasToMove,
  findArchivo,
  findCasilla,
  listToMove,
  type Store,
  setMoved,
} from '@engine/store'
import { fitName, stampOf } from './moved-name'
import type { OwnFolder } from './names'
import type { Origin } from './origin'

/** Moves written down together. */
const BATCH = 100
/** Moves remembered: more than can lie between a look at a folder and what is done with it. */
const REMEMBERED = 20_000
/** In a row, when nothing was moved in between: then it is their place that fails, and it is left for the next sweep. */
const MOST_FAILED = 5

const keyOf = (ruta: string, huella: string): string => `${huella} ${ruta}`

/** What is to be moved for one casilla: one at a time and in order. A place that is slow or away holds no other casilla. */
class Lane {
  private readonly waiting: number[] = []
  private moved: { id: number; rutaFinal: string }[] = []
  private chain: Promise<unknown> = Promise.resolve()
  private busy = false

  constructor(
    private readonly store: Store,
    private readonly move: (row: ArchivoRow) => Promise<string | null>,
  ) {}

  add(id: number): void {
    this.waiting.push(id)
    if (this.busy) return
    this.busy = true
    void this.alone(() => this.drain())
  }

  sweep(casillaId: number): Promise<void> {
    return this.alone(async () => {
      let failed = 0
      for (const row of listToMove(this.store.db, casillaId, 1_000)) {
        failed = (await this.moveOne(row)) ? 0 : failed + 1
        if (failed >= MOST_FAILED) break
      }
      await this.flush()
    })
  }

  alone<T>(work: () => Promise<T>): Promise<T> {
    const next = this.chain.then(async () => {
      await this.flush()
      return work()
    })
    this.chain = next.catch(() => undefined)
    return next
  }

  private async drain(): Promise<void> {
    try {
      for (let id = this.waiting.shift(); id !== undefined; id = this.waiting.shift()) {
        const row = findArchivo(this.store.db, id)
        if (row?.desenlace && row.ruta_final === null) await this.moveOne(row)
      }
    } finally {
      this.busy = false
      await this.flush()
    }
  }

  private async moveOne(row: ArchivoRow): Promise<boolean> {
    const rutaFinal = await this.move(row)
    if (rutaFinal === null) return false
    this.moved.push({ id: row.id, rutaFinal })
    if (this.moved.length >= BATCH) await this.flush()
    return true
  }

  private async flush(): Promise<void> {
    const moved = this.moved
    if (moved.length === 0) return
    this.moved = []
    await this.store.write((tx) => setMoved(tx, moved))
  }
}

/**
 * Takes originals away once their outcome is stored. What could not be moved stays and is tried again: it keeps its row, so it is not
 * received twice.
 */
export class Mover {
  private readonly lanes = new Map<number, Lane>()
  private readonly recent = new Set<string>()

  constructor(
    private readonly store: Store,
    private readonly log: Log,
    private readonly originOf: (row: ArchivoRow) => Origin,
  ) {}

  /** Whether a file was taken away from there by this process: who saw it there may have looked before. */
  hasMoved(ruta: string, huella: string): boolean {
    return this.recent.has(keyOf(ruta, huella))
  }

  /** Of a file that ended: its original goes, and it is let go of. */
  add(row: ArchivoRow): void {
    const lane = this.lane(row.casilla_id)
    if (row.ruta_final === null) lane.add(row.id)
    else void lane.alone(() => this.originOf(row).release(row, findCasilla(this.store.db, row.casilla_id)))
  }

  /** Whatever has an outcome and still lies where it was: after a crash, or a move that failed. */
  async sweep(): Promise<void> {
    await Promise.all(casillasToMove(this.store.db).map((id) => this.lane(id).sweep(id)))
  }

  /** Runs `work` while nothing of the casilla is being moved, with every move of its written down. */
  alone<T>(casillaId: number, work: () => Promise<T>): Promise<T> {
    return this.lane(casillaId).alone(work)
  }

  async idle(): Promise<void> {
    await Promise.all([...this.lanes.values()].map((lane) => lane.alone(async () => undefined)))
  }

  private lane(casillaId: number): Lane {
    const known = this.lanes.get(casillaId)
    if (known) return known
    const lane = new Lane(this.store, (row) => this.move(row))
    this.lanes.set(casillaId, lane)
    return lane
  }

  /** Where it is now; null when it could not be moved. */
  private async move(row: ArchivoRow): Promise<string | null> {
    const casilla = findCasilla(this.store.db, row.casilla_id)
    const time = stampOf(new Date(row.terminado_en ?? row.detectado_en), casilla?.zona_horaria ?? 'UTC')
    const origin = this.originOf(row)
    try {
      const rutaFinal = await origin.takeAway(
        row,
        casilla,
        this.folderOf(row),
        fitName(`${time}_${row.nombre}`),
      )
      this.remember(keyOf(row.ruta, row.huella))
      await origin.release(row, casilla)
      return rutaFinal
    } catch (error) {
      this.log.warn(
        'intake.move-failed',
        'No se pudo llevar el original a su carpeta; se intentará otra vez',
        { archivoId: row.id, nombre: row.nombre, error },
      )
      return null
    }
  }

  private remember(key: string): void {
    this.recent.add(key)
    if (this.recent.size <= REMEMBERED) return
    const oldest = this.recent.values().next()
    if (!oldest.done) this.recent.delete(oldest.value)
  }

  private folderOf(row: ArchivoRow): OwnFolder {
    if (row.estado === 'cuarentena') return 'cuarentena'
    const judged =
      row.desenlace === 'duplicado' && row.duplicado_de !== null
        ? (findArchivo(this.store.db, row.duplicado_de)?.desenlace ?? 'aceptado')
        : row.desenlace
    return judged === 'rechazado' || judged === 'cancelado' ? 'rechazado' : 'procesado'
  }
}
