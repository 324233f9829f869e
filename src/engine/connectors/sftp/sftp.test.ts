import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startConnectProxy } from '@testkit/connectors/connect-proxy'
import { freePort } from '@testkit/connectors/free-port'
import { type Sshd, sshdMissing, startSshd } from '@testkit/connectors/sshd'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openConnector } from '..'
import { contract } from '../contract/index.fixture'
import type { Connector } from '../types'

let sshd: Sshd
const opened: Connector[] = []

interface Given {
  folder?: string
  port?: number
  hostKey?: string | null
  secrets?: Record<string, string>
  auth?: 'key' | 'password'
}

async function open(given: Given = {}): Promise<Connector> {
  const { folder = sshd.data, port = sshd.port, hostKey = sshd.fingerprint, auth = 'key' } = given
  const connector = await openConnector({
    kind: 'sftp',
    config: {
      host: sshd.host,
      port,
      user: sshd.user,
      auth,
      folder,
      ...(hostKey === null ? {} : { hostKey }),
    },
    secrets: given.secrets ?? { privateKey: sshd.privateKey },
    policy: { retry: { attempts: 2, baseMs: 1, maxMs: 1 } },
  })
  opened.push(connector)
  return connector
}

/** A key that the server does not know. */
const strangerKey = async (): Promise<string> => {
  const other = await startSshd()
  await other.stop()
  return other.privateKey
}

describe.skipIf(sshdMissing)(`sftp${sshdMissing ? `: ${sshdMissing}` : ''}`, () => {
  beforeAll(async () => {
    sshd = await startSshd()
  })
  afterAll(async () => {
    for (const connector of opened) await connector.close()
    await sshd?.stop()
  })

  contract('sftp', () => ({
    open: (base) => open({ folder: join(sshd.data, base) }),
    prepare: async (base) => void sshd.folder(base),
    openRefused: async () => open({ secrets: { privateKey: await strangerKey() } }),
    openNowhere: async () => open({ port: await freePort() }),
    nowhereFailsAt: 'connect',
  }))

  it('shows the key of a server that it does not know, and enters once that key is pinned', async () => {
    const stranger = await open({ hostKey: null })
    const unknown = await stranger.list('').catch((error: unknown) => error)
    expect(unknown).toMatchObject({ code: 'HOST_KEY_UNKNOWN', kind: 'auth', retryable: false })
    expect(unknown).toMatchObject({ details: { hostKey: `ssh-ed25519 ${sshd.fingerprint}` } })
    const steps = await stranger.test()
    expect(steps.find((step) => step.status === 'failed')).toMatchObject({
      step: 'connect',
      code: 'HOST_KEY_UNKNOWN',
      details: { hostKey: `ssh-ed25519 ${sshd.fingerprint}` },
    })
    const known = await open({ hostKey: `ssh-ed25519 ${sshd.fingerprint}` })
    expect((await known.list('')).entries).toBeInstanceOf(Array)
  })

  it('stays out of a server that shows another key than the pinned one', async () => {
    const pinned = `SHA256:${'A'.repeat(43)}`
    const connector = await open({ hostKey: pinned })
    await expect(connector.list('')).rejects.toMatchObject({
      code: 'HOST_KEY_CHANGED',
      details: { expected: pinned, hostKey: `ssh-ed25519 ${sshd.fingerprint}` },
    })
  })

  it('enters with an encrypted key and its phrase, and says when the phrase is not its', async () => {
    const { privateKey, passphrase } = sshd.encryptedKey
    const connector = await open({ secrets: { privateKey, passphrase } })
    expect(await connector.stat('')).toMatchObject({ kind: 'folder' })
    const wrong = await open({ secrets: { privateKey, passphrase: 'otra' } })
    await expect(wrong.stat('')).rejects.toMatchObject({ code: 'SFTP_KEY_INVALID', kind: 'config' })
    const none = await open({ secrets: { privateKey } })
    await expect(none.stat('')).rejects.toMatchObject({ message: expect.stringContaining('falta su frase') })
    const text = await open({ secrets: { privateKey: 'esto no es una clave' } })
    await expect(text.stat('')).rejects.toMatchObject({ code: 'SFTP_KEY_INVALID' })
    const nothing = await open({ secrets: {} })
    await expect(nothing.stat('')).rejects.toMatchObject({ code: 'PROVIDER_SECRET_MISSING' })
  })

  it('enters with a password, and says when it is wrong', async ({ skip }) => {
    if (sshd.password === null) skip('sshd sin root no comprueba contraseñas')
    const connector = await open({ auth: 'password', secrets: { password: sshd.password ?? '' } })
    expect(await connector.stat('')).toMatchObject({ kind: 'folder' })
    const wrong = await open({ auth: 'password', secrets: { password: 'otra' } })
    const refused = await wrong.stat('').catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'REMOTE_LOGIN_REFUSED', kind: 'auth', retryable: false })
    expect(refused).toMatchObject({ hint: expect.stringContaining(sshd.user) })
  })

  it('says which permission is missing, and that a base is not there', async () => {
    const folder = sshd.folder('cerrada')
    writeFileSync(join(folder, 'a.txt'), 'a')
    chmodSync(join(folder, 'a.txt'), 0o600)
    chmodSync(folder, 0o555)
    const connector = await open({ folder })
    // An sshd of one's own runs as whoever made the files; root's runs as another user.
    const source = join(sshd.data, 'fuente.txt')
    writeFileSync(source, 'x')
    await expect(connector.write('b.txt', { file: source })).rejects.toMatchObject({
      code: 'REMOTE_DENIED',
      message: expect.stringContaining('permiso de escritura'),
    })
    await expect(connector.remove('a.txt')).rejects.toMatchObject({
      message: expect.stringContaining('permiso de borrado'),
    })
    const missing = await open({ folder: join(sshd.data, 'no-existe') })
    await expect(missing.write('b.txt', { file: source })).rejects.toMatchObject({
      code: 'REMOTE_NO_CONTAINER',
    })
    const steps = await missing.test()
    expect(steps.map((step) => step.status)).toEqual(['ok', 'ok', 'ok', 'failed', 'skip', 'skip'])
    chmodSync(folder, 0o755)
  })

  it('goes through a proxy, and says when the proxy does not let it', async () => {
    const proxy = await startConnectProxy('ana:s3creta')
    const { host, port, user, fingerprint: hostKey } = sshd
    const through = (url: string) =>
      openConnector({
        kind: 'sftp',
        config: { host, port, user, auth: 'key', hostKey },
        secrets: { privateKey: sshd.privateKey },
        context: { proxy: url },
      })
    const connector = await through(proxy.url)
    expect(await connector.stat('')).toMatchObject({ kind: 'folder' })
    expect(proxy.asked).toEqual([`${host}:${port}`])
    const stranger = await through(proxy.url.replace('s3creta', 'otra'))
    const refused = await stranger.stat('').catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'PROXY_REFUSED', kind: 'auth' })
    expect(JSON.stringify(refused)).not.toContain('otra')
    await connector.close()
    await proxy.stop()
  })

  it('lists 10,000 files in pages, without asking the server for each', async () => {
    const folder = sshd.folder('diez-mil')
    for (let i = 0; i < 10_000; i++) writeFileSync(join(folder, `f${i}.csv`), '')
    const connector = await open({ folder })
    const seen = new Set<string>()
    let cursor: string | null = null
    let pages = 0
    do {
      const page: Awaited<ReturnType<Connector['list']>> = await connector.list('', { cursor })
      for (const entry of page.entries) seen.add(entry.path)
      cursor = page.cursor
      pages++
    } while (cursor !== null)
    expect([seen.size, pages]).toEqual([10_000, 10])
    // Another process goes on with the cursor of this one.
    const other = await open({ folder })
    const first = await connector.list('', { limit: 100 })
    const next = await other.list('', { limit: 100, cursor: first.cursor })
    const both = new Set([...first.entries, ...next.entries].map((entry) => entry.path))
    expect(both.size).toBe(200)
  })
})
