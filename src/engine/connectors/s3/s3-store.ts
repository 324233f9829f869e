import { Readable } from 'node:stream'
import {
  AbortMultipartUploadCommand,
  BucketLocationConstraint,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import type { AppError } from '@shared/errors/app-error'
import { z } from 'zod'
import { agentsFor } from '../shared/agents'
import { alreadyExists, failed } from '../shared/errors'
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
import { credentialsOf } from './credentials'
import { fromS3, statusOf } from './errors'
import type { S3Config } from './index'

/** Its own retries, and what it prints about them, are left out: `ManagedConnector` tries again, and tells. */
const SILENT = { debug() {}, info() {}, warn() {}, error() {} }

/** Opens without touching the network. */
export function openS3(config: S3Config, secrets: Secrets, context: ConnectorContext): Connector {
  const agents = agentsFor(context)
  const { region } = config
  const requestHandler = {
    httpAgent: agents.http,
    httpsAgent: agents.https,
    connectionTimeout: context.timeoutMs ?? 15_000,
  }
  const own = config.endpoint !== undefined
  const client = new S3Client({
    region,
    endpoint: config.endpoint,
    forcePathStyle: config.pathStyle,
    useAccelerateEndpoint: config.accelerate,
    followRegionRedirects: !own,
    credentials: credentialsOf(config, secrets, { region, requestHandler }),
    requestHandler,
    maxAttempts: 1,
    // Uploads carry a Content-MD5, which every server knows; the SDK's own checksums break those of other makers.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: own ? 'WHEN_REQUIRED' : 'WHEN_SUPPORTED',
    logger: SILENT,
  })
  return new ObjectConnector(new S3Store(client, config), cleanPath(config.prefix), context, agents)
}

const unquoted = (etag: string | undefined): string => etagText(etag ?? '')

const contentOf = (body: Body) => ({
  Body: body.open(),
  ContentLength: body.bytes,
  ContentMD5: body.md5 === null ? undefined : base64OfHex(body.md5),
})

const storedOf = (answer: {
  ETag?: string
  ServerSideEncryption?: string
  SSECustomerAlgorithm?: string
}): Stored => {
  const ownKey = answer.ServerSideEncryption?.startsWith('aws:kms') === true
  return { etag: unquoted(answer.ETag), hashed: !ownKey && answer.SSECustomerAlgorithm === undefined }
}

const locationSchema = z.enum(BucketLocationConstraint)

class S3Store implements ObjectStore {
  readonly kind = 's3'
  readonly place: string
  readonly limits = S3_LIMITS
  readonly conditionalCopy: boolean
  readonly endpoint: URL
  private readonly bucket: string
  private readonly server: string

  constructor(
    private readonly client: S3Client,
    private readonly config: S3Config,
  ) {
    this.bucket = config.bucket
    this.place = `el bucket «${config.bucket}»`
    const amazon = `https://s3.${config.region}.amazonaws.com`
    this.endpoint = new URL(
      config.endpoint ?? (config.accelerate ? 'https://s3-accelerate.amazonaws.com' : amazon),
    )
    this.server = config.endpoint === undefined ? 'Amazon S3' : `el servidor ${this.endpoint.host}`
    this.conditionalCopy = config.endpoint === undefined
  }

  explain(error: unknown, doing: Doing): AppError {
    return fromS3(error, doing, { bucket: this.bucket, place: this.place, server: this.server })
  }

  private at = (key: string) => ({ Bucket: this.bucket, Key: key })

  async page({ prefix, cursor, limit, signal }: PageRequest): Promise<ObjectPage> {
    const answer = await this.client.send(
      new ListObjectsV2Command({
        Bucket: this.bucket,
        Prefix: prefix,
        Delimiter: '/',
        MaxKeys: limit,
        ContinuationToken: cursor ?? undefined,
      }),
      { abortSignal: signal },
    )
    return {
      objects: (answer.Contents ?? []).map((one) => ({
        key: one.Key ?? '',
        bytes: one.Size ?? 0,
        modified: one.LastModified?.toISOString() ?? null,
        etag: unquoted(one.ETag),
      })),
      folders: (answer.CommonPrefixes ?? []).map((one) => (one.Prefix ?? '').replace(/\/$/, '')),
      cursor: answer.IsTruncated === true ? (answer.NextContinuationToken ?? null) : null,
    }
  }

  async head(key: string, { signal }: Cancellable): Promise<StoredObject> {
    const answer = await this.client.send(new HeadObjectCommand(this.at(key)), { abortSignal: signal })
    return {
      key,
      bytes: answer.ContentLength ?? 0,
      modified: answer.LastModified?.toISOString() ?? null,
      etag: unquoted(answer.ETag),
    }
  }

  async get(key: string, request: GetRequest): Promise<ObjectRead | null> {
    const { etag, signal } = request
    const command = new GetObjectCommand({
      ...this.at(key),
      Range: rangeHeader(request),
      IfMatch: etag === undefined ? undefined : `"${etag}"`,
    })
    try {
      const answer = await this.client.send(command, { abortSignal: signal })
      if (!(answer.Body instanceof Readable)) throw failed(this.server, 'la respuesta no trae el archivo')
      const bytes = totalOf(answer.ContentRange) ?? answer.ContentLength ?? 0
      const modified = answer.LastModified?.toISOString() ?? null
      return { stream: answer.Body, object: { key, bytes, modified, etag: unquoted(answer.ETag) } }
    } catch (error) {
      if (statusOf(error) === 416) return null
      throw error
    }
  }

  async put(key: string, source: WriteSource, request: PutRequest): Promise<WriteResult> {
    return upload(this.uploadOf(key, request.signal), source, request)
  }

  private uploadOf(key: string, abortSignal: AbortSignal | undefined): UploadApi {
    const { client } = this
    const at = this.at(key)
    const options = { abortSignal }
    return {
      place: this.place,
      conditionalComplete: this.config.endpoint === undefined,
      put: async (body, ifAbsent) => {
        const input = { ...at, ...contentOf(body), IfNoneMatch: ifAbsent ? '*' : undefined }
        return storedOf(await client.send(new PutObjectCommand(input), options))
      },
      begin: async () => {
        const answer = await client.send(new CreateMultipartUploadCommand(at), options)
        return answer.UploadId ?? ''
      },
      part: async (UploadId, PartNumber, body) => {
        const input = { ...at, ...contentOf(body), UploadId, PartNumber }
        return storedOf(await client.send(new UploadPartCommand(input), options))
      },
      complete: async (UploadId, etags, ifAbsent) => {
        const Parts = etags.map((etag, index) => ({ ETag: `"${etag}"`, PartNumber: index + 1 }))
        const IfNoneMatch = ifAbsent ? '*' : undefined
        const input = { ...at, UploadId, MultipartUpload: { Parts }, IfNoneMatch }
        return storedOf(await client.send(new CompleteMultipartUploadCommand(input), options))
      },
      abort: async (UploadId) => {
        await client.send(new AbortMultipartUploadCommand({ ...at, UploadId }))
      },
      head: () => this.head(key, { signal: abortSignal }),
      remove: () => this.remove(key, {}),
    }
  }

  async copy(from: StoredObject, to: string, options: Cancellable & { ifAbsent: boolean }): Promise<void> {
    await this.client.send(
      new CopyObjectCommand({
        ...this.at(to),
        CopySource: copySource(this.bucket, from.key),
        CopySourceIfMatch: `"${from.etag}"`,
        IfNoneMatch: options.ifAbsent ? '*' : undefined,
      }),
      { abortSignal: options.signal },
    )
  }

  async remove(key: string, { signal }: Cancellable): Promise<void> {
    await this.client.send(new DeleteObjectCommand(this.at(key)), { abortSignal: signal })
  }

  async makeContainer({ signal }: Cancellable): Promise<void> {
    const { bucket: Bucket, client } = this
    // Some servers answer that they made it when it is there already.
    const there = await client.send(new HeadBucketCommand({ Bucket }), { abortSignal: signal }).then(
      () => true,
      (error: unknown) => {
        if (statusOf(error) === 404) return false
        throw error
      },
    )
    if (there) throw alreadyExists(Bucket, this.server)
    const location = locationSchema.safeParse(this.config.region)
    const CreateBucketConfiguration = location.success ? { LocationConstraint: location.data } : undefined
    await client.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }), { abortSignal: signal })
  }

  presign(key: string, seconds: number): Promise<string> {
    return getSignedUrl(this.client, new GetObjectCommand(this.at(key)), { expiresIn: seconds })
  }

  async setTags(key: string, tags: Record<string, string>, { signal }: Cancellable): Promise<void> {
    const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
    const command = new PutObjectTaggingCommand({ ...this.at(key), Tagging: { TagSet } })
    await this.client.send(command, { abortSignal: signal })
  }

  async getTags(key: string, { signal }: Cancellable): Promise<Record<string, string>> {
    const answer = await this.client.send(new GetObjectTaggingCommand(this.at(key)), { abortSignal: signal })
    return Object.fromEntries((answer.TagSet ?? []).map((tag) => [tag.Key ?? '', tag.Value ?? '']))
  }

  close(): void {
    this.client.destroy()
  }
}
