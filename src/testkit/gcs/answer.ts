import { createHash, createVerify, type KeyObject } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { z } from 'zod'
import { noObject, type Objects, Refusal, type Stored } from './objects'

interface Call {
  objects: Objects
  request: IncomingMessage
  url: URL
  body: Buffer
}

interface Answer {
  status: number
  json?: unknown
  data?: Buffer
  headers?: Record<string, string>
}

type Route = (call: Call, ...parts: string[]) => Answer

const unauthenticated = (): Refusal => new Refusal(401, 'authError', 'Invalid Credentials')

const facts = (stored: Stored) => ({
  name: stored.name,
  size: String(stored.data.length),
  timeCreated: stored.timeCreated,
  generation: stored.generation,
  md5Hash: stored.md5Hash,
  metadata: stored.metadata,
})

const makeBucket: Route = ({ objects, body }) => {
  const { name } = z.object({ name: z.string() }).parse(JSON.parse(body.toString()))
  objects.make(name)
  return { status: 200, json: { name } }
}

/** Names in order, what is beyond the delimiter as one. */
const list: Route = ({ objects, url }, bucket) => {
  const ask = (name: string): string => url.searchParams.get(name) ?? ''
  const [prefix, delimiter, after] = [ask('prefix'), ask('delimiter'), ask('pageToken')]
  const found = new Map<string, Stored | null>()
  for (const [name, stored] of objects.bucket(bucket ?? '')) {
    if (!name.startsWith(prefix)) continue
    const cut = delimiter === '' ? -1 : name.indexOf(delimiter, prefix.length)
    if (cut === -1) found.set(name, stored)
    else found.set(name.slice(0, cut + 1), null)
  }
  const last = after === '' ? '' : Buffer.from(after, 'base64').toString()
  const names = [...found.keys()].sort().filter((name) => name > last)
  const page = names.slice(0, Number(ask('maxResults')))
  const items = page.flatMap((name) => {
    const stored = found.get(name)
    return stored ? [facts(stored)] : []
  })
  const prefixes = page.filter((name) => found.get(name) === null)
  const more = page.length < names.length
  const nextPageToken = more ? Buffer.from(page.at(-1) ?? '').toString('base64') : undefined
  return { status: 200, json: { items, prefixes, nextPageToken } }
}

const begin: Route = ({ objects, url, request, body }, bucket = '') => {
  const ask = (name: string): string | null => url.searchParams.get(name)
  const [name, ifGenerationMatch] = [ask('name') ?? '', ask('ifGenerationMatch')]
  if (ask('uploadType') === 'resumable') {
    const id = objects.begin({ bucket, name, ifGenerationMatch })
    const location = `http://${request.headers.host}${url.pathname}?uploadType=resumable&upload_id=${id}`
    return { status: 200, headers: { location } }
  }
  const boundary = /boundary=(\S+)/.exec(request.headers['content-type'] ?? '')?.[1] ?? ''
  const text = body.toString('latin1')
  const starts = [...text.matchAll(/\r\n\r\n/g)].map((match) => match.index + 4)
  const [first = 0, second = 0] = starts
  const told = body.subarray(first, text.indexOf(`\r\n--${boundary}`, first)).toString()
  const { md5Hash } = z.object({ md5Hash: z.string().optional() }).parse(JSON.parse(told))
  const data = body.subarray(second, text.lastIndexOf(`\r\n--${boundary}--`))
  return {
    status: 200,
    json: facts(objects.put(bucket, name, Buffer.from(data), ifGenerationMatch, md5Hash)),
  }
}

const goOn: Route = ({ objects, url, request, body }) => {
  const id = url.searchParams.get('upload_id') ?? ''
  const session = objects.session(id)
  const range = /^bytes (?:\*|(\d+)-(\d+))\/(\*|\d+)$/.exec(request.headers['content-range'] ?? '')
  if (range === null) throw new Refusal(400, 'invalid', 'Failed to parse Content-Range header.')
  const from = range[1] === undefined ? session.data.length : Number(range[1])
  if (from !== session.data.length) throw new Refusal(400, 'invalid', 'Invalid request: offset.')
  session.data = Buffer.concat([session.data, body])
  if (range[3] !== String(session.data.length)) {
    const headers: Record<string, string> = {}
    if (session.data.length > 0) headers.range = `bytes=0-${session.data.length - 1}`
    return { status: 308, headers }
  }
  objects.sessions.delete(id)
  const { bucket, name, data, ifGenerationMatch } = session
  return { status: 200, json: facts(objects.put(bucket, name, data, ifGenerationMatch)) }
}

const giveUp: Route = ({ objects, url }) => {
  objects.sessions.delete(url.searchParams.get('upload_id') ?? '')
  return { status: 499 }
}

const get: Route = ({ objects, url, request }, bucket = '', name = '') => {
  const stored = objects.find(bucket, name)
  if (url.searchParams.get('alt') !== 'media' && url.pathname.startsWith('/storage/'))
    return { status: 200, json: facts(stored) }
  objects.require(stored, url.searchParams.get('ifGenerationMatch'))
  const headers = {
    'x-goog-generation': stored.generation,
    'last-modified': new Date(stored.timeCreated).toUTCString(),
  }
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
  const total = stored.data.length
  if (range === null) return { status: 200, data: stored.data, headers }
  const from = Number(range[1])
  if (from >= total) throw new Refusal(416, 'requestedRangeNotSatisfiable', 'Request range not satisfiable')
  const to = range[2] === '' ? total : Math.min(Number(range[2]) + 1, total)
  const data = stored.data.subarray(from, to)
  return { status: 206, data, headers: { ...headers, 'content-range': `bytes ${from}-${to - 1}/${total}` } }
}

const patch: Route = ({ objects, body }, bucket = '', name = '') => {
  const stored = objects.find(bucket, name)
  const changes = z
    .object({ metadata: z.record(z.string(), z.string().nullable()) })
    .parse(JSON.parse(body.toString()))
  for (const [key, value] of Object.entries(changes.metadata))
    if (value === null) delete stored.metadata[key]
    else stored.metadata[key] = value
  return { status: 200, json: facts(stored) }
}

const remove: Route = ({ objects, url }, bucket = '', name = '') => {
  const stored = objects.find(bucket, name)
  objects.require(stored, url.searchParams.get('ifGenerationMatch'))
  if (!objects.bucket(bucket).delete(name)) throw noObject(bucket, name)
  return { status: 204 }
}

const rewrite: Route = ({ objects, url }, bucket = '', name = '', toBucket = '', toName = '') => {
  const source = objects.find(bucket, name)
  objects.require(source, url.searchParams.get('ifSourceGenerationMatch'))
  const stored = objects.put(toBucket, toName, source.data, url.searchParams.get('ifGenerationMatch'))
  return { status: 200, json: { done: true, resource: facts(stored) } }
}

const OBJECT = '/storage/v1/b/([^/]+)/o/([^/]+)'
const ROUTES: [string, RegExp, Route][] = [
  ['POST', /^\/storage\/v1\/b$/, makeBucket],
  ['GET', /^\/storage\/v1\/b\/([^/]+)\/o$/, list],
  ['POST', /^\/upload\/storage\/v1\/b\/([^/]+)\/o$/, begin],
  ['PUT', /^\/upload\/storage\/v1\/b\/([^/]+)\/o$/, goOn],
  ['DELETE', /^\/upload\/storage\/v1\/b\/([^/]+)\/o$/, giveUp],
  ['POST', new RegExp(`^${OBJECT}/rewriteTo/b/([^/]+)/o/([^/]+)$`), rewrite],
  ['GET', new RegExp(`^${OBJECT}$`), get],
  ['PATCH', new RegExp(`^${OBJECT}$`), patch],
  ['DELETE', new RegExp(`^${OBJECT}$`), remove],
  // What a signed link names.
  ['GET', /^\/([^/]+)\/(.+)$/, get],
]

/** Answers one request as Google would. */
export async function answer(
  objects: Objects,
  key: KeyObject,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '', 'http://gcs')
  const send = ({
    status,
    json,
    data = Buffer.from(json === undefined ? '' : JSON.stringify(json)),
    headers,
  }: Answer) => response.writeHead(status, { 'content-length': data.length, ...headers }).end(data)
  // Read first: a refusal in the middle of what is sent is seen as a cut.
  const body = await buffer(request)
  try {
    requireSigned(url, request, key)
    for (const [method, pattern, route] of ROUTES) {
      const match = request.method === method ? pattern.exec(url.pathname) : null
      if (match === null) continue
      return void send(route({ objects, request, url, body }, ...match.slice(1).map(decodeURIComponent)))
    }
    throw new Refusal(404, 'notFound', `The double has no ${request.method} ${url.pathname}`)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { status, reason, message } = error
    send({
      status,
      json: { error: { code: status, message, errors: [{ reason, message, domain: 'global' }] } },
    })
  }
}

/** A link carries its own signature; every other request a token that the account signed for itself. */
function requireSigned(url: URL, request: IncomingMessage, key: KeyObject): void {
  if (url.searchParams.has('X-Goog-Signature')) {
    requireLink(url, request, key)
    return
  }
  const token = /^Bearer (.+)\.([^.]+)$/.exec(request.headers.authorization ?? '')
  const [, signed, signature] = token ?? []
  if (signed === undefined || signature === undefined) throw unauthenticated()
  if (!createVerify('RSA-SHA256').update(signed).verify(key, Buffer.from(signature, 'base64url')))
    throw unauthenticated()
  const claims = z
    .object({ exp: z.number() })
    .parse(JSON.parse(Buffer.from(signed.split('.')[1] ?? '', 'base64url').toString()))
  if (claims.exp * 1000 < Date.now()) throw unauthenticated()
}

/** Signature of version 4: over the method, the path, the query and the host (of which the SDK leaves the port out). */
function requireLink(url: URL, request: IncomingMessage, key: KeyObject): void {
  const host = request.headers.host?.split(':')[0]
  const query = [...url.searchParams].filter(([name]) => name !== 'X-Goog-Signature')
  const canonicalQuery = query
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join('&')
  const canonical = ['GET', url.pathname, canonicalQuery, `host:${host}\n`, 'host', 'UNSIGNED-PAYLOAD']
  const ask = (name: string): string => url.searchParams.get(name) ?? ''
  const [date, credential] = [ask('X-Goog-Date'), ask('X-Goog-Credential')]
  const scope = credential.slice(credential.indexOf('/') + 1)
  const hash = createHash('sha256').update(canonical.join('\n')).digest('hex')
  const signed = ['GOOG4-RSA-SHA256', date, scope, hash].join('\n')
  const right = createVerify('RSA-SHA256')
    .update(signed)
    .verify(key, Buffer.from(ask('X-Goog-Signature'), 'hex'))
  if (!right) throw new Refusal(403, 'SignatureDoesNotMatch', 'Access denied.')
  const made = date.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z')
  if (Date.parse(made) + Number(ask('X-Goog-Expires')) * 1000 < Date.now())
    throw new Refusal(400, 'ExpiredToken', 'The provided token has expired.')
}
