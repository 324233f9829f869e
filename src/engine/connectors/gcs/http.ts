import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { Readable } from 'node:stream'
import { json, text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import type { Agents } from '../shared/agents'
import type { Cancellable } from '../types'

const errorSchema = z.object({
  error: z.object({
    message: z.string().default(''),
    errors: z.array(z.object({ reason: z.string().default('') })).default([]),
  }),
})

/** An answer that is not the one that was asked for. */
export class GcsFailure extends Error {
  constructor(
    readonly status: number,
    /** `conditionNotMet`; empty where the answer has none. */
    readonly reason: string,
    message: string,
    readonly retryAfterMs: number | undefined,
  ) {
    super(message)
  }
}

export interface Ask extends Cancellable {
  query?: Record<string, string | number | undefined>
  headers?: Record<string, string>
  body?: string | { open(): Readable; bytes: number }
  /** Besides those of success. */
  also?: number[]
}

/** Who may ask: the headers that say so. */
export type Authorize = (url: string) => Promise<Record<string, string>>

/**
 * Requests to the JSON API through our agents. The SDK's own requests can't be stopped, share one agent among all providers of a process whatever
 * authorities they trust, and look at the proxy of the environment.
 */
export class GcsHttp {
  constructor(
    private readonly endpoint: URL,
    private readonly authorize: Authorize,
    private readonly agents: Agents,
  ) {}

  /** An answer of success, its body not read yet. @throws GcsFailure, and what Node throws of the wire */
  async ask(method: string, path: string, options: Ask = {}): Promise<IncomingMessage> {
    const url = new URL(path, this.endpoint)
    for (const [name, value] of Object.entries(options.query ?? {}))
      if (value !== undefined) url.searchParams.set(name, String(value))
    const { body, signal, also = [] } = options
    const length = body === undefined ? 0 : typeof body === 'string' ? Buffer.byteLength(body) : body.bytes
    const headers = {
      ...(await this.authorize(url.href)),
      ...(method === 'GET' ? {} : { 'content-length': String(length) }),
      ...options.headers,
    }
    const answer = await this.send(url, { method, headers, signal }, body)
    const status = answer.statusCode ?? 0
    if ((status >= 200 && status < 300) || also.includes(status)) return answer
    throw await failureOf(answer, status)
  }

  async askJson(method: string, path: string, options: Ask = {}): Promise<unknown> {
    return json(await this.ask(method, path, options))
  }

  /** Read to its end, so that the connection can be used again. */
  async askEmpty(method: string, path: string, options: Ask = {}): Promise<IncomingMessage> {
    const answer = await this.ask(method, path, options)
    await text(answer)
    return answer
  }

  private send(url: URL, options: RequestOptions, body: Ask['body']): Promise<IncomingMessage> {
    const secure = url.protocol === 'https:'
    const agent = secure ? this.agents.https : this.agents.http
    return new Promise((resolve, reject) => {
      const sent = (secure ? requestHttps : requestHttp)(url, { ...options, agent }, resolve)
      sent.once('error', reject)
      if (body === undefined || typeof body === 'string') sent.end(body)
      else pipeline(body.open(), sent).catch(reject)
    })
  }
}

async function failureOf(answer: IncomingMessage, status: number): Promise<GcsFailure> {
  const body = await text(answer)
  const seconds = Number(answer.headers['retry-after'] ?? Number.NaN)
  const wait = Number.isFinite(seconds) ? seconds * 1000 : undefined
  const { reason, message } = errorOf(body)
  return new GcsFailure(status, reason, message === '' ? `HTTP ${status}` : message, wait)
}

/** `{error: {message, errors: [{reason}]}}`; a proxy on the way may answer anything. */
function errorOf(body: string): { reason: string; message: string } {
  try {
    const { error } = errorSchema.parse(JSON.parse(body))
    return { reason: error.errors[0]?.reason ?? '', message: error.message }
  } catch {
    return { reason: '', message: '' }
  }
}
