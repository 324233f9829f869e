import { randomUUID } from 'node:crypto'
import type { Log } from '@engine/logging'
import { rememberSecret } from '@engine/security/redact'
import {
  type Db,
  deleteSecreto,
  findClaveActiva,
  findSecreto,
  insertSecreto,
  listSecretos,
  markLost,
  type SecretoRow,
  type Store,
  updateSecreto,
  writeAuditoria,
} from '@engine/store'
import type { Emit } from '@shared/contract'
import { AppError } from '@shared/errors/app-error'
import type {
  EstadoSecretos,
  Rotacion,
  SecretoCambio,
  SecretoInfo,
  SecretoNuevo,
  SecretoUso,
} from '@shared/model/secreto'
import { changedMeanwhile, retrying } from './busy'
import { type DataKey, DataKeys, type DataKeysDeps } from './data-keys'
import { stateOf } from './estado'
import { openRow, rotateDataKey } from './rotation'
import {
  type Content,
  encrypt,
  fingerprint,
  newContent,
  packContent,
  rowContext,
  unpackContent,
} from './seal'
import { inUse, requireFreeName, requireSecreto, toInfo } from './secreto-view'
import { SECRETO_USES, type UseLookup } from './uses'
import { changedContent } from './valores'

export interface SecretosDeps extends Omit<DataKeysDeps, 'store'> {
  store: Store
  log: Log
  emit: Emit
  /** For tests: SECRETO_USES by default. */
  usedBy?: readonly UseLookup[]
}

const nowIso = (): string => new Date().toISOString()

/** Credentials: sealed in the store, told by name, opened for the engine alone. */
export class Secretos {
  readonly #deps: SecretosDeps
  readonly #keys: DataKeys
  /** What changes where keys are kept goes one at a time. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(deps: SecretosDeps) {
    this.#deps = deps
    this.#keys = new DataKeys(deps)
  }

  /** Destroys what an earlier process left half done; what can't be is left for the next start. */
  async start(): Promise<void> {
    try {
      await this.#alone(() => this.#keys.cleanUp())
    } catch (error) {
      const message = 'No se pudo ordenar lo que dejó a medias un cambio de clave'
      this.#deps.log.warn('secretos.unclean', message, { error })
    }
  }

  /** Waits for the change of keys that is going on: the store must outlive it. */
  async close(): Promise<void> {
    await this.#turn
  }

  /** Every secret, by name, without its values. */
  list(): SecretoInfo[] {
    const uses = this.#uses(this.#deps.store.db)
    const now = new Date()
    return listSecretos(this.#deps.store.db).map((row) => toInfo(row, uses, now))
  }

  /** @throws AppError SECRET_NOT_FOUND */
  get(id: number): SecretoInfo {
    const { db } = this.#deps.store
    return toInfo(requireSecreto(db, id), this.#uses(db), new Date())
  }

  /** Those whose expiry or change is due, the most urgent first. */
  due(): SecretoInfo[] {
    return this.list()
      .filter(({ vigencia }) => vigencia.estado !== 'sin_plazo' && vigencia.estado !== 'vigente')
      .sort((a, b) => (a.vigencia.dias ?? 0) - (b.vigencia.dias ?? 0))
  }

  /**
   * Seals and keeps a new secret. The first one makes the data key in the keychain.
   * @throws AppError SECRET_NAME_TAKEN, KEYCHAIN_UNAVAILABLE, VAULT_LOCKED, DATA_KEY_LOST
   */
  async create(datos: SecretoNuevo): Promise<SecretoInfo> {
    for (const valor of Object.values(datos.valores)) rememberSecret(valor)
    requireFreeName(this.#deps.store.db, datos.nombre, null)
    const content = newContent(datos.valores)
    const id = await this.#underActiveKey((tx, key) => {
      requireFreeName(tx, datos.nombre, null)
      const now = nowIso()
      const uuid = randomUUID()
      const made = insertSecreto(tx, {
        ...{ uuid, nombre: datos.nombre, tipo: datos.tipo, descripcion: datos.descripcion },
        valores: Object.entries(content.valores).map(([nombre, valor]) => ({
          ...{ nombre, huella: fingerprint(content, nombre, valor), cambiadoEn: now },
        })),
        ...sealContent(content, uuid, key),
        ...{ creado_en: now, actualizado_en: now, rotado_en: now },
        ...{ vence_en: datos.venceEn, rotar_cada_dias: datos.rotarCadaDias },
        recordar_dias: datos.recordarDias,
      })
      const { nombre, tipo } = datos
      audit(tx, 'secreto.creado', made, { nombre, tipo, valores: Object.keys(datos.valores) })
      return made
    })
    this.#deps.log.info('secreto.created', 'Secreto guardado', { secretoId: id, tipo: datos.tipo })
    this.#deps.emit('secretos.changed', { id })
    return this.get(id)
  }

  /**
   * Changes what is given; values that are not named stay, and null takes one away.
   * @throws AppError SECRET_NOT_FOUND, SECRET_NAME_TAKEN, SECRET_EMPTY, SECRET_UNREADABLE, KEYCHAIN_UNAVAILABLE, VAULT_LOCKED, DATA_KEY_LOST
   */
  async update(id: number, cambio: SecretoCambio): Promise<SecretoInfo> {
    for (const valor of Object.values(cambio.valores ?? {})) if (valor !== null) rememberSecret(valor)
    if (cambio.valores === undefined || Object.keys(cambio.valores).length === 0) {
      await this.#deps.store.write((tx) => this.#save(tx, requireSecreto(tx, id), cambio, {}, []))
    } else await this.#updateValores(id, cambio, cambio.valores)
    this.#deps.log.info('secreto.updated', 'Secreto cambiado', { secretoId: id })
    this.#deps.emit('secretos.changed', { id })
    return this.get(id)
  }

  #updateValores(
    id: number,
    cambio: SecretoCambio,
    valores: NonNullable<SecretoCambio['valores']>,
  ): Promise<void> {
    return retrying(async () => {
      const row = requireSecreto(this.#deps.store.db, id)
      const former = row.clave_estado === 'perdida' ? await this.#openOrNull(row) : await this.#open(row)
      const content = changedContent(row, former, valores)
      await this.#underActiveKey((tx, key) => {
        const now = requireSecreto(tx, id)
        if (!Buffer.from(now.nonce).equals(row.nonce)) throw changedMeanwhile()
        const changed = Object.keys(valores)
        this.#save(tx, now, cambio, this.#sealed(now, content, key, changed), changed)
      })
    })
  }

  /** The columns that new values change. */
  #sealed(row: SecretoRow, content: Content, key: DataKey, changed: readonly string[]): Partial<SecretoRow> {
    const now = nowIso()
    const kept = new Map(row.valores.map((valor) => [valor.nombre, valor]))
    const valores = Object.entries(content.valores).map(([nombre, valor]) => {
      const huella = fingerprint(content, nombre, valor)
      const former = kept.get(nombre)
      return former?.huella === huella ? former : { nombre, huella, cambiadoEn: now }
    })
    const rotado_en = changed.length > 0 ? now : row.rotado_en
    return { valores, rotado_en, ...sealContent(content, row.uuid, key) }
  }

  #save(
    tx: Db,
    row: SecretoRow,
    cambio: SecretoCambio,
    sealed: Partial<SecretoRow>,
    changed: readonly string[],
  ): void {
    const nombre = cambio.nombre ?? row.nombre
    requireFreeName(tx, nombre, row.id)
    updateSecreto(tx, row.id, {
      ...row,
      nombre,
      descripcion: cambio.descripcion ?? row.descripcion,
      vence_en: cambio.venceEn === undefined ? row.vence_en : cambio.venceEn,
      rotar_cada_dias: cambio.rotarCadaDias === undefined ? row.rotar_cada_dias : cambio.rotarCadaDias,
      recordar_dias: cambio.recordarDias ?? row.recordar_dias,
      actualizado_en: nowIso(),
      ...sealed,
    })
    audit(tx, 'secreto.cambiado', row.id, { nombre, valores: changed })
  }

  /** One that is gone already is no error. @throws AppError SECRET_IN_USE */
  async remove(id: number): Promise<void> {
    const removed = await this.#deps.store.write((tx) => {
      const row = findSecreto(tx, id)
      if (row === null) return false
      const uses = this.#uses(tx).filter(({ secretoId }) => secretoId === id)
      if (uses.length > 0) throw inUse(row, uses)
      deleteSecreto(tx, id)
      audit(tx, 'secreto.eliminado', id, { nombre: row.nombre })
      return true
    })
    if (!removed) return
    this.#deps.log.info('secreto.removed', 'Secreto eliminado', { secretoId: id })
    this.#deps.emit('secretos.changed', { id })
  }

  /**
   * The values, for what connects to something. From here on the redactor masks them wherever they appear; they are never part of an
   * answer, an event or a file.
   * @throws AppError SECRET_NOT_FOUND, SECRET_ALTERED, KEYCHAIN_UNAVAILABLE, VAULT_LOCKED, DATA_KEY_LOST
   */
  async reveal(id: number): Promise<Record<string, string>> {
    const { valores } = await this.#open(requireSecreto(this.#deps.store.db, id))
    return valores
  }

  async #open(row: SecretoRow): Promise<Content> {
    let key: DataKey
    try {
      key = await this.#keys.open(row.clave_id)
    } catch (error) {
      // Sealed again meanwhile: the key it was under is gone, and rightly.
      const now = findSecreto(this.#deps.store.db, row.id)
      if (now === null || now.clave_id === row.clave_id) throw error
      return this.#open(now)
    }
    const clear = openRow(row, key)
    const content = unpackContent(clear)
    clear.fill(0)
    for (const valor of Object.values(content.valores)) rememberSecret(valor)
    return content
  }

  async #openOrNull(row: SecretoRow): Promise<Content | null> {
    try {
      return await this.#open(row)
    } catch {
      return null
    }
  }

  /** Where the key is, whether secrets can be used, and if not, why. Asks the keychain. */
  state(): Promise<EstadoSecretos> {
    return stateOf(this.#deps.store.db, this.#keys)
  }

  /**
   * Seals everything again under a new key, kept where the present one is.
   * @throws AppError KEYCHAIN_UNAVAILABLE, VAULT_LOCKED, DATA_KEY_LOST, SECRETS_BUSY
   */
  rotateDataKey(): Promise<Rotacion> {
    return this.#alone(async () => {
      const inVault = findClaveActiva(this.#deps.store.db)?.lugar === 'boveda'
      const place = inVault ? { vault: await this.#keys.openedVault() } : await this.#keys.keychainPlace()
      return this.#rotate('secretos.clave_rotada', place)
    })
  }

  /**
   * Makes the vault that this passphrase opens and moves there what is sealed under the keychain's key.
   * @throws AppError VAULT_EXISTS and those of `rotateDataKey`
   */
  createVault(frase: string): Promise<Rotacion> {
    return this.#alone(async () => {
      if (findClaveActiva(this.#deps.store.db)?.lugar === 'boveda') {
        throw new AppError('VAULT_EXISTS', {
          kind: 'conflict',
          message: 'Los secretos ya están en una bóveda con frase de paso.',
          hint: 'Desbloquearla, o cambiar su frase.',
        })
      }
      return this.#rotate('secretos.boveda_creada', { vault: await this.#keys.newVault(frase) })
    })
  }

  /** Moves what the vault seals to the system's keychain. @throws AppError as `rotateDataKey` */
  moveToKeychain(): Promise<Rotacion> {
    return this.#alone(async () => this.#rotate('secretos.llavero_usado', await this.#keys.keychainPlace()))
  }

  async #rotate(accion: string, place: Parameters<typeof rotateDataKey>[1]): Promise<Rotacion> {
    const { store, log, emit } = this.#deps
    const done = await rotateDataKey(
      { store, keys: this.#keys, audit: (tx, result) => audit(tx, accion, null, { ...result }) },
      place,
    )
    log.info('secretos.key-rotated', 'Secretos sellados con una clave nueva', { ...done })
    emit('secretos.changed', { id: null })
    return done
  }

  /** @throws AppError VAULT_MISSING, VAULT_PASSPHRASE_WRONG */
  async unlock(frase: string): Promise<void> {
    await this.#alone(() => this.#keys.unlock(frase))
    this.#deps.log.info('secretos.vault-unlocked', 'Bóveda de secretos desbloqueada')
    this.#deps.emit('secretos.changed', { id: null })
  }

  lock(): void {
    this.#keys.lock()
    this.#deps.log.info('secretos.vault-locked', 'Bóveda de secretos bloqueada')
    this.#deps.emit('secretos.changed', { id: null })
  }

  /** @throws AppError VAULT_MISSING, VAULT_PASSPHRASE_WRONG, SECRETS_BUSY */
  async changePassphrase(former: string, next: string): Promise<void> {
    await this.#alone(() =>
      this.#keys.changePassphrase(former, next, (tx) => audit(tx, 'secretos.frase_cambiada', null, {})),
    )
    this.#deps.log.info('secretos.passphrase-changed', 'Frase de la bóveda cambiada')
    this.#deps.emit('secretos.changed', { id: null })
  }

  /**
   * Gives the present key up as lost, so that secrets can be saved again under a new one. What it sealed stays, unreadable unless the
   * keychain finds it again, until its values are written anew.
   */
  async giveUpKey(): Promise<void> {
    await this.#alone(() =>
      this.#deps.store.write((tx) => {
        const active = findClaveActiva(tx)
        if (active === null || !markLost(tx, active.id, nowIso())) return
        audit(tx, 'secretos.clave_perdida', null, { lugar: active.lugar })
      }),
    )
    this.#deps.log.warn('secretos.key-given-up', 'La clave de los secretos se dio por perdida')
    this.#deps.emit('secretos.changed', { id: null })
  }

  #uses(db: Db): SecretoUso[] {
    return (this.#deps.usedBy ?? SECRETO_USES).flatMap((lookup) => lookup(db))
  }

  /** Runs a change with the key that is active inside its own transaction; again when it was rotated in between. */
  #underActiveKey<T>(change: (tx: Db, key: DataKey) => T): Promise<T> {
    return retrying(async () => {
      const key = await this.#keys.active()
      return this.#deps.store.write((tx) => {
        if (findClaveActiva(tx)?.id !== key.id) throw changedMeanwhile()
        return change(tx, key)
      })
    })
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => undefined)
    return result
  }
}

const sealContent = (content: Content, uuid: string, { id, key }: DataKey) => {
  const clear = packContent(content)
  const sealed = encrypt(key, rowContext(uuid, id), clear)
  clear.fill(0)
  return { clave_id: id, ...sealed }
}

/** `detalle` never holds a value, only names. */
const audit = (tx: Db, accion: string, id: number | null, detalle: Record<string, unknown>): void =>
  writeAuditoria(
    tx,
    { accion, objeto: 'secreto', objetoId: id === null ? null : String(id), detalle },
    nowIso(),
  )
