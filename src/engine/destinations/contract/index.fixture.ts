import { afterAll, afterEach, beforeAll, describe } from 'vitest'
import { faults } from './faults.fixture'
import { refusals } from './refusals.fixture'
import { rehearsals } from './rehearsal.fixture'
import { strategies } from './strategies.fixture'
import { ContractBench, type ContractTarget } from './support.fixture'
import { tables } from './tables.fixture'
import { values } from './values.fixture'
import { volume } from './volume.fixture'

export type { ContractTarget } from './support.fixture'

export interface Suite {
  target(): ContractTarget
  bench(): ContractBench
}

const TABLES = ['ventas', 'ventas__cargas', 'clientes', 'canales', '_sage_cargas']

/**
 * What every SQL destination does, whatever stands behind it. Called from a test file of the destination, with its real server; `target` is
 * called once the file's own `beforeAll` is done. The tables `ventas`, `ventas__cargas`, `clientes`, `canales` and the ledger are the suite's own.
 */
export function contract(name: string, target: () => ContractTarget): void {
  describe(`contract: ${name}`, () => {
    let bench: ContractBench
    beforeAll(async () => {
      bench = await ContractBench.open(target())
    })
    afterEach(() => bench.drop(...TABLES))
    afterAll(() => bench?.close())
    const suite: Suite = { target, bench: () => bench }
    for (const part of [strategies, values, tables, faults, refusals, rehearsals, volume]) part(suite)
  })
}
