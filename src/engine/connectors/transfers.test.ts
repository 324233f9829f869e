import { describe, expect, it } from 'vitest'
import { manyTransfers, transferRigs } from './transfers.fixture'

/** `npm run soak -- transfers` is the long one: 500 of each kind. */
describe.each(transferRigs())('$kind through a wire that fails', (rig) => {
  it.skipIf(rig.missing)(
    `loses and doubles nothing in 40 transfers${rig.missing ? `: ${rig.missing}` : ''}`,
    async () => {
      const result = await manyTransfers(rig, { count: 40, seed: 20261127 })
      expect(result.wrong).toEqual([])
      expect(result.faults.cuts).toBeGreaterThan(5)
      if (rig.http) expect(result.faults.refused).toBeGreaterThan(0)
    },
  )
})
