import { type Gcs, startGcs } from '@testkit/gcs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openConnector } from '..'
import { contract } from '../contract/index.fixture'
import { objectStore } from '../contract/objects.fixture'
import type { ConnectorContext } from '../types'

describe('gcs on the double', () => {
  let gcs: Gcs
  const open = (
    config: Record<string, unknown> = {},
    serviceAccount = gcs.serviceAccount,
    attempts = 5,
    context?: ConnectorContext,
  ) =>
    openConnector({
      context,
      kind: 'gcs',
      config: { endpoint: gcs.url, bucket: 'contrato', ...config },
      secrets: { serviceAccount },
      policy: { concurrency: 16, retry: { attempts, baseMs: 50, maxMs: 500 } },
    })

  beforeAll(async () => {
    gcs = await startGcs()
    const connector = await open()
    await connector.makeContainer?.()
    await connector.close()
  })
  afterAll(() => gcs?.stop())

  contract('gcs', () => ({
    open: (prefix) => open({ prefix }),
    openRefused: () => open({}, gcs.strangerAccount),
    openNowhere: () => open({ endpoint: 'http://127.0.0.1:1' }, undefined, 1),
    nowhereFailsAt: 'connect',
  }))

  objectStore('gcs', {
    target: () => gcs,
    open: ({ container = 'contrato', prefix, at = gcs, context, attempts }) => {
      const endpoint = `${'tls' in at && at.tls ? 'https' : 'http'}://${at.host}:${at.port}`
      return open({ bucket: container, prefix, endpoint }, undefined, attempts, context)
    },
  })

  it('leaves no half upload on the server', () => {
    expect(gcs.openSessions()).toBe(0)
  })
})
