import { countArchivos, findArchivo, findCasilla, type Store, toArchivo } from '@engine/store'
import type { Emit } from '@shared/contract'
import type { CasillaRecepcion } from '@shared/model/recepcion'

/** Ten a second, as the contract promises. */
const EVERY_MS = 100

/** Ends told one by one at most, of those that came together: past it the state of the casilla says how many. */
const MOST_ENDS = 200
/** Ends that somebody must hear of, each: a person is told of every refused file. */
const TOLD: ReadonlySet<string | null> = new Set(['rechazado', 'error'])

interface Pending {
  /** Something changed, though no file that must be told. */
  changed: boolean
  /** Files to be told: the last that changed, and every one that was refused. */
  archivos: Set<number>
  /** The last that changed and may give way to the next. */
  last: number | null
  timer: NodeJS.Timeout
}

/**
 * Tells of files and casillas as they change: at once, then at most ten times a second per casilla, the last state always, and every
 * file that was refused. Read from the store when it is told, so that what is told is what is.
 */
export class Telling {
  private readonly pending = new Map<number, Pending>()

  constructor(
    private readonly store: Store,
    private readonly emit: Emit,
    private readonly stateOf: (casillaId: number) => CasillaRecepcion | null,
  ) {}

  changed(casillaId: number, archivoId: number | null): void {
    const waiting = this.pending.get(casillaId)
    if (waiting) {
      waiting.changed = true
      if (archivoId !== null) this.note(waiting, archivoId)
      return
    }
    this.tell(casillaId, archivoId === null ? [] : [archivoId])
    this.arm(casillaId)
  }

  private note(waiting: Pending, archivoId: number): void {
    const { archivos, last } = waiting
    if (TOLD.has(findArchivo(this.store.db, archivoId)?.desenlace ?? null)) {
      if (archivos.size < MOST_ENDS) archivos.add(archivoId)
      if (last === archivoId) waiting.last = null
      return
    }
    if (last !== null) archivos.delete(last)
    archivos.add(archivoId)
    waiting.last = archivoId
  }

  private arm(casillaId: number): void {
    const timer = setTimeout(() => {
      const waiting = this.pending.get(casillaId)
      this.pending.delete(casillaId)
      if (!waiting?.changed) return
      this.tell(casillaId, [...waiting.archivos])
      this.arm(casillaId)
    }, EVERY_MS)
    timer.unref()
    this.pending.set(casillaId, { changed: false, archivos: new Set(), last: null, timer })
  }

  private tell(casillaId: number, archivos: readonly number[]): void {
    for (const id of archivos) {
      const row = findArchivo(this.store.db, id)
      if (row) this.emit('recepcion.archivo', toArchivo(row))
    }
    const state = this.stateOf(casillaId)
    if (state) this.emit('recepcion.casilla', state)
  }

  close(): void {
    for (const { timer } of this.pending.values()) clearTimeout(timer)
    this.pending.clear()
  }
}

/** What the daemon does for a casilla now. */
export function casillaState(
  store: Store,
  casillaId: number,
  unreachable: string | null,
): CasillaRecepcion | null {
  const casilla = findCasilla(store.db, casillaId)
  const counts = countArchivos(store.db, casillaId).get(casillaId)
  if (!casilla || !counts) return null
  const estado = !casilla.is_active
    ? 'inactiva'
    : casilla.carpeta === null && casilla.proveedor_id === null
      ? 'sin_carpeta'
      : casilla.pausada_en !== null
        ? 'pausada'
        : unreachable !== null
          ? 'sin_acceso'
          : 'vigilando'
  return {
    casillaId,
    estado,
    motivo: estado === 'sin_acceso' ? unreachable : null,
    enCola: counts.en_cola,
    enCurso: counts.en_curso,
    cuarentena: counts.cuarentena,
    ultimoArchivoEn: counts.ultimo,
  }
}
