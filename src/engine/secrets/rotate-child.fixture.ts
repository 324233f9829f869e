import { resolve } from 'node:path'
import { createLog } from '@engine/logging'
import { openStore, type Store } from '@engine/store'
import { type Keychain, loadKeychains } from './keychain'
import { Secretos } from './secretos'

// A process of its own that dies at step N of a change of keys: `node child.cjs DATA MIGRATIONS LUGAR rotate|vault N`.
const [dataDir = '', migrations = '', lugar = '', change = '', dieAt = ''] = process.argv.slice(2)

let step = 0
const passed = (): void => {
  step++
  if (step === Number(dieAt)) process.kill(process.pid, 'SIGKILL')
}
/** Counts before and after: it may die with the work undone, or done and untold. */
async function counted<T>(work: () => Promise<T>): Promise<T> {
  passed()
  const result = await work()
  passed()
  return result
}

const countedKeychain = (keychain: Keychain): Keychain => ({
  lugar: keychain.lugar,
  get: keychain.get,
  put: (account, value) => counted(() => keychain.put(account, value)),
  remove: (account) => counted(() => keychain.remove(account)),
})

async function main(): Promise<void> {
  const real = openStore(resolve(dataDir), resolve(migrations))
  const store: Store = { ...real, write: (work) => counted(() => real.write(work)) }
  const log = createLog({ dir: resolve(dataDir, 'logs') })
  const secretos = new Secretos({
    ...{ store, log, emit: () => undefined, env: {} },
    loadKeychains: () =>
      loadKeychains()
        .filter((one) => one.lugar === lugar)
        .map(countedKeychain),
  })
  if (change === 'rotate') await secretos.rotateDataKey()
  else await secretos.createVault('cuatro caballos azules')
  await real.close()
  log.close()
}

void main()
