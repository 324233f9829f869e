import { countArchivos, findArchivo, findCasilla, type Store, toArchivo } from '@engine/store'
import type { Emit } from '@shared/contract'
import type { CasillaRecepcion } from '@shared/model/recepcion'

/** Ten a second, as the contract promises. */
const EVERY_MS = 100

interface Pending {
  archivoId: number | null
  timer: NodeJS.Timeout
}

/**
 * Tells of files and casillas as they change: at once, then at most ten times a second per casilla, the last state always. Read from the
 * store when it is told, so that what is told is what is.
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
      if (archivoId !== null) waiting.archivoId = archivoId
      else waiting.archivoId ??= 0
      return
    }
    this.tell(casillaId, archivoId)
    this.arm(casillaId)
  }

  private arm(casillaId: number): void {
    const timer = setTimeout(() => {
      const { archivoId } = this.pending.get(casillaId) ?? { archivoId: null }
      this.pending.delete(casillaId)
      if (archivoId === null) return
      this.tell(casillaId, archivoId || null)
      this.arm(casillaId)
    }, EVERY_MS)
    timer.unref()
    this.pending.set(casillaId, { archivoId: null, timer })
  }

  private tell(casillaId: number, archivoId: number | null): void {
    const row = archivoId === null ? null : findArchivo(this.store.db, archivoId)
    if (row) this.emit('recepcion.archivo', toArchivo(row))
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
    : casilla.carpeta === null
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
