import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import {
  type BlobGetPropertiesResponse,
  BlobSASPermissions,
  type BlockBlobClient,
  type ContainerClient,
  generateBlobSASQueryParameters,
  SASProtocol,
} from '@azure/storage-blob'
import type { AppError } from '@shared/errors/app-error'
import { pause } from '../shared/abort'
import { agentsFor } from '../shared/agents'
import { failed, unsupported } from '../shared/errors'
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
import { totalOf } from '../shared/ranges'
import { type Body, type Stored, type UploadApi, upload } from '../shared/upload'
import type { Secrets } from '../spec'
import type { Cancellable, Connector, ConnectorContext, Limits, WriteResult, WriteSource } from '../types'
import { fromAzure, statusOf } from './errors'
import type { AzureConfig } from './index'
import { openService, type Service } from './service'

/** Opens without touching the network. @throws AppError PROVIDER_CONFIG_INVALID */
export function openAzure(config: AzureConfig, secrets: Secrets, context: ConnectorContext): Connector {
  const agents = agentsFor(context)
  const service = openService(config, secrets, agents)
  return new ObjectConnector(new AzureStore(service, config), cleanPath(config.prefix), context, agents)
}

const unquoted = (etag: string | undefined): string => (etag ?? '').replaceAll('"', '')
const quoted = (etag: string): string => `"${etag}"`
/** Between questions whether a copy is done: most are at once. */
const COPY_POLL_MS = 500

/** So does Data Lake Gen2 mark what stands for a folder. */
const isFolder = (metadata: Record<string, string> | undefined): boolean =>
  Object.entries(metadata ?? {}).some(
    ([name, value]) => name.toLowerCase() === 'hdi_isfolder' && value === 'true',
  )

const objectOf = (key: string, found: BlobGetPropertiesResponse): StoredObject => ({
  key,
  bytes: found.contentLength ?? 0,
  modified: found.lastModified?.toISOString() ?? null,
  etag: unquoted(found.etag),
  folder: isFolder(found.metadata),
})

/** The service compares each part with its MD5; an etag is of the version, not of the bytes. */
const storedOf = (answer: { etag?: string }): Stored => ({ etag: unquoted(answer.etag), hashed: false })
const md5Bytes = (body: Body): Uint8Array | undefined =>
  body.md5 === null ? undefined : Buffer.from(body.md5, 'hex')

class AzureStore implements ObjectStore {
  readonly kind = 'azure'
  readonly place: string
  readonly limits: Limits = {
    pathBytes: 1024,
    pageEntries: 5000,
    fileBytes: 190 * 1024 ** 4,
    parts: { count: 50_000, minBytes: 1 },
  }
  readonly conditionalCopy = true
  readonly endpoint: URL
  private readonly container: ContainerClient
  private readonly account: string

  constructor(
    private readonly service: Service,
    private readonly config: AzureConfig,
  ) {
    this.container = service.client.getContainerClient(config.container)
    this.place = `el contenedor «${config.container}»`
    this.account = `la cuenta «${service.client.accountName}»`
    this.endpoint = new URL(new URL(service.client.url).origin)
  }

  explain(error: unknown, doing: Doing): AppError {
    return fromAzure(error, doing, {
      container: this.config.container,
      place: this.place,
      account: this.account,
    })
  }

  private blob = (key: string): BlockBlobClient => this.container.getBlockBlobClient(key)

  async page({ prefix, cursor, limit, signal }: PageRequest): Promise<ObjectPage> {
    const pages = this.container
      .listBlobsByHierarchy('/', { prefix, includeMetadata: true, abortSignal: signal })
      .byPage({ maxPageSize: limit, continuationToken: cursor ?? undefined })
    for await (const { segment, continuationToken } of pages) {
      return {
        objects: segment.blobItems.map((one) => ({
          key: one.name,
          bytes: one.properties.contentLength ?? 0,
          modified: one.properties.lastModified.toISOString(),
          etag: unquoted(one.properties.etag),
          folder: isFolder(one.metadata),
        })),
        folders: (segment.blobPrefixes ?? []).map((one) => one.name.replace(/\/$/, '')),
        cursor: continuationToken === undefined || continuationToken === '' ? null : continuationToken,
      }
    }
    return { objects: [], folders: [], cursor: null }
  }

  async head(key: string, { signal }: Cancellable): Promise<StoredObject> {
    return objectOf(key, await this.blob(key).getProperties({ abortSignal: signal }))
  }

  async get(key: string, { from, to, etag, signal }: GetRequest): Promise<ObjectRead | null> {
    try {
      const count = to === undefined ? undefined : to - from
      const answer = await this.blob(key).download(from, count, {
        abortSignal: signal,
        conditions: etag === undefined ? undefined : { ifMatch: quoted(etag) },
        // Goes on by itself otherwise, without asking whether the bandwidth or the person still want it.
        maxRetryRequests: 0,
      })
      const body = answer.readableStreamBody
      if (!(body instanceof Readable)) throw failed(this.account, 'la respuesta no trae el archivo')
      const bytes = totalOf(answer.contentRange) ?? answer.contentLength ?? 0
      const modified = answer.lastModified?.toISOString() ?? null
      return { stream: body, object: { key, bytes, modified, etag: unquoted(answer.etag) } }
    } catch (error) {
      if (statusOf(error) === 416) return null
      throw error
    }
  }

  async put(key: string, source: WriteSource, request: PutRequest): Promise<WriteResult> {
    return upload(this.uploadOf(key, request.signal), source, request)
  }

  private uploadOf(key: string, abortSignal: AbortSignal | undefined): UploadApi {
    const blob = this.blob(key)
    const conditionsOf = (ifAbsent: boolean) => (ifAbsent ? { ifNoneMatch: '*' } : undefined)
    return {
      place: this.place,
      conditionalComplete: true,
      put: async (body, ifAbsent) => {
        const conditions = conditionsOf(ifAbsent)
        const options = { abortSignal, conditions, transactionalContentMD5: md5Bytes(body) }
        return storedOf(await blob.upload(body.open, body.bytes, options))
      },
      // Parts of several uploads lie together under the name of the file: each upload tells its own by their names.
      begin: async () => randomUUID(),
      part: async (id, number, body) => {
        const name = Buffer.from(`${id}-${String(number).padStart(5, '0')}`).toString('base64')
        const options = { abortSignal, transactionalContentMD5: md5Bytes(body) }
        await blob.stageBlock(name, body.open, body.bytes, options)
        return { etag: name, hashed: false }
      },
      complete: async (_id, names, ifAbsent) => {
        const conditions = conditionsOf(ifAbsent)
        return storedOf(await blob.commitBlockList(names, { abortSignal, conditions }))
      },
      // There is no such request: Azure throws away after a week what no file was made of.
      abort: async () => undefined,
      head: () => this.head(key, { signal: abortSignal }),
      remove: () => this.remove(key, {}),
    }
  }

  async copy(from: StoredObject, to: string, options: Cancellable & { ifAbsent: boolean }): Promise<void> {
    const { ifAbsent, signal } = options
    const poller = await this.blob(to).beginCopyFromURL(this.blob(from.key).url, {
      abortSignal: signal,
      conditions: ifAbsent ? { ifNoneMatch: '*' } : undefined,
      sourceConditions: { ifMatch: quoted(from.etag) },
    })
    while (!poller.isDone()) {
      await pause(COPY_POLL_MS, signal)
      await poller.poll({ abortSignal: signal })
    }
    const status = poller.getResult()?.copyStatus
    if (status !== 'success') throw failed(this.account, `la copia quedó en «${status}»`)
  }

  async remove(key: string, { signal }: Cancellable): Promise<void> {
    await this.blob(key).deleteIfExists({ abortSignal: signal, deleteSnapshots: 'include' })
  }

  async makeContainer({ signal }: Cancellable): Promise<void> {
    await this.container.create({ abortSignal: signal })
  }

  async presign(key: string, seconds: number, { signal }: Cancellable): Promise<string> {
    const { client, signing } = this.service
    if (signing === null)
      throw unsupported('dar enlaces', this.account, 'Entrar con la clave de la cuenta o con una aplicación.')
    const expiresOn = new Date(Date.now() + seconds * 1000)
    const values = {
      containerName: this.config.container,
      blobName: key,
      permissions: BlobSASPermissions.from({ read: true }),
      protocol: this.endpoint.protocol === 'https:' ? SASProtocol.Https : SASProtocol.HttpsAndHttp,
      expiresOn,
    }
    if (signing !== 'delegation')
      return `${this.blob(key).url}?${generateBlobSASQueryParameters(values, signing).toString()}`
    const delegated = await client.getUserDelegationKey(new Date(), expiresOn, { abortSignal: signal })
    return `${this.blob(key).url}?${generateBlobSASQueryParameters(values, delegated, client.accountName).toString()}`
  }

  async setTags(key: string, tags: Record<string, string>, { signal }: Cancellable): Promise<void> {
    await this.blob(key).setTags(tags, { abortSignal: signal })
  }

  async getTags(key: string, { signal }: Cancellable): Promise<Record<string, string>> {
    return (await this.blob(key).getTags({ abortSignal: signal })).tags
  }

  close(): void {}
}
