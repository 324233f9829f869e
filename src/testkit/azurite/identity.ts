import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface Identity {
  /** Of the authority, on `localhost`. */
  url: string
  stop(): Promise<void>
}

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** What Azurite looks at in a token; nobody signs it. */
function tokenFor(tenant: string): string {
  const now = Math.floor(Date.now() / 1000)
  const claims = {
    ...{
      aud: 'https://storage.azure.com',
      iss: `https://sts.windows.net/${tenant}/`,
      tid: tenant,
      oid: tenant,
    },
    ...{ iat: now - 60, nbf: now - 60, exp: now + 3600, appid: 'aplicacion', ver: '1.0' },
  }
  return `${base64({ alg: 'none', typ: 'JWT' })}.${base64(claims)}.${Buffer.from('x').toString('base64url')}`
}

/** A double of Entra ID: gives a token to whoever knows the secret of the application. */
export async function startIdentity(tls: { cert: string; key: string }, secret: string): Promise<Identity> {
  const [cert, key] = [await readFile(tls.cert), await readFile(tls.key)]
  const server = createServer({ cert, key }, async (request, response) => {
    const [, tenant = ''] = (request.url ?? '').split('/')
    const here = `https://${request.headers.host}/${tenant}`
    const json = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (request.method === 'GET') {
      const [authorization_endpoint, token_endpoint] = [`${here}/authorize`, `${here}/oauth2/v2.0/token`]
      return json(200, {
        issuer: `${here}/v2.0`,
        authorization_endpoint,
        token_endpoint,
        jwks_uri: `${here}/keys`,
      })
    }
    const form = new URLSearchParams(await text(request))
    if (form.get('client_secret') !== secret)
      return json(401, {
        error: 'invalid_client',
        error_description: 'AADSTS7000215: Invalid client secret.',
      })
    return json(200, { token_type: 'Bearer', expires_in: 3600, access_token: tokenFor(tenant) })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `https://localhost:${port}`,
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
