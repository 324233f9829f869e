import { createHash } from 'node:crypto'
import { open, rename } from 'node:fs/promises'
import { basename, join, resolve, sep } from 'node:path'
import { cancelled } from '@engine/duckdb'
import { copyWithHash, type Inspection, TextInspector } from '@engine/formats'
import type { Folder } from '../folder'
import { safeName } from '../listing/findings'

export interface ReceivedInput {
  path: string
  name: string
  bytes: number
  sha256: string
  /** What the copy saw of it as text; used only when it turns out to be one. */
  inspection: Inspection
}

interface ReceiveOptions {
  delimiter?: string
  signal?: AbortSignal
  onProgress(done: number, total: number): void
}

/** The name a file has inside `input/`: its own, made harmless. */
export const inputFileName = (name: string): string => safeName(basename(name.replaceAll('\\', '/')))

/** True when the file already lies in this execution's `input/` (the same execution run again). */
export const isOwnInput = (path: string, folder: Pick<Folder, 'input'>): boolean =>
  resolve(path).startsWith(folder.input + sep)

/** Copies the input into the execution folder, hashed and inspected on the way; one already there is only read. */
export async function receiveInput(
  path: string,
  name: string,
  folder: Folder,
  options: ReceiveOptions,
): Promise<ReceivedInput> {
  const inspector = new TextInspector(options.delimiter === undefined ? {} : { delimiter: options.delimiter })
  const target = join(folder.input, inputFileName(name))
  const { signal, onProgress } = options
  if (isOwnInput(path, folder)) {
    if (resolve(path) !== target) await rename(path, target)
    const read = await hashInPlace(target, signal, (chunk) => inspector.push(chunk))
    return { path: target, name, ...read, inspection: inspector.finish() }
  }
  const copy = await copyWithHash(path, target, {
    ...(signal ? { signal } : {}),
    onProgress,
    onChunk: (chunk) => inspector.push(chunk),
  })
  return { path: target, name, bytes: copy.bytes, sha256: copy.sha256, inspection: inspector.finish() }
}

async function hashInPlace(
  path: string,
  signal: AbortSignal | undefined,
  visit: (chunk: Buffer) => void,
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  let bytes = 0
  const file = await open(path, 'r')
  try {
    for await (const chunk of file.createReadStream({ highWaterMark: 1 << 20, autoClose: false })) {
      if (signal?.aborted) throw cancelled()
      const part: Buffer = Buffer.from(chunk)
      hash.update(part)
      visit(part)
      bytes += part.length
    }
  } finally {
    await file.close()
  }
  return { bytes, sha256: hash.digest('hex') }
}
