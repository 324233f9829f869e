import type { S3ClientConfig } from '@aws-sdk/client-s3'
import { fromIni, fromNodeProviderChain, fromTemporaryCredentials } from '@aws-sdk/credential-providers'
import { AppError } from '@shared/errors/app-error'
import type { Secrets } from '../spec'
import type { S3Config } from './index'

export type Wire = Pick<S3ClientConfig, 'requestHandler' | 'region'>

/** @throws AppError PROVIDER_CONFIG_INVALID when the secret of a key is missing */
export function credentialsOf(config: S3Config, secrets: Secrets, wire: Wire): S3ClientConfig['credentials'] {
  const own = ownCredentials(config, secrets, wire)
  if (config.roleArn === undefined) return own
  return fromTemporaryCredentials({
    masterCredentials: own,
    clientConfig: { ...wire, endpoint: config.stsEndpoint },
    params: {
      RoleArn: config.roleArn,
      RoleSessionName: 'sage-desktop',
      ExternalId: config.roleExternalId,
    },
  })
}

function ownCredentials(config: S3Config, secrets: Secrets, clientConfig: Wire) {
  if (config.credentials === 'profile') return fromIni({ profile: config.profile, clientConfig })
  if (config.credentials === 'environment') return fromNodeProviderChain({ clientConfig })
  const { secretAccessKey, sessionToken } = secrets
  if (config.accessKeyId !== undefined && secretAccessKey !== undefined)
    return { accessKeyId: config.accessKeyId, secretAccessKey, sessionToken }
  throw new AppError('PROVIDER_CONFIG_INVALID', {
    kind: 'config',
    message: 'Falta la clave secreta del proveedor (Amazon S3).',
    hint: 'Escribirla en el proveedor y volver a guardar.',
    details: { kind: 's3', field: 'secretAccessKey' },
  })
}
