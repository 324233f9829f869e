import { open, rm } from 'node:fs/promises'
import { basename } from 'node:path'
import type { TextEncoding } from '../types'
import { writeAll } from './copy-with-hash'
import { fromFs, inputError, throwIfAborted } from './errors'
import { type Inspection, type InspectOptions, TextInspector } from './text-inspector'

const CHUNK = 1024 * 1024

const LABELS: Record<string, TextEncoding> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  'utf-8-sig': 'utf-8',
  'utf-8-bom': 'utf-8',
  ascii: 'utf-8',
  'us-ascii': 'utf-8',
  'utf-16': 'utf-16le',
  'utf-16le': 'utf-16le',
  'utf-16-le': 'utf-16le',
  'utf-16be': 'utf-16be',
  'utf-16-be': 'utf-16be',
  'windows-1252': 'windows-1252',
  cp1252: 'windows-1252',
  ansi: 'windows-1252',
  'latin-1': 'windows-1252',
  latin1: 'windows-1252',
  'iso-8859-1': 'windows-1252',
  'iso8859-1': 'windows-1252',
}

/** The encoding a YAML names, by any of its usual names. Error: ENCODING_UNSUPPORTED. */
export function encodingFromLabel(label: string): TextEncoding {
  const known = LABELS[label.trim().toLowerCase().replaceAll('_', '-')]
  if (known) return known
  throw inputError(
    'ENCODING_UNSUPPORTED',
    `No se conoce la codificación «${label}».`,
    'Usar utf-8, utf-16 o windows-1252 (latin-1) en file_format.encoding, o quitar la clave para que se detecte.',
  )
}

function decodePart(decoder: InstanceType<typeof TextDecoder>, bytes: Buffer, name: string): string {
  try {
    return decoder.decode(bytes, { stream: bytes.length > 0 })
  } catch (error) {
    throw inputError(
      'ENCODING_DAMAGED',
      `«${name}» está en ${decoder.encoding.toUpperCase()} y tiene caracteres incompletos: se cortó o se dañó al copiarse.`,
      'Volver a exportarlo, de preferencia en UTF-8, o pedir el archivo otra vez.',
      { encoding: decoder.encoding },
      error,
    )
  }
}

/**
 * Writes `target` as UTF-8 from `source` in another encoding, one pass, and inspects what it writes.
 * Error: ENCODING_DAMAGED. Windows-1252 is what every system that says Latin-1 writes; it also covers Latin-1's printable range.
 */
export async function transcode(
  source: string,
  target: string,
  encoding: 'utf-16le' | 'utf-16be' | 'windows-1252',
  opts: InspectOptions & { name?: string; signal?: AbortSignal },
): Promise<Inspection> {
  // Windows-1252 gives every byte a letter; UTF-16 can be damaged, and a lost letter must not pass for one that was sent.
  const decoder = new TextDecoder(encoding, { fatal: true })
  const inspector = new TextInspector(opts)
  let input: Awaited<ReturnType<typeof open>> | undefined
  let output: Awaited<ReturnType<typeof open>> | undefined
  try {
    input = await open(source, 'r')
    output = await open(target, 'wx')
    const buffer = Buffer.allocUnsafe(CHUNK)
    for (;;) {
      throwIfAborted(opts.signal)
      const { bytesRead } = await input.read(buffer, 0, CHUNK, null)
      const text = decodePart(decoder, buffer.subarray(0, bytesRead), opts.name ?? basename(source))
      const bytes = Buffer.from(text, 'utf8')
      inspector.push(bytes)
      await writeAll(output, bytes)
      if (bytesRead === 0) break
    }
    await output.close()
    return inspector.finish()
  } catch (error) {
    await output?.close().catch(() => undefined)
    if (output) await rm(target, { force: true })
    throw fromFs(error, basename(source))
  } finally {
    await input?.close()
  }
}
