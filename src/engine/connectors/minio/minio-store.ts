import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { AppError } from '@shared/errors/app-error'
import { Client } from 'minio'
import { agentsFor } from '../shared/agents'
import { alreadyExists } from '../shared/errors'
import { ObjectConnector } from '../shared/object-connector'
import type {
  Doing,
  GetRequest,
  ObjectPage,
  ObjectRead,
  ObjectStore,
  PageRequest,
  PutRequest,
  StoredObject,
} from '../shared/object-store'
import { cleanPath } from '../shared/paths'
import { rangeHeader, totalOf } from '../shared/ranges'
import { base64OfHex, copySource, etagText, S3_LIMITS } from '../shared/s3/facts'
import { type Body, type Stored, type UploadApi, upload } from '../shared/upload'
import type { Secrets } from '../spec'
import type { Cancellable, Connector, ConnectorContext, WriteResult, WriteSource } from '../types'
import { fromMinio, statusOf } from './errors'
import type { MinioConfig } from './index'
import { Wire } from './wire'
import { completeXml, readComplete, readList, readTags, readUploadId, requireCopied } from './xml'

/** Opens without touching the network. @throws AppError PROVIDER_CONFIG_INVALID */
export function openMinio(config: MinioConfig, secrets: Secrets, context: ConnectorContext): Connector {
  const { secretKey } = secrets
  if (secretKey === undefined) {
    throw new AppError('PROVIDER_CONFIG_INVALID', {
      kind: 'config',
      message: 'Falta la clave secreta del proveedor (MinIO).',
      hint: 'Escribirla en el proveedor y volver a guardar.',
      details: { kind: 'minio', field: 'secretKey' },
    })
  }
  const agents = agentsFor(context)
  const wire = new Wire(config.tls)
  const client = new Client({
    endPoint: config.host,
    port: config.port,
    useSSL: config.tls,
    accessKey: config.accessKey,
    secretKey,
    region: config.region,
    pathStyle: config.pathStyle,
    transport: wire.transport,
    transportAgent: config.tls ? agents.https : agents.http,
    // Its own retries print to the console; `ManagedConnector` tries again, and tells.
    retryOptions: { disableRetry: true },
  })
  // Of what is sent, its Content-MD5 is part of what is signed.
  client.enableSHA256 = false
  return new ObjectConnector(new MinioStore(client, wire, config), cleanPath(config.prefix), context, agents)
}

interface Ask extends Cancellable {
  key?: string
  query?: string
  headers?: Record<string, string>
  body?: string | Readable
  /** Besides 200. */
  also?: number[]
}

const queryOf = (parts: Record<string, string | number>): string =>
  Object.entries(parts)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .sort()
    .join('&')

const contentHeaders = ({ bytes, md5 }: Body): Record<string, string> => ({
  'Content-Length': String(bytes),
  ...(md5 === null ? {} : { 'Content-MD5': base64OfHex(md5) }),
})
const onlyIfAbsent = (ifAbsent: boolean): Record<string, string> => (ifAbsent ? { 'If-None-Match': '*' } : {})

const header = (answer: IncomingMessage, name: string): string => String(answer.headers[name] ?? '')
const storedOf = (answer: IncomingMessage): Stored => ({
  etag: etagText(header(answer, 'etag')),
  hashed: !header(answer, 'x-amz-server-side-encryption').startsWith('aws:kms'),
})
const objectOf = (key: string, answer: IncomingMessage): StoredObject => {
  const modified = header(answer, 'last-modified')
  return {
    key,
    bytes: totalOf(answer.headers['content-range']) ?? Number(header(answer, 'content-length')),
    modified: modified === '' ? null : new Date(modified).toISOString(),
    etag: etagText(header(answer, 'etag')),
  }
}

/**
 * The client signs, finds the address and sends; what its own methods make of an answer is not used (see xml.ts), nor its uploads: two of the same
 * name at once would add parts to one another.
 */
class MinioStore implements ObjectStore {
  readonly kind = 'minio'
  readonly place: string
  readonly limits = S3_LIMITS
  /** MinIO's does, what speaks like it may take the condition and do nothing with it. */
  readonly conditionalCopy = false
  readonly endpoint: URL
  private readonly server: string

  constructor(
    private readonly client: Client,
    private readonly wire: Wire,
    private readonly config: MinioConfig,
  ) {
    this.place = `el bucket «${config.bucket}»`
    this.endpoint = new URL(`${config.tls ? 'https' : 'http'}://${config.host}:${config.port}`)
    this.server = `el servidor ${this.endpoint.host}`
  }

  explain(error: unknown, doing: Doing): AppError {
    return fromMinio(error, doing, { bucket: this.config.bucket, place: this.place, server: this.server })
  }

  private ask(method: string, options: Ask): Promise<IncomingMessage> {
    const { key, query, headers = {}, body = '', also = [], signal } = options
    const request = { method, bucketName: this.config.bucket, objectName: key, query, headers }
    const expected = [200, ...also]
    return this.wire.run(signal, () =>
      typeof body === 'string'
        ? this.client.makeRequestAsync(request, body, expected)
        : this.client.makeRequestStreamAsync(request, body, '', expected, this.config.region),
    )
  }

  private async askText(method: string, options: Ask): Promise<string> {
    return text(await this.ask(method, options))
  }

  /** An answer whose body is nobody's business; read, so that its connection can be used again. */
  private async askEmpty(method: string, options: Ask): Promise<IncomingMessage> {
    const answer = await this.ask(method, options)
    await text(answer)
    return answer
  }

  async page({ prefix, cursor, limit, signal }: PageRequest): Promise<ObjectPage> {
    const query = queryOf({
      'list-type': 2,
      'encoding-type': 'url',
      prefix,
      delimiter: '/',
      'max-keys': limit,
      ...(cursor !== null && { 'continuation-token': cursor }),
    })
    return readList(await this.askText('GET', { query, signal }))
  }

  async head(key: string, { signal }: Cancellable): Promise<StoredObject> {
    return objectOf(key, await this.askEmpty('HEAD', { key, signal }))
  }

  async get(key: string, request: GetRequest): Promise<ObjectRead | null> {
    const { etag, signal } = request
    const range = rangeHeader(request)
    const headers = {
      ...(range === undefined ? {} : { Range: range }),
      ...(etag === undefined ? {} : { 'If-Match': `"${etag}"` }),
    }
    try {
      const stream = await this.ask('GET', { key, headers, also: [206], signal })
      return { stream, object: objectOf(key, stream) }
    } catch (error) {
      if (statusOf(error) === 416) return null
      throw error
    }
  }

  async put(key: string, source: WriteSource, request: PutRequest): Promise<WriteResult> {
    return upload(this.uploadOf(key, request.signal), source, request)
  }

  private uploadOf(key: string, signal: AbortSignal | undefined): UploadApi {
    return {
      place: this.place,
      conditionalComplete: false,
      put: async (body, ifAbsent) => {
        const headers = { ...contentHeaders(body), ...onlyIfAbsent(ifAbsent) }
        return storedOf(await this.askEmpty('PUT', { key, headers, body: body.open(), signal }))
      },
      begin: async () => readUploadId(await this.askText('POST', { key, query: 'uploads', signal })),
      part: async (uploadId, partNumber, body) => {
        const part = queryOf({ partNumber, uploadId })
        const headers = contentHeaders(body)
        return storedOf(await this.askEmpty('PUT', { key, query: part, headers, body: body.open(), signal }))
      },
      complete: async (uploadId, etags) => {
        const body = completeXml(etags)
        const answer = await this.ask('POST', { key, query: queryOf({ uploadId }), body, signal })
        return { ...storedOf(answer), etag: readComplete(await text(answer)) }
      },
      abort: async (uploadId) => {
        await this.askEmpty('DELETE', { key, query: queryOf({ uploadId }), also: [204] })
      },
      head: () => this.head(key, { signal }),
      remove: () => this.remove(key, {}),
    }
  }

  async copy(from: StoredObject, to: string, { signal }: Cancellable): Promise<void> {
    const headers = {
      'x-amz-copy-source': copySource(this.config.bucket, from.key),
      'x-amz-copy-source-if-match': `"${from.etag}"`,
    }
    requireCopied(await this.askText('PUT', { key: to, headers, signal }))
  }

  async remove(key: string, { signal }: Cancellable): Promise<void> {
    await this.askEmpty('DELETE', { key, also: [204], signal })
  }

  async makeContainer({ signal }: Cancellable): Promise<void> {
    const { bucket, region } = this.config
    const there = await this.wire.run(signal, () => this.client.bucketExists(bucket))
    if (there) throw alreadyExists(bucket, this.server)
    await this.wire.run(signal, () => this.client.makeBucket(bucket, region))
  }

  presign(key: string, seconds: number): Promise<string> {
    return this.client.presignedGetObject(this.config.bucket, key, seconds)
  }

  async setTags(key: string, tags: Record<string, string>, { signal }: Cancellable): Promise<void> {
    await this.wire.run(signal, () => this.client.setObjectTagging(this.config.bucket, key, tags))
  }

  async getTags(key: string, { signal }: Cancellable): Promise<Record<string, string>> {
    return readTags(await this.askText('GET', { key, query: 'tagging', signal }))
  }

  close(): void {}
}
