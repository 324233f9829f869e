import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answer } from './answer'
import { Objects } from './objects'

export interface Gcs {
  host: string
  port: number
  url: string
  /** What Google gives when a key of a service account is made. */
  serviceAccount: string
  /** As the other one, with a key that this account does not have. */
  strangerAccount: string
  /** Uploads that were begun and neither finished nor given up. */
  openSessions(): number
  /** Cuts the next part of a session after so many bytes, of which it keeps the whole 256 KiB. */
  cutNextUpload(afterBytes: number): void
  /** How often it did. */
  cuts(): number
  stop(): Promise<void>
}

const account = (privateKey: KeyObject): string =>
  JSON.stringify({
    type: 'service_account',
    project_id: 'pruebas',
    private_key_id: '1',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    client_email: 'sage@pruebas.iam.gserviceaccount.com',
  })

/**
 * SAGE's own double of Google Cloud Storage: the part of its JSON API that the connector uses, in memory. It checks who signed a request or a link,
 * the conditions and the hashes. It is as right as its author's reading of Google's documentation: a test against it shows that the connector keeps
 * to that reading, not that Google does.
 */
export async function startGcs(): Promise<Gcs> {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const objects = new Objects()
  let cutAfter: number | null = null
  let cuts = 0
  const server = createServer((request, response) => {
    if (cutAfter !== null && request.url?.startsWith('/upload/') && request.method === 'PUT') {
      let left = cutAfter
      cutAfter = null
      const kept: Buffer[] = []
      request.on('data', (chunk: Buffer) => {
        kept.push(chunk)
        left -= chunk.length
        if (left > 0) return
        cuts++
        objects.keepOfCut(request, Buffer.concat(kept))
        request.destroy()
      })
      return
    }
    answer(objects, keys.publicKey, request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    host: '127.0.0.1',
    port,
    url: `http://127.0.0.1:${port}`,
    serviceAccount: account(keys.privateKey),
    strangerAccount: account(stranger.privateKey),
    openSessions: () => objects.sessions.size,
    cuts: () => cuts,
    cutNextUpload(afterBytes) {
      cutAfter = afterBytes
    },
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
