import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const PROGRAM = resolve(__dirname, '../../../node_modules/azurite/dist/src/blob/main.js')

export interface Azurite {
  host: string
  port: number
  account: string
  key: string
  /** Of the account, as Azure's tools write it. */
  url: string
  connectionString: string
  stop(): Promise<void>
}

export interface AzuriteOptions {
  /** Files of a certificate: it then speaks HTTPS, and takes tokens of Entra ID without asking who signed them. */
  tls?: { cert: string; key: string }
}

/** The emulator of Azure Storage on a free port of this machine, its blobs in memory, with a key of its own. */
export async function startAzurite({ tls }: AzuriteOptions = {}): Promise<Azurite> {
  const dir = await mkdtemp(join(tmpdir(), 'sage-azurite-'))
  const account = 'pruebas'
  const key = Buffer.from('una clave de pruebas de SAGE, de nadie').toString('base64')
  const secure = tls === undefined ? [] : ['--cert', tls.cert, '--key', tls.key, '--oauth', 'basic']
  const child = spawn(
    process.execPath,
    [
      ...[PROGRAM, '--inMemoryPersistence', '--disableTelemetry'],
      // It knows no version of the protocol as new as the SDK's.
      '--skipApiVersionCheck',
      ...['--blobHost', '127.0.0.1', '--blobPort', '0', ...secure],
    ],
    {
      env: { ...process.env, AZURITE_ACCOUNTS: `${account}:${key}` },
      cwd: dir,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  // Whoever fails before it can stop it leaves nothing running.
  const onExit = () => child.kill('SIGKILL')
  process.once('exit', onExit)
  const stop = async () => {
    process.off('exit', onExit)
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    await rm(dir, { recursive: true, force: true })
  }
  let said = ''
  const port = await new Promise<number>((done, fail) => {
    const onText = (text: string) => {
      said += text
      const found = /listens on https?:\/\/[^:]+:(\d+)/.exec(said)
      if (found) done(Number(found[1]))
    }
    child.stdout.setEncoding('utf8').on('data', onText)
    child.stderr.setEncoding('utf8').on('data', onText)
    child.once('error', fail)
    child.once('exit', (code) => fail(new Error(`azurite exited with ${code}: ${said}`)))
  }).catch(async (error: unknown) => {
    await stop()
    throw error
  })
  const host = tls === undefined ? '127.0.0.1' : 'localhost'
  const url = `${tls === undefined ? 'http' : 'https'}://${host}:${port}/${account}`
  const connectionString = `DefaultEndpointsProtocol=${tls === undefined ? 'http' : 'https'};AccountName=${account};AccountKey=${key};BlobEndpoint=${url};`
  return { host, port, account, key, url, connectionString, stop }
}
