import { type Ceph, haveCeph, sharedCeph } from '@testkit/ceph'
import { beforeAll, describe } from 'vitest'
import { openConnector } from '..'
import { contract } from '../contract/index.fixture'
import { objectStore } from '../contract/objects.fixture'
import type { ConnectorContext } from '../types'

describe.skipIf(!haveCeph())('minio on Ceph', () => {
  let ceph: Ceph
  const open = (
    config: Record<string, unknown> = {},
    secretKey = ceph.secretKey,
    attempts = 5,
    context?: ConnectorContext,
  ) =>
    openConnector({
      context,
      kind: 'minio',
      config: {
        host: ceph.host,
        port: ceph.port,
        tls: false,
        bucket: 'contrato-minio',
        accessKey: ceph.accessKey,
        ...config,
      },
      secrets: { secretKey },
      policy: { concurrency: 16, retry: { attempts, baseMs: 50, maxMs: 500 } },
    })

  beforeAll(async () => {
    ceph = await sharedCeph()
    const connector = await open()
    await connector.makeContainer?.()
    await connector.close()
  }, 120_000)

  contract('minio', () => ({
    open: (prefix) => open({ prefix }),
    openRefused: () => open({}, 'otra'),
    openNowhere: () => open({ port: 1 }, undefined, 1),
    nowhereFailsAt: 'connect',
    many: 250,
    pageOf: 100,
  }))

  objectStore('minio', {
    target: () => ceph,
    open: ({ container = 'contrato-minio', prefix, at = ceph, context, attempts }) => {
      const { host, port } = at
      const tls = 'tls' in at && at.tls === true
      return open({ bucket: container, prefix, host, port, tls }, undefined, attempts, context)
    },
  })
})
