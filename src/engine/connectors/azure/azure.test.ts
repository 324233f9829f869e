import { type Azurite, startAzurite } from '@testkit/azurite'
import { afterAll, beforeAll, describe } from 'vitest'
import { openConnector } from '..'
import { contract } from '../contract/index.fixture'
import { objectStore } from '../contract/objects.fixture'
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
})
