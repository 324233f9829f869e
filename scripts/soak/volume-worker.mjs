import { createRequire } from 'node:module'
import { join } from 'node:path'

// One destination in a process of its own, so that its memory is its own: volume-worker.mjs KIND ROWS. One line of JSON.
const [kind, rows] = process.argv.slice(2)
const { volumeOf } = createRequire(import.meta.url)(join(process.env.SAGE_SOAK_OUT, 'volume.cjs'))
const result = await volumeOf(kind, Number(rows))
process.stdout.write(`${JSON.stringify(result)}\n`)
