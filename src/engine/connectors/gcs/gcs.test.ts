import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { type Gcs, startGcs } from '@testkit/gcs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openConnector } from '..'
import { contract } from '../contract/index.fixture'
import { objectStore } from '../contract/objects.fixture'
import { failure } from '../contract/support.fixture'
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

  it('goes on from the byte that arrived when a large upload is cut', async () => {
    const connector = await open({ prefix: 'reanuda' })
    const content = randomBytes(20 * 1024 * 1024)
    gcs.cutNextUpload(3 * 1024 * 1024)
    const source = { stream: Readable.from([content], { objectMode: false }), bytes: content.length }
    // A stream is sent once: only the upload itself can go on.
    await connector.write('a.bin', source)
    expect(gcs.cuts()).toBe(1)
    expect((await buffer((await connector.read('a.bin')).stream)).equals(content)).toBe(true)
    await connector.close()
  })

  it('does not quote a key that it can not read', async () => {
    const error = await failure(open({}, '{"private_key": "secreto-plantado"'))
    expect(error.code).toBe('PROVIDER_CONFIG_INVALID')
    expect(`${error.message} ${error.stack} ${JSON.stringify(error)} ${error.cause}`).not.toContain(
      'plantado',
    )
  })

  it('leaves no half upload on the server', () => {
    expect(gcs.openSessions()).toBe(0)
  })
})
