import { mkdirSync, realpathSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createCasillas, Executions, executionFolders, seedSample } from '@engine/casillas'
import { type DaemonTimes, type OpenProveedor, Reception, SageDaemon } from '@engine/daemons/sage-daemon'
import { createEmisores } from '@engine/emisores'
import { readVerdict, runExecution } from '@engine/execution'
import { checkRule } from '@engine/execution/rule-checker'
import { createLog, type Log } from '@engine/logging'
import { type ConnectedDeps, connectedPlugs } from '@engine/materialization/connected'
import {
  createMaterialization,
  type LoaderTimes,
  type Materialization,
  type MaterializationPlugs,
} from '@engine/materialization/service'
import { createProveedores } from '@engine/proveedores'
import { Secretos } from '@engine/secrets'
import { redactError } from '@engine/security/redact'
import { openSettings } from '@engine/settings'
import { lockDataDir, openStore, type Store } from '@engine/store'
import type { Emit, EngineHandlers, EngineOperationName, OperationOutput } from '@shared/contract'
import { AppError } from '@shared/errors/app-error'
import { createHandlers } from './handlers'

export interface EngineOptions {
  dataDir: string
  resourcesDir: string
  migrationsDir: string
  host: OperationOutput<'system.health'>['host']
  version: string
  emit: Emit
  /** How the daemon keeps time; for tests and measures. */
  daemonTimes?: Partial<DaemonTimes>
  /** Opens a provider for the casillas that receive from it; for tests of what happens around it. */
  openProveedor?: OpenProveedor
  /** How the loader does. */
  loaderTimes?: Partial<LoaderTimes>
  /** What writes to destinations; for tests of what happens around a load. */
  plugs?: (deps: ConnectedDeps) => MaterializationPlugs
}

export interface Engine {
  handlers: EngineHandlers
  log: Log
  store: Store
  daemon: SageDaemon
  materialization: Materialization
  secretos: Secretos
  /** Every folder was looked at once. */
  watching: Promise<void>
  /** Resolves when there is nothing to receive, judge or load now; what was put off or failed is left for later. */
  idle(): Promise<void>
  /** Interrupts what runs (it is marked), waits for the pending writes, lets go of the data folder. */
  close(): Promise<void>
}

const logDir = (dataDir: string): string => join(dataDir, 'logs')

/** The log of a data folder, before anything else can fail. */
export const openEngineLog = (dataDir: string): Log => createLog({ dir: logDir(resolve(dataDir)) })

/**
 * Opens a whole engine over a data folder: lock, store (migrated), settings, casillas, executions; settles what a dead engine left
 * and plants the sample casilla the first time.
 * @throws AppError ENGINE_ALREADY_RUNNING, DATA_DIR_UNUSABLE and those of `openStore`
 */
export async function openEngine(options: EngineOptions, log: Log): Promise<Engine> {
  const dataDir = usableDir(options.dataDir)
  const resourcesDir = resolve(options.resourcesDir)
  const release = lockDataDir(dataDir)
  try {
    const store = openStore(dataDir, options.migrationsDir)
    try {
      const { from, to, backup } = store.migration
      if (from !== to) log.info('store.migrated', 'Almacén migrado', { de: from, a: to, respaldo: backup })
      log.info('store.opened', 'Almacén abierto', { path: store.path, version: store.version })
      const settings = openSettings(store, (ajuste) =>
        log.warn('settings.ignored', 'Un ajuste guardado ya no vale y se usa el de fábrica', { ajuste }),
      )
      log.setLevel(settings.get('logLevel'))
      settings.onChange((ajuste) => {
        log.info('settings.changed', 'Ajuste cambiado', { ajuste, valor: settings.get(ajuste) })
        if (ajuste === 'logLevel') log.setLevel(settings.get('logLevel'))
      })
      const { version, host } = options
      let daemon: SageDaemon | null = null
      const emit: Emit = (topic, payload) => {
        options.emit(topic, payload)
        if (topic === 'secretos.changed') proveedores.proveedores.conexiones.dropAll()
        if (daemon === null) return
        if (topic === 'secretos.changed' || topic === 'proveedores.changed')
          void daemon.proveedoresChanged(topic === 'secretos.changed')
        if (topic === 'secretos.changed') void materialization.loader.secretsChanged().catch(() => undefined)
        if (topic !== 'casillas.changed') return
        void daemon.refresh()
        materialization.loader.look()
      }
      const shared = { store, log, emit }
      const casillas = createCasillas({ ...shared, checkRules: checkRule })
      const secretos = new Secretos(shared)
      // Not waited for: a keychain may take its time to answer.
      void secretos.start()
      const proveedores = createProveedores({ ...shared, secretos })
      const { dirOf } = executionFolders(dataDir)
      const openProveedor = options.openProveedor ?? ((id: number) => proveedores.proveedores.openOwn(id))
      const materialization = createMaterialization(
        {
          ...shared,
          settings,
          dataDir: realpathSync(dataDir),
          plugs: (options.plugs ?? connectedPlugs)({
            ...{ store, settings, secretos, dataDir, dirOf, openProveedor },
          }),
          dirOf,
        },
        options.loaderTimes,
      )
      const executions = new Executions({
        ...shared,
        settings,
        dataDir,
        resourcesDir,
        runExecution,
        readVerdict,
        handOn: (row) => materialization.handing.prepare(row),
      })
      const intake = new SageDaemon({
        ...shared,
        executions,
        openProveedor,
        ...(options.daemonTimes ? { times: options.daemonTimes } : {}),
      })
      materialization.changes.onFilesEnded((archivos) => intake.ended(archivos))
      await materialization.loader.recover()
      await intake.recover()
      const recovered = await executions.recover()
      await seedSample({ ...shared, checkRules: checkRule }, resourcesDir)
      daemon = intake
      materialization.loader.start()
      const table = createHandlers({
        store,
        settings,
        casillas,
        executions,
        reception: new Reception(store, intake, emit),
        emisores: createEmisores(shared),
        materialization,
        secretos,
        proveedores,
        checkRules: checkRule,
        version,
        host,
        dataDir,
      })
      return {
        // Nobody listens while the engine opens; the first call comes after the subscriptions.
        handlers: guarded(table, log, () => {
          for (const ejecucion of recovered) emit('execution.changed', ejecucion)
        }),
        log,
        store,
        daemon: intake,
        materialization,
        secretos,
        // A slow drive must not hold the console.
        watching: intake.start(),
        async idle() {
          await intake.idle()
          await materialization.loader.idle()
          // Originals whose outcome waited for their loads.
          await intake.mover.idle()
        },
        async close() {
          await intake.close()
          await materialization.loader.close()
          await proveedores.proveedores.close()
          await secretos.close()
          await store.close()
          release()
        },
      }
    } catch (error) {
      await store.close()
      throw error
    }
  } catch (error) {
    release()
    throw error
  }
}

function usableDir(given: string): string {
  const dir = resolve(given)
  try {
    mkdirSync(dir, { recursive: true })
    return dir
  } catch (error) {
    throw new AppError('DATA_DIR_UNUSABLE', {
      kind: 'config',
      message: `No se puede usar la carpeta de datos ${dir}.`,
      hint: 'Revisar que exista, que sea una carpeta y que haya permiso de escritura.',
      cause: error,
    })
  }
}

/** Failures are logged here and leave without secrets; the transport only carries them. */
function guarded(table: EngineHandlers, log: Log, onFirstCall: () => void): EngineHandlers {
  let first = true
  const guard = (name: string, handler: (input: never, context: never) => unknown) =>
    async function guardedHandler(input: never, context: never): Promise<unknown> {
      if (first) {
        first = false
        onFirstCall()
      }
      try {
        return await handler(input, context)
      } catch (error) {
        const clean = redactError(AppError.from(error).toData())
        if (clean.kind === 'bug') log.error('call.failed', `${name}: ${clean.message}`, { op: name, error })
        else if (clean.kind !== 'cancelled')
          log.info('call.failed', `${name}: ${clean.message}`, { op: name, code: clean.code })
        throw AppError.fromData(clean)
      }
    }
  const entries = Object.entries(table).map(([name, handler]) => [name, guard(name, handler)])
  // Same names, same signatures: only what happens on a failure differs.
  return Object.fromEntries(entries) as { [N in EngineOperationName]: EngineHandlers[N] }
}
