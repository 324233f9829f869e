import { lstat, mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { folderKey, MOST_DEEP, OWN_FOLDERS } from '@engine/daemons/sage-daemon/names'
import type { CasillaRow, PermisoRow } from '@engine/store'
import { AppError } from '@shared/errors/app-error'

/** Names that Windows keeps for its devices, whatever follows the point. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i
/** What some file system refuses in a name. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const FORBIDDEN = /[<>:"|?*\u0000-\u001f]/

function refused(given: string, message: string): AppError {
  return new AppError('SUBFOLDER_INVALID', {
    kind: 'input',
    message: `La subcarpeta «${given}» no sirve: ${message}.`,
    hint: 'Usar una ruta dentro de la carpeta de la casilla, como norte o norte/ventas.',
  })
}

function badName(part: string): string | null {
  if (part === '..' || part === '.') return 'no puede salir de la carpeta de la casilla'
  if (part.startsWith('.')) return 'las carpetas ocultas no se revisan'
  if (FORBIDDEN.test(part)) return 'lleva un carácter que no cabe en el nombre de una carpeta'
  if (RESERVED.test(part) || /[. ]$/.test(part)) return `«${part}» no vale como nombre de carpeta en Windows`
  return null
}

/**
 * A sender's sub-folder as it is kept: relative to the casilla's, with `/`, '' for none.
 * @throws AppError SUBFOLDER_INVALID when it leads out, or the daemon would never look into it
 */
export function cleanSubfolder(given: string): string {
  const text = given.trim().replaceAll('\\', '/').normalize('NFC')
  if (text === '') return ''
  if (text.startsWith('/') || /^[a-z]:/i.test(text)) throw refused(given, 'es una ruta absoluta')
  const parts = text.split('/').filter((part) => part !== '')
  if (parts.length > MOST_DEEP) throw refused(given, `tiene más de ${MOST_DEEP} niveles`)
  for (const part of parts) {
    const problem = badName(part)
    if (problem !== null) throw refused(given, problem)
  }
  const own = OWN_FOLDERS.find((name) => parts.some((part) => part.toLowerCase() === name))
  if (own) throw refused(given, `«${own}» es donde la casilla deja los originales`)
  return parts.join('/')
}

/** Refuses a sub-folder that the daemon would not look into. @throws AppError SUBFOLDERS_OFF */
export function requireLooked({ nombre, vigilancia }: CasillaRow, subdirectorio: string): void {
  if (subdirectorio === '' || vigilancia.subcarpetas) return
  throw new AppError('SUBFOLDERS_OFF', {
    kind: 'conflict',
    message: `La casilla «${nombre}» no revisa subcarpetas: nada se recibiría de «${subdirectorio}».`,
    hint: 'Activar las subcarpetas en la configuración de la casilla.',
  })
}

/**
 * Refuses a sub-folder that is another sender's, or the casilla's own folder for two at once.
 * @throws AppError SUBFOLDER_TAKEN
 */
export function requireFree(
  permisos: readonly PermisoRow[],
  emisorId: number,
  { metodos, subdirectorio }: Pick<PermisoRow, 'metodos' | 'subdirectorio'>,
): void {
  const local = (one: Pick<PermisoRow, 'metodos'>): boolean => one.metodos.includes('local')
  if (subdirectorio === '' && !local({ metodos })) return
  const owner = permisos.find(
    (one) =>
      one.emisor_id !== emisorId &&
      folderKey(one.subdirectorio) === folderKey(subdirectorio) &&
      (subdirectorio !== '' || local(one)),
  )
  if (!owner) return
  const what = subdirectorio === '' ? 'La carpeta misma de la casilla' : `La subcarpeta «${subdirectorio}»`
  throw new AppError('SUBFOLDER_TAKEN', {
    kind: 'conflict',
    message: `${what} ya es de «${owner.emisor_nombre}».`,
    hint: 'Elegir otra subcarpeta: así se sabe de quién es cada archivo.',
  })
}

/**
 * Makes a sender's sub-folder in the casilla's folder; null when it is there, else why it could not be made (a drive that is away).
 * @throws AppError SUBFOLDER_IS_LINK: the daemon follows none, and it may lead out
 */
export async function makeSubfolder(carpeta: string, subdirectorio: string): Promise<string | null> {
  try {
    // The casilla's folder itself is never made: where it is missing, its drive is.
    await stat(carpeta)
    let path = carpeta
    for (const part of subdirectorio.split('/').filter((one) => one !== '')) {
      path = join(path, part)
      await mkdir(path).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error
      })
      const found = await lstat(path)
      if (found.isSymbolicLink()) throw isLink(subdirectorio)
      if (!found.isDirectory()) return `«${part}» es un archivo`
    }
    return null
  } catch (error) {
    if (error instanceof AppError) throw error
    return error instanceof Error ? error.message : String(error)
  }
}

const isLink = (subdirectorio: string): AppError =>
  new AppError('SUBFOLDER_IS_LINK', {
    kind: 'config',
    message: `La subcarpeta «${subdirectorio}» pasa por un enlace, y la recepción no sigue enlaces.`,
    hint: 'Elegir otra, o reemplazar el enlace por una carpeta.',
  })
