import { findElectron } from './lib/electron-runtime.mjs'
import { main } from './lib/run.mjs'

// Prints which Electron serves, as one JSON object: {"executable", "source", "env"}.
main(async () => {
  process.stdout.write(`${JSON.stringify(await findElectron())}\n`)
})
