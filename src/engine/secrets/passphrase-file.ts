import { type FileHandle, open } from 'node:fs/promises'
import { AppError } from '@shared/errors/app-error'

/** Names a file that holds the vault's passphrase, for an engine without a person at hand. */
export const PASSPHRASE_FILE = 'SAGE_PASSPHRASE_FILE'
const MAX_BYTES = 4096

/**
 * The passphrase in a file that only its owner can read; a line break at its end is not part of it.
 * @throws AppError PASSPHRASE_FILE_REFUSED
 */
export async function readPassphraseFile(path: string): Promise<string> {
  let file: FileHandle | null = null
  try {
    file = await open(path, 'r')
    // Of the file that was opened, not of what may stand at its path by now.
    const found = await file.stat()
    if (!found.isFile()) throw refused(path, 'no es un archivo')
    if (process.platform !== 'win32' && (found.mode & 0o077) !== 0)
      throw refused(path, 'otros usuarios pueden leerlo o cambiarlo')
    const owner = process.getuid?.()
    if (owner !== undefined && found.uid !== owner && found.uid !== 0)
      throw refused(path, 'es de otro usuario')
    if (found.size === 0 || found.size > MAX_BYTES) throw refused(path, 'está vacío o es demasiado grande')
    return (await file.readFile('utf8')).replace(/\r?\n$/, '')
  } catch (error) {
    if (error instanceof AppError) throw error
    throw refused(path, 'no se pudo leer', error)
  } finally {
    await file?.close()
  }
}

const refused = (path: string, why: string, cause?: unknown): AppError =>
  new AppError('PASSPHRASE_FILE_REFUSED', {
    kind: 'config',
    message: `No se usa el archivo de la frase de paso ${path}: ${why}.`,
    hint: `Dejar la frase en un archivo propio, solo para su dueño (chmod 600), y dar su ruta en ${PASSPHRASE_FILE}.`,
    cause,
  })
