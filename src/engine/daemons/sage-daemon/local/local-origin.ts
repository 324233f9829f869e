import { lstat, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { makeSubfolder } from '@engine/emisores/subfolder'
import type { Log } from '@engine/logging'
import type { ArchivoRow, CasillaRow } from '@engine/store'
import { AppError } from '@shared/errors/app-error'
import type { OwnFolder } from '../names'
import type { Changed, Copied, Fault, FoundFile, Origin } from '../origin'
import { errnoOf, reasonOf } from '../retry'
import { FolderSight, type FolderSightDeps } from './folder-sight'
import { copyOriginal, moveOriginal } from './original'
import { foundFile } from './seen-file'

/** The folder of the casilla that a file was found in; the file's own when the casilla's has changed since. */
const rootOf = (row: ArchivoRow, casilla: CasillaRow | null): string => {
  const carpeta = casilla?.carpeta ?? null
  if (carpeta === null) return dirname(row.ruta)
  const prefix = carpeta.endsWith('/') || carpeta.endsWith('\\') ? carpeta : join(carpeta, '/')
  return row.ruta.startsWith(prefix) ? carpeta : dirname(row.ruta)
}

/** Network drives are watched without inodes: the mark of a file says which way it was seen. */
const marksInode = (huella: string): boolean => huella.split(':').length === 3

/** What a system says of a file that another program holds for itself. */
const LOCKED = new Set(['EBUSY', 'EPERM', 'ETXTBSY'])

/** Gone itself, not its folder (a drive that went away comes back with its files). */
const isGone = (path: string): Promise<boolean> =>
  stat(dirname(path)).then(
    (found) => found.isDirectory(),
    () => false,
  )

/** The folders of this machine and of its network drives. One process has the data folder, and so the files: nothing is to be held. */
export class LocalOrigin implements Origin {
  constructor(
    private readonly log: Log,
    private readonly times: FolderSightDeps['times'],
  ) {}

  sight({ id, carpeta, vigilancia }: CasillaRow): FolderSight {
    const { log, times } = this
    return new FolderSight({ casillaId: id, root: carpeta ?? '', vigilancia, log, times })
  }

  metodo(): Promise<'local'> {
    return Promise.resolve('local')
  }

  async makeSubfolders({ carpeta }: CasillaRow, subfolders: readonly string[]): Promise<void> {
    if (carpeta === null) return
    for (const subfolder of subfolders) await makeSubfolder(carpeta, subfolder)
  }

  stillThere(path: string): Promise<boolean> {
    return lstat(path).then(
      (found) => found.isFile(),
      () => false,
    )
  }

  hold(): Promise<null> {
    return Promise.resolve(null)
  }

  release(): Promise<void> {
    return Promise.resolve()
  }

  fetch(
    row: ArchivoRow,
    casilla: CasillaRow | null,
    target: string,
    signal: AbortSignal,
  ): Promise<Copied | Changed> {
    const { ruta: path, huella } = row
    const file = { path, root: rootOf(row, casilla), huella, withInode: marksInode(huella) }
    return copyOriginal(file, target, signal)
  }

  async faultOf(row: ArchivoRow, error: unknown): Promise<Fault> {
    if (error instanceof AppError) return { as: 'refused', motivo: error.message }
    const code = errnoOf(error)
    if (code === 'ELOOP') return { as: 'refused', motivo: 'Un enlace ocupó su lugar.' }
    if (code === 'ENOENT') {
      return (await isGone(row.ruta))
        ? { as: 'gone', motivo: 'Ya no estaba en la carpeta cuando le tocó.' }
        : { as: 'waits', motivo: 'Su carpeta no está conectada.' }
    }
    if (LOCKED.has(code ?? ''))
      return { as: 'waits', motivo: 'Otro programa lo tiene abierto: se espera a que lo suelte.' }
    const failure = new AppError(code ?? 'COPY_FAILED', { kind: 'transient', message: reasonOf(error) })
    return { as: 'failed', error: failure.toData() }
  }

  takeAway(row: ArchivoRow, casilla: CasillaRow | null, folder: OwnFolder, stamped: string): Promise<string> {
    const { ruta: path, huella } = row
    const root = rootOf(row, casilla)
    return moveOriginal({ path, huella, withInode: marksInode(huella), root, folder, stamped })
  }

  async lookAgain(row: ArchivoRow): Promise<(FoundFile & { ruta: string }) | null> {
    const ruta = row.ruta_final || row.ruta
    const found = await lstat(ruta, { bigint: true }).catch(() => null)
    return found?.isFile() ? { ruta, ...foundFile(found, marksInode(row.huella)) } : null
  }
}
