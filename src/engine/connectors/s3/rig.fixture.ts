import { CreateBucketCommand, ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3'
import { cephMissing, sharedCeph } from '@testkit/ceph'
import { openConnector } from '..'
import type { TransferRig } from '../transfers.fixture'

const Bucket = 'transferencias-s3'

/** Over a real gateway of Ceph; the proxy before it is asked under its name, which signatures cover. */
export const rig: TransferRig = {
  kind: 's3',
  missing: cephMissing,
  http: true,
  async start() {
    const ceph = await sharedCeph()
    const region = 'us-east-1'
    const credentials = { accessKeyId: ceph.accessKey, secretAccessKey: ceph.secretKey }
    const endpoint = `http://${ceph.host}:${ceph.port}`
    const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true })
    await client.send(new CreateBucketCommand({ Bucket }))
    return {
      address: { host: ceph.host, port: ceph.port },
      open: (port, policy) =>
        openConnector({
          kind: 's3',
          config: {
            bucket: Bucket,
            endpoint: `http://127.0.0.1:${port}`,
            pathStyle: true,
            accessKeyId: ceph.accessKey,
          },
          secrets: { secretAccessKey: ceph.secretKey },
          policy,
        }),
      async leftovers() {
        const { Uploads } = await client.send(new ListMultipartUploadsCommand({ Bucket }))
        return (Uploads ?? []).map((upload) => upload.Key ?? '')
      },
      async stop() {
        client.destroy()
      },
    }
  },
}
