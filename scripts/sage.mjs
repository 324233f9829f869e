import { join } from 'node:path'
import { ensureBuilt } from './lib/builds.mjs'
import { LOCAL_CACHE, node24, ROOT } from './lib/paths.mjs'
import { main, runThrough } from './lib/run.mjs'

// The terminal command: `npm run sage -- process FILE --yaml YAML`. npm runs scripts in the package's folder; relative paths of
// the person mean the folder where they typed.
main(async () => {
  await ensureBuilt(['engine'])
  return runThrough(
    node24(),
    ['--no-warnings', join(ROOT, 'out', 'engine', 'cli.cjs'), ...process.argv.slice(2)],
    {
      cwd: process.env.INIT_CWD ?? process.cwd(),
      // Compiled code is kept: half of the start-up of a small run is reading our own bundle.
      env: { NODE_COMPILE_CACHE: join(LOCAL_CACHE, 'node'), ...process.env, SAGE_ROOT: ROOT },
    },
  )
})
