import type { DestinoConfigOf } from '@shared/model/destino'
import type sql from 'mssql'
import type { DestinationSecrets, OpenContext } from '../types'

const CONNECT_MS = 15_000
const NEVER_MS = 2 ** 31 - 1

export function poolConfig(
  config: DestinoConfigOf<'sqlserver'>,
  secrets: DestinationSecrets,
  context: OpenContext,
): sql.config {
  return {
    server: config.servidor,
    port: config.puerto,
    database: config.base,
    user: config.usuario,
    password: secrets.contrasena ?? '',
    connectionTimeout: context.connectMs ?? CONNECT_MS,
    // A load lasts what it lasts, and it can be cancelled.
    requestTimeout: 0,
    // One connection, kept: its temporary tables are the stages.
    pool: { max: 1, min: 1, idleTimeoutMillis: NEVER_MS },
    options: {
      appName: 'SAGE Desktop',
      useUTC: true,
      enableArithAbort: true,
      abortTransactionOnError: true,
      encrypt: config.tls === 'verificar',
      trustServerCertificate: false,
      cryptoCredentialsDetails: { minVersion: 'TLSv1.2', ...(config.ca ? { ca: config.ca } : {}) },
    },
  }
}
