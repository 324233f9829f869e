import type { DestinationSecrets, OpenContext, Session } from '@engine/destinations/types'
import { AppError } from '@shared/errors/app-error'
import type { DestinoTarget } from '../service/ports'
import { type BoundDestination, boundDestination } from './bound'
import type { ConnectedDeps } from './index'

/** How a credential of a database calls its password. */
const PASSWORD = 'contrasena'

/** @throws AppError DESTINO_UNSUPPORTED */
export function sqlOf({ config, nombre }: DestinoTarget): BoundDestination {
  const found = boundDestination(config)
  if (found) return found
  throw new AppError('DESTINO_UNSUPPORTED', {
    kind: 'unsupported',
    message: `Esta versión no escribe en destinos de tipo «${config.tipo}»${nombre === '' ? '' : `, como «${nombre}»`}.`,
    hint: 'Elegir otro destino.',
  })
}

/**
 * The password of a destination: the value `contrasena` of its credential, or its only value.
 * @throws AppError DESTINO_CREDENTIAL, and those of `Secretos.reveal`
 */
export async function secretsOf(
  { secretos }: ConnectedDeps,
  { secretoId }: DestinoTarget,
): Promise<DestinationSecrets> {
  if (secretoId === null) return { contrasena: null }
  const values = await secretos.reveal(secretoId)
  const [only, ...more] = Object.values(values)
  const contrasena = values[PASSWORD] ?? (more.length === 0 ? only : undefined)
  if (contrasena !== undefined) return { contrasena }
  throw new AppError('DESTINO_CREDENTIAL', {
    kind: 'config',
    message: `La credencial tiene varios valores y ninguno se llama «${PASSWORD}».`,
    hint: `Guardar la contraseña con el nombre «${PASSWORD}».`,
  })
}

export const contextOf = ({ dataDir }: ConnectedDeps, signal: AbortSignal): OpenContext => ({
  dataDir,
  signal,
})

/** A connection to be closed by who asked for it. @throws AppError those of the destination and of its credential */
export async function openDestination(
  deps: ConnectedDeps,
  destino: DestinoTarget,
  signal: AbortSignal,
): Promise<Session> {
  return sqlOf(destino).open(await secretsOf(deps, destino), contextOf(deps, signal))
}
