import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { refusalOf } from '@engine/emisores/permiso-check'
import {
  type Db,
  deleteEjecucion,
  type EjecucionRow,
  findCasilla,
  findEjecucion,
  insertEjecucion,
  keepEnvio,
  listEjecuciones,
  openCargasOf,
  toEjecucion,
  writeAuditoria,
} from '@engine/store'
import type { OperationOutput, OperationParams } from '@shared/contract'
import { AppError, type AppErrorData } from '@shared/errors/app-error'
import type { Artifact, Ejecucion } from '@shared/model/execution'
import { requireCasilla } from './casillas'
import { type ExecutionFolders, executionFolders, isInside } from './execution-folders'
import { ExecutionRunner, type ExecutionsDeps, isOpen, type Retry } from './execution-runner'
import { fileSize, sourcePath } from './execution-source'
import { createQueue, type WorkQueue } from './work-queue'

const nowIso = (): string => new Date().toISOString()

/** What an execution is made from. */
export interface FileIntake {
  casillaId: number
  path: string
  name: string
  metodoEnvio: string
  repiteA: string | null
  bytes: number
  emisorId: number | null
  archivoId: number | null
  /** When it came, ISO. */
  recibidaEn: string
}

function refuseOpen(row: EjecucionRow, doing: string): void {
  if (!isOpen(row)) return
  throw new AppError('EXECUTION_RUNNING', {
    kind: 'conflict',
    message: `«${row.archivo_datos}» todavía se está procesando: no se puede ${doing}.`,
    hint: 'Cancelar la ejecución o esperar a que termine.',
  })
}

/** What was accepted is still to be written somewhere. @throws AppError EXECUTION_HAS_LOADS */
function refuseLoads(db: Db, row: EjecucionRow): void {
  const cargas = openCargasOf(db, row.uuid)
  const [first] = cargas
  if (!first) return
  const failed = cargas.some(({ estado }) => estado === 'error')
  throw new AppError('EXECUTION_HAS_LOADS', {
    kind: 'conflict',
    message: `«${row.archivo_datos}» tiene una carga sin hacer en «${first.destino_nombre}»: no se puede eliminar.`,
    hint: failed ? 'Reintentar la carga, o cancelarla.' : 'Esperar a que termine, o cancelarla.',
    details: { cargas: cargas.map(({ uuid }) => uuid) },
  })
}

/** @throws AppError EMISOR_NOT_ALLOWED */
function requireAllowed(db: Db, sending: { casillaId: number; emisorId: number; metodo: string }): void {
  const message = refusalOf(db, sending)
  if (message === null) return
  throw new AppError('EMISOR_NOT_ALLOWED', {
    kind: 'input',
    message,
    hint: 'Revisar los permisos en la pestaña Emisores de la casilla.',
  })
}

/** Starts, cancels, repeats, lists and removes executions. */
export class Executions {
  readonly folders: ExecutionFolders
  private readonly runner: ExecutionRunner
  /** Shared with the files that the daemon takes. */
  readonly queue: WorkQueue

  constructor(private readonly deps: ExecutionsDeps) {
    const { settings } = deps
    this.folders = executionFolders(deps.dataDir)
    this.runner = new ExecutionRunner(deps, this.folders)
    this.queue = createQueue(
      () => settings.get('concurrency'),
      (casillaId) => findCasilla(deps.store.db, casillaId)?.prioridad ?? 0,
    )
    settings.onChange(() => this.queue.pump())
  }

  get running(): number {
    return this.queue.running
  }

  /** Gives the id at once; the run and its end come as events. @throws AppError EMISOR_NOT_ALLOWED, CASILLA_INACTIVE */
  async start(
    { casillaId, source, nombre, emisorId }: OperationParams<'executions.start'>,
    metodoEnvio = 'direct_upload',
  ): Promise<string> {
    const casilla = requireCasilla(this.deps.store.db, casillaId)
    if (!casilla.is_active) {
      throw new AppError('CASILLA_INACTIVE', {
        kind: 'conflict',
        message: `La casilla «${casilla.nombre}» está desactivada.`,
        hint: 'Activarla para procesar archivos.',
      })
    }
    if (emisorId !== undefined)
      requireAllowed(this.deps.store.db, { casillaId, emisorId, metodo: metodoEnvio })
    const path = sourcePath(this.deps, source)
    const bytes = fileSize(path)
    const name = basename((nombre ?? path).replaceAll('\\', '/')) || basename(path)
    return this.enqueue({
      casillaId,
      path,
      name,
      metodoEnvio,
      repiteA: null,
      bytes,
      emisorId: emisorId ?? null,
      archivoId: null,
      recibidaEn: nowIso(),
    })
  }

  /** A new execution of the same input with the YAML and policy the casilla has now. */
  async rerun(uuid: string): Promise<string> {
    const row = this.runner.requireRow(uuid)
    refuseOpen(row, 'repetir')
    if (row.casilla_id === null) {
      throw new AppError('CASILLA_NOT_FOUND', { kind: 'not-found', message: 'La casilla ya no existe.' })
    }
    const copy = await this.folders.inputCopy(uuid, row.bytes)
    // Fails now, not later in the queue, when nothing is left to read.
    const bytes = fileSize(copy ?? (await this.runner.inputOf(row)))
    const { ruta_origen: path, archivo_datos: name, metodo_envio: metodoEnvio, emisor_id: emisorId } = row
    const repiteA = copy === null ? row.repite_a : uuid
    const archivoId = row.archivo_id
    return this.enqueue({
      casillaId: row.casilla_id,
      path,
      name,
      metodoEnvio,
      repiteA,
      bytes,
      emisorId,
      archivoId,
      recibidaEn: row.recibida_en,
    })
  }

  /** Repeats many, in the order they came; what could not be repeated says why. */
  async rerunMany(uuids: readonly string[]): Promise<OperationOutput<'executions.rerunMany'>> {
    const { db } = this.deps.store
    const known = [...new Set(uuids)]
      .map((id) => ({ id, at: findEjecucion(db, id)?.fecha_ejecucion ?? '' }))
      .sort((a, b) => a.at.localeCompare(b.at))
    const failed: { id: string; message: string }[] = []
    for (const { id } of known) {
      await this.rerun(id).catch((error: unknown) =>
        failed.push({ id, message: AppError.from(error).message }),
      )
    }
    return { started: known.length - failed.length, failed }
  }

  /** Asks for the end; it comes as an event. One that already ended stays as it is. */
  async cancel(uuid: string): Promise<void> {
    this.runner.requireRow(uuid)
    // Out of the queue, or open in the store though nobody runs it (its end could not be written down): ended here.
    if (this.queue.cancel(uuid) !== 'running' && isOpen(this.runner.requireRow(uuid)))
      await this.runner.end(uuid, { fase: 'cancelada' })
  }

  /** Row and folder; one that is gone already is no error. @throws AppError EXECUTION_RUNNING, EXECUTION_HAS_LOADS */
  async remove(uuid: string): Promise<void> {
    const row = findEjecucion(this.deps.store.db, uuid)
    if (!row) return
    refuseOpen(row, 'eliminar')
    await this.deps.store.write((tx) => {
      refuseLoads(tx, row)
      keepEnvio(tx, uuid)
      deleteEjecucion(tx, uuid)
      const detalle = { archivo: row.archivo_datos }
      writeAuditoria(
        tx,
        { accion: 'ejecucion.eliminada', objeto: 'ejecucion', objetoId: uuid, detalle },
        nowIso(),
      )
    })
    this.deps.log.info('execution.removed', 'Ejecución eliminada', { executionId: uuid })
    this.deps.emit('execution.removed', { executionId: uuid })
    await this.folders.remove(uuid)
  }

  list(input: OperationParams<'executions.list'>): OperationOutput<'executions.list'> {
    const { items, total } = listEjecuciones(this.deps.store.db, input)
    return { items: items.map(toEjecucion), total }
  }

  async get(uuid: string): Promise<OperationOutput<'executions.get'>> {
    const row = this.runner.requireRow(uuid)
    const verdict = row.fase === 'terminada' ? await this.deps.readVerdict(this.folders.dirOf(uuid)) : null
    return { ejecucion: toEjecucion(row), verdict }
  }

  /** Folder of an execution that has a verdict. @throws AppError EXECUTION_NOT_FOUND, EXECUTION_NOT_FINISHED */
  finishedDir(uuid: string): string {
    const row = this.runner.requireRow(uuid)
    if (row.fase === 'terminada') return this.folders.dirOf(uuid)
    throw new AppError('EXECUTION_NOT_FINISHED', {
      kind: 'conflict',
      message: `La ejecución de «${row.archivo_datos}» no tiene un veredicto.`,
      hint: isOpen(row) ? 'Esperar a que termine.' : 'Ejecutarla otra vez.',
    })
  }

  /** Inside the data folder whatever links say. @throws AppError ARTIFACT_NOT_FOUND */
  artifactPath(uuid: string, artifact: Artifact): string {
    this.runner.requireRow(uuid)
    const dir = this.folders.dirOf(uuid)
    const path = artifact === 'folder' ? dir : join(dir, artifact)
    if (existsSync(path) && isInside(this.deps.dataDir, path)) return path
    throw new AppError('ARTIFACT_NOT_FOUND', {
      kind: 'not-found',
      message: `No está «${artifact}» en la carpeta de la ejecución.`,
      hint: 'Ejecutar el archivo otra vez para volver a crearlo.',
    })
  }

  /** The execution of a received file, inside the write that says its copy is whole. */
  plant(tx: Db, uuid: string, intake: FileIntake): void {
    const casilla = requireCasilla(tx, intake.casillaId)
    insertEjecucion(tx, {
      uuid,
      casillaId: casilla.id,
      yamlVersion: casilla.yaml_version,
      nombreYaml: casilla.nombre_yaml,
      archivo: intake.name,
      origen: intake.path,
      directorio: this.folders.stored(uuid),
      metodoEnvio: intake.metodoEnvio,
      politica: casilla.politica,
      bytes: intake.bytes,
      repiteA: intake.repiteA,
      emisorId: intake.emisorId,
      archivoId: intake.archivoId,
      recibidaEn: intake.recibidaEn,
      now: nowIso(),
    })
  }

  /** Judges a received file that was planted; its outcome is stored with it. Never throws. */
  judge(uuid: string, signal: AbortSignal, retry: Retry): Promise<void> {
    return this.runner.run(uuid, signal, retry)
  }

  /** What is left of the execution of a received file after the engine died. */
  resume(uuid: string): Promise<'ended' | 'ready' | 'gone'> {
    return this.runner.resume(uuid)
  }

  /** Ends with an error one that is not running, and the file it judges. */
  giveUp(uuid: string, error: AppErrorData): Promise<void> {
    return this.runner.end(uuid, { fase: 'error', error })
  }

  tell(uuid: string): void {
    this.runner.tell(uuid)
  }

  /** Settles what a dead engine left open; gives the executions it changed, for whoever is listening later. */
  recover(): Promise<Ejecucion[]> {
    return this.runner.recover()
  }

  /** Interrupts what runs, which is marked so. */
  stop(): Promise<void> {
    return this.queue.stop()
  }

  private async enqueue(intake: FileIntake): Promise<string> {
    const uuid = randomUUID()
    await this.deps.store.write((tx) => this.plant(tx, uuid, intake))
    this.deps.log.info('execution.queued', 'Ejecución en espera', { executionId: uuid, archivo: intake.name })
    this.runner.tell(uuid)
    this.queue.add(intake.casillaId, { id: uuid, run: (signal) => this.runner.run(uuid, signal) })
    return uuid
  }
}
