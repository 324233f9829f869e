import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** SHA-256 of all a stream gives, in hexadecimal. `onBytes`: each time some come. */
export async function hashOf(stream: Readable, signal?: AbortSignal, onBytes?: () => void): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(
    stream,
    async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) {
        hash.update(chunk)
        onBytes?.()
      }
    },
    { signal },
  )
  return hash.digest('hex')
}
