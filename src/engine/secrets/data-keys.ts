import { randomUUID } from 'node:crypto'
import type { Log } from '@engine/logging'
import { rememberSecret } from '@engine/security/redact'
import {
  activateClave,
  type ClaveRow,
  type Db,
  findClave,
  findClaveActiva,
  hasUnused,
  insertClave,
  listClaves,
  listRetired,
  markDestroyed,
  retireUnused,
  type Store,
  writeEnvoltura,
} from '@engine/store'
import { AppError } from '@shared/errors/app-error'
import { changedMeanwhile } from './busy'
import { findUsable, type Keychain, loadKeychains, noKeychain } from './keychain'
import { PASSPHRASE_FILE, readPassphraseFile } from './passphrase-file'
import { checkOf, isKey, newKey } from './seal'
import { newVaultKey, openVault, unwrapKey, type VaultKey, wrapKey } from './vault'

export interface DataKey {
  id: string
  key: Buffer
}

/** Where a new data key will be kept. */
export type Place = { keychain: Keychain } | { vault: VaultKey }

export interface DataKeysDeps {
  store: Store
  log: Log
  /** For tests: what loads here by default. */
  loadKeychains?: () => Keychain[]
  env?: NodeJS.ProcessEnv
}

const account = (claveId: string): string => `clave-datos:${claveId}`
const nowIso = (): string => new Date().toISOString()

/**
 * The keys that seal the secrets: found where each is kept, kept in memory once found, made and destroyed. A key is named in the store
 * before its place gets it and until its place has forgotten it.
 */
export class DataKeys {
  private readonly opened = new Map<string, Buffer>()
  private vault: VaultKey | null = null
  private keychains: Keychain[] | null = null

  constructor(private readonly deps: DataKeysDeps) {}

  private get db(): Db {
    return this.deps.store.db
  }

  /** The keychains that load here, loaded once. */
  loaded(): Keychain[] {
    this.keychains ??= (this.deps.loadKeychains ?? loadKeychains)()
    return this.keychains
  }

  /** @throws AppError KEYCHAIN_UNAVAILABLE */
  async keychainPlace(): Promise<Place> {
    const { keychain, error } = await findUsable(this.loaded())
    if (keychain === null) throw error
    return { keychain }
  }

  /** The vault, once open. @throws AppError VAULT_LOCKED, VAULT_PASSPHRASE_WRONG, PASSPHRASE_FILE_REFUSED */
  async openedVault(): Promise<VaultKey> {
    // Another process may have changed the passphrase: a key wrapped under the former one would be lost to who knows the new one.
    if (this.vault !== null && opensWith(findClaveActiva(this.db), this.vault)) return this.vault
    this.vault = null
    const path = (this.deps.env ?? process.env)[PASSPHRASE_FILE]
    if (path !== undefined && path !== '') {
      return this.unlock(await readPassphraseFile(path))
    }
    throw new AppError('VAULT_LOCKED', {
      kind: 'auth',
      message: 'La bóveda de secretos está bloqueada.',
      hint: `Desbloquearla con su frase de paso en Ajustes, Secretos; sin ventana, dar en ${PASSPHRASE_FILE} un archivo con ella.`,
    })
  }

  /** @throws AppError VAULT_MISSING, VAULT_PASSPHRASE_WRONG */
  async unlock(frase: string): Promise<VaultKey> {
    rememberSecret(frase)
    const { id, envoltura } = requireVault(findClaveActiva(this.db))
    const vault = await openVault(frase, id, envoltura)
    this.vault = vault
    return vault
  }

  /**
   * Forgets the passphrase's key and every key that came out of the vault. Dropped, not overwritten: a secret that is being saved right
   * now holds its key, and must not be sealed under zeros.
   */
  lock(): void {
    this.vault = null
    for (const { id, lugar } of listClaves(this.db)) if (lugar === 'boveda') this.forget(id)
  }

  /** A key for a new passphrase; the vault is open with it once a data key is kept there. */
  newVault(frase: string): Promise<VaultKey> {
    rememberSecret(frase)
    return newVaultKey(frase)
  }

  /**
   * Wraps the vault's keys under another passphrase, all at once.
   * @throws AppError VAULT_MISSING, VAULT_PASSPHRASE_WRONG
   */
  async changePassphrase(former: string, next: string, audit: (tx: Db) => void): Promise<void> {
    rememberSecret(former)
    const { id, envoltura } = requireVault(findClaveActiva(this.db))
    const old = await openVault(former, id, envoltura)
    const fresh = await this.newVault(next)
    await this.deps.store.write((tx) => {
      const active = requireVault(findClaveActiva(tx))
      for (const row of listClaves(tx)) {
        const dataKey = row.envoltura === null ? null : unwrapKey(old, row.id, row.envoltura)
        if (dataKey === null) {
          if (row.id === active.id) throw changedMeanwhile()
          continue
        }
        writeEnvoltura(tx, row.id, wrapKey(fresh, row.id, dataKey))
        dataKey.fill(0)
      }
      audit(tx)
    })
    this.vault = fresh
  }

  /**
   * The key of an id, wherever it is kept.
   * @throws AppError KEYCHAIN_UNAVAILABLE, VAULT_LOCKED, DATA_KEY_LOST, SECRETS_BUSY
   */
  async open(id: string): Promise<DataKey> {
    const known = this.opened.get(id)
    if (known !== undefined) return { id, key: known }
    const row = findClave(this.db, id)
    if (row === null || isGone(row)) throw changedMeanwhile()
    const key = row.envoltura === null ? await this.fromKeychain(row) : await this.fromVault(row)
    if (key === null || !isKey(key, id, row.verificacion)) {
      const now = findClave(this.db, id)
      throw now === null || isGone(now) ? changedMeanwhile() : lost()
    }
    this.opened.set(id, key)
    return { id, key }
  }

  private async fromKeychain(row: ClaveRow): Promise<Buffer | null> {
    const keychain = this.keychainOf(row)
    const text = await keychain.get(account(row.id)).catch((error: unknown) => {
      throw outOfReach(AppError.from(error))
    })
    if (text === null) return null
    rememberSecret(text)
    return Buffer.from(text, 'base64')
  }

  private async fromVault(row: ClaveRow): Promise<Buffer | null> {
    const vault = await this.openedVault()
    return row.envoltura === null ? null : unwrapKey(vault, row.id, row.envoltura)
  }

  private keychainOf(row: ClaveRow): Keychain {
    const found = this.loaded().find(({ lugar }) => lugar === row.lugar)
    if (found === undefined) throw noKeychain(row.lugar === 'boveda' ? null : row.lugar)
    return found
  }

  /**
   * The key that seals what is saved now. The first one is made in the keychain; a vault is only ever made by a person.
   * @throws AppError KEYCHAIN_UNAVAILABLE, VAULT_LOCKED, DATA_KEY_LOST
   */
  async active(): Promise<DataKey> {
    const row = findClaveActiva(this.db)
    if (row !== null) return this.open(row.id)
    const fresh = await this.prepare(await this.keychainPlace())
    const won = await this.deps.store.write((tx) => activateClave(tx, fresh.id, null, nowIso()))
    if (won) {
      this.deps.log.info('secretos.key-made', 'Clave de datos creada', { clave: fresh.id })
      return fresh
    }
    // Another process made the first one meanwhile.
    await this.discard(fresh.id)
    const other = findClaveActiva(this.db)
    if (other === null) throw changedMeanwhile()
    return this.open(other.id)
  }

  /** A new key, kept where it was asked, that seals nothing yet. */
  async prepare(place: Place): Promise<DataKey> {
    const id = randomUUID()
    const key = newKey()
    const lugar = 'vault' in place ? 'boveda' : place.keychain.lugar
    const envoltura = 'vault' in place ? wrapKey(place.vault, id, key) : null
    const verificacion = checkOf(key, id)
    await this.deps.store.write((tx) => insertClave(tx, { id, lugar, verificacion, envoltura }, nowIso()))
    if ('keychain' in place) {
      const text = key.toString('base64')
      rememberSecret(text)
      try {
        await place.keychain.put(account(id), text)
      } catch (error) {
        await this.discard(id)
        throw error
      }
    }
    this.opened.set(id, key)
    return { id, key }
  }

  /** The vault whose key seals now is open from here on. */
  adopt(place: Place): void {
    if ('vault' in place) this.vault = place.vault
  }

  /** Takes back a key that never came into use; one that did is not touched. */
  async discard(id: string): Promise<void> {
    await this.deps.store.write((tx) => retireUnused(tx, nowIso(), id))
    const row = findClave(this.db, id)
    // Also when another process has destroyed it meanwhile: its place may have got it after that.
    if (row !== null && isGone(row)) await this.destroy(row)
  }

  /** What a process that died in the middle left behind. Only keys that seal nothing are touched. */
  async cleanUp(): Promise<void> {
    if (hasUnused(this.db)) await this.deps.store.write((tx) => retireUnused(tx, nowIso()))
    await this.destroyRetired()
  }

  /** Makes each place forget the keys that seal nothing any more; what can't be reached now is left for the next time. */
  async destroyRetired(): Promise<void> {
    for (const row of listRetired(this.db)) await this.destroy(row)
  }

  private async destroy(row: ClaveRow): Promise<void> {
    try {
      this.forget(row.id)
      if (row.lugar !== 'boveda') await this.keychainOf(row).remove(account(row.id))
      await this.deps.store.write((tx) => markDestroyed(tx, row.id))
    } catch (error) {
      const { code } = AppError.from(error)
      this.deps.log.warn('secretos.key-left', 'Una clave retirada sigue en el llavero', {
        clave: row.id,
        code,
      })
    }
  }

  private forget(id: string): void {
    this.opened.delete(id)
  }
}

/** Another process rotated: what this key sealed is under another one by now. */
const isGone = ({ estado }: ClaveRow): boolean => estado === 'retirada' || estado === 'destruida'

/** True too while the key in use is not in a vault: this one is about to be. */
export const opensWith = (active: ClaveRow | null, vault: VaultKey): boolean =>
  active === null || active.envoltura === null || active.envoltura.sal === vault.sal

function requireVault(row: ClaveRow | null): { id: string; envoltura: NonNullable<ClaveRow['envoltura']> } {
  if (row !== null && row.envoltura !== null) return { id: row.id, envoltura: row.envoltura }
  throw new AppError('VAULT_MISSING', {
    kind: 'conflict',
    message: 'Los secretos no están en una bóveda con frase de paso.',
    hint: 'Ver en Ajustes, Secretos dónde está su clave.',
  })
}

/** Another place can't stand in for the one that has the key. */
const outOfReach = (error: AppError): AppError =>
  new AppError('KEYCHAIN_UNAVAILABLE', {
    kind: 'config',
    message: `No se llega al llavero que guarda la clave de los secretos (${String(error.details?.motivo ?? error.message)}).`,
    hint: 'Iniciar la sesión de escritorio con su llavero desbloqueado y volver a intentarlo.',
    details: error.details ?? {},
    cause: error,
  })

const lost = (): AppError =>
  new AppError('DATA_KEY_LOST', {
    kind: 'auth',
    message: 'La clave que abre los secretos no está donde se guardó.',
    hint: 'Restaurar el llavero de este equipo; si no se puede, en Ajustes, Secretos empezar con una clave nueva y escribir otra vez los valores.',
  })
