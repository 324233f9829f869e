import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  BlobServiceClient,
  ContainerSASPermissions,
  generateBlobSASQueryParameters,
  StorageSharedKeyCredential,
} from '@azure/storage-blob'
import { type Azurite, startAzurite } from '@testkit/azurite'
import { startIdentity } from '@testkit/azurite/identity'
import { makeCertificates } from '@testkit/wire'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openConnector } from '..'
import { contract } from '../contract/index.fixture'
import { objectStore } from '../contract/objects.fixture'
import { bytesOf, contentOf, failure } from '../contract/support.fixture'
import type { ConnectorContext } from '../types'

describe('azure on Azurite', () => {
  let azurite: Azurite
  const open = (
    config: Record<string, unknown> = {},
    accountKey = azurite.key,
    attempts = 5,
    context?: ConnectorContext,
  ) =>
    openConnector({
      context,
      kind: 'azure',
      config: { account: azurite.account, endpoint: azurite.url, container: 'contrato', ...config },
      secrets: { accountKey },
      policy: { concurrency: 16, retry: { attempts, baseMs: 50, maxMs: 500 } },
    })

  beforeAll(async () => {
    azurite = await startAzurite()
    const connector = await open()
    await connector.makeContainer?.()
    await connector.close()
  })
  afterAll(() => azurite?.stop())

  contract('azure', () => ({
    open: (prefix) => open({ prefix }),
    openRefused: () => open({}, Buffer.from('otra').toString('base64')),
    openNowhere: () => open({ endpoint: 'http://127.0.0.1:1/pruebas' }, undefined, 1),
    nowhereFailsAt: 'connect',
    many: 250,
    pageOf: 100,
  }))

  objectStore('azure', {
    target: () => azurite,
    open: ({ container = 'contrato', prefix, at = azurite, context, attempts }) => {
      const origin = `${'tls' in at && at.tls ? 'https' : 'http'}://${at.host}:${at.port}`
      const endpoint = `${origin}/${azurite.account}`
      return open({ container, prefix, endpoint }, undefined, attempts, context)
    },
  })

  it('lets in with a connection string and with a SAS, and says what a SAS may not do', async () => {
    const credential = new StorageSharedKeyCredential(azurite.account, azurite.key)
    const sasToken = generateBlobSASQueryParameters(
      {
        containerName: 'contrato',
        permissions: ContainerSASPermissions.from({ list: true, read: true }),
        expiresOn: new Date(Date.now() + 3_600_000),
      },
      credential,
    ).toString()
    const own = await openConnector({
      kind: 'azure',
      config: { auth: 'connection-string', container: 'contrato' },
      secrets: { connectionString: azurite.connectionString },
    })
    await own.write('sas/a.txt', bytesOf('hola'))
    const config = { auth: 'sas', account: azurite.account, endpoint: azurite.url, container: 'contrato' }
    const shared = await openConnector({ kind: 'azure', config, secrets: { sasToken: `?${sasToken}` } })
    expect(await contentOf(shared, 'sas/a.txt')).toBe('hola')
    expect(await failure(shared.write('sas/b.txt', bytesOf('b')))).toMatchObject({
      code: 'REMOTE_DENIED',
      message: 'La credencial no tiene permiso de escritura en el contenedor «contrato» («sas/b.txt»).',
    })
    const link = shared.presign?.('sas/a.txt', 60)
    await expect(link).rejects.toMatchObject({ code: 'REMOTE_UNSUPPORTED' })
    for (const one of [own, shared]) await one.close()
  })

  it('tells a folder of Data Lake from a file', async () => {
    const credential = new StorageSharedKeyCredential(azurite.account, azurite.key)
    const container = new BlobServiceClient(azurite.url, credential).getContainerClient('contrato')
    const mark = container.getBlockBlobClient('lago/carpeta')
    await mark.upload('', 0, { metadata: { hdi_isfolder: 'true' } })
    const connector = await open({ prefix: 'lago' })
    await connector.write('carpeta/a.txt', bytesOf('a'))
    expect((await connector.list('')).entries).toMatchObject([{ path: 'carpeta', kind: 'folder' }])
    expect(await connector.stat('carpeta')).toMatchObject({ kind: 'folder', etag: null })
    await connector.close()
  })

  it('lets in as an application, over the same wire as everything else', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'sage-identidad-'))
    const certificates = await makeCertificates(dir)
    const identity = await startIdentity(certificates, 'el secreto')
    const secure = await startAzurite({ tls: certificates })
    const config = {
      auth: 'service-principal',
      ...{ account: secure.account, endpoint: secure.url, container: 'aplicacion' },
      ...{ tenantId: randomUUID(), clientId: randomUUID(), authorityHost: identity.url },
    }
    const policy = { retry: { attempts: 1, baseMs: 1, maxMs: 1 } }
    const context = { ca: certificates.ca }
    const openAs = (clientSecret: string) =>
      openConnector({ kind: 'azure', config, secrets: { clientSecret }, context, policy })
    const known = await openAs('el secreto')
    await known.makeContainer?.()
    await known.write('a.txt', bytesOf('hola'))
    expect(await contentOf(known, 'a.txt')).toBe('hola')
    expect(await known.presign?.('a.txt', 60)).toContain('skoid=')
    const stranger = await openAs('otro')
    await expect(stranger.list('')).rejects.toMatchObject({ code: 'REMOTE_LOGIN_REFUSED', kind: 'auth' })
    await identity.stop()
    const later = await openAs('el secreto')
    await expect(later.list('')).rejects.toMatchObject({ code: 'REMOTE_UNREACHABLE', kind: 'transient' })
    for (const one of [known, stranger, later]) await one.close()
    await secure.stop()
    rmSync(dir, { recursive: true })
  })
})
