import type { Casillas, Executions } from '@engine/casillas'
import { checkYaml } from '@engine/casillas'
import type { Reception } from '@engine/daemons/sage-daemon'
import type { Emisores } from '@engine/emisores'
import {
  exportFindings,
  previewTransformations,
  queryFindings,
  recordContext,
  tryRule,
} from '@engine/execution'
import type { Materialization } from '@engine/materialization/service'
import type { ProveedoresService } from '@engine/proveedores'
import { languageEntries } from '@engine/rules'
import type { RuleChecker } from '@engine/sage-yaml'
import type { Secretos } from '@engine/secrets'
import type { Settings } from '@engine/settings'
import type { Store } from '@engine/store'
import type { EngineHandlers, OperationOutput } from '@shared/contract'
import { emisorHandlers } from './emisores'
import { materializationHandlers } from './materializacion'
import { sampleHandlers } from './muestras'
import { proveedorHandlers } from './proveedores'
import { receptionHandlers } from './recepcion'
import { secretoHandlers } from './secretos'
import { sqlHandlers } from './sql'

export interface HandlerDeps {
  store: Store
  settings: Settings
  casillas: Casillas
  executions: Executions
  reception: Reception
  emisores: Emisores
  materialization: Materialization
  secretos: Secretos
  proveedores: ProveedoresService
  checkRules: RuleChecker
  version: string
  host: OperationOutput<'system.health'>['host']
  dataDir: string
}

const MIB = 1024 * 1024
const done = { ok: true } as const

/** The engine's side of the contract, one handler per operation; an operation without one does not compile. */
export function createHandlers(deps: HandlerDeps): EngineHandlers {
  return {
    ...systemHandlers(deps),
    ...casillaHandlers(deps),
    ...executionHandlers(deps),
    ...ruleHandlers(deps),
    ...receptionHandlers(deps),
    ...sampleHandlers(deps),
    ...emisorHandlers(deps),
    ...materializationHandlers(deps.materialization),
    ...sqlHandlers(deps),
    ...secretoHandlers(deps),
    ...proveedorHandlers(deps.proveedores),
  }
}

type SystemOps = 'system.health' | 'settings.get' | 'settings.set'
function systemHandlers({
  store,
  settings,
  executions,
  ...deps
}: HandlerDeps): Pick<EngineHandlers, SystemOps> {
  return {
    'system.health': () => ({
      version: deps.version,
      pid: process.pid,
      node: process.versions.node,
      host: deps.host,
      storePath: store.path,
      storeVersion: store.version,
      dataDir: deps.dataDir,
      memoryLimitMb: settings.get('memoryLimitMb'),
      rssMb: Math.round(process.memoryUsage.rss() / MIB),
      running: executions.running,
      uptimeSeconds: Math.round(process.uptime()),
    }),
    'settings.get': () => ({ values: settings.all() }),
    async 'settings.set'({ key, value }) {
      await settings.set(key, value)
      return done
    },
  }
}

type CasillaOps =
  | Exclude<
      Extract<keyof EngineHandlers, `casillas.${string}`>,
      'casillas.permisos' | 'casillas.guardarPermiso' | 'casillas.quitarPermiso'
    >
  | 'yaml.check'
function casillaHandlers({ casillas, checkRules }: HandlerDeps): Pick<EngineHandlers, CasillaOps> {
  return {
    'casillas.list': () => ({ items: casillas.list() }),
    'casillas.get': ({ id }) => casillas.get(id),
    'casillas.create': (input) => casillas.create(input),
    'casillas.update': (input) => casillas.update(input),
    async 'casillas.remove'({ id }) {
      await casillas.remove(id)
      return done
    },
    'casillas.yaml': ({ id, version }) => casillas.yaml(id, version),
    'casillas.versions': ({ id }) => ({ items: casillas.versions(id) }),
    'casillas.saveYaml': (input) => casillas.saveYaml(input),
    'yaml.check': ({ text }) => checkYaml(text, checkRules),
  }
}

type ExecutionOps = Exclude<Extract<keyof EngineHandlers, `executions.${string}`>, 'executions.rerunMany'>
function executionHandlers({ executions }: HandlerDeps): Pick<EngineHandlers, ExecutionOps> {
  return {
    'executions.start': async (input) => ({ executionId: await executions.start(input) }),
    'executions.rerun': async ({ executionId }) => ({ executionId: await executions.rerun(executionId) }),
    async 'executions.cancel'({ executionId }) {
      await executions.cancel(executionId)
      return done
    },
    async 'executions.remove'({ executionId }) {
      await executions.remove(executionId)
      return done
    },
    'executions.list': (input) => executions.list(input),
    'executions.get': ({ executionId }) => executions.get(executionId),
    'executions.findings': ({ executionId, ...query }) =>
      queryFindings(executions.finishedDir(executionId), query),
    'executions.exportFindings': ({ executionId, filter }) =>
      exportFindings(executions.finishedDir(executionId), filter),
    'executions.recordContext': ({ executionId, catalog, record, around }) =>
      recordContext(executions.finishedDir(executionId), catalog, record, around),
    'executions.artifactPath': ({ executionId, artifact }) => ({
      path: executions.artifactPath(executionId, artifact),
    }),
  }
}

type RuleOps = 'rules.language' | 'rules.try' | 'transformations.preview'
function ruleHandlers({ executions }: HandlerDeps): Pick<EngineHandlers, RuleOps> {
  return {
    'rules.language': () => ({ entries: languageEntries() }),
    'rules.try': ({ executionId, ...input }, { signal }) =>
      tryRule(executions.finishedDir(executionId), input, { signal }),
    'transformations.preview': ({ executionId, ...input }, { signal }) =>
      previewTransformations(executions.finishedDir(executionId), input, { signal }),
  }
}
