import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createEmisores } from '@engine/emisores'
import { readVerdict, runExecution } from '@engine/execution'
import { checkRule } from '@engine/execution/rule-checker'
import { createLog } from '@engine/logging'
import { openSettings } from '@engine/settings'
import { openStore } from '@engine/store'
import type { Emit, EventName, EventPayload } from '@shared/contract'
import {
  type EmisorDatos,
  emisorDatosSchema,
  type PermisoDatos,
  permisoDatosSchema,
} from '@shared/model/emisor'
import type { z } from 'zod'
import { createCasillas } from './casillas'
import { Executions } from './executions'

const ROOT = resolve(__dirname, '../../..')
export const RESOURCES = join(ROOT, 'resources')
export const MIGRATIONS = join(ROOT, 'migrations')

export interface Told {
  topic: EventName
  payload: unknown
}

/** The real services over a real store in a temporary folder, and the events they told. */
export function openWorkbench(given?: string) {
  const dir = given ?? mkdtempSync(join(tmpdir(), 'sage-casillas-'))
  const dataDir = join(dir, 'data')
  mkdirSync(dataDir, { recursive: true })
  const told: Told[] = []
  const listeners = new Set<(event: Told) => void>()
  const emit: Emit = (topic, payload) => {
    const event = { topic, payload }
    told.push(event)
    for (const listener of [...listeners]) listener(event)
  }
  /** Resolves with the next event of the topic that `test` accepts. */
  const next = <N extends EventName>(topic: N, test: (payload: EventPayload<N>) => boolean) =>
    new Promise<EventPayload<N>>((done) => {
      const listener = (event: Told): void => {
        if (event.topic !== topic) return
        // `emit` is typed: the payload is that of its topic.
        const payload = event.payload as EventPayload<N>
        if (!test(payload)) return
        listeners.delete(listener)
        done(payload)
      }
      listeners.add(listener)
    })
  const store = openStore(dataDir, MIGRATIONS)
  const log = createLog({ dir: join(dataDir, 'logs'), level: 'DEBUG' })
  const settings = openSettings(store)
  const deps = { store, log, emit, checkRules: checkRule }
  const executions = new Executions({
    ...deps,
    settings,
    dataDir,
    resourcesDir: RESOURCES,
    runExecution,
    readVerdict,
  })
  return {
    dir,
    dataDir,
    told,
    next,
    store,
    settings,
    deps,
    casillas: createCasillas(deps),
    emisores: createEmisores(deps),
    executions,
    async close() {
      await executions.stop()
      await store.close()
      log.close()
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  }
}

export type Workbench = ReturnType<typeof openWorkbench>

/** What a person fills in of a sender that may send by a local folder. */
export const emisorDatos = (nombre: string, more: Partial<EmisorDatos> = {}): EmisorDatos =>
  emisorDatosSchema.parse({ nombre, ...more })
export const permisoDatos = (
  more: z.input<typeof permisoDatosSchema> = { metodos: ['local'] },
): PermisoDatos => permisoDatosSchema.parse(more)
