import { open, rm, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { createGunzip } from 'node:zlib'
import { DEFAULT_LIMITS } from '../limits'
import { writeAll } from '../shared/copy-with-hash'
import { fromFs, inputError, throwIfAborted } from '../shared/errors'
import { settleText } from '../shared/prepare-text'
import { sniffBytes, sniffContainer } from '../shared/sniff-container'
import { type Inspection, TextInspector } from '../shared/text-inspector'
import type { ExtractedFile, Limits } from '../types'

export interface GzipOptions {
  /** The file as the person knows it, for messages; default its name on disk. */
  name?: string
  limits?: Limits
  delimiter?: string
  encoding?: string
  signal?: AbortSignal
  /** Compressed bytes done, of how many. */
  onProgress?(done: number, total: number): void
}

/** `ventas.csv.gz` holds `ventas.csv`. */
export const gzipInnerName = (name: string): string => name.replace(/\.t?gz$/i, '') || name

/**
 * Inflates a gzip (of one or several members) into `target`, inspected on the way, under the same limits as a ZIP.
 * Errors: GZIP_BOMB, GZIP_TOO_BIG, GZIP_TRUNCATED, GZIP_CORRUPT, ZIP_NESTED, FILE_EXISTS, DISK_FULL, CANCELLED.
 */
export async function extractGzip(
  path: string,
  target: string,
  opts: GzipOptions = {},
): Promise<ExtractedFile> {
  throwIfAborted(opts.signal)
  const outer = opts.name ?? basename(path)
  const name = gzipInnerName(outer)
  try {
    const { inspection, head } = await inflate(path, outer, target, opts)
    const magic = sniffBytes(head)
    // A workbook is a ZIP too.
    const kind = magic === 'zip' ? await sniffContainer(target) : magic
    if (kind === 'zip' || kind === 'gzip' || kind === '7z') {
      throw inputError(
        'ZIP_NESTED',
        `Dentro de «${outer}» hay otro archivo comprimido: no se abren uno dentro de otro.`,
        'Comprimir los archivos de datos una sola vez.',
      )
    }
    const { utf16: _utf16, ascii: _ascii, ...info } = inspection
    if (kind !== 'csv' && kind !== 'jsonl') return { ...info, name, kind, path: target }
    const settled = await settleText(target, inspection, { ...opts, name: outer, removeOriginal: true })
    return { ...settled.info, name, kind, path: settled.path }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'FILE_EXISTS'))
      await rm(target, { force: true })
    throw gzipError(error, outer)
  }
}

function gzipError(error: unknown, name: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (!code.startsWith('Z_')) return fromFs(error, name)
  const cut = code === 'Z_BUF_ERROR'
  return inputError(
    cut ? 'GZIP_TRUNCATED' : 'GZIP_CORRUPT',
    `«${name}» está ${cut ? 'incompleto' : 'dañado'}.`,
    'Volver a copiarlo o a comprimirlo.',
    { reason: code },
    error,
  )
}

async function inflate(
  path: string,
  name: string,
  target: string,
  opts: GzipOptions,
): Promise<{ inspection: Inspection; head: Buffer }> {
  const { size } = await stat(path)
  const input = await open(path, 'r')
  const output = await open(target, 'wx').catch(async (error: unknown) => {
    await input.close()
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      throw inputError('FILE_EXISTS', `Ya existe «${basename(target)}».`, 'Usar otra carpeta de ejecución.')
    }
    throw error
  })
  const source = input.createReadStream({ highWaterMark: 256 * 1024 })
  const stream = source.pipe(createGunzip({ chunkSize: 1024 * 1024 }))
  source.on('error', (error) => stream.destroy(error))
  const inspector = new TextInspector(opts.delimiter === undefined ? {} : { delimiter: opts.delimiter })
  let bytes = 0
  let head: Buffer = Buffer.alloc(0)
  try {
    for await (const piece of stream) {
      const chunk: Buffer = Buffer.from(piece)
      throwIfAborted(opts.signal)
      bytes += chunk.length
      checkSize(name, bytes, size, opts.limits ?? DEFAULT_LIMITS)
      if (head.length < 4096) head = Buffer.concat([head, chunk.subarray(0, 4096)])
      inspector.push(chunk)
      await writeAll(output, chunk)
      opts.onProgress?.(source.bytesRead, size)
    }
    return { inspection: inspector.finish(), head }
  } finally {
    source.destroy()
    stream.destroy()
    await output.close()
  }
}

function checkSize(name: string, bytes: number, packed: number, limits: Limits): void {
  if (bytes > limits.entryBytes || bytes > limits.totalBytes) {
    throw inputError(
      'GZIP_TOO_BIG',
      `«${name}» es demasiado grande al abrirse: pasa de ${Math.min(limits.entryBytes, limits.totalBytes)} bytes.`,
      'Dividirlo en varios envíos o subir el límite en los ajustes.',
    )
  }
  if (bytes > limits.ratioFloorBytes && bytes > packed * limits.ratio) {
    throw inputError(
      'GZIP_BOMB',
      `«${name}» se expande como ningún archivo de datos: parece una bomba.`,
      'No abrirlo: pedir otro archivo a quien lo envió.',
    )
  }
}
