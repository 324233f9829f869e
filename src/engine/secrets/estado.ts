import { countSecretos, type Db, findClaveActiva } from '@engine/store'
import { AppError } from '@shared/errors/app-error'
import type { EstadoSecretos } from '@shared/model/secreto'
import type { DataKeys } from './data-keys'
import { findUsable } from './keychain'

/** How things stand, asked of the places themselves: nothing is made or changed. */
export async function stateOf(db: Db, keys: DataKeys): Promise<EstadoSecretos> {
  const { keychain, error } = await findUsable(keys.loaded())
  const active = findClaveActiva(db)
  const { total, perdidos } = countSecretos(db)
  return {
    situacion:
      active === null
        ? keychain === null
          ? 'sin_llavero'
          : 'por_crear'
        : await situationOf(active.id, keys),
    lugar: active?.lugar ?? null,
    claveDesde: active?.activada_en ?? null,
    llavero: {
      disponible: keychain !== null,
      lugar: keychain?.lugar ?? null,
      motivo: error === null ? null : String(error.details?.motivo ?? error.message),
    },
    secretos: total,
    ilegibles: perdidos,
  }
}

async function situationOf(id: string, keys: DataKeys): Promise<EstadoSecretos['situacion']> {
  try {
    await keys.open(id)
    return 'lista'
  } catch (failure) {
    switch (AppError.from(failure).code) {
      case 'KEYCHAIN_UNAVAILABLE':
        return 'llavero_inaccesible'
      case 'DATA_KEY_LOST':
        return 'clave_perdida'
      // Locked, or its passphrase file is refused or does not open it.
      case 'VAULT_LOCKED':
      case 'VAULT_PASSPHRASE_WRONG':
      case 'PASSPHRASE_FILE_REFUSED':
        return 'boveda_bloqueada'
      default:
        throw failure
    }
  }
}
