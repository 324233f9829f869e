import { lstat, mkdir, readdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '@shared/errors/app-error'
import type { FormatoArchivo, TablaMaterializada } from '@shared/model/materializacion'

/**
 * How a table stands in the folder: one file that is replaced; a folder with one file per load; or a folder of versions, each with its
 * partitions, and a link to the one in force.
 */
export type Disposicion = 'archivo' | 'cargas' | 'particiones'

/** Where a table and what the engine keeps of it are; every path is inside the folder of the destination. */
export interface Place {
  /** `esquema.tabla`, for messages. */
  nombre: string
  disposicion: Disposicion
  extension: string
  /** The table: its file (`archivo`) or its folder. */
  path: string
  /** Folder that the table stands in. */
  base: string
  /** Folder of the engine in the destination. */
  own: string
  ledger: string
  /** Working folder of one table: of whoever has its ledger, so what is found there was left by a dead load. */
  work: string
  /** Earlier whole files that FULL keeps. */
  kept: string
}

/** Folder of the engine, beside the tables. */
export const OWN_FOLDER = '_sage_cargas'
/** The version in force of a table of partitions. */
export const CURRENT = 'actual'
/** After the name of a table: the folder of the earlier files that FULL keeps. */
export const KEPT = '__cargas'

const EXTENSIONS: Record<FormatoArchivo['tipo'], string> = {
  parquet: 'parquet',
  csv: 'csv',
  jsonl: 'jsonl',
  excel: 'xlsx',
}
export const extensionOf = ({ tipo }: FormatoArchivo): string => EXTENSIONS[tipo]

/** Names of devices on Windows, whatever their extension. */
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const NOT_IN_FILES = /[\\/:*?"<>|\u0000-\u001f]|^[. ]|[. ]$/

/** Whether a table can have this name on every system: a file or folder directly in its place, that leads nowhere else. */
export const isFileName = (name: string): boolean =>
  name !== '' &&
  Buffer.byteLength(name) <= 200 &&
  !NOT_IN_FILES.test(name) &&
  !DEVICES.test(name) &&
  !name.toLowerCase().endsWith(KEPT)
export const FILE_NAME_HINT = `Usar letras, números, guiones y puntos en medio, sin terminar en ${KEPT}, que es del motor.`

export function disposicionOf({ formato, estrategia }: TablaMaterializada): Disposicion {
  if (formato?.tipo === 'parquet' && formato.particiones.length > 0) return 'particiones'
  return estrategia.tipo === 'append' ? 'cargas' : 'archivo'
}

export function formatOf({ formato, tabla }: TablaMaterializada): FormatoArchivo {
  if (formato) return formato
  throw new AppError('FORMATO_FALTA', {
    kind: 'config',
    message: `«${tabla}» no dice en qué formato se escribe.`,
    hint: 'Elegir Parquet, CSV, JSON o Excel en la materialización.',
  })
}

/**
 * Finds the place of a table; with `make`, the folders it needs inside that of the destination are made. Errors: CARPETA_INACCESIBLE, NOMBRE_INVALIDO, RUTA_FUERA (something on the way
 * is a link).
 */
export async function placeOf(carpeta: string, tabla: TablaMaterializada, make = true): Promise<Place> {
  requireNames(tabla)
  const root = await rootOf(carpeta)
  const place = placeIn(root, tabla)
  const { base, own, disposicion, path, kept } = place
  for (const folder of [base, own, ...(disposicion === 'archivo' ? [] : [path])])
    await ownFolder(folder, make)
  for (const given of [path, kept]) await refuseLink(given)
  return place
}

type Named = Pick<TablaMaterializada, 'esquema' | 'tabla'>
const namesOf = ({ esquema, tabla }: Named): string[] => [esquema, tabla].filter((name) => name !== null)
/** `esquema.tabla`, for messages. */
export const fullName = (tabla: TablaMaterializada): string => namesOf(tabla).join('.')

/** Names what the engine keeps of a table, and orders it among others: no two tables have one. */
export const ownName = (tabla: Named): string =>
  namesOf(tabla)
    .map((name) => name.replaceAll('.', '..'))
    .join('.')

/** @throws AppError NOMBRE_INVALIDO */
export function requireNames(tabla: TablaMaterializada): void {
  const wrong = namesOf(tabla).find((name) => !isFileName(name))
  if (wrong === undefined) return
  throw new AppError('NOMBRE_INVALIDO', {
    kind: 'config',
    message: `«${wrong}» no puede ser el nombre de un archivo.`,
    hint: FILE_NAME_HINT,
  })
}

/** The paths of a table under a folder, whatever is there. */
export function placeIn(root: string, tabla: TablaMaterializada): Place {
  const base = tabla.esquema === null ? root : join(root, tabla.esquema)
  const own = join(root, OWN_FOLDER)
  const disposicion = disposicionOf(tabla)
  const extension = extensionOf(formatOf(tabla))
  const nombre = fullName(tabla)
  const path = join(base, disposicion === 'archivo' ? `${tabla.tabla}.${extension}` : tabla.tabla)
  const kept = join(base, `${tabla.tabla}${KEPT}`)
  const [ledger, work] = [join(own, `${ownName(tabla)}.sqlite`), join(own, `${ownName(tabla)}.tmp`)]
  return { nombre, disposicion, extension, path, base, own, kept, ledger, work }
}

/**
 * The folder of the destination, as the file system knows it. It is never made: one that is away (a disk that is not mounted, a folder that
 * somebody moved) would come back empty, with a part of each table in it. Errors: CARPETA_INACCESIBLE.
 */
export async function rootOf(carpeta: string): Promise<string> {
  try {
    const root = await realpath(carpeta)
    await readdir(root)
    return root
  } catch (error) {
    throw new AppError('CARPETA_INACCESIBLE', {
      kind: 'config',
      message: `No se puede abrir la carpeta ${carpeta}.`,
      hint: 'Comprobar que la carpeta existe y que este usuario tiene permiso de escritura.',
      cause: error,
    })
  }
}

async function ownFolder(folder: string, make: boolean): Promise<void> {
  await refuseLink(folder)
  if (make) await mkdir(folder, { recursive: true })
}

async function refuseLink(path: string): Promise<void> {
  const found = await lstat(path).catch(() => null)
  if (!found?.isSymbolicLink()) return
  throw new AppError('RUTA_FUERA', {
    kind: 'config',
    message: `${path} es un enlace: lo escrito iría a otra parte.`,
    hint: 'Quitar el enlace, o elegir como destino la carpeta a la que apunta.',
  })
}
