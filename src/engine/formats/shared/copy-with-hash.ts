import { createHash } from 'node:crypto'
import { type FileHandle, open, rm, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { CopyOptions, CopyResult } from '../types'
import { fromFs, inputError, throwIfAborted } from './errors'

const CHUNK = 1024 * 1024

async function openRegular(source: string): Promise<{ handle: FileHandle; size: number }> {
  // Looked at before opening: opening a named pipe would wait for its writer for ever.
  const before = await stat(source)
  if (!before.isFile()) {
    throw inputError(
      'FILE_NOT_REGULAR',
      `«${basename(source)}» no es un archivo.`,
      'Elegir un archivo de datos.',
      {
        path: source,
      },
    )
  }
  const handle = await open(source, 'r')
  const after = await handle.stat()
  if (!after.isFile()) {
    await handle.close()
    throw inputError(
      'FILE_NOT_REGULAR',
      `«${basename(source)}» no es un archivo.`,
      'Elegir un archivo de datos.',
    )
  }
  return { handle, size: after.size }
}

/**
 * Copies a file and hashes it on the way, in chunks of 1 MiB: memory does not depend on its size.
 * Writes with exclusive creation, so a target that exists is never overwritten; on failure or cancellation the part written is removed.
 * Errors: FILE_NOT_FOUND, FILE_DENIED, FILE_NOT_REGULAR, FILE_EXISTS, DISK_FULL, FILE_CHANGED, CANCELLED.
 */
export async function copyWithHash(
  source: string,
  target: string,
  opts: CopyOptions = {},
): Promise<CopyResult> {
  throwIfAborted(opts.signal)
  let input: FileHandle | undefined
  let output: FileHandle | undefined
  try {
    const opened = await openRegular(source)
    input = opened.handle
    output = await openTarget(target)
    const result = await pump(input, output, opened.size, opts)
    const end = await input.stat()
    if (end.size !== opened.size || result.bytes !== opened.size) {
      throw inputError(
        'FILE_CHANGED',
        `«${basename(source)}» cambió mientras se copiaba (${opened.size} bytes al empezar, ${end.size} al terminar).`,
        'Esperar a que termine de escribirse y volver a procesarlo.',
      )
    }
    await output.close()
    return { path: target, ...result }
  } catch (error) {
    await output?.close().catch(() => undefined)
    if (output) await rm(target, { force: true })
    throw fromFs(error, source)
  } finally {
    await input?.close()
  }
}

async function openTarget(target: string): Promise<FileHandle> {
  try {
    return await open(target, 'wx')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      throw inputError('FILE_EXISTS', `Ya existe «${basename(target)}».`, 'Usar otra carpeta de ejecución.', {
        target,
      })
    }
    throw fromFs(error, target)
  }
}

async function pump(
  input: FileHandle,
  output: FileHandle,
  size: number,
  opts: CopyOptions,
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  // Two buffers: the next chunk is read while this one is hashed and written.
  const buffers = [Buffer.allocUnsafe(CHUNK), Buffer.allocUnsafe(CHUNK)] as const
  let bytes = 0
  let reading = input.read(buffers[0], 0, CHUNK, null)
  for (let turn = 0; ; turn++) {
    const { bytesRead } = await reading
    if (bytesRead === 0) break
    throwIfAborted(opts.signal)
    const chunk = (turn % 2 === 0 ? buffers[0] : buffers[1]).subarray(0, bytesRead)
    reading = input.read(turn % 2 === 0 ? buffers[1] : buffers[0], 0, CHUNK, null)
    // If the write below fails first, this read still ends in its own time; its failure is not a second error.
    reading.catch(() => undefined)
    const writing = writeAll(output, chunk)
    writing.catch(() => undefined)
    hash.update(chunk)
    opts.onChunk?.(chunk)
    await writing
    bytes += bytesRead
    opts.onProgress?.(bytes, size)
  }
  return { bytes, sha256: hash.digest('hex') }
}

/** One chunk to the end of the file, however many writes it takes. */
export async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  let at = 0
  while (at < chunk.length) {
    const { bytesWritten } = await file.write(chunk, at, chunk.length - at)
    at += bytesWritten
  }
}
