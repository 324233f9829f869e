import { startGcs } from '@testkit/gcs'
import { openConnector } from '..'
import type { TransferRig } from '../transfers.fixture'

/** Over SAGE's own double: it shows that the connector loses nothing against what it takes the service to be. */
export const rig: TransferRig = {
  kind: 'gcs',
  missing: null,
  http: true,
  async start() {
    const gcs = await startGcs()
    const open: Awaited<ReturnType<TransferRig['start']>>['open'] = (port, policy) =>
      openConnector({
        kind: 'gcs',
        config: { endpoint: `http://127.0.0.1:${port}`, bucket: 'transferencias' },
        secrets: { serviceAccount: gcs.serviceAccount },
        policy,
      })
    const connector = await open(gcs.port, {})
    await connector.makeContainer?.()
    await connector.close()
    return {
      address: { host: gcs.host, port: gcs.port },
      open,
      leftovers: async () => Array.from({ length: gcs.openSessions() }, (_, i) => `sesión ${i}`),
      stop: gcs.stop,
    }
  },
}
