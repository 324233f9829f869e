import {
  activateClave,
  type Db,
  findClaveActiva,
  listSecretos,
  resealSecreto,
  type SecretoRow,
  type Store,
} from '@engine/store'
import { AppError } from '@shared/errors/app-error'
import type { Rotacion } from '@shared/model/secreto'
import { changedMeanwhile, retrying } from './busy'
import { type DataKey, type DataKeys, opensWith, type Place } from './data-keys'
import { decrypt, encrypt, rowContext } from './seal'

interface RotationDeps {
  store: Store
  keys: DataKeys
  /** Written with the change. */
  audit(tx: Db, done: Rotacion): void
}

/** A key that nothing here opens: lost, or given up as lost. What is under it stays as it is. */
interface Openable {
  keys: Map<string, DataKey>
  lost: Set<string>
}

/**
 * Seals every secret again under a new key kept at `place`, in one transaction, while others read and save. The former key is destroyed
 * only after that. A process killed at any point leaves either the former key in use or the new one, and in both cases every secret
 * opens; what it left half done is undone by the next rotation or start.
 * @throws AppError KEYCHAIN_UNAVAILABLE, VAULT_LOCKED, DATA_KEY_LOST, SECRETS_BUSY
 */
export const rotateDataKey = (deps: RotationDeps, place: Place): Promise<Rotacion> =>
  retrying(() => rotateOnce(deps, place))

async function rotateOnce({ store, keys, audit }: RotationDeps, place: Place): Promise<Rotacion> {
  await keys.cleanUp()
  // Before anything is made: a key that does not open must not leave a new one behind.
  const openable = await openAll(store.db, keys)
  const fresh = await keys.prepare(place)
  const done = await store
    .write((tx) => {
      const active = findClaveActiva(tx)
      if ('vault' in place && !opensWith(active, place.vault)) throw changedMeanwhile()
      const rows = listSecretos(tx)
      const secretos = resealRows(tx, rows, openable, fresh)
      if (!activateClave(tx, fresh.id, active?.id ?? null, new Date().toISOString())) throw changedMeanwhile()
      const lugar = 'vault' in place ? 'boveda' : place.keychain.lugar
      const result: Rotacion = { lugar, secretos, ilegibles: rows.length - secretos }
      audit(tx, result)
      return result
    })
    .catch(async (error: unknown) => {
      await keys.discard(fresh.id)
      throw error
    })
  keys.adopt(place)
  await keys.destroyRetired()
  return done
}

/** Every key that seals a secret now. Only one that was given up as lost may fail to open. */
async function openAll(db: Db, keys: DataKeys): Promise<Openable> {
  const found: Openable = { keys: new Map(), lost: new Set() }
  for (const { clave_id, clave_estado } of listSecretos(db)) {
    if (found.keys.has(clave_id) || found.lost.has(clave_id)) continue
    try {
      found.keys.set(clave_id, await keys.open(clave_id))
    } catch (error) {
      if (clave_estado !== 'perdida') throw error
      found.lost.add(clave_id)
    }
  }
  return found
}

/** How many were sealed again. @throws AppError SECRETS_BUSY when one is under a key that was not there when the keys were opened */
function resealRows(tx: Db, rows: readonly SecretoRow[], { keys, lost }: Openable, fresh: DataKey): number {
  const readable = rows.filter(({ clave_id }) => !lost.has(clave_id))
  if (readable.some(({ clave_id }) => !keys.has(clave_id))) throw changedMeanwhile()
  for (const row of readable) {
    const clear = openRow(row, keys.get(row.clave_id))
    const sealed = encrypt(fresh.key, rowContext(row.uuid, fresh.id), clear)
    clear.fill(0)
    resealSecreto(tx, row.id, { clave_id: fresh.id, ...sealed })
  }
  return readable.length
}

/** What a row holds, in clear. @throws AppError SECRET_ALTERED */
export function openRow(row: SecretoRow, key: DataKey | undefined): Buffer {
  const clear = key === undefined ? null : decrypt(key.key, rowContext(row.uuid, row.clave_id), row)
  if (clear !== null) return clear
  throw new AppError('SECRET_ALTERED', {
    kind: 'terminal',
    message: `El secreto «${row.nombre}» no se puede abrir: lo guardado fue cambiado o es de otra fila.`,
    hint: 'Escribir otra vez sus valores, o restaurar el almacén de un respaldo.',
    details: { secretoId: row.id },
  })
}
