import { realpathSync, statSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { cleanPath } from '@engine/connectors/shared/paths'
import type { CasillaChange } from '@engine/store'
import type { OperationParams } from '@shared/contract'
import { AppError } from '@shared/errors/app-error'

type Given = Pick<
  OperationParams<'casillas.update'>,
  'zonaHoraria' | 'carpeta' | 'origenRemoto' | 'vigilancia' | 'frecuencia' | 'prioridad'
>

/** @throws AppError TIME_ZONE_UNKNOWN */
function knownZone(zone: string): string {
  try {
    return new Intl.DateTimeFormat('es', { timeZone: zone }).resolvedOptions().timeZone
  } catch {
    throw new AppError('TIME_ZONE_UNKNOWN', {
      kind: 'input',
      message: `No existe la zona horaria «${zone}».`,
      hint: 'Usar un nombre como America/Lima.',
    })
  }
}

/**
 * The watched folder by its real path, so that two names of one folder are the same.
 * @throws AppError TOKEN_IN_ENGINE, FOLDER_NOT_FOUND
 */
function watchedFolder(carpeta: NonNullable<Given['carpeta']>): string {
  if (!('path' in carpeta)) {
    // Main turns a grant into its path; one that arrives here was not granted by it.
    throw new AppError('TOKEN_IN_ENGINE', {
      kind: 'bug',
      message: 'El permiso de carpeta no se tradujo a una ruta.',
    })
  }
  const { path } = carpeta
  if (isAbsolute(path) && statSync(path, { throwIfNoEntry: false })?.isDirectory()) return realpathSync(path)
  throw new AppError('FOLDER_NOT_FOUND', {
    kind: 'not-found',
    message: `No se encuentra la carpeta «${path}».`,
    hint: 'Elegir una carpeta que exista, por su ruta completa.',
  })
}

/**
 * Where it receives from, which is one place: a folder stops a provider and a provider a folder.
 * @throws AppError INPUT_INVALID, FOLDER_NOT_FOUND, REMOTE_PATH_INVALID
 */
function placeChange({ carpeta, origenRemoto }: Given): CasillaChange {
  if (carpeta && origenRemoto) {
    throw new AppError('INPUT_INVALID', {
      kind: 'input',
      message: 'Una casilla recibe de una carpeta o de un proveedor, no de los dos.',
      hint: 'Elegir uno de los dos orígenes.',
    })
  }
  if (carpeta) return { carpeta: watchedFolder(carpeta), origenRemoto: null }
  if (origenRemoto)
    return { carpeta: null, origenRemoto: { ...origenRemoto, prefijo: cleanPath(origenRemoto.prefijo) } }
  return {
    ...(carpeta === undefined ? {} : { carpeta: null }),
    ...(origenRemoto === undefined ? {} : { origenRemoto: null }),
  }
}

/**
 * What of a casilla's reception was given, checked and ready for the store; absent keys stay absent.
 * @throws AppError TIME_ZONE_UNKNOWN, FOLDER_NOT_FOUND, INPUT_INVALID, REMOTE_PATH_INVALID
 */
export function receptionChange({
  zonaHoraria,
  vigilancia,
  frecuencia,
  prioridad,
  ...place
}: Given): CasillaChange {
  return {
    ...(zonaHoraria === undefined ? {} : { zonaHoraria: knownZone(zonaHoraria) }),
    ...placeChange(place),
    ...(vigilancia === undefined ? {} : { vigilancia }),
    ...(frecuencia === undefined ? {} : { frecuencia }),
    ...(prioridad === undefined ? {} : { prioridad }),
  }
}
