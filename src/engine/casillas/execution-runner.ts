import { existsSync } from 'node:fs'
import type { ExecutionHooks, ExecutionRequest } from '@engine/execution'
import type { Log } from '@engine/logging'
import { redactError } from '@engine/security/redact'
import type { Settings } from '@engine/settings'
import {
  type EjecucionEnd,
  type EjecucionRow,
  findCasilla,
  findEjecucion,
  listOpen,
  markEnded,
  markStarted,
  type Store,
  toEjecucion,
} from '@engine/store'
import type { Emit } from '@shared/contract'
import { AppError, type AppErrorData } from '@shared/errors/app-error'
import type { Ejecucion, Verdict } from '@shared/model/execution'
import { requireVersion } from './casillas'
import type { ExecutionFolders } from './execution-folders'
import type { Ending } from './execution-queue'

export interface ExecutionsDeps {
  store: Store
  settings: Settings
  log: Log
  emit: Emit
  dataDir: string
  resourcesDir: string
  runExecution(request: ExecutionRequest, hooks: ExecutionHooks): Promise<Verdict>
  readVerdict(dir: string): Promise<Verdict | null>
}

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

  async end(uuid: string, ending: Omit<EjecucionEnd, 'now'>): Promise<void> {
    await this.deps.store.write((tx) => markEnded(tx, uuid, { ...ending, now: nowIso() }))
    this.tell(uuid)
  }

  /** Where the input of an execution is now: a repeated one reads the copy kept by the one it repeats. */
  async inputOf(row: EjecucionRow): Promise<string> {
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
      stage: true,
    }
    return this.deps.runExecution(request, {
      signal,
      onProgress: (progress) => this.deps.emit('execution.progress', progress),
    })
  }

  async run(uuid: string, signal: AbortSignal): Promise<void> {
    try {
      await this.deps.store.write((tx) => markStarted(tx, uuid, nowIso()))
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
      await this.fail(uuid, error, signal).catch((failure: unknown) => {
        // The store itself failed: the row stays open and the next start settles it.
        this.deps.log.error('execution.failed', 'No se pudo anotar el fin de la ejecución', {
          executionId: uuid,
          failure,
        })
      })
    }
  }

  private async fail(uuid: string, error: unknown, signal: AbortSignal): Promise<void> {
    const ending: Ending | null = signal.aborted ? signal.reason : null
    if (ending === 'cancelled') {
      this.deps.log.info('execution.cancelled', 'Ejecución cancelada', { executionId: uuid })
      return this.end(uuid, { fase: 'cancelada' })
    }
    if (ending === 'shutdown') {
      this.deps.log.warn('execution.interrupted', 'Ejecución interrumpida por el cierre', {
        executionId: uuid,
      })
      return this.end(uuid, { fase: 'interrumpida', error: INTERRUPTED })
    }
    const data = redactError(AppError.from(error).toData())
    // What is not one of our errors is a bug: its stack is worth keeping.
    this.deps.log.error('execution.failed', data.message, {
      executionId: uuid,
      error: data.kind === 'bug' ? error : data,
    })
    return this.end(uuid, { fase: 'error', error: data })
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

  /** Settles what a dead engine left open, and its half-done folders; gives the executions it changed. */
  async recover(): Promise<Ejecucion[]> {
    const changed: Ejecucion[] = []
    for (const row of listOpen(this.deps.store.db)) changed.push(await this.settleLost(row))
    const swept = await this.folders.sweep((uuid) => findEjecucion(this.deps.store.db, uuid) !== null)
    if (swept.length > 0) {
      this.deps.log.info('execution.cleaned', 'Carpetas a medias retiradas', { carpetas: swept })
    }
    return changed
  }
}
