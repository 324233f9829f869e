import { join, sep } from 'node:path'
import { type Db, findProveedor, listCasillas, listDestinos, origenRemotoOf } from '@engine/store'
import { AppError } from '@shared/errors/app-error'
import type { DestinoConfig } from '@shared/model/destino'
import type { OrigenRemoto } from '@shared/model/recepcion'
import { z } from 'zod'

/** Windows and macOS take two spellings of a name as one folder. */
const spelled = (path: string): string => (process.platform === 'linux' ? path : path.toLowerCase())

/** How one real path lies to another: the same, inside it, around it, or apart (null). */
export function lies(path: string, other: string): 'same' | 'inside' | 'around' | null {
  const [a, b] = [spelled(path), spelled(other)]
  if (a === b) return 'same'
  const below = (folder: string): string => (folder.endsWith(sep) ? folder : folder + sep)
  if (a.startsWith(below(b))) return 'inside'
  return b.startsWith(below(a)) ? 'around' : null
}

const localSchema = z.object({ folder: z.string() })

/** The file or folder of this machine that a destination writes to; null when it writes to none. */
export function placeOfDestino(db: Db, config: DestinoConfig): string | null {
  if (config.tipo === 'archivos') return config.carpeta
  if (config.tipo !== 'proveedor')
    return config.tipo === 'sqlite' || config.tipo === 'duckdb' ? config.ruta : null
  const proveedor = findProveedor(db, config.proveedorId)
  const local = proveedor?.tipo === 'local' ? localSchema.safeParse(proveedor.configuracion).data : undefined
  return local ? join(local.folder, config.carpeta) : null
}

const isWithin = (path: string, folder: string): boolean =>
  ['same', 'inside'].includes(lies(path, folder) ?? '')

/**
 * Refuses a place for a destination that a casilla watches, where what is written would be received, or that is SAGE's own.
 * @throws AppError DESTINO_PLACE
 */
export function requireFreePlace(db: Db, config: DestinoConfig, dataDir: string): void {
  if (config.tipo === 'proveedor') requireUnwatchedPrefix(db, config)
  const place = placeOfDestino(db, config)
  if (place === null) return
  const watched = listCasillas(db).find(({ carpeta }) => carpeta !== null && isWithin(place, carpeta))
  if (!watched && !isWithin(place, dataDir)) return
  throw new AppError('DESTINO_PLACE', {
    kind: 'input',
    message: watched
      ? `«${place}» está en la carpeta que vigila la casilla «${watched.nombre}»: lo escrito en él volvería a recibirse.`
      : `«${place}» está en la carpeta de datos de SAGE.`,
    hint: 'Elegir otro lugar.',
  })
}

/**
 * Refuses a watched folder that is another casilla's, lies inside one or holds one: each file must have one casilla that takes it, and
 * what one moves away must not arrive in another. Nor may a destination write there. `dataDir` is SAGE's own: what it keeps there is no submission.
 * @throws AppError FOLDER_IN_USE, FOLDER_IS_OURS
 */
export function requireFreeFolder(db: Db, carpeta: string, own: number | null, dataDir: string): void {
  if (lies(carpeta, dataDir) !== null) {
    throw new AppError('FOLDER_IS_OURS', {
      kind: 'conflict',
      message: `La carpeta «${carpeta}» contiene los datos de SAGE, o está dentro de ellos.`,
      hint: 'Elegir una carpeta que solo reciba archivos.',
    })
  }
  for (const { id, nombre, carpeta: taken } of listCasillas(db)) {
    const how = id === own || taken === null ? null : lies(carpeta, taken)
    if (how === null) continue
    const said = {
      same: `ya es la de la casilla «${nombre}»`,
      inside: `está dentro de la de la casilla «${nombre}» (${taken})`,
      around: `contiene la de la casilla «${nombre}» (${taken})`,
    }[how]
    throw new AppError('FOLDER_IN_USE', {
      kind: 'conflict',
      message: `La carpeta «${carpeta}» ${said}.`,
      hint: 'Elegir otra carpeta: cada casilla necesita una propia, ni compartida ni anidada.',
      details: { casillaId: id, carpeta: taken },
    })
  }
  for (const { id, nombre, configuracion } of listDestinos(db)) {
    const place = placeOfDestino(db, configuracion)
    if (place === null || !isWithin(place, carpeta)) continue
    throw new AppError('FOLDER_IN_USE', {
      kind: 'conflict',
      message: `En la carpeta «${carpeta}» escribe el destino «${nombre}» (${place}): lo escrito volvería a recibirse.`,
      hint: 'Elegir otra carpeta.',
      details: { destinoId: id },
    })
  }
}

/** How one prefix lies to another of the same provider. */
function prefixLies(a: string, b: string): 'same' | 'inside' | 'around' | null {
  if (a === b) return 'same'
  if (b === '' || a.startsWith(`${b}/`)) return 'inside'
  return a === '' || b.startsWith(`${a}/`) ? 'around' : null
}

const isBelow = (prefix: string, other: string): boolean =>
  ['same', 'inside'].includes(prefixLies(prefix, other) ?? '')

/** @throws AppError DESTINO_PLACE */
function requireUnwatchedPrefix(
  db: Db,
  { proveedorId, carpeta }: Extract<DestinoConfig, { tipo: 'proveedor' }>,
): void {
  const watched = listCasillas(db).find((casilla) => {
    const origen = origenRemotoOf(casilla)
    return origen?.proveedorId === proveedorId && isBelow(carpeta, origen.prefijo)
  })
  if (!watched) return
  throw new AppError('DESTINO_PLACE', {
    kind: 'input',
    message: `«${carpeta}» está en la carpeta del proveedor que vigila la casilla «${watched.nombre}»: lo escrito en ella volvería a recibirse.`,
    hint: 'Elegir otra carpeta.',
  })
}

/** As `requireFreeFolder`, for a prefix of a provider. @throws AppError FOLDER_IN_USE */
export function requireFreePrefix(db: Db, { proveedorId, prefijo }: OrigenRemoto, own: number | null): void {
  for (const casilla of listCasillas(db)) {
    const taken = origenRemotoOf(casilla)
    if (casilla.id === own || taken?.proveedorId !== proveedorId) continue
    const how = prefixLies(prefijo, taken.prefijo)
    if (how === null) continue
    const said = {
      same: `ya es la de la casilla «${casilla.nombre}»`,
      inside: `está dentro de la de la casilla «${casilla.nombre}» («${taken.prefijo}»)`,
      around: `contiene la de la casilla «${casilla.nombre}» («${taken.prefijo}»)`,
    }[how]
    throw new AppError('FOLDER_IN_USE', {
      kind: 'conflict',
      message: `La carpeta «${prefijo}» del proveedor ${said}.`,
      hint: 'Elegir otra: cada casilla necesita una propia, ni compartida ni anidada.',
      details: { casillaId: casilla.id, prefijo: taken.prefijo },
    })
  }
  for (const { id, nombre, configuracion } of listDestinos(db)) {
    if (configuracion.tipo !== 'proveedor' || configuracion.proveedorId !== proveedorId) continue
    if (!isBelow(configuracion.carpeta, prefijo)) continue
    throw new AppError('FOLDER_IN_USE', {
      kind: 'conflict',
      message: `En la carpeta «${prefijo}» del proveedor escribe el destino «${nombre}» («${configuracion.carpeta}»): lo escrito volvería a recibirse.`,
      hint: 'Elegir otra carpeta.',
      details: { destinoId: id },
    })
  }
}
