import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { type Connector, type OpenRequest, openConnector } from '@engine/connectors'
import { startAzurite } from '@testkit/azurite'
import { sharedCeph } from '@testkit/ceph'
import { type Sshd, startSshd } from '@testkit/connectors/sshd'
import { startGcs } from '@testkit/gcs'

/** A provider on a real server, and what stands in it. */
export interface Place {
  /** The provider, rooted at a folder of its own for each `base`. `port`: of a proxy before the server. */
  open(base: string, port?: number): Promise<Connector>
  address: { host: string; port: number } | null
  /** The folder of a base, where it is one of this machine. */
  folder(base: string): string
  stop(): Promise<void>
}

/** Few and quick tries: what is tested is what happens when they are spent. */
const policy = { retry: { attempts: 2, baseMs: 1, maxMs: 2 } }

export async function localPlace(): Promise<Place> {
  const dir = mkdtempSync(join(tmpdir(), 'sage-lugar-'))
  return {
    address: null,
    folder: (base) => join(dir, base),
    open: (base) => {
      const folder = join(dir, base)
      mkdirSync(folder, { recursive: true })
      return openConnector({ kind: 'local', config: { folder }, policy })
    },
    stop: async () => rmSync(dir, { recursive: true, force: true }),
  }
}

export async function sftpPlace(): Promise<Place> {
  const sshd: Sshd = await startSshd()
  return {
    address: { host: sshd.host, port: sshd.port },
    folder: (base) => sshd.folder(base),
    open: (base, port = sshd.port) => {
      const { host, user, fingerprint: hostKey } = sshd
      const config = { host, port, user, auth: 'key', folder: sshd.folder(base), hostKey }
      return openConnector({ kind: 'sftp', config, secrets: { privateKey: sshd.privateKey }, policy })
    },
    stop: () => sshd.stop(),
  }
}

/** A store of objects: each base is a prefix of one bucket. */
async function objectPlace(
  request: Pick<OpenRequest, 'kind' | 'secrets'> & { config: Record<string, unknown> },
  stop: () => Promise<void> = async () => undefined,
): Promise<Place> {
  const open = (prefix: string) =>
    openConnector({ ...request, config: { ...request.config, prefix }, policy: { retry: OBJECT_RETRY } })
  const root = await open('')
  await root.makeContainer?.()
  await root.close()
  return { address: null, folder: () => '', open, stop }
}

/** Ceph is shared by the test files of a run. */
const aName = () => `casillas-${randomUUID().slice(0, 8)}`
/** Ceph makes a pool with the first objects and lets them wait. */
const OBJECT_RETRY = { attempts: 5, baseMs: 50, maxMs: 500 }

export async function s3Place(): Promise<Place> {
  const { host, port, accessKey: accessKeyId, secretKey: secretAccessKey } = await sharedCeph()
  const endpoint = `http://${host}:${port}`
  const config = { endpoint, pathStyle: true, accessKeyId, bucket: aName() }
  return objectPlace({ kind: 's3', config, secrets: { secretAccessKey } })
}

export async function minioPlace(): Promise<Place> {
  const { host, port, accessKey, secretKey } = await sharedCeph()
  const config = { host, port, tls: false, accessKey, bucket: aName() }
  return objectPlace({ kind: 'minio', config, secrets: { secretKey } })
}

export async function azurePlace(): Promise<Place> {
  const azurite = await startAzurite()
  const config = { account: azurite.account, endpoint: azurite.url, container: 'casillas' }
  return objectPlace({ kind: 'azure', config, secrets: { accountKey: azurite.key } }, () => azurite.stop())
}

export async function gcsPlace(): Promise<Place> {
  const gcs = await startGcs()
  const config = { endpoint: gcs.url, bucket: 'casillas' }
  return objectPlace({ kind: 'gcs', config, secrets: { serviceAccount: gcs.serviceAccount } }, () =>
    gcs.stop(),
  )
}

export async function putObject(connector: Connector, path: string, body: string): Promise<void> {
  const bytes = Buffer.from(body)
  const source = { stream: Readable.from([bytes], { objectMode: false }), bytes: bytes.length }
  await connector.write(path, source)
}

export const getObject = async (connector: Connector, path: string): Promise<string> =>
  text((await connector.read(path)).stream)

/** Every file below a folder. */
export async function filesOf(connector: Connector, folder = ''): Promise<string[]> {
  const found: string[] = []
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<Connector['list']>> = await connector.list(folder, { cursor })
    for (const { kind, path } of page.entries)
      if (kind === 'file') found.push(path)
      else found.push(...(await filesOf(connector, path)))
    cursor = page.cursor
  } while (cursor !== null)
  return found.sort()
}

/** A connector that counts what is asked of it. */
export function counting(connector: Connector): { connector: Connector; asked: Record<string, number> } {
  const asked: Record<string, number> = {}
  return {
    asked,
    connector: new Proxy(connector, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        return (...args: unknown[]) => {
          asked[String(name)] = (asked[String(name)] ?? 0) + 1
          return value.apply(target, args)
        }
      },
    }),
  }
}
