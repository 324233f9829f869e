import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import type { Connector } from '../types'
import { listing, names } from './names.fixture'
import { placing, testing } from './placing.fixture'
import { reading } from './reading.fixture'
import type { ContractServer, Suite } from './support.fixture'
import { cancelling, writing } from './writing.fixture'

export type { ContractServer } from './support.fixture'

/**
 * What every connector does, whatever stands behind it. Called from a test file of the connector, with its server; `server` is called once the
 * file's own `beforeAll` is done:
 *
 *   beforeAll(async () => { ceph = await startCeph() })
 *   contract('s3', () => ({ open: (base) => openConnector({ kind: 's3', ... }), ... }))
 */
export function contract(name: string, server: () => ContractServer): void {
  describe(`contract: ${name}`, () => {
    const base = `contrato-${randomUUID().slice(0, 8)}`
    let connector: Connector
    let dir: string
    beforeAll(async () => {
      dir = mkdtempSync(join(tmpdir(), 'sage-contract-'))
      await server().prepare?.(base)
      connector = await server().open(base)
    })
    afterAll(async () => {
      await connector?.close()
      rmSync(dir, { recursive: true, force: true })
    })
    const suite: Suite = {
      connector: () => connector,
      again: () => server().open(base),
      server,
      dir: () => dir,
    }
    for (const part of [names, listing, reading, writing, cancelling, placing, testing]) part(suite)
  })
}
