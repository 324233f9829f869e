import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** SHA-256 of all a stream gives, in hexadecimal. */
export async function hashOf(stream: Readable, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(stream, hash, { signal })
  return hash.digest('hex')
}
