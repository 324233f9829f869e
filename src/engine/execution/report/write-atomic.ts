import { open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Writes a file of the execution folder whole or not at all: beside it first, to the disk, then renamed over it. */
export async function writeAtomic(dir: string, name: string, text: string): Promise<void> {
  const part = join(dir, `${name}.parte`)
  try {
    const handle = await open(part, 'w')
    try {
      await handle.writeFile(text, 'utf8')
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(part, join(dir, name))
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}
