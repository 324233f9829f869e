import { it } from 'vitest'
import type { Suite } from './index.fixture'
import { volumeLoads } from './volume-load.fixture'
import { sqlVolume } from './volume-sql.fixture'

/** A million in `npm run soak -- volumen`; here as many as show a mistake that a few rows hide. */
const ROWS = Number(process.env.SAGE_CONTRACT_ROWS ?? 50_000)

/** Many rows, new and old, arrive once each. */
export function volume(suite: Suite): void {
  it(`${ROWS} rows over ${ROWS}, half of them new`, () => volumeLoads(sqlVolume(suite.bench()), ROWS))
}
