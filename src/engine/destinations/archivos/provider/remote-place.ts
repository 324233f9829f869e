import { joinPath } from '@engine/connectors/shared/paths'
import type { TablaMaterializada } from '@shared/model/materializacion'
import { CURRENT, disposicionOf, extensionOf, formatOf, fullName, KEPT, OWN_FOLDER, ownName } from '../place'

/** Paths of a table at a provider. */
export interface RemotePlace {
  nombre: string
  disposicion: ReturnType<typeof disposicionOf>
  /** The table: its file, or the folder of its files. */
  path: string
  /** Earlier whole files that FULL keeps. */
  kept: string
  /** The loads of the table. */
  log: string
  /** Files that are not the table's yet. */
  staging: string
  /** Tells the files in force of a table of partitions. */
  manifest: string
  extension: string
}

export function remotePlaceOf(carpeta: string, tabla: TablaMaterializada): RemotePlace {
  const base = joinPath(carpeta, tabla.esquema ?? '')
  const disposicion = disposicionOf(tabla)
  const extension = extensionOf(formatOf(tabla))
  const nombre = fullName(tabla)
  const log = joinPath(carpeta, OWN_FOLDER, ownName(tabla))
  const path = joinPath(base, disposicion === 'archivo' ? `${tabla.tabla}.${extension}` : tabla.tabla)
  return {
    ...{ nombre, disposicion, path, extension, log },
    kept: joinPath(base, `${tabla.tabla}${KEPT}`),
    staging: joinPath(log, 'tmp'),
    manifest: joinPath(path, `${CURRENT}.json`),
  }
}
