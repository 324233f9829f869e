import { existsSync, statSync } from 'node:fs'
import { basename, isAbsolute, resolve } from 'node:path'
import type { Store } from '@engine/store'
import type { OperationParams } from '@shared/contract'
import { AppError } from '@shared/errors/app-error'
import { requireCasilla } from './casillas'
import { isInside } from './execution-folders'

/**
 * The file an execution is started with.
 * @throws AppError TOKEN_IN_ENGINE, SAMPLE_NOT_FOUND, INPUT_INVALID
 */
export function sourcePath(
  deps: { store: Store; resourcesDir: string },
  source: OperationParams<'executions.start'>['source'],
): string {
  if ('path' in source) {
    if (isAbsolute(source.path)) return source.path
    throw new AppError('INPUT_INVALID', { kind: 'input', message: 'La ruta del archivo debe ser absoluta.' })
  }
  if ('muestraDe' in source) {
    const casilla = requireCasilla(deps.store.db, source.muestraDe)
    const path = casilla.muestra === null ? null : resolve(deps.resourcesDir, casilla.muestra)
    if (path !== null && existsSync(path) && isInside(deps.resourcesDir, path)) return path
    throw new AppError('SAMPLE_NOT_FOUND', {
      kind: 'not-found',
      message: `La casilla «${casilla.nombre}» no tiene un archivo de ejemplo.`,
    })
  }
  // Main turns a grant into its path; one that arrives here was not granted by it.
  throw new AppError('TOKEN_IN_ENGINE', {
    kind: 'bug',
    message: 'El permiso de archivo no se tradujo a una ruta.',
  })
}

/** Bytes of a file. @throws AppError FILE_NOT_FOUND, FILE_NOT_A_FILE */
export function fileSize(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) {
    throw new AppError('FILE_NOT_FOUND', {
      kind: 'not-found',
      message: `No se encuentra el archivo «${basename(path)}».`,
      hint: 'Comprobar que sigue en su carpeta y volver a elegirlo.',
      details: { path },
    })
  }
  if (stat.isFile()) return stat.size
  throw new AppError('FILE_NOT_A_FILE', {
    kind: 'input',
    message: `«${basename(path)}» no es un archivo.`,
    hint: 'Elegir un archivo ZIP o CSV; una carpeta se comprime antes.',
    details: { path },
  })
}
