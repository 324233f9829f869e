import type { Log } from '@engine/logging'
import { type ArchivoRow, findArchivo, findCasilla, listToMove, type Store, setMoved } from '@engine/store'
import { marksInode, rootOf } from './file-work'
import type { OwnFolder } from './names'
import { moveOriginal, stampOf } from './original'

/** Moves written down together. */
const BATCH = 100
/** Moves remembered: more than can lie between a look at a folder and what is done with it. */
const REMEMBERED = 20_000

const keyOf = (ruta: string, huella: string): string => `${huella} ${ruta}`

/**
 * Takes originals away once their outcome is stored, one at a time and in order. What could not be moved stays and is tried again: it
 * keeps its row, so it is not received twice.
 */
export class Mover {
  private readonly waiting: number[] = []
  private readonly recent = new Set<string>()
  private moved: { id: number; rutaFinal: string }[] = []
  private chain: Promise<unknown> = Promise.resolve()
  private busy = false

  constructor(
    private readonly store: Store,
    private readonly log: Log,
  ) {}

  /** Whether a file was taken away from there by this process: who saw it there may have looked before. */
  hasMoved(ruta: string, huella: string): boolean {
    return this.recent.has(keyOf(ruta, huella))
  }

  add(id: number): void {
    this.waiting.push(id)
    if (this.busy) return
    this.busy = true
    void this.alone(() => this.drain())
  }

  /** Whatever has an outcome and still lies where it was: after a crash, or a move that failed. */
  sweep(): Promise<void> {
    return this.alone(async () => {
      for (const row of listToMove(this.store.db, 1_000)) await this.move(row)
      await this.flush()
    })
  }

  /** Runs `work` while nothing is being moved, with every move written down. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const next = this.chain.then(async () => {
      await this.flush()
      return work()
    })
    this.chain = next.catch(() => undefined)
    return next
  }

  idle(): Promise<void> {
    return this.alone(async () => undefined)
  }

  private async drain(): Promise<void> {
    try {
      for (let id = this.waiting.shift(); id !== undefined; id = this.waiting.shift()) {
        const row = findArchivo(this.store.db, id)
        if (row?.desenlace && row.ruta_final === null) await this.move(row)
      }
    } finally {
      this.busy = false
      await this.flush()
    }
  }

  private async move(row: ArchivoRow): Promise<void> {
    const casilla = findCasilla(this.store.db, row.casilla_id)
    try {
      const rutaFinal = await moveOriginal({
        path: row.ruta,
        huella: row.huella,
        withInode: marksInode(row.huella),
        root: rootOf(row, casilla),
        folder: this.folderOf(row),
        nombre: row.nombre,
        stamp: stampOf(new Date(row.terminado_en ?? row.detectado_en), casilla?.zona_horaria ?? 'UTC'),
      })
      this.remember(keyOf(row.ruta, row.huella))
      this.moved.push({ id: row.id, rutaFinal })
      if (this.moved.length >= BATCH) await this.flush()
    } catch (error) {
      this.log.warn(
        'intake.move-failed',
        'No se pudo llevar el original a su carpeta; se intentará otra vez',
        {
          archivoId: row.id,
          nombre: row.nombre,
          error,
        },
      )
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

  private async flush(): Promise<void> {
    const moved = this.moved
    if (moved.length === 0) return
    this.moved = []
    await this.store.write((tx) => setMoved(tx, moved))
  }
}
