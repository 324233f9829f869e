import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, get, type ServerOptions } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startConnectProxy } from '@testkit/connectors/connect-proxy'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ConnectorContext } from '../types'
import { agentsFor } from './agents'
import { fromWire } from './errors'

let dir: string
let ca: string

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'sage-agents-'))
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: dir, stdio: 'ignore' })
  const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout']
  openssl('req', '-x509', ...key, 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=Pruebas')
  openssl('req', ...key, 'server.key', '-out', 'server.csr', '-subj', '/CN=localhost')
  writeFileSync(join(dir, 'san'), 'subjectAltName=DNS:localhost\n')
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'san']
  openssl('x509', '-req', '-in', 'server.csr', ...signed, '-out', 'server.pem')
  ca = readFileSync(join(dir, 'ca.pem'), 'utf8')
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

/** What a client with these agents gets from a server with a certificate of a private authority: 200, or our error. */
async function asked(
  context: ConnectorContext,
  host = 'localhost',
  server: ServerOptions = {},
): Promise<unknown> {
  const read = (name: string) => readFileSync(join(dir, name))
  const listening = createServer(
    { key: read('server.key'), cert: read('server.pem'), ...server },
    (_, response) => response.end('hola'),
  ).listen(0, '127.0.0.1')
  await once(listening, 'listening')
  const address = listening.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const agents = agentsFor(context)
  try {
    return await new Promise((resolve) => {
      get({ host, port, family: 4, agent: agents.https }, (response) => {
        response.resume()
        resolve(response.statusCode)
      }).on('error', (error) => resolve(fromWire(error, 'el servidor de prueba')))
    })
  } finally {
    agents.destroy()
    listening.closeAllConnections()
    listening.close()
  }
}

describe('the agents of an HTTP client', () => {
  it('trust a private authority only once it was given', async () => {
    expect(await asked({})).toMatchObject({ code: 'REMOTE_TLS', kind: 'config', retryable: false })
    expect(await asked({ ca })).toBe(200)
  })

  it('do not take a certificate of another name', async () => {
    expect(await asked({ ca }, '127.0.0.1')).toMatchObject({ code: 'REMOTE_TLS' })
  })

  it('speak TLS 1.2 or later, or 1.3 where that is asked for', async () => {
    const old: ServerOptions = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }
    const refused = await asked({ ca }, 'localhost', old)
    expect(refused).toMatchObject({ code: 'REMOTE_TLS', hint: expect.stringContaining('TLS 1.2') })
    const only12: ServerOptions = { maxVersion: 'TLSv1.2' }
    expect(await asked({ ca }, 'localhost', only12)).toBe(200)
    expect(await asked({ ca, minTls: 'TLSv1.3' }, 'localhost', only12)).toMatchObject({ code: 'REMOTE_TLS' })
  })

  it('go through the proxy that was set', async () => {
    const proxy = await startConnectProxy('ana:s3creta')
    expect(await asked({ ca, proxy: proxy.url })).toBe(200)
    expect(proxy.asked).toEqual([expect.stringMatching(/^localhost:\d+$/)])
    await proxy.stop()
  })
})
