import type { DestinoConfigOf } from '@shared/model/destino'
import { Client, type ClientConfig } from 'pg'
import type { DestinationSecrets, OpenContext } from '../types'
import { postgresError } from './errors'

const CONNECT_MS = 15_000

export function clientConfig(
  config: DestinoConfigOf<'postgres'>,
  secrets: DestinationSecrets,
  context: OpenContext,
): ClientConfig {
  return {
    host: config.servidor,
    port: config.puerto,
    database: config.base,
    user: config.usuario,
    // Never undefined: the driver would look for one in the environment and in the home of whoever runs the engine.
    password: secrets.contrasena ?? '',
    ssl:
      config.tls === 'verificar'
        ? { rejectUnauthorized: true, minVersion: 'TLSv1.2', ...(config.ca ? { ca: config.ca } : {}) }
        : false,
    connectionTimeoutMillis: context.connectMs ?? CONNECT_MS,
    keepAlive: true,
    application_name: 'SAGE Desktop',
    // Everything as the text that the server wrote: digits are kept.
    types: { getTypeParser: () => (value: unknown) => value },
  }
}

/** A connected client. Fails with an AppError; the caller ends it. */
export async function connect(config: ClientConfig, signal?: AbortSignal): Promise<Client> {
  const client = new Client(config)
  // A connection that breaks is told by the query that runs; without a listener it would end the engine.
  client.on('error', () => undefined)
  try {
    signal?.throwIfAborted()
    await client.connect()
    return client
  } catch (error) {
    await client.end().catch(() => undefined)
    throw postgresError(error, signal)
  }
}
