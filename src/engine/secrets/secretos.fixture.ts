import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createLog } from '@engine/logging'
import { openStore } from '@engine/store'
import { AppError } from '@shared/errors/app-error'
import { type SecretoNuevo, secretoNuevoSchema } from '@shared/model/secreto'
import type { Keychain } from './keychain'
import { Secretos, type SecretosDeps } from './secretos'

const MIGRATIONS = resolve(__dirname, '../../../migrations')

/** A keychain in memory, which can be out of reach: what the real ones do is tested in keychain.test.ts. */
export function memoryKeychain() {
  const entries = new Map<string, string>()
  const state = { down: false }
  const answer = <T>(value: () => T): Promise<T> => {
    if (!state.down) return Promise.resolve(value())
    const message = 'El llavero del sistema no está disponible (apagado).'
    return Promise.reject(
      new AppError('KEYCHAIN_UNAVAILABLE', { kind: 'config', message, details: { motivo: 'apagado' } }),
    )
  }
  const keychain: Keychain = {
    lugar: 'napi',
    get: (account) => answer(() => entries.get(account) ?? null),
    put: (account, value) => answer(() => void entries.set(account, value)),
    remove: (account) => answer(() => void entries.delete(account)),
  }
  return { keychain, entries, state }
}

export const tempFolder = (): string => mkdtempSync(join(tmpdir(), 'sage-secretos-'))

/** The real service over a real store; what it told. */
export function openSecretos(dir: string, more: Partial<SecretosDeps> = {}) {
  const dataDir = join(dir, 'data')
  mkdirSync(dataDir, { recursive: true })
  const store = openStore(dataDir, MIGRATIONS)
  const log = createLog({ dir: join(dataDir, 'logs'), level: 'DEBUG' })
  const told: unknown[] = []
  const secretos = new Secretos({
    store,
    log,
    emit: (topic, payload) => void told.push({ topic, payload }),
    env: {},
    ...more,
  })
  return {
    ...{ dir, dataDir, store, log, told, secretos },
    async close() {
      await store.close()
      log.close()
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  }
}

export const nuevo = (nombre: string, valores: Record<string, string>, more: Partial<SecretoNuevo> = {}) =>
  secretoNuevoSchema.parse({ nombre, valores, ...more })

/** The error that `work` ends with. */
export async function failureOf(work: Promise<unknown>): Promise<AppError> {
  try {
    await work
  } catch (error) {
    return AppError.from(error)
  }
  throw new Error('no falló')
}
