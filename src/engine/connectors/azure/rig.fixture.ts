import { BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob'
import { startAzurite } from '@testkit/azurite'
import { openConnector } from '..'
import type { TransferRig } from '../transfers.fixture'

const container = 'transferencias'

export const rig: TransferRig = {
  kind: 'azure',
  missing: null,
  http: true,
  async start() {
    const { host, port, account, key, url, stop } = await startAzurite()
    const outside = new BlobServiceClient(
      url,
      new StorageSharedKeyCredential(account, key),
    ).getContainerClient(container)
    await outside.create()
    return {
      address: { host, port },
      open: (through, policy) =>
        openConnector({
          kind: 'azure',
          config: { account, container, endpoint: `http://127.0.0.1:${through}/${account}` },
          secrets: { accountKey: key },
          policy,
        }),
      // Blocks of no file are not among them: Azure has no request that throws them away.
      async leftovers() {
        const left: string[] = []
        for await (const blob of outside.listBlobsFlat())
          if (!blob.name.startsWith('procesado/')) left.push(blob.name)
        return left
      },
      stop,
    }
  },
}
