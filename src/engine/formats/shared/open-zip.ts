import { isUtf8 } from 'node:buffer'
import { basename } from 'node:path'
import { AppError } from '@shared/errors/app-error'
import { type Entry, openPromise, type ZipFile } from 'yauzl'
import { DEFAULT_LIMITS } from '../limits'
import type { Limits } from '../types'
import { fromFs, inputError } from './errors'

export interface OpenZip {
  zip: ZipFile
  /** Files (no folders), by their decoded name. */
  entries: Map<string, Entry>
}

const RULES: [pattern: RegExp, code: string, message: string, hint: string][] = [
  [
    /relative path|absolute path|invalid characters in fileName/,
    'ZIP_PATH',
    'lleva un nombre que saldría de su carpeta',
    'No abrirlo: pedir otro archivo a quien lo envió.',
  ],
  [
    /central directory record signature not found|unexpected EOF|unexpected end of file|overflows file bounds/,
    'ZIP_TRUNCATED',
    'está incompleto o no es un ZIP',
    'Volver a copiarlo o a descargarlo entero.',
  ],
  [
    /multi-disk/,
    'ZIP_MULTIDISK',
    'es un ZIP partido en varios',
    'Enviar un solo ZIP con todos los archivos.',
  ],
  [/encrypt/, 'ZIP_ENCRYPTED', 'está protegido con contraseña', 'Volver a comprimirlo sin contraseña.'],
  [
    /unsupported compression method/,
    'ZIP_METHOD',
    'usa una compresión que no se conoce',
    'Volver a comprimirlo como ZIP normal (Deflate).',
  ],
]

/** What yauzl or zlib throws, as our error with the file's name. */
export function zipError(error: unknown, path: string, name = basename(path)): unknown {
  const mapped = fromFs(error, path)
  if (mapped instanceof AppError) return mapped
  const text = error instanceof Error ? error.message : String(error)
  const rule = RULES.find(([pattern]) => pattern.test(text))
  if (rule) return inputError(rule[1], `«${name}» ${rule[2]}.`, rule[3], { reason: text }, error)
  return inputError(
    'ZIP_CORRUPT',
    `«${name}» está dañado.`,
    'Volver a copiarlo o a comprimirlo.',
    { reason: text },
    error,
  )
}

/** Entry names say UTF-8 by a flag; some tools write UTF-8 without it, the rest write CP437 (which yauzl decodes). */
function entryName(entry: Entry): string {
  const flagged = (entry.generalPurposeBitFlag & 0x800) !== 0
  const raw = entry.fileNameRaw
  if (flagged || !raw.some((byte) => byte > 127) || !isUtf8(raw)) return entry.fileName
  return raw.toString('utf8').replaceAll('\\', '/')
}

/** Opens a ZIP and reads its whole directory under the limits; the caller closes `zip`. */
export async function openZip(
  path: string,
  limits: Limits = DEFAULT_LIMITS,
  name = basename(path),
): Promise<OpenZip> {
  let zip: ZipFile | undefined
  try {
    zip = await openPromise(path, { lazyEntries: true, autoClose: false, validateEntrySizes: true })
    if (zip.entryCount > limits.entries) throw tooMany(name, zip.entryCount, limits)
    const entries = new Map<string, Entry>()
    let total = 0
    let packed = 0
    let seen = 0
    for await (const entry of zip.eachEntry()) {
      if (++seen > limits.entries) throw tooMany(name, seen, limits)
      total += entry.uncompressedSize
      packed += entry.compressedSize
      checkEntry(name, entry, total, limits)
      const entryPath = entryName(entry)
      if (entryPath.endsWith('/')) continue
      if (entries.has(entryPath)) {
        throw inputError(
          'ZIP_DUPLICATE',
          `«${name}» trae dos veces «${entryPath}».`,
          'Dejar una sola copia de cada archivo.',
        )
      }
      entries.set(entryPath, entry)
    }
    if (packed > zip.fileSize) {
      throw inputError(
        'ZIP_BOMB',
        `«${name}» declara más bytes comprimidos de los que tiene: sus archivos se enciman.`,
        'No abrirlo: pedir otro archivo a quien lo envió.',
      )
    }
    return { zip, entries }
  } catch (error) {
    zip?.close()
    throw zipError(error, path, name)
  }
}

const tooMany = (name: string, count: number, limits: Limits): AppError =>
  inputError(
    'ZIP_TOO_MANY',
    `«${name}» trae ${count} archivos; el máximo es ${limits.entries}.`,
    'Enviar solo los archivos de los catálogos.',
  )

function checkEntry(name: string, entry: Entry, total: number, limits: Limits): void {
  const { uncompressedSize: size, compressedSize: packed } = entry
  const entryName = entry.fileName
  if (size > limits.entryBytes) throw tooBig(name, `«${entryName}» mide ${size} bytes`, limits.entryBytes)
  if (total > limits.totalBytes)
    throw tooBig(name, `sus archivos suman más de ${total} bytes`, limits.totalBytes)
  if (size > limits.ratioFloorBytes && size > packed * limits.ratio) throw bomb(name, entryName)
}

export const tooBig = (name: string, what: string, limit: number): AppError =>
  inputError(
    'ZIP_TOO_BIG',
    `«${name}» es demasiado grande al abrirse: ${what}; el máximo es ${limit}.`,
    'Dividirlo en varios envíos o subir el límite en los ajustes.',
  )

export const bomb = (name: string, entry: string): AppError =>
  inputError(
    'ZIP_BOMB',
    `«${entry}», dentro de «${name}», se expande como ningún archivo de datos: parece una bomba ZIP.`,
    'No abrirlo: pedir otro archivo a quien lo envió.',
    { entry },
  )

export function refuseEncrypted(name: string, entryPath: string, entry: Entry): void {
  if (!entry.isEncrypted()) return
  throw inputError(
    'ZIP_ENCRYPTED',
    `«${entryPath}», dentro de «${name}», está protegido con contraseña.`,
    'Volver a comprimirlo sin contraseña.',
    { entry: entryPath },
  )
}
