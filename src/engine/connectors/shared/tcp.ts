import { lookup } from 'node:dns/promises'
import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { AppError } from '@shared/errors/app-error'
import type { ConnectorContext } from '../types'
import { cancelled, fromWire, unreachable } from './errors'

export interface Address {
  host: string
  port: number
}

const described = (address: Address): string => `${address.host}:${address.port}`

/** For the step «DNS» of a test. @throws AppError REMOTE_DNS */
export async function resolveName(host: string, context: ConnectorContext): Promise<string> {
  if (context.proxy !== undefined) return 'El nombre lo resuelve el proxy.'
  try {
    const { address } = await lookup(host)
    return address === host ? 'Es una dirección, no un nombre.' : `${host} es ${address}.`
  } catch (error) {
    throw fromWire(error, host) ?? unreachable(host, 'su nombre no se resuelve', error)
  }
}

/**
 * A connected socket, through the proxy of the context if there is one. Without Nagle: a protocol of small requests would wait some 40 ms in each.
 * @throws AppError REMOTE_UNREACHABLE, REMOTE_DNS, REMOTE_CUT, PROXY_REFUSED, CANCELLED
 */
export async function openSocket(
  address: Address,
  context: ConnectorContext,
  signal?: AbortSignal,
): Promise<Socket> {
  const timeoutMs = context.timeoutMs ?? 15_000
  const work =
    context.proxy === undefined
      ? direct(address, timeoutMs, signal)
      : tunnel(new URL(context.proxy), address, timeoutMs, signal)
  const socket = await work
  socket.setNoDelay(true)
  socket.setTimeout(0)
  return socket
}

function direct(address: Address, timeoutMs: number, signal: AbortSignal | undefined): Promise<Socket> {
  const place = described(address)
  return new Promise((resolve, reject) => {
    const socket = connect({ ...address, signal })
    socket.setTimeout(timeoutMs, () => socket.destroy(unreachable(place, 'no respondió a tiempo')))
    const onError = (error: Error) =>
      reject(fromWire(error, place) ?? unreachable(place, error.message, error))
    socket.once('error', onError)
    socket.once('connect', () => {
      socket.off('error', onError)
      resolve(socket)
    })
  })
}

function tunnel(
  proxy: URL,
  address: Address,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<Socket> {
  const place = `el proxy ${proxy.host}`
  const user = decodeURIComponent(proxy.username)
  const basic = Buffer.from(`${user}:${decodeURIComponent(proxy.password)}`).toString('base64')
  return new Promise((resolve, reject) => {
    const asked = request({
      host: proxy.hostname,
      port: proxy.port === '' ? 80 : Number(proxy.port),
      method: 'CONNECT',
      path: described(address),
      headers: user === '' ? {} : { 'proxy-authorization': `Basic ${basic}` },
      timeout: timeoutMs,
      signal,
    })
    asked.once('timeout', () => asked.destroy(unreachable(place, 'no respondió a tiempo')))
    asked.once('error', (error) => {
      if (signal?.aborted) reject(cancelled())
      else reject(fromWire(error, place) ?? unreachable(place, error.message, error))
    })
    asked.once('connect', (response, socket: Socket) => {
      if (response.statusCode === 200) return resolve(socket)
      socket.destroy()
      reject(
        new AppError('PROXY_REFUSED', {
          kind: response.statusCode === 407 ? 'auth' : 'config',
          message: `El proxy ${proxy.host} no dejó pasar hacia ${described(address)} (${response.statusCode}).`,
          hint: 'Revisar el usuario del proxy, y que permita esa dirección y ese puerto.',
        }),
      )
    })
    asked.end()
  })
}
