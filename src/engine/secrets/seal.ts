import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'

export const KEY_BYTES = 32
const NONCE_BYTES = 12
const FINGERPRINT_BYTES = 4

export interface Sealed {
  nonce: Uint8Array
  cifrado: Uint8Array
  etiqueta: Uint8Array
}

export const newKey = (): Buffer => randomBytes(KEY_BYTES)

/** AES-256-GCM under a fresh nonce. `context` is authenticated: what was sealed for one place opens in no other. */
export function encrypt(key: Uint8Array, context: string, clear: Uint8Array): Sealed {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(context, 'utf8'))
  const cifrado = Buffer.concat([cipher.update(clear), cipher.final()])
  return { nonce, cifrado, etiqueta: cipher.getAuthTag() }
}

/** null when it was not sealed under this key for this context, or was changed since. */
export function decrypt(key: Uint8Array, context: string, sealed: Sealed): Buffer | null {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.nonce, { authTagLength: 16 })
  decipher.setAAD(Buffer.from(context, 'utf8'))
  decipher.setAuthTag(sealed.etiqueta)
  try {
    return Buffer.concat([decipher.update(sealed.cifrado), decipher.final()])
  } catch {
    return null
  }
}

/** What ties a sealed row to itself and to its key. */
export const rowContext = (uuid: string, claveId: string): string => `sage/secreto/1/${uuid}/${claveId}`

/** A public mark of a key, which says whether the one at hand is it. */
export const checkOf = (key: Uint8Array, id: string): Buffer =>
  createHmac('sha256', key).update(`sage/clave/1/${id}`).digest().subarray(0, 16)

export const isKey = (key: Uint8Array, id: string, check: Uint8Array): boolean =>
  key.length === KEY_BYTES && timingSafeEqual(checkOf(key, id), check)

const contentSchema = z.strictObject({ sal: z.base64(), valores: z.record(z.string(), z.string()) })

/** The values of a secret, and the salt of their fingerprints, which never leaves the sealed part. */
export type Content = z.infer<typeof contentSchema>

export const newContent = (valores: Content['valores']): Content => ({
  sal: randomBytes(16).toString('base64'),
  valores,
})

export const packContent = (content: Content): Buffer => Buffer.from(JSON.stringify(content), 'utf8')

export const unpackContent = (clear: Uint8Array): Content =>
  contentSchema.parse(JSON.parse(Buffer.from(clear).toString('utf8')))

/**
 * Tells whether a value changed. Keyed by the secret's own salt: a list of common passwords can't be tried against it, and equal
 * values of two secrets do not look equal.
 */
export const fingerprint = ({ sal }: Content, nombre: string, valor: string): string =>
  createHmac('sha256', Buffer.from(sal, 'base64'))
    .update(`${nombre}\0${valor}`)
    .digest('hex')
    .slice(0, FINGERPRINT_BYTES * 2)
