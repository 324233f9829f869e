import { ensureBuilt } from './lib/builds.mjs'
import { main } from './lib/run.mjs'

// Usage: node scripts/build.mjs [engine] [app]. Builds only what is stale.
main(async () => {
  const names = process.argv.slice(2)
  await ensureBuilt(names.length > 0 ? names : ['engine', 'app'])
})
