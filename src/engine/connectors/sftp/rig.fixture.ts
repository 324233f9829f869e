import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { sshdMissing, startSshd } from '@testkit/connectors/sshd'
import { openConnector } from '..'
import { isTemp } from '../shared/paths'
import type { TransferRig } from '../transfers.fixture'

export const rig: TransferRig = {
  kind: 'sftp',
  missing: sshdMissing,
  http: false,
  async start() {
    const sshd = await startSshd()
    const folder = sshd.folder('base')
    for (const name of ['entrada', 'procesado']) sshd.folder(join('base', name))
    const { host, user, fingerprint: hostKey, privateKey } = sshd
    return {
      address: { host, port: sshd.port },
      open: (port, policy) =>
        openConnector({
          kind: 'sftp',
          config: { host: '127.0.0.1', port, user, auth: 'key', folder, hostKey },
          secrets: { privateKey },
          policy,
        }),
      leftovers: async () =>
        readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
          isTemp(path.split('/').at(-1) ?? ''),
        ),
      stop: sshd.stop,
    }
  },
}
