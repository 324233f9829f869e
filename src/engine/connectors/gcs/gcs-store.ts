import { Storage } from '@google-cloud/storage'
import { AppError } from '@shared/errors/app-error'
import { z } from 'zod'
import { agentsFor } from '../shared/agents'
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
import type { Secrets } from '../spec'
import type { Cancellable, Connector, ConnectorContext, Limits, WriteResult, WriteSource } from '../types'
import { fromGcs } from './errors'
import { GcsFailure, GcsHttp } from './http'
import type { GcsConfig } from './index'
import { sendFile } from './session'

const SCOPE = 'https://www.googleapis.com/auth/devstorage.full_control'

const keySchema = z.object({
  type: z.literal('service_account'),
  project_id: z.string(),
  client_email: z.string(),
  private_key: z.string(),
})
type ServiceKey = z.infer<typeof keySchema>

/** @throws AppError PROVIDER_CONFIG_INVALID */
function keyOf(secrets: Secrets): ServiceKey {
  try {
    return keySchema.parse(JSON.parse(secrets.serviceAccount ?? ''))
  } catch {
    // What is wrong with it could quote it.
    throw new AppError('PROVIDER_CONFIG_INVALID', {
      kind: 'config',
      message:
        'Falta la clave JSON del proveedor (Google Cloud Storage), o no es la de una cuenta de servicio.',
      hint: 'Pegar entero el archivo que da Google al crear la clave.',
      details: { kind: 'gcs', field: 'serviceAccount' },
    })
  }
}

/** Opens without touching the network. @throws AppError PROVIDER_CONFIG_INVALID */
export function openGcs(config: GcsConfig, secrets: Secrets, context: ConnectorContext): Connector {
  const key = keyOf(secrets)
  const agents = agentsFor(context)
  const endpoint = new URL(config.endpoint ?? 'https://storage.googleapis.com')
  const sdk = new Storage({
    apiEndpoint: endpoint.origin,
    projectId: key.project_id,
    useAuthWithCustomEndpoint: true,
    scopes: [SCOPE],
  })
  // As an option of the SDK it works too, and is told on the console to be deprecated.
  sdk.authClient.jsonContent = key
  // The key signs what it asks for: no other server has to be reached for a token.
  sdk.authClient.useJWTAccessWithScope = true
  const authorize = async (url: string) => {
    const headers = await sdk.authClient.getRequestHeaders(url)
    return Object.fromEntries(headers.entries())
  }
  const http = new GcsHttp(endpoint, authorize, agents)
  const store = new GcsStore(
    http,
    sdk,
    { ...config, projectId: config.projectId ?? key.project_id },
    endpoint,
  )
  return new ObjectConnector(store, cleanPath(config.prefix), context, agents)
}

const objectSchema = z.object({
  name: z.string(),
  size: z.coerce.number(),
  timeCreated: z.string(),
  generation: z.string(),
  metadata: z.record(z.string(), z.string()).default({}),
})
const OBJECT_FIELDS = 'name,size,timeCreated,generation,metadata'
const pageSchema = z.object({
  items: z.array(objectSchema).default([]),
  prefixes: z.array(z.string()).default([]),
  nextPageToken: z.string().optional(),
})
const rewriteSchema = z.object({ done: z.boolean(), rewriteToken: z.string().optional() })

/** The service has no tags: they are metadata of their own. */
const TAG = 'sage-tag-'

const objectOf = (found: z.infer<typeof objectSchema>): StoredObject => ({
  key: found.name,
  bytes: found.size,
  modified: new Date(found.timeCreated).toISOString(),
  // Of the content: the service's own etag also changes with the metadata.
  etag: found.generation,
})

class GcsStore implements ObjectStore {
  readonly kind = 'gcs'
  readonly place: string
  readonly limits: Limits = { pathBytes: 1024, pageEntries: 1000, fileBytes: 5 * 1024 ** 4, parts: null }
  readonly conditionalCopy = true
  private readonly bucketPath: string

  constructor(
    private readonly http: GcsHttp,
    private readonly sdk: Storage,
    private readonly config: GcsConfig,
    readonly endpoint: URL,
  ) {
    this.place = `el bucket «${config.bucket}»`
    this.bucketPath = `/storage/v1/b/${encodeURIComponent(config.bucket)}`
  }

  explain(error: unknown, doing: Doing): AppError {
    const server = this.config.endpoint === undefined ? 'Google Cloud' : `el servidor ${this.endpoint.host}`
    return fromGcs(error, doing, { bucket: this.config.bucket, place: this.place, server })
  }

  private path = (key: string): string => `${this.bucketPath}/o/${encodeURIComponent(key)}`

  async page({ prefix, cursor, limit, signal }: PageRequest): Promise<ObjectPage> {
    const query = {
      prefix,
      delimiter: '/',
      maxResults: limit,
      pageToken: cursor ?? undefined,
      fields: `items(${OBJECT_FIELDS}),prefixes,nextPageToken`,
    }
    const { items, prefixes, nextPageToken } = pageSchema.parse(
      await this.http.askJson('GET', `${this.bucketPath}/o`, { query, signal }),
    )
    return {
      objects: items.map(objectOf),
      folders: prefixes.map((one) => one.replace(/\/$/, '')),
      cursor: nextPageToken ?? null,
    }
  }

  private async facts(key: string, { signal }: Cancellable) {
    const query = { fields: OBJECT_FIELDS }
    return objectSchema.parse(await this.http.askJson('GET', this.path(key), { query, signal }))
  }

  async head(key: string, options: Cancellable): Promise<StoredObject> {
    return objectOf(await this.facts(key, options))
  }

  async get(key: string, request: GetRequest): Promise<ObjectRead | null> {
    const range = rangeHeader(request)
    try {
      const answer = await this.http.ask('GET', this.path(key), {
        query: { alt: 'media', ifGenerationMatch: request.etag },
        headers: range === undefined ? {} : { range },
        signal: request.signal,
      })
      const header = (name: string): string => String(answer.headers[name] ?? '')
      const bytes = totalOf(answer.headers['content-range']) ?? Number(header('content-length'))
      const modified = new Date(header('last-modified')).toISOString()
      return { stream: answer, object: { key, bytes, modified, etag: header('x-goog-generation') } }
    } catch (error) {
      if (error instanceof GcsFailure && error.status === 416) return null
      throw error
    }
  }

  put(key: string, source: WriteSource, request: PutRequest): Promise<WriteResult> {
    const { bucket } = this.config
    const removeGeneration = async (generation: string) => {
      await this.http.askEmpty('DELETE', this.path(key), {
        query: { ifGenerationMatch: generation },
        also: [404, 412],
      })
    }
    return sendFile({ http: this.http, bucket, key, place: this.place, removeGeneration }, source, request)
  }

  async copy(from: StoredObject, to: string, options: Cancellable & { ifAbsent: boolean }): Promise<void> {
    const { ifAbsent, signal } = options
    let rewriteToken: string | undefined
    // A large copy between places is made in several answers.
    do {
      const answer = rewriteSchema.parse(
        await this.http.askJson(
          'POST',
          `${this.path(from.key)}/rewriteTo${this.path(to).slice('/storage/v1'.length)}`,
          {
            query: {
              ifSourceGenerationMatch: from.etag,
              ifGenerationMatch: ifAbsent ? 0 : undefined,
              rewriteToken,
            },
            signal,
          },
        ),
      )
      rewriteToken = answer.done ? undefined : answer.rewriteToken
    } while (rewriteToken !== undefined)
  }

  async remove(key: string, { signal }: Cancellable): Promise<void> {
    try {
      await this.http.askEmpty('DELETE', this.path(key), { signal })
    } catch (error) {
      const known = this.explain(error, { action: 'borrado', path: key })
      if (known.code !== 'REMOTE_NOT_FOUND') throw error
    }
  }

  async makeContainer({ signal }: Cancellable): Promise<void> {
    const { bucket: name, location, projectId } = this.config
    await this.http.askJson('POST', '/storage/v1/b', {
      query: { project: projectId },
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name, location }),
      signal,
    })
  }

  async presign(key: string, seconds: number): Promise<string> {
    const file = this.sdk.bucket(this.config.bucket).file(key)
    // Whole seconds: of a part of one the SDK makes a link that says `59.4`.
    const now = Math.floor(Date.now() / 1000) * 1000
    const [url] = await file.getSignedUrl({
      version: 'v4',
      action: 'read',
      accessibleAt: new Date(now),
      expires: now + seconds * 1000,
    })
    return url
  }

  async setTags(key: string, tags: Record<string, string>, { signal }: Cancellable): Promise<void> {
    const { metadata } = await this.facts(key, { signal })
    const gone = Object.keys(metadata).filter((name) => name.startsWith(TAG))
    const kept = Object.entries(tags).map(([name, value]) => [`${TAG}${name}`, value])
    const changes = { ...Object.fromEntries(gone.map((name) => [name, null])), ...Object.fromEntries(kept) }
    await this.http.askJson('PATCH', this.path(key), {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ metadata: changes }),
      signal,
    })
  }

  async getTags(key: string, options: Cancellable): Promise<Record<string, string>> {
    const { metadata } = await this.facts(key, options)
    const tags = Object.entries(metadata).filter(([name]) => name.startsWith(TAG))
    return Object.fromEntries(tags.map(([name, value]) => [name.slice(TAG.length), value]))
  }

  close(): void {}
}
