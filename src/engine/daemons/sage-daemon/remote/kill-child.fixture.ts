import { resolve } from 'node:path'
import { type Connector, openConnector } from '@engine/connectors'
import { openEngine, openEngineLog } from '@engine/host/engine'

// An engine in a process of its own that dies at cut N of what it does at a provider: `node child.cjs DATA MIGRATIONS FOLDER MOVES N`. N 0
// never dies: the cuts that there were are printed, one a line. MOVES `dos` makes a move a copy and a removal, as object stores do.
const [dataDir = '', migrationsDir = '', folder = '', moves = '', dieAt = ''] = process.argv.slice(2)

let cut = 0
const passed = (what: string): void => {
  cut++
  if (Number(dieAt) === 0) process.stdout.write(`${what}\n`)
  if (cut === Number(dieAt)) process.kill(process.pid, 'SIGKILL')
}

/** It may die with the work undone, or done and untold. */
async function counted<T>(what: string, work: () => Promise<T>): Promise<T> {
  passed(`antes de ${what}`)
  const result = await work()
  passed(`después de ${what}`)
  return result
}

function mortal(inner: Connector): Connector {
  const capabilities = { ...inner.capabilities, atomicMove: moves !== 'dos' }
  return {
    ...{ kind: inner.kind, place: inner.place, limits: inner.limits, capabilities },
    list: (...args) => inner.list(...args),
    stat: (...args) => inner.stat(...args),
    read: (...args) => counted('leer', () => inner.read(...args)),
    write: (...args) => counted('escribir', () => inner.write(...args)),
    copy: (...args) => inner.copy(...args),
    remove: (...args) => counted('quitar', () => inner.remove(...args)),
    async move(from, to, options) {
      if (moves !== 'dos') return counted('mover', () => inner.move(from, to, options))
      await counted('copiar', () => inner.copy(from, to, options))
      await counted('quitar el original', () => inner.remove(from))
    },
    test: (...args) => inner.test(...args),
    close: () => inner.close(),
  }
}

async function main(): Promise<void> {
  const log = openEngineLog(resolve(dataDir))
  const engine = await openEngine(
    {
      dataDir: resolve(dataDir),
      migrationsDir: resolve(migrationsDir),
      ...{ resourcesDir: resolve(dataDir, 'nothing'), host: 'cli', version: 'test' },
      emit: () => undefined,
      openProveedor: async () => mortal(await openConnector({ kind: 'local', config: { folder } })),
    },
    log,
  )
  await engine.watching
  await engine.idle()
  await engine.close()
  log.close()
}

void main()
