import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { TLSSocket } from 'node:tls'
import type { ConnectorContext } from '../types'
import type { Agents } from './agents'
import { fromWire, unreachable } from './errors'

/**
 * Whether something answers at an address, whatever it says: for the step «connect» of a test. Goes as the SDK goes: same proxy, same authorities.
 * @throws AppError REMOTE_UNREACHABLE, REMOTE_TLS, REMOTE_DNS, CANCELLED
 */
export function answers(
  endpoint: URL,
  agents: Agents,
  place: string,
  context: ConnectorContext,
  signal?: AbortSignal,
): Promise<string> {
  const secure = endpoint.protocol === 'https:'
  const timeout = context.timeoutMs ?? 15_000
  return new Promise((resolve, reject) => {
    const options = { timeout, signal, agent: secure ? agents.https : agents.http }
    const asked = (secure ? requestHttps : requestHttp)(endpoint, options, (response) => {
      const { socket } = response
      const version = socket instanceof TLSSocket ? `, con ${socket.getProtocol()}` : ', sin cifrar'
      // Not kept for the SDK: what it says, and how much of it, is not looked at.
      response.destroy()
      resolve(`${endpoint.host} responde${version}.`)
    })
    asked.once('timeout', () => asked.destroy(unreachable(place, 'no respondió a tiempo')))
    asked.once('error', (error) =>
      reject(fromWire(error, place) ?? unreachable(place, 'no respondió como un servidor web', error)),
    )
    asked.end()
  })
}
