import { randomUUID } from 'node:crypto'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { cancelled, quoteLiteral } from '@engine/duckdb'
import { REGISTRO, type RowSource } from '../types'
import { placed } from './text-sql'

const CHUNK = 256 * 1024
/** How long to wait for DuckDB to write more: short beside the time of a chunk, long beside that of a question to the disk. */
const POLL_MS = 4

/**
 * The rows of a source as CSV (UTF-8, comma, `"` doubled, no header, LF): NULL is nothing, an empty text is `""`. DuckDB writes it to a
 * file with all its threads while the file is read behind it, so making it takes no time of its own. With one column everything is quoted: an older
 * PostgreSQL takes a bare `\.` for the end. Nothing else may be asked of `source.duck` until it ends; aborting `signal` ends it with CANCELLED.
 */
export async function* csvStream(
  source: RowSource,
  options: { numbered: boolean; signal: AbortSignal | undefined; nulo?: string },
): AsyncGenerator<Buffer> {
  const path = join(source.dir, `filas-${randomUUID()}.csv`)
  const cells = source.columnas.map((_, place) => `c${place}`)
  if (options.numbered) cells.push(REGISTRO)
  const quote = cells.length === 1 ? ', FORCE_QUOTE *' : ''
  // Its end is awaited below in every case; a failure before that is not an unhandled one.
  const writing = { done: false }
  const written = source.duck
    .run(
      `COPY (SELECT ${cells.join(', ')} FROM ${placed(source)}) TO ${quoteLiteral(path)} (FORMAT csv, HEADER false, DELIMITER ',', QUOTE '"', ESCAPE '"', NULLSTR ${quoteLiteral(options.nulo ?? '')}${quote}, USE_TMP_FILE false)`,
    )
    .finally(() => {
      writing.done = true
    })
  written.catch(() => undefined)
  let file: FileHandle | null = null
  try {
    file = await openWhenThere(path, written)
    yield* tail(file, writing, options.signal)
    await written
  } finally {
    if (!writing.done) source.duck.connection.interrupt()
    await written.catch(() => undefined)
    await file?.close()
    await rm(path, { force: true })
  }
}

async function openWhenThere(path: string, written: Promise<void>): Promise<FileHandle> {
  for (;;) {
    const file = await open(path, 'r').catch(() => null)
    if (file) return file
    const ended = await Promise.race([written.then(() => true), wait(POLL_MS, false)])
    if (ended) return open(path, 'r')
  }
}

async function* tail(
  file: FileHandle,
  writing: { done: boolean },
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  for (;;) {
    if (signal?.aborted) throw cancelled()
    // Asked before the read: what was written by then is seen by it.
    const last = writing.done
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK)
    if (bytesRead > 0) yield buffer.subarray(0, bytesRead)
    else if (last) return
    else await wait(POLL_MS)
  }
}
