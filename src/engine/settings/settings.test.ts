import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { listAuditoria, openStore, type Store, writeConfiguracion } from '../store'
import { SETTING_KEYS, SETTINGS } from './registry'
import { openSettings } from './settings'

let dir: string
let store: Store
const MIGRATIONS = resolve(__dirname, '../../../migrations')
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sage-settings-'))
  store = openStore(dir, MIGRATIONS)
})
afterEach(async () => {
  await store.close()
  rmSync(dir, { recursive: true, force: true })
})

it('gives the defaults, each valid for its own schema and explained in both languages', () => {
  const all = openSettings(store).all()
  for (const key of SETTING_KEYS) {
    const { schema, label, help } = SETTINGS[key]
    expect(schema.safeParse(all[key]).success, key).toBe(true)
    for (const text of [label.es, label.en, help.es, help.en]) expect(text.length).toBeGreaterThan(0)
  }
  expect(all.detailCap).toBe(1000)
  expect(all.concurrency).toBe(1)
})

it('keeps a change across openings, tells who listens, and audits it', async () => {
  const settings = openSettings(store)
  const told: string[] = []
  settings.onChange((key) => told.push(key))
  await settings.set('detailCap', 50)
  await settings.set('detailCap', 50)
  expect(told).toEqual(['detailCap'])
  await store.close()
  store = openStore(dir, MIGRATIONS)
  expect(openSettings(store).get('detailCap')).toBe(50)
  expect(listAuditoria(store.db, 10)).toMatchObject([
    { accion: 'ajuste.cambiado', objeto_id: 'detailCap', detalle: { antes: 1000, despues: 50 } },
  ])
})

it('refuses an unknown key and a value outside of its schema, and changes nothing', async () => {
  const settings = openSettings(store)
  await expect(settings.set('constructor', 1)).rejects.toMatchObject({ code: 'SETTING_UNKNOWN' })
  for (const value of [0, 1.5, '10', null, {}]) {
    await expect(settings.set('detailCap', value)).rejects.toMatchObject({ code: 'SETTING_INVALID' })
  }
  expect(settings.get('detailCap')).toBe(1000)
})

it('starts with the default where the stored value is no longer valid', async () => {
  await store.write((db) => {
    writeConfiguracion(db, 'detailCap', 'mil', 'ahora')
    writeConfiguracion(db, 'de_otra_version', 1, 'ahora')
  })
  const ignored: string[] = []
  expect(openSettings(store, (key) => ignored.push(key)).get('detailCap')).toBe(1000)
  expect(ignored.sort()).toEqual(['de_otra_version', 'detailCap'])
})
