import { AsyncLocalStorage } from 'node:async_hooks'
import type http from 'node:http'
import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'

/** What the last answer of an operation was; nothing before there is one. */
export interface Answered {
  status?: number
  retryAfterMs?: number
}

interface Call extends Answered {
  signal?: AbortSignal
}

/** Answers that the client turns into an error without reading them: their connections would never be free again. */
const THROWN_AWAY = new Set([408, 429, 499, 500, 502, 503, 504, 520])

type Listener = (response: IncomingMessage) => void

function note(call: Call, { statusCode, headers }: IncomingMessage): void {
  call.status = statusCode
  const seconds = Number(headers['retry-after'] ?? Number.NaN)
  call.retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : undefined
}

/** What the client threw, with what the server had answered: the client keeps that to itself. */
export class ClientFailure extends Error {
  constructor(
    cause: unknown,
    readonly answered: Answered,
  ) {
    super('thrown by the client of MinIO', { cause })
  }
}

/**
 * MinIO's client can neither be stopped nor asked what status an answer had. It does let its requests be made by someone else: here, with the signal
 * of the operation they belong to.
 */
export class Wire {
  private readonly calls = new AsyncLocalStorage<Call>()

  /** For the client: instead of Node's. */
  readonly transport: Pick<typeof http, 'request'>

  constructor(secure: boolean) {
    const request = secure ? requestHttps : requestHttp
    this.transport = {
      request: (options: RequestOptions | string | URL, listener?: Listener | RequestOptions) => {
        if (typeof options === 'string' || options instanceof URL || typeof listener === 'object')
          throw new Error('the client of MinIO does not ask in this way')
        const call = this.calls.getStore()
        return request({ ...options, signal: call?.signal }, (response) => {
          if (call !== undefined) note(call, response)
          if (THROWN_AWAY.has(response.statusCode ?? 0)) response.resume()
          listener?.(response)
        })
      },
    }
  }

  /** Work of the client, stopped by the signal. @throws ClientFailure */
  run<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    const call: Call = { signal }
    return this.calls.run(call, async () => {
      try {
        return await work()
      } catch (error) {
        throw new ClientFailure(error, call)
      }
    })
  }
}
