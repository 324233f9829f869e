import { LOCAL } from '@engine/connectors'
import { sentence } from '@engine/connectors/shared/errors'
import {
  type CasillaRow,
  type Db,
  findProveedor,
  listCasillas,
  listDestinos,
  origenRemotoOf,
  type ProveedorRow,
} from '@engine/store'
import { AppError } from '@shared/errors/app-error'
import type { DestinoConfig } from '@shared/model/destino'
import type { OrigenRemoto } from '@shared/model/recepcion'
import { isWithin, type Lie, lies, localSpot, type Spot, spotAt, spotOf } from './spot'

/** Where a casilla takes files from, and its name as the person knows it. */
interface Watch {
  spot: Spot
  /** «/datos/entrada», or the folder within a provider. */
  said: string
  remote: boolean
}

function watchOf(db: Db, casilla: CasillaRow): Watch | null {
  const origen = origenRemotoOf(casilla)
  if (origen) return remoteWatch(db, origen)
  const { carpeta } = casilla
  return carpeta === null ? null : { spot: localSpot(carpeta), said: carpeta, remote: false }
}

function remoteWatch(db: Db, { proveedorId, prefijo }: OrigenRemoto): Watch | null {
  const proveedor = findProveedor(db, proveedorId)
  return proveedor && { spot: spotAt(proveedor, prefijo), said: prefijo, remote: true }
}

const folderOf = ({ said, remote }: Watch): string =>
  remote ? `la carpeta «${said}» del proveedor` : `la carpeta «${said}»`

/**
 * Refuses a place to watch that is another casilla's, lies inside one or holds one: each file must have one casilla that takes it, and what
 * one moves away must not arrive in another. Nor may a destination write there, nor SAGE keep its data.
 */
function requireFreeWatch(db: Db, watch: Watch, own: number | null, dataDir: string): void {
  if (lies(watch.spot, localSpot(dataDir)) !== null) {
    throw new AppError('FOLDER_IS_OURS', {
      kind: 'conflict',
      message: `${sentence(folderOf(watch))} contiene los datos de SAGE, o está dentro de ellos.`,
      hint: 'Elegir una carpeta que solo reciba archivos.',
    })
  }
  for (const casilla of listCasillas(db)) {
    const taken = casilla.id === own ? null : watchOf(db, casilla)
    const how = taken && lies(watch.spot, taken.spot)
    if (taken && how) throw takenBy(watch, casilla, taken, how)
  }
  for (const { id, nombre, configuracion } of listDestinos(db)) {
    const spot = spotOf(db, configuracion)
    if (spot === null || !isWithin(spot, watch.spot)) continue
    throw new AppError('FOLDER_IN_USE', {
      kind: 'conflict',
      message: `En ${folderOf(watch)} escribe el destino «${nombre}» («${saidOf(configuracion, spot)}»): lo escrito volvería a recibirse.`,
      hint: 'Elegir otra carpeta.',
      details: { destinoId: id },
    })
  }
}

/** A path of this machine, or the folder within a provider. */
const saidOf = (config: DestinoConfig, spot: Spot): string =>
  config.tipo === 'proveedor' && spot.reach !== LOCAL ? config.carpeta : spot.path

function takenBy(watch: Watch, { id, nombre }: CasillaRow, taken: Watch, how: Lie): AppError {
  const said = {
    same: `ya es la de la casilla «${nombre}»`,
    inside: `está dentro de la de la casilla «${nombre}» («${taken.said}»)`,
    around: `contiene la de la casilla «${nombre}» («${taken.said}»)`,
  }[how]
  return new AppError('FOLDER_IN_USE', {
    kind: 'conflict',
    message: `${sentence(folderOf(watch))} ${said}.`,
    hint: 'Elegir otra carpeta: cada casilla necesita una propia, ni compartida ni anidada.',
    details: { casillaId: id, ...(taken.remote ? { prefijo: taken.said } : { carpeta: taken.said }) },
  })
}

/** A folder of this machine, by its real path, for a casilla. @throws AppError FOLDER_IN_USE, FOLDER_IS_OURS */
export function requireFreeFolder(db: Db, carpeta: string, own: number | null, dataDir: string): void {
  requireFreeWatch(db, { spot: localSpot(carpeta), said: carpeta, remote: false }, own, dataDir)
}

/** A folder of a provider that is there, for a casilla. @throws AppError FOLDER_IN_USE, FOLDER_IS_OURS */
export function requireFreePrefix(db: Db, origen: OrigenRemoto, own: number | null, dataDir: string): void {
  const watch = remoteWatch(db, origen)
  if (watch) requireFreeWatch(db, watch, own, dataDir)
}

/**
 * Refuses a place for a destination that a casilla watches, where what is written would be received, or that is SAGE's own.
 * @throws AppError DESTINO_PLACE
 */
export function requireFreePlace(db: Db, config: DestinoConfig, dataDir: string): void {
  const spot = spotOf(db, config)
  if (spot === null) return
  const refuse = (message: string): AppError =>
    new AppError('DESTINO_PLACE', { kind: 'input', message, hint: 'Elegir otro lugar.' })
  for (const casilla of listCasillas(db)) {
    const watch = watchOf(db, casilla)
    if (watch === null || !isWithin(spot, watch.spot)) continue
    const where = watch.remote ? 'la carpeta del proveedor que vigila' : 'la carpeta que vigila'
    throw refuse(
      `«${saidOf(config, spot)}» está en ${where} la casilla «${casilla.nombre}»: lo escrito en él volvería a recibirse.`,
    )
  }
  if (isWithin(spot, localSpot(dataDir)))
    throw refuse(`«${saidOf(config, spot)}» está en la carpeta de datos de SAGE.`)
}

/**
 * Refuses to move a provider (`db` has it as it is to be) where a casilla or a destination of it would then meet another. One that reaches
 * what it reached is let be, whatever it meets: a new password must not wait for that.
 * @throws AppError PROVEEDOR_OVERLAP
 */
export function requireFreeProvider(db: Db, before: ProveedorRow, dataDir: string): void {
  const { id } = before
  const now = findProveedor(db, id)
  if (now === null || lies(spotAt(now, ''), spotAt(before, '')) === 'same') return
  const told = (whose: string, check: () => void): void => {
    try {
      check()
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      throw new AppError('PROVEEDOR_OVERLAP', {
        kind: 'conflict',
        message: `Con este cambio, ${whose} no tendría un lugar propio. ${error.message}`,
        hint: 'Elegir otro lugar para el proveedor, o cambiar antes esa carpeta.',
        details: error.details,
      })
    }
  }
  for (const casilla of listCasillas(db)) {
    const origen = origenRemotoOf(casilla)
    if (origen?.proveedorId !== id) continue
    told(`la casilla «${casilla.nombre}»`, () => requireFreePrefix(db, origen, casilla.id, dataDir))
  }
  for (const { nombre, configuracion } of listDestinos(db)) {
    if (configuracion.tipo !== 'proveedor' || configuracion.proveedorId !== id) continue
    told(`el destino «${nombre}»`, () => requireFreePlace(db, configuracion, dataDir))
  }
}
