import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

// `fuzz-worker.mjs FROM TO STEP SEED ROOT`: one line of JSON before and after each run, so that whoever watches knows which one hangs.
const require = createRequire(import.meta.url)
const { fuzzOne } = require(join(process.env.SAGE_SOAK_OUT, 'fuzz.cjs'))
const { runExecution } = require(join(process.env.SAGE_SOAK_OUT, 'execution.cjs'))
const [from, to, step, seed] = process.argv.slice(2, 6).map(Number)
const root = process.argv[6]
// Anything the engine or its libraries leave in the system's temporary folder shows here.
const temp = join(root, 'tmp')
mkdirSync(temp, { recursive: true })
process.env.TMPDIR = temp

const tell = (what) => process.stdout.write(`${JSON.stringify(what)}\n`)
const openFiles = () => {
  try {
    return readdirSync('/proc/self/fd').length
  } catch {
    return 0
  }
}

let steady = 0
for (let run = from; run < to; run += step) {
  tell({ start: run })
  try {
    const told = await fuzzOne(run, root, runExecution, seed)
    const left = readdirSync(temp)
    if (left.length > 0) throw new Error(`fuzz run ${run}: left in the temporary folder: ${left.join(', ')}`)
    tell({ run, told, rssMb: Math.round(process.memoryUsage().rss / 1e6), open: openFiles() })
  } catch (error) {
    tell({ run, failed: error instanceof Error ? error.message : String(error) })
    rmSync(join(root, `r${run}`), { recursive: true, force: true })
    for (const name of readdirSync(temp)) rmSync(join(temp, name), { recursive: true, force: true })
  }
  // Descriptors of a warm process: more and more of them would be a leak even outside of the folder of the run.
  const open = openFiles()
  if (run < from + 20 * step) steady = Math.max(steady, open)
  else if (open > steady + 10) {
    tell({ run, failed: `${open} open descriptors, ${steady} after the first runs` })
    steady = open
  }
}
tell({ end: true })
