import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { getCACertificates } from 'node:tls'
import type { ConnectorContext } from '../types'

/** Authorities that are trusted: those of the product, and the person's own. undefined leaves the choice to Node. */
export const trusted = (context: ConnectorContext): string[] | undefined =>
  context.ca === undefined ? undefined : [...getCACertificates('default'), context.ca]

export interface Agents {
  http: HttpAgent
  https: HttpsAgent
  destroy(): void
}

/**
 * The agents of an HTTP client: certificates verified, TLS 1.2 at least, the proxy and the authorities of the context. A proxy of the environment
 * is not looked at: what is used is what the person set.
 */
export function agentsFor(context: ConnectorContext, maxSockets = 16): Agents {
  const common = {
    keepAlive: true,
    maxSockets,
    timeout: context.timeoutMs ?? 15_000,
    ...(context.proxy === undefined
      ? {}
      : { proxyEnv: { HTTP_PROXY: context.proxy, HTTPS_PROXY: context.proxy } }),
  }
  const http = new HttpAgent(common)
  const https = new HttpsAgent({
    ...common,
    ca: trusted(context),
    minVersion: context.minTls ?? 'TLSv1.2',
    rejectUnauthorized: true,
  })
  return {
    http,
    https,
    destroy() {
      http.destroy()
      https.destroy()
    },
  }
}
