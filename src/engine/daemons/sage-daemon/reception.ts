import { requireCasilla } from '@engine/casillas'
import {
  findArchivo,
  hurryArchivos,
  listArchivos,
  reviveArchivo,
  type Store,
  setPausada,
  toArchivo,
  writeAuditoria,
} from '@engine/store'
import type { Emit, OperationOutput, OperationParams } from '@shared/contract'
import type { SageDaemon } from './daemon'

const nowIso = (): string => new Date().toISOString()

/** What a person asks of the daemon. */
export class Reception {
  constructor(
    private readonly store: Store,
    private readonly daemon: SageDaemon,
    private readonly emit: Emit,
  ) {}

  estado(): OperationOutput<'recepcion.estado'> {
    return { items: this.daemon.states() }
  }

  archivos(query: OperationParams<'recepcion.archivos'>): OperationOutput<'recepcion.archivos'> {
    const { items, total } = listArchivos(this.store.db, query)
    return { items: items.map(toArchivo), total }
  }

  /** Stops or goes on taking files; what runs ends, and what arrives is still noted. @throws AppError CASILLA_NOT_FOUND */
  async pausar(casillaId: number, pausada: boolean): Promise<void> {
    const changed = await this.store.write((tx) => {
      const casilla = requireCasilla(tx, casillaId)
      if ((casilla.pausada_en !== null) === pausada) return false
      const now = nowIso()
      setPausada(tx, casillaId, pausada ? now : null, now)
      const accion = pausada ? 'casilla.pausada' : 'casilla.reanudada'
      writeAuditoria(tx, { accion, objeto: 'casilla', objetoId: String(casillaId) }, now)
      return true
    })
    if (!changed) return
    this.emit('casillas.changed', { id: casillaId })
    await this.daemon.refresh()
  }

  /** Takes what lies in the folder without waiting, and puts it (or one file) first. @throws AppError CASILLA_NOT_FOUND */
  async procesarAhora(casillaId: number, archivoId: number | null): Promise<number> {
    requireCasilla(this.store.db, casillaId)
    if (archivoId === null) await this.daemon.scanNow(casillaId)
    const archivos = await this.store.write((tx) => hurryArchivos(tx, casillaId, archivoId))
    this.daemon.nudge(casillaId)
    return archivos
  }

  /** Takes files out of quarantine, from where they lie now. What is no longer there stays as it is. */
  async reintentar(ids: readonly number[]): Promise<number> {
    const touched = new Set<number>()
    let count = 0
    for (const id of new Set(ids)) {
      const casillaId = findArchivo(this.store.db, id)?.casilla_id
      if (casillaId === undefined) continue
      await this.daemon.mover.alone(casillaId, async () => {
        const row = findArchivo(this.store.db, id)
        if (row?.estado !== 'cuarentena') return
        const place = await this.daemon.originOf(row).lookAgain(row)
        if (place === null || !(await this.store.write((tx) => reviveArchivo(tx, id, place)))) return
        count++
        touched.add(casillaId)
      })
    }
    for (const casillaId of touched) this.daemon.nudge(casillaId)
    return count
  }
}
