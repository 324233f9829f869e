import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { crashRounds } from './daemon'

const ROOT = resolve(__dirname, '../../..')

/** `npm run soak -- daemon` is the long one: 200 kills, 300 files, 5 casillas. */
it('gives every file one outcome though the engine is killed ten times while they arrive', async () => {
  // Builds the engine if it is stale.
  execFileSync(process.execPath, [join(ROOT, 'scripts/sage.mjs'), '--help'], { stdio: 'ignore' })
  const work = mkdtempSync(join(tmpdir(), 'sage-crash-'))
  try {
    const result = await crashRounds({
      node: process.execPath,
      host: join(ROOT, 'out/engine/host.cjs'),
      root: ROOT,
      work,
      ...{ kills: 10, files: 40, casillas: 3, seed: 5, lifeMs: 1_200 },
    })
    expect(result.files).toBe(40)
    expect(result.outcomes.aceptado).toBeGreaterThan(20)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}, 180_000)
