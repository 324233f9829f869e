import { mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Executions, Retry } from '@engine/casillas'
import { refusalOf } from '@engine/emisores/permiso-check'
import { inputFileName } from '@engine/execution/intake/input'
import type { Log } from '@engine/logging'
import {
  type ArchivoRow,
  type CasillaRow,
  claimArchivo,
  type Db,
  deleteEjecucion,
  endArchivo,
  findArchivo,
  findCasilla,
  findSameContent,
  markCopied,
  postponeArchivo,
  rekeyArchivo,
  type Store,
} from '@engine/store'
import { AppError, type AppErrorData } from '@shared/errors/app-error'
import type { Changed, Copied, Fault, Origin } from './origin'
import { backoffMs, mayPass } from './retry'

export interface FileWorkDeps {
  store: Store
  log: Log
  executions: Executions
  owner: string
  leaseMs: number
  retryBaseMs: number
  /** Where a file lies. */
  originOf(row: ArchivoRow): Origin
  tell(row: ArchivoRow): void
  /** It has an outcome: its original, if one is left, may be moved. */
  onEnded(row: ArchivoRow): void
}

const nowIso = (): string => new Date().toISOString()
const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString()

/** Takes one received file from wherever it stands to its outcome, or puts it off. Each step is stored before the next begins. */
export class FileWork {
  constructor(private readonly deps: FileWorkDeps) {}

  /** Never throws. `uuid` is that of its execution, from now on. */
  async run(id: number, uuid: string, signal: AbortSignal): Promise<void> {
    try {
      await this.advance(id, uuid, signal)
    } catch (error) {
      this.deps.log.error('intake.failed', 'Un archivo recibido no pudo avanzar', { archivoId: id, error })
      await this.putOff(id, AppError.from(error).toData(), 'detectado').catch(() => undefined)
    }
    this.ended(id)
  }

  /** Tells how a file stands; one that has an outcome may be moved. */
  ended(id: number): void {
    const row = findArchivo(this.deps.store.db, id)
    if (!row) return
    this.deps.tell(row)
    if (row.desenlace !== null) this.close(row)
  }

  private close(row: ArchivoRow): void {
    const { id, casilla_id: casillaId, nombre, desenlace, motivo } = row
    if (row.estado === 'cuarentena')
      this.deps.log.warn('intake.quarantined', 'Archivo en cuarentena', {
        archivoId: id,
        casillaId,
        nombre,
        motivo,
      })
    else
      this.deps.log.info('intake.ended', 'Archivo recibido', { archivoId: id, casillaId, nombre, desenlace })
    this.deps.onEnded(row)
  }

  private async advance(id: number, uuid: string, signal: AbortSignal): Promise<void> {
    const { store, owner, leaseMs, executions } = this.deps
    const claim = { owner, expires: inMs(leaseMs), uuid, now: nowIso() }
    const row = await store.write((tx) => claimArchivo(tx, id, claim))
    if (!row || row.ejecucion_uuid !== uuid) return
    this.deps.tell(row)
    const casilla = findCasilla(store.db, row.casilla_id)
    if (!(await this.holds(row, casilla, uuid))) return
    if (row.estado === 'reclamado' && !(await this.receive(row, casilla, uuid, signal))) return
    await executions.judge(uuid, signal, this.retryOf(row))
  }

  /** True when nobody else takes it: other engines may see the same files. */
  private async holds(row: ArchivoRow, casilla: CasillaRow | null, uuid: string): Promise<boolean> {
    const origin = this.deps.originOf(row)
    let fault: Fault | null
    try {
      fault = await origin.hold(row, casilla)
    } catch (error) {
      await this.stop(
        row,
        await origin.faultOf(row, error),
        row.estado === 'reclamado' ? 'detectado' : 'copiado',
      )
      return false
    }
    if (fault === null) return true
    // What was copied before another took it over is judged there.
    if (row.estado !== 'reclamado') {
      await this.deps.store.write((tx) => deleteEjecucion(tx, uuid))
      await this.discard(uuid)
    }
    await this.stop(row, fault, 'detectado')
    return false
  }

  /** True when its copy is whole and its execution waits. */
  private async receive(
    row: ArchivoRow,
    casilla: CasillaRow | null,
    uuid: string,
    signal: AbortSignal,
  ): Promise<boolean> {
    if (await this.refused(row)) return false
    const target = join(this.deps.executions.folders.dirOf(uuid), 'input', inputFileName(row.nombre))
    let kept = false
    try {
      await mkdir(dirname(target), { recursive: true })
      const copied = await this.deps.originOf(row).fetch(row, casilla, target, signal)
      kept = await this.keep(row, uuid, copied)
    } catch (error) {
      await this.notCopied(row, error, signal)
    }
    if (!kept) await this.discard(uuid)
    return kept
  }

  private discard(uuid: string): Promise<void> {
    const dir = this.deps.executions.folders.dirOf(uuid)
    return rm(dir, { recursive: true, force: true }).catch(() => undefined)
  }

  /** True when its sender may not send it: known before it is read. */
  private refused(row: ArchivoRow): Promise<boolean> {
    const { casilla_id: casillaId, emisor_id: emisorId, metodo_envio: metodo } = row
    if (emisorId === null) return Promise.resolve(false)
    return this.deps.store.write((tx) => {
      const motivo = refusalOf(tx, { casillaId, emisorId, metodo })
      return motivo !== null && endArchivo(tx, row.id, { desenlace: 'rechazado', motivo, now: nowIso() })
    })
  }

  /** False when it was not the file that was seen: the row follows it, or another row has it already. */
  private async keep(row: ArchivoRow, uuid: string, copy: Copied | Changed): Promise<boolean> {
    if (!('changed' in copy)) return this.accept(row, uuid, copy)
    const settle = findCasilla(this.deps.store.db, row.casilla_id)?.vigilancia.asentamientoMs ?? 0
    await this.deps.store.write((tx) => {
      if (rekeyArchivo(tx, row.id, copy.changed)) {
        // Whoever writes it had only paused: no fault, so no try is counted.
        const motivo = 'Cambió mientras se copiaba: se espera a que termine de escribirse.'
        postponeArchivo(tx, row.id, {
          ...{ estado: 'detectado', motivo, intentos: -1 },
          proximoIntento: inMs(Math.max(settle, 50)),
        })
      } else {
        const motivo = 'Otro contenido ocupó su lugar antes de tomarlo.'
        endArchivo(tx, row.id, { desenlace: 'desaparecido', motivo, rutaFinal: '', now: nowIso() })
      }
    })
    return false
  }

  private async notCopied(row: ArchivoRow, error: unknown, signal: AbortSignal): Promise<void> {
    const { store } = this.deps
    if (signal.aborted) {
      if (signal.reason === 'cancelled') {
        const motivo = 'Una persona canceló su ejecución.'
        await store.write((tx) => endArchivo(tx, row.id, { desenlace: 'cancelado', motivo, now: nowIso() }))
      } else {
        await store.write((tx) =>
          postponeArchivo(tx, row.id, {
            estado: 'detectado',
            motivo: null,
            proximoIntento: null,
            intentos: -1,
          }),
        )
      }
      return
    }
    await this.stop(row, await this.deps.originOf(row).faultOf(row, error), 'detectado')
  }

  private async stop(row: ArchivoRow, fault: Fault, estado: 'detectado' | 'copiado'): Promise<void> {
    if (fault.as === 'failed') return this.putOff(row.id, fault.error, estado)
    const { motivo } = fault
    await this.deps.store.write((tx) => {
      if (fault.as === 'waits') {
        // Nobody's fault: it is tried again, however long, with no try spent.
        const proximoIntento = inMs(fault.ms ?? this.deps.retryBaseMs * 2)
        postponeArchivo(tx, row.id, { estado, motivo, intentos: -1, proximoIntento })
      } else {
        const gone = fault.as === 'gone'
        const rutaFinal = gone ? (fault.rutaFinal ?? '') : ''
        const desenlace = gone ? 'desaparecido' : 'rechazado'
        endArchivo(tx, row.id, { desenlace, motivo, rutaFinal, now: nowIso() })
      }
    })
  }

  /** The copy is whole: either it is known already, or its execution is made with it. */
  private async accept(row: ArchivoRow, uuid: string, copied: Copied): Promise<boolean> {
    const { store, executions } = this.deps
    const kept = await store.write((tx) => {
      const casilla = findCasilla(tx, row.casilla_id)
      const same =
        casilla?.vigilancia.duplicados === 'omitir' ? findSameContent(tx, row, copied.sha256) : null
      markCopied(tx, row.id, copied.sha256, copied.bytes)
      if (same !== null) {
        const motivo = `Mismo contenido que «${findArchivo(tx, same)?.nombre ?? same}», ya recibido.`
        endArchivo(tx, row.id, { desenlace: 'duplicado', motivo, duplicadoDe: same, now: nowIso() })
        return false
      }
      executions.plant(tx, uuid, {
        casillaId: row.casilla_id,
        path: row.ruta,
        name: row.nombre,
        metodoEnvio: row.metodo_envio,
        repiteA: null,
        bytes: copied.bytes,
        emisorId: row.emisor_id,
        archivoId: row.id,
        recibidaEn: row.detectado_en,
      })
      return true
    })
    if (kept) executions.tell(uuid)
    return kept
  }

  private retryOf(row: ArchivoRow): Retry {
    return (error) => {
      if (!mayPass(error) || row.intentos >= this.limitOf(this.deps.store.db, row)) return null
      return (tx) => this.postpone(tx, row, error, 'copiado')
    }
  }

  private limitOf(db: Db, row: ArchivoRow): number {
    return findCasilla(db, row.casilla_id)?.vigilancia.maxIntentos ?? 1
  }

  private postpone(tx: Db, row: ArchivoRow, error: AppErrorData, estado: 'detectado' | 'copiado'): void {
    const proximoIntento = inMs(backoffMs(row.intentos, this.deps.retryBaseMs))
    postponeArchivo(tx, row.id, { estado, motivo: error.message, proximoIntento })
    const { id, casilla_id: casillaId, nombre, intentos } = row
    this.deps.log.warn('intake.postponed', error.message, {
      archivoId: id,
      casillaId,
      nombre,
      intentos,
      proximoIntento,
    })
  }

  /** Tried again later, until it was tried often enough. */
  private async putOff(id: number, error: AppErrorData, estado: 'detectado' | 'copiado'): Promise<void> {
    await this.deps.store.write((tx) => {
      const row = findArchivo(tx, id)
      if (!row || row.desenlace !== null) return
      if (row.intentos < this.limitOf(tx, row)) return this.postpone(tx, row, error, estado)
      const motivo = `${error.message} Se intentó ${row.intentos} veces.`
      endArchivo(tx, id, { desenlace: 'error', cuarentena: true, motivo, now: nowIso() })
    })
  }
}
