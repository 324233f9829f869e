import { createRequire } from 'node:module'
import type * as NapiKeyring from '@napi-rs/keyring'
import { AppError } from '@shared/errors/app-error'
import type { LugarClave } from '@shared/model/secreto'
import { z } from 'zod'

export type LugarLlavero = Exclude<LugarClave, 'boveda'>

/** What is used of keytar. */
interface KeychainModule {
  getPassword(service: string, account: string): Promise<string | null>
  setPassword(service: string, account: string, password: string): Promise<void>
  deletePassword(service: string, account: string): Promise<boolean>
}

/** The system's keychain, seen through one of the packages that speak to it. */
export interface Keychain {
  readonly lugar: LugarLlavero
  /** null when it holds no such entry. @throws AppError KEYCHAIN_UNAVAILABLE */
  get(account: string): Promise<string | null>
  /** Read back before it is believed. @throws AppError KEYCHAIN_UNAVAILABLE */
  put(account: string, value: string): Promise<void>
  /** An entry that is gone already is no error. @throws AppError KEYCHAIN_UNAVAILABLE */
  remove(account: string): Promise<void>
}

const SERVICE = 'SAGE Desktop'
/** A keychain may ask the person for its password; one that never answers must not hold the engine. */
const ANSWER_MS = 20_000

// By a name in a variable: neither the compiler nor the bundler may ask for a package that is optional.
const requireHere = createRequire(__filename)

function load(name: string): unknown {
  try {
    return requireHere(name)
  } catch {
    return null
  }
}

// z.function() would wrap the native functions; their presence is what is asked.
const callable = z.custom((value) => typeof value === 'function')
const keytarSchema = z.custom<KeychainModule>(
  (value) =>
    z.looseObject({ getPassword: callable, setPassword: callable, deletePassword: callable }).safeParse(value)
      .success,
)
const napiSchema = z.custom<Pick<typeof NapiKeyring, 'AsyncEntry'>>(
  (value) => z.looseObject({ AsyncEntry: callable }).safeParse(value).success,
)

/** Optional: it is built where its prebuilt file can't be had. */
function keytar(): KeychainModule | null {
  const loaded = keytarSchema.safeParse(load('keytar'))
  return loaded.success ? loaded.data : null
}

/**
 * The twin, by its entries rather than by its keytar-compatible door: that one falls back in silence to the kernel's keyring where no
 * Secret Service answers, and what is kept there is gone with the next restart.
 */
function twin(): KeychainModule | null {
  const loaded = napiSchema.safeParse(load('@napi-rs/keyring'))
  if (!loaded.success) return null
  const { AsyncEntry } = loaded.data
  const entry = (service: string, account: string) =>
    new AsyncEntry(service, account, { linux: { store: 'secret-service' } })
  return {
    getPassword: async (service, account) => (await entry(service, account).getPassword()) ?? null,
    setPassword: async (service, account, password) => entry(service, account).setPassword(password),
    deletePassword: async (service, account) => entry(service, account).deletePassword(),
  }
}

/** The packages that load here, keytar first. Whether the keychain answers is another matter. */
export function loadKeychains(): Keychain[] {
  const found = { keytar: keytar(), napi: twin() }
  return (['keytar', 'napi'] as const).flatMap((lugar) => {
    const loaded = found[lugar]
    return loaded === null ? [] : [keychainOver(lugar, loaded)]
  })
}

function keychainOver(lugar: LugarLlavero, module: KeychainModule): Keychain {
  const get = (account: string) => answered(lugar, () => module.getPassword(SERVICE, account))
  return {
    lugar,
    get,
    async put(account, value) {
      await answered(lugar, () => module.setPassword(SERVICE, account, value))
      if ((await get(account)) !== value) throw unavailable(lugar, 'no devuelve lo que se le dio')
    },
    async remove(account) {
      await answered(lugar, () => module.deletePassword(SERVICE, account))
    },
  }
}

async function answered<T>(lugar: LugarLlavero, ask: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(unavailable(lugar, `no respondió en ${ANSWER_MS / 1000} segundos`)),
      ANSWER_MS,
    )
  })
  try {
    return await Promise.race([late, ask()])
  } catch (error) {
    if (error instanceof AppError) throw error
    throw unavailable(lugar, error instanceof Error ? error.message : String(error), error)
  } finally {
    clearTimeout(timer)
  }
}

const unavailable = (lugar: LugarLlavero, why: string, cause?: unknown): AppError =>
  new AppError('KEYCHAIN_UNAVAILABLE', {
    kind: 'config',
    message: `El llavero del sistema no está disponible (${why}).`,
    hint: 'Iniciar la sesión de escritorio con su llavero desbloqueado, o crear en Ajustes, Secretos una bóveda con frase de paso.',
    details: { lugar, motivo: why },
    cause,
  })

/** No package here speaks to a keychain, or not the one that keeps the key. */
export const noKeychain = (lugar: LugarLlavero | null): AppError =>
  new AppError('KEYCHAIN_UNAVAILABLE', {
    kind: 'config',
    message:
      lugar === null
        ? 'En este equipo no hay un llavero del sistema que SAGE pueda usar.'
        : `La clave de los secretos se guardó en el llavero por medio de «${lugar}», que no está instalado aquí.`,
    hint:
      lugar === null
        ? 'Crear en Ajustes, Secretos una bóveda con frase de paso.'
        : 'Volver a instalar SAGE Desktop en este equipo.',
    details: { lugar, motivo: 'no está instalado' },
  })

/** The first keychain that answers; else why none does. */
export async function findUsable(
  keychains: readonly Keychain[],
): Promise<{ keychain: Keychain; error: null } | { keychain: null; error: AppError }> {
  let error = noKeychain(null)
  for (const keychain of keychains) {
    try {
      await keychain.get('disponible')
      return { keychain, error: null }
    } catch (failure) {
      error = AppError.from(failure)
    }
  }
  return { keychain: null, error }
}
