import { randomUUID } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import { basename, isAbsolute, join, resolve } from 'node:path'
import type { ExecutionHooks, ExecutionRequest } from '@engine/execution'
import type { Log } from '@engine/logging'
import { redactError } from '@engine/security/redact'
import type { Settings } from '@engine/settings'
import {
  deleteEjecucion,
  type EjecucionEnd,
  type EjecucionRow,
  findCasilla,
  findEjecucion,
  insertEjecucion,
  listEjecuciones,
  listOpen,
  markEnded,
  markStarted,
  type Store,
  toEjecucion,
  writeAuditoria,
} from '@engine/store'
import type { Emit, OperationOutput, OperationParams } from '@shared/contract'
import { AppError, type AppErrorData } from '@shared/errors/app-error'
import type { Artifact, Ejecucion, Verdict } from '@shared/model/execution'
import { requireCasilla, requireVersion } from './casillas'
import { executionFolders, isInside } from './execution-folders'
import { createQueue, type Ending } from './execution-queue'

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

export interface Executions {
  readonly running: number
  start(input: OperationParams<'executions.start'>, metodoEnvio?: string): Promise<string>
  rerun(uuid: string): Promise<string>
  cancel(uuid: string): Promise<void>
  remove(uuid: string): Promise<void>
  list(input: OperationParams<'executions.list'>): OperationOutput<'executions.list'>
  get(uuid: string): Promise<OperationOutput<'executions.get'>>
  /** Folder of an execution that has a verdict. @throws AppError EXECUTION_NOT_FOUND, EXECUTION_NOT_FINISHED */
  finishedDir(uuid: string): string
  artifactPath(uuid: string, artifact: Artifact): string
  /** Settles what a dead engine left open; gives the executions it changed, for whoever is listening later. */
  recover(): Promise<Ejecucion[]>
  stop(): Promise<void>
}

const nowIso = (): string => new Date().toISOString()

const INTERRUPTED: AppErrorData = {
  code: 'EXECUTION_INTERRUPTED',
  kind: 'transient',
  message: 'El motor se cerró mientras procesaba este archivo.',
  hint: 'No quedó nada a medias: puedes ejecutarla otra vez.',
  retryable: true,
}

const isOpen = (row: EjecucionRow): boolean => row.fase === 'en_espera' || row.fase === 'en_curso'

/** Starts, runs, cancels, repeats and removes executions; the store has the truth, events tell of it. */
export function createExecutions(deps: ExecutionsDeps): Executions {
  const { store, settings, log, emit } = deps
  const { db } = store
  const folders = executionFolders(deps.dataDir)
  const queue = createQueue(() => settings.get('concurrency'), run)
  settings.onChange(() => queue.pump())

  function requireRow(uuid: string): EjecucionRow {
    const row = findEjecucion(db, uuid)
    if (row) return row
    throw new AppError('EXECUTION_NOT_FOUND', {
      kind: 'not-found',
      message: `No existe la ejecución ${uuid}.`,
      hint: 'Puede que se haya eliminado: actualiza la lista.',
    })
  }

  function tell(uuid: string): Ejecucion | null {
    const row = findEjecucion(db, uuid)
    if (!row) return null
    const ejecucion = toEjecucion(row)
    emit('execution.changed', ejecucion)
    return ejecucion
  }

  async function end(uuid: string, ending: Omit<EjecucionEnd, 'now'>): Promise<void> {
    await store.write((tx) => markEnded(tx, uuid, { ...ending, now: nowIso() }))
    tell(uuid)
  }

  /** Where the input of an execution is now: a repeated one reads the copy kept by the one it repeats. */
  async function inputOf(row: EjecucionRow): Promise<string> {
    const former = row.repite_a === null ? null : findEjecucion(db, row.repite_a)
    const copy = former === null ? null : await folders.inputCopy(former.uuid, former.bytes)
    if (copy !== null) return copy
    if (existsSync(row.ruta_origen)) return row.ruta_origen
    throw new AppError('INPUT_GONE', {
      kind: 'not-found',
      message: `El archivo «${row.archivo_datos}» ya no está donde estaba y no se conserva una copia completa.`,
      hint: 'Vuelve a enviarlo.',
      details: { path: row.ruta_origen },
    })
  }

  async function judge(row: EjecucionRow, signal: AbortSignal): Promise<Verdict> {
    const casilla = row.casilla_id === null ? null : findCasilla(db, row.casilla_id)
    if (!casilla || row.yaml_version === null) {
      throw new AppError('CASILLA_NOT_FOUND', { kind: 'not-found', message: 'La casilla ya no existe.' })
    }
    const yaml = requireVersion(db, casilla, row.yaml_version)
    const request: ExecutionRequest = {
      inputPath: await inputOf(row),
      inputName: row.archivo_datos,
      yamlText: yaml.contenido,
      yamlName: row.nombre_yaml,
      executionId: row.uuid,
      dir: folders.dirOf(row.uuid),
      politica: row.politica,
      detailCap: settings.get('detailCap'),
      memoryLimit: settings.get('memoryLimitMb') * 1024 * 1024,
      stage: true,
    }
    return deps.runExecution(request, {
      signal,
      onProgress: (progress) => emit('execution.progress', progress),
    })
  }

  async function run(uuid: string, signal: AbortSignal): Promise<void> {
    try {
      await store.write((tx) => markStarted(tx, uuid, nowIso()))
      const row = requireRow(uuid)
      tell(uuid)
      log.info('execution.started', 'Ejecución en curso', { executionId: uuid, archivo: row.archivo_datos })
      const verdict = await judge(row, signal)
      await end(uuid, {
        fase: 'terminada',
        estado: verdict.estado,
        registros: verdict.totals.records,
        errores: verdict.totals.errors,
        warnings: verdict.totals.warnings,
        bytes: verdict.inputBytes,
        sha256: verdict.inputSha256,
      })
      const { totals, estado } = verdict
      log.info('execution.finished', 'Ejecución terminada', { executionId: uuid, estado, ...totals })
    } catch (error) {
      await fail(uuid, error, signal).catch((failure: unknown) => {
        // The store itself failed: the row stays open and the next start settles it.
        log.error('execution.failed', 'No se pudo anotar el fin de la ejecución', {
          executionId: uuid,
          failure,
        })
      })
    }
  }

  async function fail(uuid: string, error: unknown, signal: AbortSignal): Promise<void> {
    const ending: Ending | null = signal.aborted ? signal.reason : null
    if (ending === 'cancelled') {
      log.info('execution.cancelled', 'Ejecución cancelada', { executionId: uuid })
      return end(uuid, { fase: 'cancelada' })
    }
    if (ending === 'shutdown') {
      log.warn('execution.interrupted', 'Ejecución interrumpida por el cierre', { executionId: uuid })
      return end(uuid, { fase: 'interrumpida', error: INTERRUPTED })
    }
    const data = redactError(AppError.from(error).toData())
    // What is not one of our errors is a bug: its stack is worth keeping.
    log.error('execution.failed', data.message, {
      executionId: uuid,
      error: data.kind === 'bug' ? error : data,
    })
    return end(uuid, { fase: 'error', error: data })
  }

  interface Intake {
    casillaId: number
    path: string
    name: string
    metodoEnvio: string
    repiteA: string | null
    bytes: number
  }

  async function enqueue(intake: Intake): Promise<string> {
    const uuid = randomUUID()
    await store.write((tx) => {
      const casilla = requireCasilla(tx, intake.casillaId)
      const now = nowIso()
      insertEjecucion(tx, {
        uuid,
        casillaId: casilla.id,
        yamlVersion: casilla.yaml_version,
        nombreYaml: casilla.nombre_yaml,
        archivo: intake.name,
        origen: intake.path,
        directorio: folders.stored(uuid),
        metodoEnvio: intake.metodoEnvio,
        politica: casilla.politica,
        bytes: intake.bytes,
        repiteA: intake.repiteA,
        now,
      })
    })
    log.info('execution.queued', 'Ejecución en espera', { executionId: uuid, archivo: intake.name })
    tell(uuid)
    queue.add(uuid)
    return uuid
  }

  function settled(row: EjecucionRow, doing: string): void {
    if (!isOpen(row)) return
    throw new AppError('EXECUTION_RUNNING', {
      kind: 'conflict',
      message: `«${row.archivo_datos}» todavía se está procesando: no se puede ${doing}.`,
      hint: 'Cancela la ejecución o espera a que termine.',
    })
  }

  return {
    get running() {
      return queue.running
    },
    async start({ casillaId, source, nombre }, metodoEnvio = 'direct_upload') {
      const casilla = requireCasilla(db, casillaId)
      if (!casilla.is_active) {
        throw new AppError('CASILLA_INACTIVE', {
          kind: 'conflict',
          message: `La casilla «${casilla.nombre}» está desactivada.`,
          hint: 'Actívala para procesar archivos.',
        })
      }
      const path = sourcePath(deps, source)
      const bytes = fileSize(path)
      const name = basename((nombre ?? path).replaceAll('\\', '/')) || basename(path)
      return enqueue({ casillaId, path, name, metodoEnvio, repiteA: null, bytes })
    },
    async rerun(uuid) {
      const row = requireRow(uuid)
      settled(row, 'repetir')
      if (row.casilla_id === null) {
        throw new AppError('CASILLA_NOT_FOUND', { kind: 'not-found', message: 'La casilla ya no existe.' })
      }
      const copy = await folders.inputCopy(uuid, row.bytes)
      // Fails now, not later in the queue, when nothing is left to read.
      const bytes = fileSize(copy ?? (await inputOf(row)))
      const { ruta_origen: path, archivo_datos: name, metodo_envio: metodoEnvio } = row
      const repiteA = copy === null ? row.repite_a : uuid
      return enqueue({ casillaId: row.casilla_id, path, name, metodoEnvio, repiteA, bytes })
    },
    async cancel(uuid) {
      requireRow(uuid)
      // Out of the queue, or open in the store though nobody runs it (its end could not be written down): ended here.
      if (queue.cancel(uuid) !== 'running' && isOpen(requireRow(uuid))) await end(uuid, { fase: 'cancelada' })
    },
    async remove(uuid) {
      const row = findEjecucion(db, uuid)
      if (!row) return
      settled(row, 'eliminar')
      await store.write((tx) => {
        deleteEjecucion(tx, uuid)
        const detalle = { archivo: row.archivo_datos }
        writeAuditoria(
          tx,
          { accion: 'ejecucion.eliminada', objeto: 'ejecucion', objetoId: uuid, detalle },
          nowIso(),
        )
      })
      log.info('execution.removed', 'Ejecución eliminada', { executionId: uuid })
      emit('execution.removed', { executionId: uuid })
      await folders.remove(uuid)
    },
    list(input) {
      const { items, total } = listEjecuciones(db, input)
      return { items: items.map(toEjecucion), total }
    },
    async get(uuid) {
      const row = requireRow(uuid)
      const verdict = row.fase === 'terminada' ? await deps.readVerdict(folders.dirOf(uuid)) : null
      return { ejecucion: toEjecucion(row), verdict }
    },
    finishedDir(uuid) {
      const row = requireRow(uuid)
      if (row.fase === 'terminada') return folders.dirOf(uuid)
      throw new AppError('EXECUTION_NOT_FINISHED', {
        kind: 'conflict',
        message: `La ejecución de «${row.archivo_datos}» no tiene un veredicto.`,
        hint: isOpen(row) ? 'Espera a que termine.' : 'Ejecútala otra vez.',
      })
    },
    artifactPath(uuid, artifact) {
      requireRow(uuid)
      const dir = folders.dirOf(uuid)
      const path = artifact === 'folder' ? dir : join(dir, artifact)
      if (existsSync(path) && isInside(deps.dataDir, path)) return path
      throw new AppError('ARTIFACT_NOT_FOUND', {
        kind: 'not-found',
        message: `No está «${artifact}» en la carpeta de la ejecución.`,
        hint: 'Ejecuta el archivo otra vez para volver a crearlo.',
      })
    },
    async recover() {
      const changed: Ejecucion[] = []
      for (const row of listOpen(db)) changed.push(await settleLost(row))
      const swept = await folders.sweep((uuid) => findEjecucion(db, uuid) !== null)
      if (swept.length > 0) log.info('execution.cleaned', 'Carpetas a medias retiradas', { carpetas: swept })
      return changed
    },
    stop: () => queue.stop(),
  }

  /** One that died after its verdict was whole did end; any other is interrupted, and its folder keeps only what was received. */
  async function settleLost(row: EjecucionRow): Promise<Ejecucion> {
    const verdict = await deps.readVerdict(folders.dirOf(row.uuid))
    if (verdict) {
      await end(row.uuid, {
        fase: 'terminada',
        estado: verdict.estado,
        registros: verdict.totals.records,
        errores: verdict.totals.errors,
        warnings: verdict.totals.warnings,
        bytes: verdict.inputBytes,
        sha256: verdict.inputSha256,
      })
    } else {
      await folders.clean(row.uuid, row.bytes)
      await end(row.uuid, { fase: 'interrumpida', error: INTERRUPTED })
      log.warn('execution.interrupted', 'Ejecución interrumpida por un cierre del motor', {
        executionId: row.uuid,
      })
    }
    return toEjecucion(requireRow(row.uuid))
  }
}

/** @throws AppError TOKEN_IN_ENGINE, SAMPLE_NOT_FOUND, INPUT_INVALID */
function sourcePath(deps: ExecutionsDeps, source: OperationParams<'executions.start'>['source']): string {
  if ('path' in source) {
    if (isAbsolute(source.path)) return source.path
    throw new AppError('INPUT_INVALID', { kind: 'input', message: 'La ruta del archivo debe ser absoluta.' })
  }
  if ('muestraDe' in source) {
    const casilla = requireCasilla(deps.store.db, source.muestraDe)
    const path = casilla.muestra === null ? null : resolve(deps.resourcesDir, casilla.muestra)
    if (path !== null && existsSync(path) && isInside(deps.resourcesDir, path)) return path
    throw new AppError('SAMPLE_NOT_FOUND', {
      kind: 'not-found',
      message: `La casilla «${casilla.nombre}» no tiene un archivo de ejemplo.`,
    })
  }
  // Main turns a grant into its path; one that arrives here was not granted by it.
  throw new AppError('TOKEN_IN_ENGINE', {
    kind: 'bug',
    message: 'El permiso de archivo no se tradujo a una ruta.',
  })
}

/** @throws AppError FILE_NOT_FOUND, FILE_NOT_A_FILE */
function fileSize(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) {
    throw new AppError('FILE_NOT_FOUND', {
      kind: 'not-found',
      message: `No se encuentra el archivo «${basename(path)}».`,
      hint: 'Compruebe que sigue en su carpeta y vuelva a elegirlo.',
      details: { path },
    })
  }
  if (stat.isFile()) return stat.size
  throw new AppError('FILE_NOT_A_FILE', {
    kind: 'input',
    message: `«${basename(path)}» no es un archivo.`,
    hint: 'Elija un archivo ZIP o CSV; una carpeta se comprime antes.',
    details: { path },
  })
}
