import { once } from 'node:events'
import { connect as connectSocket } from 'node:net'
import { AppError } from '@shared/errors/app-error'
import type { DestinoConfigOf, PruebaDestino } from '@shared/model/destino'
import { runTestSteps } from '../shared/connection-test'
import type { DestinationSecrets, OpenContext } from '../types'
import { postgresError } from './errors'
import { PostgresSession } from './session'

const REACH_MS = 10_000

/** "Probar conexión": the address, the session (its certificate and its user), the schema and what may be done in it. */
export async function probar(
  config: DestinoConfigOf<'postgres'>,
  secrets: DestinationSecrets,
  context: OpenContext,
): Promise<PruebaDestino> {
  const opened: { session: PostgresSession | null } = { session: null }
  const steps = [
    { paso: 'Llegar al servidor', run: () => reach(config, context.signal) },
    {
      paso: config.tls === 'verificar' ? 'Comprobar el certificado y entrar' : 'Entrar (sin cifrar)',
      run: async () => {
        opened.session = await PostgresSession.open(config, secrets, context)
        return opened.session.servidor
      },
    },
    { paso: 'Usar el esquema', run: async () => opened.session && schemaRights(opened.session, config) },
  ]
  try {
    return await runTestSteps(steps, () => opened.session?.servidor ?? null)
  } finally {
    await opened.session?.close()
  }
}

async function reach(config: DestinoConfigOf<'postgres'>, signal: AbortSignal | undefined): Promise<null> {
  const socket = connectSocket({ host: config.servidor, port: config.puerto })
  const limit = AbortSignal.timeout(REACH_MS)
  try {
    await once(socket, 'connect', { signal: signal ? AbortSignal.any([signal, limit]) : limit })
    return null
  } catch (error) {
    throw postgresError(
      limit.aborted ? Object.assign(new Error('timeout expired'), { cause: error }) : error,
      signal,
    )
  } finally {
    socket.destroy()
  }
}

async function schemaRights(
  session: PostgresSession,
  { esquema }: DestinoConfigOf<'postgres'>,
): Promise<string | null> {
  const [row] = await session.rows({
    sql: `SELECT has_schema_privilege(n.oid, 'USAGE')::text, has_schema_privilege(n.oid, 'CREATE')::text, has_database_privilege(current_database(), 'TEMPORARY')::text
      FROM pg_catalog.pg_namespace n WHERE n.nspname = $1`,
    params: [esquema],
  })
  const refuse = (code: string, message: string, hint: string): AppError =>
    new AppError(code, { kind: 'config', message, hint })
  if (!row)
    throw refuse(
      'NO_EXISTE',
      `No existe el esquema «${esquema}».`,
      'Crearlo en la base o escribir otro en el destino.',
    )
  const [usage, create, temporary] = row
  if (usage !== 'true')
    throw refuse(
      'SIN_PERMISO',
      `El usuario no puede usar el esquema «${esquema}».`,
      'Pedir el permiso USAGE.',
    )
  if (temporary !== 'true')
    throw refuse(
      'SIN_PERMISO',
      'El usuario no puede crear tablas temporales en la base.',
      'Pedir el permiso TEMPORARY sobre la base.',
    )
  return create === 'true'
    ? null
    : 'Sin permiso para crear tablas: las de destino y _sage_cargas deben existir ya.'
}
