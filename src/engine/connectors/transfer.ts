import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AppError } from '@shared/errors/app-error'
import { throwIfAborted } from './shared/abort'
import { cancelled, changed, corrupt } from './shared/errors'
import { Tallying } from './shared/source'
import type { Cancellable, Connector } from './types'

export interface TransferOptions extends Cancellable {
  onProgress?(done: number, total: number): void
}

export interface Download {
  bytes: number
  sha256: string
  /** Of the version that was taken. */
  etag: string
}

/** A file that changes each time it is read is being written: it is left for later. */
const MAX_RESTARTS = 3

/**
 * Brings a file whole, or not at all: beside its place first, to the disk, then renamed. Goes on after a cut; starts again when the file
 * changed on the other side meanwhile. The target is replaced.
 * @throws AppError REMOTE_CHANGED when it keeps changing, and what `Connector.read` throws
 */
export async function download(
  connector: Connector,
  path: string,
  file: string,
  options: TransferOptions = {},
): Promise<Download> {
  const part = join(dirname(file), `.sage-${randomUUID()}.parte`)
  try {
    for (let turn = 1; ; turn++) {
      try {
        const result = await bring(connector, path, part, options)
        await rename(part, file)
        return result
      } catch (error) {
        const restarts = error instanceof AppError && error.code === 'REMOTE_CHANGED' && turn < MAX_RESTARTS
        if (!restarts) throw error
      }
    }
  } finally {
    await rm(part, { force: true })
  }
}

async function bring(
  connector: Connector,
  path: string,
  part: string,
  { signal, onProgress }: TransferOptions,
): Promise<Download> {
  throwIfAborted(signal)
  const read = await connector.read(path, { signal })
  const tally = new Tallying()
  let done = 0
  const progress = new Transform({
    transform: (chunk: Buffer, _encoding, next) => {
      done += chunk.length
      onProgress?.(done, read.bytes)
      next(null, chunk)
    },
  })
  try {
    await pipeline(read.stream, tally, progress, createWriteStream(part))
  } catch (error) {
    throw signal?.aborted ? cancelled() : error
  }
  const { bytes, sha256 } = tally.tally()
  if (bytes !== read.bytes) throw corrupt(path, 'este equipo', { expected: read.bytes, bytes })
  await toDisk(part)
  // A server that has no version to hold a read to (SFTP) lets a file be rewritten under it.
  const after = await connector.stat(path, { signal })
  if (after.etag !== read.etag) throw changed(path, connector.place)
  return { bytes, sha256, etag: read.etag }
}

async function toDisk(file: string): Promise<void> {
  const handle = await open(file, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
