import { randomUUID } from 'node:crypto'
import { realpath, stat } from 'node:fs/promises'
import { basename, isAbsolute } from 'node:path'
import { AppError } from '@shared/errors/app-error'

const MAX_GRANTS = 500

export interface FileGrant {
  token: string
  name: string
  bytes: number
}

/**
 * Files that the person chose or dropped. The renderer holds a token; the path stays here and only the engine gets it.
 */
export class Grants {
  private readonly paths = new Map<string, string>()

  /** @throws AppError FILE_NOT_FOUND, FILE_UNREADABLE */
  async add(path: string): Promise<FileGrant> {
    if (!isAbsolute(path) || path.includes('\0')) throw notReadable(path)
    try {
      const real = await realpath(path)
      const found = await stat(real)
      if (!found.isFile()) throw notReadable(path)
      return { token: this.keep(real), name: basename(path), bytes: found.size }
    } catch (error) {
      if (error instanceof AppError) throw error
      throw new AppError('FILE_NOT_FOUND', {
        kind: 'not-found',
        message: `No se puede abrir «${basename(path)}».`,
        hint: 'Comprobar que el archivo sigue en su lugar y que haya permiso para leerlo.',
      })
    }
  }

  /** A folder chosen in a dialog. Its path is shown to the person, but only the token is believed. */
  async addFolder(path: string): Promise<{ token: string; path: string }> {
    const real = await realpath(path)
    if (!(await stat(real)).isDirectory()) throw notReadable(path)
    return { token: this.keep(real), path: real }
  }

  private keep(path: string): string {
    const token = randomUUID()
    this.paths.set(token, path)
    // The oldest goes: a page that asks without end must not fill memory.
    const oldest = this.paths.keys().next()
    if (this.paths.size > MAX_GRANTS && !oldest.done) this.paths.delete(oldest.value)
    return token
  }

  /** @throws AppError GRANT_UNKNOWN */
  pathOf(token: string): string {
    const path = this.paths.get(token)
    if (path !== undefined) return path
    throw new AppError('GRANT_UNKNOWN', {
      kind: 'auth',
      message: 'El archivo elegido ya no está disponible.',
      hint: 'Elegir el archivo de nuevo.',
    })
  }
}

const notReadable = (path: string): AppError =>
  new AppError('FILE_UNREADABLE', {
    kind: 'input',
    message: `«${basename(path)}» no es un archivo que se pueda leer.`,
    hint: 'Elegir un archivo, no una carpeta ni un dispositivo.',
  })
