import { join } from 'node:path'
import { ensureBuilt } from './lib/builds.mjs'
import { node24, ROOT } from './lib/paths.mjs'
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
      env: { ...process.env, SAGE_ROOT: ROOT },
    },
  )
})
