import { backoffMs, mayPass } from '@engine/daemons/sage-daemon/retry'
import { redactError } from '@engine/security/redact'
import {
  type CargaRow,
  completeCarga,
  endCarga,
  findCarga,
  findDestino,
  findMaterializacion,
  type MaterializacionRow,
  postponeCarga,
  setMaterializacionConfig,
  setUltimaMaterializacion,
  startCarga,
} from '@engine/store'
import { AppError } from '@shared/errors/app-error'
import type { MaterializacionConfig, ProgresoCarga } from '@shared/model/materializacion'
import type { LoadChanges } from './changes'
import type { ServiceDeps } from './deps'
import { targetOf } from './destinos'
import { saveDiferencia } from './diferencia'
import { followTables } from './follow'
import type { AcceptedSource, DestinoTarget, LoadOutcome } from './ports'
import { namesThere, takenNames } from './taken-names'

const PROGRESS_EVERY_MS = 100
/** The credential is there and can't be opened now: nobody's fault, so no try is spent. Looked at again this often, or when one changes. */
export const SECRETS_AWAY = ['VAULT_LOCKED', 'KEYCHAIN_UNAVAILABLE', 'SECRETS_BUSY'] as const
const SECRETS_WAIT_MS = 60_000

const nowIso = (): string => new Date().toISOString()

interface Ready {
  carga: CargaRow
  materializacion: MaterializacionRow
  destino: DestinoTarget
  source: AcceptedSource
}

/** Takes one load from waiting to its end, or puts it off. */
export class LoadWork {
  constructor(
    private readonly deps: ServiceDeps,
    private readonly changes: LoadChanges,
    private readonly retryBaseMs: number,
  ) {}

  /** Never throws: how it ends is in the store. The signal's reason is `cancelled` or `shutdown`. */
  async run(uuid: string, signal: AbortSignal): Promise<void> {
    try {
      const ready = await this.begin(uuid)
      if (!ready) return
      const outcome = await this.load(ready, signal)
      await this.end(ready, outcome)
    } catch (error) {
      await this.fail(uuid, error, signal).catch((failure: unknown) => {
        // The store itself failed: the row stays in process and the next start settles it.
        this.deps.log.error('carga.failed', 'No se pudo anotar el fin de la carga', {
          cargaId: uuid,
          failure,
        })
      })
    }
  }

  private async begin(uuid: string): Promise<Ready | null> {
    let started = false
    await this.changes.write((tx) => {
      started = startCarga(tx, uuid, nowIso())
      const ejecucion = findCarga(tx, uuid)?.ejecucion_uuid
      return { cargas: started ? [uuid] : [], materializaciones: [], ...(ejecucion ? { ejecucion } : {}) }
    })
    const { store, log, dirOf } = this.deps
    const carga = started ? findCarga(store.db, uuid) : null
    const materializacion = carga && findMaterializacion(store.db, carga.materializacion_id)
    const destino = materializacion && findDestino(store.db, materializacion.destino_id)
    if (!carga || !materializacion || !destino) return null
    log.info('carga.started', 'Carga en proceso', tags(carga))
    const { ejecucion_uuid: executionId, archivo_datos: archivo } = carga
    return {
      carga,
      materializacion,
      destino: targetOf(destino),
      source: { executionId, archivo, dir: dirOf(executionId) },
    }
  }

  private async load(
    { carga, materializacion, destino, source }: Ready,
    signal: AbortSignal,
  ): Promise<LoadOutcome> {
    signal.throwIfAborted()
    const config = await this.configOf(materializacion, destino, source)
    return this.deps.plugs.load(
      {
        cargaId: carga.uuid,
        materializacionId: materializacion.id,
        destino,
        config,
        source,
        rehacer: carga.rehacer,
      },
      { signal, onProgress: this.progressOf(carga) },
    )
  }

  /** One that nobody configured follows what its executions have. */
  private async configOf(
    row: MaterializacionRow,
    destino: DestinoTarget,
    source: AcceptedSource,
  ): Promise<MaterializacionConfig> {
    if (!row.automatica) return row.configuracion
    const { tablas } = await this.deps.plugs.proponer({
      ...{ casillaId: row.casilla_id, destino, source },
      catalogos: null,
    })
    const own = new Set(row.configuracion.tablas.map(({ catalogo }) => catalogo))
    // Looked at only where a new table needs a name.
    const there = tablas.every(({ catalogo }) => own.has(catalogo))
      ? []
      : await namesThere(this.deps, destino)
    const taken = takenNames(this.deps.store.db, { destinoId: destino.id, salvo: row.id, there })
    const naming = { casilla: row.casilla_nombre, taken }
    const { load, keep } = followTables(row.configuracion.tablas, tablas, naming)
    if (JSON.stringify(keep) !== JSON.stringify(row.configuracion.tablas)) {
      const config = { ...row.configuracion, tablas: keep }
      await this.deps.store.write((tx) => setMaterializacionConfig(tx, row.id, config))
    }
    return { ...row.configuracion, tablas: load }
  }

  /** At most ten a second, the first of each step always. */
  private progressOf(carga: CargaRow) {
    const from = Date.now()
    let last: { at: number; paso: string; tabla: string | null } | null = null
    return (progress: Omit<ProgresoCarga, 'cargaId' | 'materializacionId' | 'executionId' | 'ms'>): void => {
      const at = Date.now()
      const { paso, tabla } = progress
      if (last && last.paso === paso && last.tabla === tabla && at - last.at < PROGRESS_EVERY_MS) return
      last = { at, paso, tabla }
      this.deps.emit('cargas.progress', {
        cargaId: carga.uuid,
        materializacionId: carga.materializacion_id,
        executionId: carga.ejecucion_uuid,
        ...progress,
        ms: at - from,
      })
    }
  }

  private async end({ carga, source }: Ready, outcome: LoadOutcome): Promise<void> {
    const { log } = this.deps
    const { diferencia, ...done } = outcome
    if (diferencia) {
      // The load is done whatever becomes of its picture.
      await saveDiferencia(source.dir, carga.uuid, diferencia).catch((error: unknown) =>
        log.warn('carga.failed', 'No se guardó la diferencia de una carga', { ...tags(carga), error }),
      )
    }
    await this.changes.write((tx) => {
      const now = nowIso()
      completeCarga(tx, carga.uuid, done, now)
      setUltimaMaterializacion(tx, carga.materializacion_id, now)
      return {
        cargas: [carga.uuid],
        materializaciones: [carga.materializacion_id],
        ejecucion: carga.ejecucion_uuid,
      }
    })
    log.info('carga.finished', 'Carga terminada', {
      ...tags(carga),
      ...done.totales,
      bytes: done.bytes,
      repetida: done.repetida,
    })
  }

  private async fail(uuid: string, error: unknown, signal: AbortSignal): Promise<void> {
    const { store, log } = this.deps
    const carga = findCarga(store.db, uuid)
    if (!carga) return
    const changed = {
      cargas: [uuid],
      materializaciones: [carga.materializacion_id],
      // Where order matters those behind it stop waiting too.
      ...(carga.ordenada ? {} : { ejecucion: carga.ejecucion_uuid }),
    }
    if (signal.aborted && signal.reason === 'cancelled') {
      log.info('carga.cancelled', 'Carga cancelada', tags(carga))
      await this.changes.write((tx) => {
        endCarga(tx, uuid, 'cancelado', null, nowIso())
        return changed
      })
      return
    }
    if (signal.aborted) {
      await this.changes.write((tx) => {
        postponeCarga(tx, uuid, { proximoIntento: null, error: carga.error, spent: false })
        return changed
      })
      return
    }
    const data = redactError(AppError.from(error).toData())
    if (SECRETS_AWAY.some((code) => code === data.code)) {
      log.warn('carga.postponed', data.message, tags(carga))
      const proximoIntento = new Date(Date.now() + SECRETS_WAIT_MS).toISOString()
      await this.changes.write((tx) => {
        postponeCarga(tx, uuid, { proximoIntento, error: data, spent: false })
        return changed
      })
      return
    }
    const most = findMaterializacion(store.db, carga.materializacion_id)?.configuracion.maxIntentos ?? 1
    const again = mayPass(data) && carga.intentos < most
    if (again) log.warn('carga.postponed', data.message, { ...tags(carga), intentos: carga.intentos })
    // What is not one of our errors is a bug: its stack is worth keeping.
    else
      log.error('carga.failed', data.message, { ...tags(carga), error: data.kind === 'bug' ? error : data })
    await this.changes.write((tx) => {
      if (again) postponeCarga(tx, uuid, { ...this.later(carga), error: data, spent: true })
      else endCarga(tx, uuid, 'error', data, nowIso())
      return changed
    })
  }

  private later({ intentos }: CargaRow): { proximoIntento: string } {
    return { proximoIntento: new Date(Date.now() + backoffMs(intentos, this.retryBaseMs)).toISOString() }
  }
}

const tags = (carga: CargaRow) => ({
  cargaId: carga.uuid,
  materializacionId: carga.materializacion_id,
  executionId: carga.ejecucion_uuid,
  destinoId: carga.destino_id,
})
