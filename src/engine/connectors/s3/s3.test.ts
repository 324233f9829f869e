import { CreateBucketCommand, ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3'
import { type Ceph, haveCeph, sharedCeph } from '@testkit/ceph'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openConnector } from '..'
import { contract } from '../contract/index.fixture'
import { objectStore } from '../contract/objects.fixture'
import type { ConnectorContext } from '../types'

const BUCKET = 'contrato-s3'

describe.skipIf(!haveCeph())('s3 on Ceph', () => {
  let ceph: Ceph
  let client: S3Client
  const endpoint = () => `http://${ceph.host}:${ceph.port}`
  const open = (
    config: Record<string, unknown> = {},
    secretAccessKey = ceph.secretKey,
    attempts = 5,
    context?: ConnectorContext,
  ) =>
    openConnector({
      context,
      kind: 's3',
      config: {
        bucket: BUCKET,
        endpoint: endpoint(),
        pathStyle: true,
        accessKeyId: ceph.accessKey,
        ...config,
      },
      secrets: { secretAccessKey },
      policy: { concurrency: 16, retry: { attempts, baseMs: 50, maxMs: 500 } },
    })

  beforeAll(async () => {
    ceph = await sharedCeph()
    const credentials = { accessKeyId: ceph.accessKey, secretAccessKey: ceph.secretKey }
    client = new S3Client({ endpoint: endpoint(), forcePathStyle: true, region: 'us-east-1', credentials })
    await client.send(new CreateBucketCommand({ Bucket: BUCKET }))
  }, 120_000)
  afterAll(() => client?.destroy())

  contract('s3', () => ({
    open: (prefix) => open({ prefix }),
    openRefused: () => open({}, 'otra'),
    openNowhere: () => open({ endpoint: 'http://127.0.0.1:1' }, undefined, 1),
    nowhereFailsAt: 'connect',
    many: 250,
    pageOf: 100,
  }))

  objectStore('s3', {
    target: () => ceph,
    open: ({ container = BUCKET, prefix, at = ceph, context, attempts }) => {
      const address = `${'tls' in at && at.tls ? 'https' : 'http'}://${at.host}:${at.port}`
      return open({ bucket: container, prefix, endpoint: address }, undefined, attempts, context)
    },
  })

  it('leaves no half upload on the server', async () => {
    const left = await client.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }))
    expect(left.Uploads ?? []).toEqual([])
  })
})
