import { AppError } from '@shared/errors/app-error'
import { readConfiguracion, type Store, writeAuditoria, writeConfiguracion } from '../store'
import { isSettingKey, SETTING_KEYS, SETTINGS, type SettingKey, type SettingValue } from './registry'

export interface Settings {
  get<K extends SettingKey>(key: K): SettingValue<K>
  all(): Record<SettingKey, unknown>
  /** @throws AppError SETTING_UNKNOWN, SETTING_INVALID */
  set(key: string, value: unknown): Promise<void>
  /** Called after a setting changed. */
  onChange(listener: (key: SettingKey) => void): void
}

/**
 * The settings over the `configuracion` table. A stored value that its schema no longer accepts (written by another version, or
 * by hand) counts as absent: `onIgnored` is told, and the engine starts.
 */
export function openSettings(store: Store, onIgnored: (key: string) => void = () => {}): Settings {
  const values = new Map<string, unknown>()
  const listeners: ((key: SettingKey) => void)[] = []
  for (const [key, value] of readConfiguracion(store.db)) {
    if (isSettingKey(key) && SETTINGS[key].schema.safeParse(value).success) values.set(key, value)
    else onIgnored(key)
  }

  const read = (key: SettingKey): unknown => (values.has(key) ? values.get(key) : SETTINGS[key].default)

  return {
    // Every value in the map passed its key's schema.
    get: <K extends SettingKey>(key: K) => read(key) as SettingValue<K>,
    all: () => Object.fromEntries(SETTING_KEYS.map((key) => [key, read(key)])) as Record<SettingKey, unknown>,
    async set(key, value) {
      if (!isSettingKey(key)) {
        throw new AppError('SETTING_UNKNOWN', {
          kind: 'input',
          message: `No hay un ajuste «${key}».`,
          hint: `Los ajustes son: ${SETTING_KEYS.join(', ')}.`,
        })
      }
      const parsed = SETTINGS[key].schema.safeParse(value)
      if (!parsed.success) {
        throw new AppError('SETTING_INVALID', {
          kind: 'input',
          message: `${SETTINGS[key].label.es}: ese valor no vale (${parsed.error.issues.map((i) => i.message).join('; ')}).`,
          hint: SETTINGS[key].help.es,
          details: { setting: key },
        })
      }
      if (read(key) === parsed.data) return
      const now = new Date().toISOString()
      await store.write((db) => {
        writeConfiguracion(db, key, parsed.data, now)
        const detalle = { antes: read(key), despues: parsed.data }
        writeAuditoria(
          db,
          { accion: 'ajuste.cambiado', objeto: 'configuracion', objetoId: key, detalle },
          now,
        )
      })
      values.set(key, parsed.data)
      for (const listener of listeners) listener(key)
    },
    onChange(listener) {
      listeners.push(listener)
    },
  }
}
