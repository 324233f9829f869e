import { open, rm } from 'node:fs/promises'
import type { TextEncoding, TextFileInfo } from '../types'
import { fromFs, throwIfAborted } from './errors'
import { type Inspection, TextInspector } from './text-inspector'
import { encodingFromLabel, transcode } from './transcode'

const CHUNK = 1024 * 1024

export interface PrepareOptions {
  /** The file as the person knows it, for messages; default the name on disk. */
  name?: string
  /** What the YAML says; without it the encoding is told from the whole file. */
  encoding?: string
  /** With it, the quote-aware summary is made in the same pass. */
  delimiter?: string
  signal?: AbortSignal
}

/** One streamed pass over a text file. */
export async function inspectText(path: string, opts: PrepareOptions = {}): Promise<Inspection> {
  const inspector = new TextInspector(opts.delimiter === undefined ? {} : { delimiter: opts.delimiter })
  await eachChunk(path, opts.signal, (chunk) => {
    inspector.push(chunk)
    return true
  })
  return inspector.finish()
}

/** Streams a file in chunks of 1 MiB; the next one is read while this one is looked at. `visit` returns false to stop. */
export async function eachChunk(
  path: string,
  signal: AbortSignal | undefined,
  visit: (chunk: Buffer) => boolean | Promise<boolean>,
): Promise<void> {
  const input = await open(path, 'r').catch((error: unknown) => {
    throw fromFs(error, path)
  })
  let pending: Promise<{ bytesRead: number }> | undefined
  try {
    const buffers = [Buffer.allocUnsafe(CHUNK), Buffer.allocUnsafe(CHUNK)] as const
    pending = input.read(buffers[0], 0, CHUNK, null)
    for (let turn = 0; ; turn++) {
      const { bytesRead } = await pending
      throwIfAborted(signal)
      if (bytesRead === 0) return
      const chunk = buffers[turn % 2 === 0 ? 0 : 1].subarray(0, bytesRead)
      pending = input.read(buffers[turn % 2 === 0 ? 1 : 0], 0, CHUNK, null)
      pending.catch(() => undefined)
      if (!(await visit(chunk))) return
    }
  } finally {
    // A handle is not closed under a read.
    await pending?.catch(() => undefined)
    await input.close()
  }
}

/**
 * Makes a text readable: one pass to inspect it and, when it is not UTF-8, one more to write `path + '.utf8'`.
 * Gives the path to read and what was found (`info.encoding` is the encoding as received, the counts are of the UTF-8 text).
 * Errors: FILE_NOT_FOUND, FILE_DENIED, ENCODING_UNSUPPORTED, DISK_FULL, CANCELLED.
 */
export async function prepareText(
  path: string,
  opts: PrepareOptions = {},
): Promise<{ path: string; info: TextFileInfo }> {
  return settleText(path, await inspectText(path, opts), opts)
}

/** The second half of `prepareText`, for a file inspected while it was copied or inflated. */
export async function settleText(
  path: string,
  found: Inspection,
  opts: PrepareOptions & { removeOriginal?: boolean } = {},
): Promise<{ path: string; info: TextFileInfo }> {
  const encoding = decide(found, opts.encoding)
  if (encoding === 'utf-8' || encoding === 'utf-8-bom') {
    return { path, info: { ...plain(found), encoding, otherEncodingLine: found.firstBadUtf8Line } }
  }
  const target = `${path}.utf8`
  const written = await transcode(path, target, encoding, opts)
  if (opts.removeOriginal) await rm(path, { force: true })
  return {
    path: target,
    info: {
      ...plain(written),
      encoding,
      transcoded: true,
      firstBadUtf8Line: null,
      otherEncodingLine:
        encoding === 'windows-1252' && opts.encoding === undefined ? found.otherEncodingLine : null,
    },
  }
}

/** A byte order mark is a fact and wins; then what the YAML says; then what the whole file shows. */
function decide(found: Inspection, declared: string | undefined): TextEncoding {
  if (found.encoding === 'utf-8-bom') return 'utf-8-bom'
  if (found.utf16) return found.utf16
  if (declared === undefined) return found.encoding
  const wanted = encodingFromLabel(declared)
  // Nothing but ASCII reads the same either way.
  const plainAscii = found.encoding === 'utf-8' && found.firstBadUtf8Line === null && found.ascii
  return wanted === 'windows-1252' && plainAscii ? 'utf-8' : wanted
}

function plain(found: Inspection): TextFileInfo {
  const { utf16: _utf16, ascii: _ascii, ...info } = found
  return info
}
