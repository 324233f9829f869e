import { randomBytes, scrypt } from 'node:crypto'
import type { Envoltura } from '@engine/store'
import { AppError } from '@shared/errors/app-error'
import { decrypt, encrypt, KEY_BYTES } from './seal'

/** About half a second and 128 MiB per try: what makes a passphrase worth more than its length. */
const COST = { N: 2 ** 17, r: 8, p: 1 } as const

type Kdf = Pick<Envoltura, 'N' | 'r' | 'p' | 'sal'>

/** The key that the passphrase gives, and how it gave it: every data key of the vault is wrapped under the same one. */
export interface VaultKey extends Kdf {
  key: Buffer
}

function derive(frase: string, { N, r, p, sal }: Kdf): Promise<Buffer> {
  return new Promise((done, reject) => {
    // The same passphrase typed on two systems may come composed or not.
    const text = frase.normalize('NFKC')
    const options = { N, r, p, maxmem: 256 * N * r }
    scrypt(text, Buffer.from(sal, 'base64'), KEY_BYTES, options, (error, key) =>
      error === null ? done(key) : reject(error),
    )
  })
}

/** A key for a new passphrase, under a salt of its own. */
export async function newVaultKey(frase: string): Promise<VaultKey> {
  const kdf = { ...COST, sal: randomBytes(16).toString('base64') }
  return { ...kdf, key: await derive(frase, kdf) }
}

const context = (claveId: string): string => `sage/boveda/1/${claveId}`

/** A data key as the store keeps it. */
export function wrapKey(vault: VaultKey, claveId: string, dataKey: Uint8Array): Envoltura {
  const { nonce, cifrado, etiqueta } = encrypt(vault.key, context(claveId), dataKey)
  const base64 = (part: Uint8Array): string => Buffer.from(part).toString('base64')
  const { N, r, p, sal } = vault
  return {
    ...{ kdf: 'scrypt', N, r, p, sal },
    ...{ nonce: base64(nonce), cifrado: base64(cifrado), etiqueta: base64(etiqueta) },
  }
}

/** null when it is not wrapped under this key. */
export function unwrapKey(vault: VaultKey, claveId: string, envoltura: Envoltura): Buffer | null {
  const bytes = (part: string): Buffer => Buffer.from(part, 'base64')
  return decrypt(vault.key, context(claveId), {
    nonce: bytes(envoltura.nonce),
    cifrado: bytes(envoltura.cifrado),
    etiqueta: bytes(envoltura.etiqueta),
  })
}

/** The vault's key out of its passphrase, proven on a wrapped data key. @throws AppError VAULT_PASSPHRASE_WRONG */
export async function openVault(frase: string, claveId: string, envoltura: Envoltura): Promise<VaultKey> {
  const { N, r, p, sal } = envoltura
  const vault = { N, r, p, sal, key: await derive(frase, envoltura) }
  const dataKey = unwrapKey(vault, claveId, envoltura)
  if (dataKey !== null) {
    dataKey.fill(0)
    return vault
  }
  vault.key.fill(0)
  throw new AppError('VAULT_PASSPHRASE_WRONG', {
    kind: 'auth',
    message: 'La frase de paso no abre la bóveda de secretos.',
    hint: 'Escribirla otra vez, con sus mayúsculas, espacios y acentos.',
  })
}
