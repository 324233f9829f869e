import { isIP } from 'node:net'
import { AppError } from '@shared/errors/app-error'
import type { DestinoConfigOf } from '@shared/model/destino'
import { type Connection, type ConnectionOptions, createConnection } from 'mysql2/promise'
import type { DestinationSecrets, OpenContext } from '../types'
import { mysqlError } from './errors'

const CONNECT_MS = 15_000

/** What the session is set to: nothing is rounded, cut or turned into zero in silence, and no wait is for ever. */
const SETTINGS = [
  "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,NO_AUTO_VALUE_ON_ZERO'",
  "SET SESSION time_zone = '+00:00'",
  'SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ',
  'SET SESSION innodb_lock_wait_timeout = 30',
  'SET SESSION lock_wait_timeout = 30',
  'SET SESSION foreign_key_checks = 1',
  'SET SESSION unique_checks = 1',
]

/**
 * What the driver connects with.
 * @throws AppError CERTIFICADO for a TLS server given by its address: the driver would take any certificate of `localhost` for it
 */
export function connectionOptions(
  config: DestinoConfigOf<'mysql'>,
  secrets: DestinationSecrets,
  context: OpenContext,
): ConnectionOptions {
  if (config.tls === 'verificar' && isIP(config.servidor) !== 0)
    throw new AppError('CERTIFICADO', {
      kind: 'config',
      message: `MySQL: con TLS el servidor se da por su nombre, y «${config.servidor}» es una dirección.`,
      hint: 'Poner el nombre que dice su certificado.',
    })
  return {
    host: config.servidor,
    port: config.puerto,
    database: config.base,
    user: config.usuario,
    password: secrets.contrasena ?? '',
    charset: 'utf8mb4',
    // The driver checks the chain by default, and the name only when it is told.
    ...(config.tls === 'verificar'
      ? {
          ssl: {
            rejectUnauthorized: true,
            verifyIdentity: true,
            minVersion: 'TLSv1.2',
            ...(config.ca ? { ca: config.ca } : {}),
          },
        }
      : {}),
    connectTimeout: context.connectMs ?? CONNECT_MS,
    enableKeepAlive: true,
    multipleStatements: false,
    // Rows changed and not rows found; LOCAL INFILE only for the statements that bring their own stream.
    flags: ['-FOUND_ROWS', '+LOCAL_FILES'],
    // Digits are kept: nothing becomes a number or a date of JavaScript that could lose some.
    rowsAsArray: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: true,
  }
}

/** A connected session with its settings. Fails with an AppError; the caller ends it. */
export async function connect(options: ConnectionOptions, signal?: AbortSignal): Promise<Connection> {
  if (signal?.aborted) throw mysqlError(null, signal)
  let connection: Connection | null = null
  try {
    connection = await createConnection(options)
    // A connection that breaks is told by the query that runs; without a listener it would end the engine.
    connection.on('error', () => undefined)
    for (const setting of SETTINGS) await connection.query(setting)
    return connection
  } catch (error) {
    connection?.destroy()
    throw mysqlError(error, signal)
  }
}
