import { cephMissing, sharedCeph } from '@testkit/ceph'
import { Client } from 'minio'
import { openConnector } from '..'
import type { TransferRig } from '../transfers.fixture'

const bucket = 'transferencias-minio'

/** Over a real gateway of Ceph. */
export const rig: TransferRig = {
  kind: 'minio',
  missing: cephMissing,
  http: true,
  async start() {
    const { host, port, accessKey, secretKey } = await sharedCeph()
    const client = new Client({ endPoint: host, port, useSSL: false, accessKey, secretKey })
    await client.makeBucket(bucket, 'us-east-1')
    return {
      address: { host, port },
      open: (through, policy) =>
        openConnector({
          kind: 'minio',
          config: { host: '127.0.0.1', port: through, tls: false, bucket, accessKey },
          secrets: { secretKey },
          policy,
        }),
      async leftovers() {
        const { uploads } = await client.listIncompleteUploadsQuery(bucket, '', '', '', '')
        return uploads.map((upload) => upload.key)
      },
      async stop() {},
    }
  },
}
