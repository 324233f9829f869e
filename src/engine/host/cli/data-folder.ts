import { existsSync, mkdirSync, realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { createCasillas, Executions, executionFolders } from '@engine/casillas'
import { createEmisores } from '@engine/emisores'
import { readVerdict, runExecution } from '@engine/execution'
import { checkRule } from '@engine/execution/rule-checker'
import { createLog } from '@engine/logging'
import { connectedPlugs } from '@engine/materialization/connected'
import { createMaterialization } from '@engine/materialization/service'
import { createProveedores } from '@engine/proveedores'
import { Secretos } from '@engine/secrets'
import { openSettings } from '@engine/settings'
import { openStore } from '@engine/store'
import { AppError } from '@shared/errors/app-error'

const PRODUCT = 'SAGE Desktop'

/** Where the window keeps its data on this system. */
function desktopData(): string {
  switch (process.platform) {
    case 'win32':
      return join(process.env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), PRODUCT, 'data')
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support', PRODUCT, 'data')
    default:
      return join(process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), PRODUCT, 'data')
  }
}

/** The data folder a command works on: `--data`, else `SAGE_DATA`, else that of the window. */
export const dataFolder = (given: string | undefined): string =>
  resolve(given ?? process.env.SAGE_DATA ?? desktopData())

/** Where the program's own folders are: above this file, bundled or not. @throws AppError PROGRAM_INCOMPLETE */
export function programFolders(): { migrationsDir: string; resourcesDir: string } {
  const from = process.env.SAGE_ROOT ?? __dirname
  for (let dir = resolve(from); ; dir = dirname(dir)) {
    const migrationsDir = join(dir, 'migrations')
    if (existsSync(migrationsDir)) return { migrationsDir, resourcesDir: join(dir, 'resources') }
    if (dir === dirname(dir)) break
  }
  throw new AppError('PROGRAM_INCOMPLETE', {
    kind: 'bug',
    message: 'No se encuentran las migraciones del programa.',
    hint: 'Volver a instalarlo.',
  })
}

/**
 * Casillas and executions of a data folder, without its engine: it may be running beside, and sees what changes here.
 * @throws AppError as `openStore`
 */
export function openServices(given: string | undefined) {
  const dataDir = dataFolder(given)
  const { migrationsDir, resourcesDir } = programFolders()
  mkdirSync(dataDir, { recursive: true })
  const store = openStore(dataDir, migrationsDir)
  // The engine's own log is written by one process.
  const log = createLog({ dir: join(dataDir, 'logs', 'terminal') })
  const deps = { store, log, emit: () => undefined, checkRules: checkRule }
  const settings = openSettings(store)
  const { dirOf } = executionFolders(dataDir)
  const secretos = new Secretos(deps)
  const proveedores = createProveedores({ ...deps, secretos })
  return {
    dataDir,
    store,
    casillas: createCasillas(deps),
    emisores: createEmisores(deps),
    secretos,
    proveedores,
    materialization: createMaterialization({
      ...deps,
      dataDir: realpathSync(dataDir),
      settings,
      plugs: connectedPlugs({
        ...{ store, settings, secretos, dataDir, dirOf },
        openProveedor: (id) => proveedores.proveedores.openOwn(id),
      }),
      dirOf,
    }),
    executions: new Executions({
      ...deps,
      settings,
      dataDir,
      resourcesDir,
      runExecution,
      readVerdict,
    }),
    async close() {
      await proveedores.proveedores.close()
      await store.close()
      log.close()
    },
  }
}

export type Services = ReturnType<typeof openServices>

/** Runs a command over the services and closes them, whatever happens. */
export async function withServices<T>(
  given: string | undefined,
  work: (services: Services) => Promise<T> | T,
): Promise<T> {
  const services = openServices(given)
  try {
    return await work(services)
  } finally {
    await services.close()
  }
}
