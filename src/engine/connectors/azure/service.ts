import { ClientSecretCredential } from '@azure/identity'
import {
  AnonymousCredential,
  BlobServiceClient,
  newPipeline,
  type RequestPolicyFactory,
  StorageSharedKeyCredential,
} from '@azure/storage-blob'
import { AppError } from '@shared/errors/app-error'
import type { Agents } from '../shared/agents'
import type { Secrets } from '../spec'
import { type AzureConfig, addressOf } from './index'

type Credential = StorageSharedKeyCredential | AnonymousCredential | ClientSecretCredential

export interface Service {
  client: BlobServiceClient
  /** How a link to a file can be signed; null with a SAS, which signs nothing further. */
  signing: StorageSharedKeyCredential | 'delegation' | null
}

const missing = (field: string, words: string): AppError =>
  new AppError('PROVIDER_CONFIG_INVALID', {
    kind: 'config',
    message: `Falta ${words} del proveedor (Azure Storage), o no está completa.`,
    hint: 'Escribirla en el proveedor y volver a guardar.',
    details: { kind: 'azure', field },
  })

function secret(secrets: Secrets, name: string, words: string): string {
  const value = secrets[name]
  if (value === undefined || value === '') throw missing(name, words)
  return value
}

/** `AccountName=…;AccountKey=…;BlobEndpoint=…`, of which the emulator's short form is not one. */
function fromConnectionString(text: string): { url: string; credential: Credential } {
  const parts = new Map(
    text.split(';').map((part) => {
      const at = part.indexOf('=')
      return [part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim()] as const
    }),
  )
  const account = parts.get('accountname')
  const protocol = parts.get('defaultendpointsprotocol') ?? 'https'
  const suffix = parts.get('endpointsuffix') ?? 'core.windows.net'
  const usual = account === undefined ? undefined : `${protocol}://${account}.blob.${suffix}`
  const url = parts.get('blobendpoint') ?? usual
  const [key, sas] = [parts.get('accountkey'), parts.get('sharedaccesssignature')]
  if (url !== undefined && sas !== undefined)
    return { url: withSas(url, sas), credential: new AnonymousCredential() }
  if (url === undefined || account === undefined || key === undefined)
    throw missing('connectionString', 'la cadena de conexión')
  return { url, credential: new StorageSharedKeyCredential(account, key) }
}

const withSas = (url: string, sas: string): string => `${url}?${sas.replace(/^\?/, '')}`

/** @throws AppError PROVIDER_CONFIG_INVALID when the secret of that way in is missing */
export function openService(config: AzureConfig, secrets: Secrets, agents: Agents): Service {
  const { url, credential } = credentialOf(config, secrets, agents)
  const pipeline = newPipeline(credential, { retryOptions: { maxTries: 1 } })
  pipeline.factories.push(throughAgents(agents))
  const shared = credential instanceof StorageSharedKeyCredential ? credential : null
  return {
    client: new BlobServiceClient(url, pipeline),
    signing: shared ?? (credential instanceof ClientSecretCredential ? 'delegation' : null),
  }
}

function credentialOf(
  config: AzureConfig,
  secrets: Secrets,
  agents: Agents,
): { url: string; credential: Credential } {
  const { account = '', auth } = config
  const url = addressOf(account, config.endpoint)
  switch (auth) {
    case 'connection-string':
      return fromConnectionString(secret(secrets, 'connectionString', 'la cadena de conexión'))
    case 'account-key': {
      const key = secret(secrets, 'accountKey', 'la clave de la cuenta')
      return { url, credential: new StorageSharedKeyCredential(account, key) }
    }
    case 'sas':
      return {
        url: withSas(url, secret(secrets, 'sasToken', 'la firma')),
        credential: new AnonymousCredential(),
      }
    case 'service-principal':
      return { url, credential: servicePrincipal(config, secrets, agents) }
  }
}

function servicePrincipal(config: AzureConfig, secrets: Secrets, agents: Agents): ClientSecretCredential {
  const { tenantId = '', clientId = '', authorityHost } = config
  const clientSecret = secret(secrets, 'clientSecret', 'el secreto de la aplicación')
  return new ClientSecretCredential(tenantId, clientId, clientSecret, {
    authorityHost,
    // A server of one's own is not in Microsoft's list of them.
    disableInstanceDiscovery: authorityHost !== undefined,
    retryOptions: { maxRetries: 0 },
    additionalPolicies: [
      {
        position: 'perCall',
        policy: {
          name: 'sageAgents',
          sendRequest(request, next) {
            request.agent = agents.https
            return next(request)
          },
        },
      },
    ],
  })
}

/** Every request goes through our agents: proxy, authorities and least TLS are theirs. */
const throughAgents = (agents: Agents): RequestPolicyFactory => ({
  create: (next) => ({
    sendRequest(request) {
      request.agent = request.url.startsWith('https:') ? agents.https : agents.http
      return next.sendRequest(request)
    },
  }),
})
