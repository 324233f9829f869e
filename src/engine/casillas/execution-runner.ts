import { existsSync } from 'node:fs'
import type { ExecutionHooks, ExecutionRequest } from '@engine/execution'
import type { Log } from '@engine/logging'
import { redactError } from '@engine/security/redact'
import type { Settings } from '@engine/settings'
import {
  type Db,
  type EjecucionEnd,
  type EjecucionRow,
  endArchivoOf,
  endMaterializados,
  findCasilla,
  findEjecucion,
  listOpen,
  markEnded,
  markMaterializando,
  markStarted,
  markValidated,
  markValidating,
  openArchivoOf,
  releaseArchivoOf,
  reopenEjecucion,
  type Store,
  toEjecucion,
} from '@engine/store'
import type { Emit } from '@shared/contract'
import { AppError, type AppErrorData } from '@shared/errors/app-error'
import type { Ejecucion, Verdict } from '@shared/model/execution'
import { requireVersion } from './casillas'
import type { ExecutionFolders } from './execution-folders'
import type { Ending } from './work-queue'

/** What is done with the records that an execution accepted, decided in the write that ends it. */
export interface HandOn {
  /** Gives the loads it made: the outcome of the received file waits for them. */
  plant(tx: Db, now: string): string[]
  /** After that write. */
  tell(cargas: readonly string[]): void
}

export interface ExecutionsDeps {
  store: Store
  settings: Settings
  log: Log
  emit: Emit
  dataDir: string
  resourcesDir: string
  runExecution(request: ExecutionRequest, hooks: ExecutionHooks): Promise<Verdict>
  readVerdict(dir: string): Promise<Verdict | null>
  /** Asked before an accepted execution ends; without it, what was accepted stays where it is. Never fails. */
  handOn?(row: EjecucionRow): Promise<HandOn>
}

/** Below this a second thread costs more than it gives. */
const GIB = 1024 ** 3
const SMALL_INPUT = 1024 * 1024

/** What happens to a received file whose execution could not end; null lets the execution end with the error. */
export type Retry = (error: AppErrorData) => ((tx: Db) => void) | null

const nowIso = (): string => new Date().toISOString()

const INTERRUPTED: AppErrorData = {
  code: 'EXECUTION_INTERRUPTED',
  kind: 'transient',
  message: 'El motor se cerró mientras procesaba este archivo.',
  hint: 'No quedó nada a medias: se puede ejecutar otra vez.',
  retryable: true,
}

export const isOpen = (row: EjecucionRow): boolean => row.fase === 'en_espera' || row.fase === 'en_curso'

/** How an execution that has a verdict ends in the store. */
const endOf = (verdict: Verdict): Omit<EjecucionEnd, 'now'> => ({
  fase: 'terminada',
  estado: verdict.estado,
  registros: verdict.totals.records,
  errores: verdict.totals.errors,
  warnings: verdict.totals.warnings,
  bytes: verdict.inputBytes,
  sha256: verdict.inputSha256,
})

/** Takes one execution from its row to its end, and settles those whose engine died. The store has the truth, events tell of it. */
export class ExecutionRunner {
  constructor(
    private readonly deps: ExecutionsDeps,
    private readonly folders: ExecutionFolders,
  ) {}

  requireRow(uuid: string): EjecucionRow {
    const row = findEjecucion(this.deps.store.db, uuid)
    if (row) return row
    throw new AppError('EXECUTION_NOT_FOUND', {
      kind: 'not-found',
      message: `No existe la ejecución ${uuid}.`,
      hint: 'Puede que se haya eliminado: actualizar la lista.',
    })
  }

  tell(uuid: string): Ejecucion | null {
    const row = findEjecucion(this.deps.store.db, uuid)
    if (!row) return null
    const ejecucion = toEjecucion(row)
    this.deps.emit('execution.changed', ejecucion)
    return ejecucion
  }

  /** Ends an execution, the received file it judges, and hands on what was accepted: all or nothing. */
  async end(uuid: string, ending: Omit<EjecucionEnd, 'now'>): Promise<void> {
    const handOn = await this.handOn(uuid, ending)
    const cargas = await this.deps.store.write((tx) => {
      const end = { ...ending, now: nowIso() }
      if (!markEnded(tx, uuid, end)) return []
      const planted = handOn?.plant(tx, end.now) ?? []
      if (planted.length === 0) {
        endArchivoOf(tx, uuid, end)
      } else {
        markMaterializando(tx, uuid)
        endMaterializados(tx, uuid, end.now)
      }
      return planted
    })
    this.tell(uuid)
    handOn?.tell(cargas)
  }

  private async handOn(uuid: string, { estado }: Omit<EjecucionEnd, 'now'>): Promise<HandOn | null> {
    if (estado === undefined || estado === 'Fallido') return null
    const row = findEjecucion(this.deps.store.db, uuid)
    return row && isOpen(row) ? ((await this.deps.handOn?.(row)) ?? null) : null
  }

  /** Back to waiting, with what `also` does to its file. */
  private async reopen(uuid: string, also: (tx: Db) => void): Promise<void> {
    await this.deps.store.write((tx) => {
      reopenEjecucion(tx, uuid)
      also(tx)
    })
    this.tell(uuid)
  }

  /** Where the input of an execution is now: its own copy, the one kept by the execution it repeats, or where it came from. */
  async inputOf(row: EjecucionRow): Promise<string> {
    const own = await this.folders.inputCopy(row.uuid, row.bytes)
    if (own !== null) return own
    const former = row.repite_a === null ? null : findEjecucion(this.deps.store.db, row.repite_a)
    const copy = former === null ? null : await this.folders.inputCopy(former.uuid, former.bytes)
    if (copy !== null) return copy
    if (existsSync(row.ruta_origen)) return row.ruta_origen
    throw new AppError('INPUT_GONE', {
      kind: 'not-found',
      message: `El archivo «${row.archivo_datos}» ya no está donde estaba y no se conserva una copia completa.`,
      hint: 'Volver a enviarlo.',
      details: { path: row.ruta_origen },
    })
  }

  private async judge(row: EjecucionRow, signal: AbortSignal): Promise<Verdict> {
    const casilla = row.casilla_id === null ? null : findCasilla(this.deps.store.db, row.casilla_id)
    if (!casilla || row.yaml_version === null) {
      throw new AppError('CASILLA_NOT_FOUND', { kind: 'not-found', message: 'La casilla ya no existe.' })
    }
    const yaml = requireVersion(this.deps.store.db, casilla, row.yaml_version)
    const request: ExecutionRequest = {
      inputPath: await this.inputOf(row),
      inputName: row.archivo_datos,
      yamlText: yaml.contenido,
      yamlName: row.nombre_yaml,
      executionId: row.uuid,
      dir: this.folders.dirOf(row.uuid),
      politica: row.politica,
      detailCap: this.deps.settings.get('detailCap'),
      memoryLimit: this.deps.settings.get('memoryLimitMb') * 1024 * 1024,
      limits: this.limits(),
      stage: true,
      ...(row.bytes < SMALL_INPUT ? { threads: 1 } : {}),
    }
    let validated = false
    return this.deps.runExecution(request, {
      signal,
      onProgress: (progress) => {
        this.deps.emit('execution.progress', progress)
        if (validated || progress.step !== 'preparar') return
        validated = true
        // In the queue of writes before its end: whoever looks meanwhile sees how far the file is.
        void this.deps.store.write((tx) => markValidated(tx, row.uuid)).catch(() => undefined)
      },
    })
  }

  /** What a container may expand to, as the settings have it now. */
  private limits(): ExecutionRequest['limits'] {
    const { settings } = this.deps
    return {
      entries: settings.get('unzipMaxFiles'),
      entryBytes: settings.get('unzipMaxFileGib') * GIB,
      totalBytes: settings.get('unzipMaxTotalGib') * GIB,
    }
  }

  async run(uuid: string, signal: AbortSignal, retry: Retry | null = null): Promise<void> {
    try {
      await this.deps.store.write((tx) => {
        markStarted(tx, uuid, nowIso())
        markValidating(tx, uuid)
      })
      const row = this.requireRow(uuid)
      this.tell(uuid)
      this.deps.log.info('execution.started', 'Ejecución en curso', {
        executionId: uuid,
        archivo: row.archivo_datos,
      })
      const verdict = await this.judge(row, signal)
      await this.end(uuid, endOf(verdict))
      const { totals, estado } = verdict
      this.deps.log.info('execution.finished', 'Ejecución terminada', {
        executionId: uuid,
        estado,
        ...totals,
      })
    } catch (error) {
      await this.fail(uuid, error, signal, retry).catch((failure: unknown) => {
        // The store itself failed: the row stays open and the next start settles it.
        this.deps.log.error('execution.failed', 'No se pudo anotar el fin de la ejecución', {
          executionId: uuid,
          failure,
        })
      })
    }
  }

  private async fail(uuid: string, error: unknown, signal: AbortSignal, retry: Retry | null): Promise<void> {
    const ending: Ending | null = signal.aborted ? signal.reason : null
    if (ending === 'cancelled') {
      this.deps.log.info('execution.cancelled', 'Ejecución cancelada', { executionId: uuid })
      return this.end(uuid, { fase: 'cancelada' })
    }
    // A received file goes on where it was when the engine is back.
    if (ending === 'shutdown' && retry) return this.reopen(uuid, (tx) => releaseArchivoOf(tx, uuid))
    if (ending === 'shutdown') {
      this.deps.log.warn('execution.interrupted', 'Ejecución interrumpida por el cierre', {
        executionId: uuid,
      })
      return this.end(uuid, { fase: 'interrumpida', error: INTERRUPTED })
    }
    const data = redactError(AppError.from(error).toData())
    const again = retry?.(data) ?? null
    if (again) return this.reopen(uuid, again)
    // What is not one of our errors is a bug: its stack is worth keeping.
    this.deps.log.error('execution.failed', data.message, {
      executionId: uuid,
      error: data.kind === 'bug' ? error : data,
    })
    return this.end(uuid, { fase: 'error', error: data })
  }

  /**
   * What a dead engine left of an execution that judges a received file. `ended`: its verdict was whole, and both have ended.
   * `ready`: its copy is whole, and it waits to go on. `gone`: there is nothing to go on with.
   */
  async resume(uuid: string): Promise<'ended' | 'ready' | 'gone'> {
    const row = findEjecucion(this.deps.store.db, uuid)
    if (!row) return 'gone'
    const verdict = isOpen(row) ? await this.deps.readVerdict(this.folders.dirOf(uuid)) : null
    if (verdict) {
      await this.end(uuid, endOf(verdict))
      return 'ended'
    }
    if (!isOpen(row)) return 'gone'
    await this.folders.clean(uuid, row.bytes)
    if ((await this.folders.inputCopy(uuid, row.bytes)) === null) return 'gone'
    await this.deps.store.write((tx) => reopenEjecucion(tx, uuid))
    return 'ready'
  }

  /** One that died after its verdict was whole did end; any other is interrupted, and its folder keeps only what was received. */
  private async settleLost(row: EjecucionRow): Promise<Ejecucion> {
    const verdict = await this.deps.readVerdict(this.folders.dirOf(row.uuid))
    if (verdict) {
      await this.end(row.uuid, endOf(verdict))
    } else {
      await this.folders.clean(row.uuid, row.bytes)
      await this.end(row.uuid, { fase: 'interrumpida', error: INTERRUPTED })
      this.deps.log.warn('execution.interrupted', 'Ejecución interrumpida por un cierre del motor', {
        executionId: row.uuid,
      })
    }
    return toEjecucion(this.requireRow(row.uuid))
  }

  /**
   * Settles what a dead engine left open (received files apart: `resume`), and its half-done folders; gives the executions it changed.
   */
  async recover(): Promise<Ejecucion[]> {
    const { db } = this.deps.store
    const changed: Ejecucion[] = []
    for (const row of listOpen(db)) {
      if (openArchivoOf(db, row.uuid) === null) changed.push(await this.settleLost(row))
    }
    const swept = await this.folders.sweep((uuid) => findEjecucion(this.deps.store.db, uuid) !== null)
    if (swept.length > 0) {
      this.deps.log.info('execution.cleaned', 'Carpetas a medias retiradas', { carpetas: swept })
    }
    return changed
  }
}
