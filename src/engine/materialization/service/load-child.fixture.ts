import { resolve } from 'node:path'
import { openEngine, openEngineLog } from '@engine/host/engine'
import { connectedPlugs } from '../connected'

// An engine in a process of its own that dies at cut N of the loads it does: `node child.cjs DATA MIGRATIONS N`. N 0 never dies: the cuts
// that there were are printed, one a line.
const [dataDir = '', migrationsDir = '', dieAt = ''] = process.argv.slice(2)

let cut = 0
const passed = (what: string): void => {
  cut++
  if (Number(dieAt) === 0) process.stdout.write(`${what}\n`)
  if (cut === Number(dieAt)) process.kill(process.pid, 'SIGKILL')
}

async function main(): Promise<void> {
  const log = openEngineLog(resolve(dataDir))
  const engine = await openEngine(
    {
      dataDir: resolve(dataDir),
      migrationsDir: resolve(migrationsDir),
      ...{ resourcesDir: resolve(dataDir, 'nothing'), host: 'cli', version: 'test' },
      emit: (topic, payload) => {
        // Each write of the store that a load has behind it.
        if (topic === 'cargas.changed' && 'estado' in payload) passed(`anotada: ${payload.estado}`)
      },
      plugs: (deps) => {
        const plugs = connectedPlugs({ ...deps, onStep: passed })
        return {
          ...plugs,
          async load(job, hooks) {
            const outcome = await plugs.load(job, hooks)
            passed('escrita, sin anotar')
            return outcome
          },
        }
      },
    },
    log,
  )
  await engine.watching
  await engine.idle()
  await engine.close()
  log.close()
}

void main()
