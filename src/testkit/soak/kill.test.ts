import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { killRounds } from './kill'

const ROOT = resolve(__dirname, '../../..')
const SAMPLE = join(ROOT, 'resources/samples/distribuidora')

/** `npm run soak -- kill` is the long one: 200, also over a larger package. */
it('ends in the same verdict after six kills at random instants', async () => {
  // Builds the command if it is stale.
  execFileSync(process.execPath, [join(ROOT, 'scripts/sage.mjs'), '--help'], { stdio: 'ignore' })
  const root = mkdtempSync(join(tmpdir(), 'sage-kill-'))
  try {
    const result = await killRounds({
      node: process.execPath,
      cli: join(ROOT, 'out/engine/cli.cjs'),
      file: join(SAMPLE, 'diario.zip'),
      yaml: join(SAMPLE, 'distribuidora.yaml'),
      root,
      kills: 6,
      seed: 20261125,
    })
    expect(result.rounds).toBe(6)
    expect(result.caught).toBeGreaterThan(0)
    expect(readdirSync(root)).toEqual([])
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}, 120_000)
