import type { Connector, TestStep } from '@engine/connectors'
import type { Log } from '@engine/logging'
import { dataDirOf, requireFreeProvider } from '@engine/lugares'
import type { Secretos } from '@engine/secrets'
import {
  type Db,
  findProveedor,
  findProveedorByName,
  findSecreto,
  insertProveedor,
  insertPruebaProveedor,
  listCasillas,
  listDestinos,
  listProveedores,
  listPruebasProveedor,
  type ProveedorDatos,
  type ProveedorRow,
  removeProveedor,
  type Store,
  updateProveedor,
  writeAuditoria,
} from '@engine/store'
import type { Emit, OperationParams } from '@shared/contract'
import { AppError } from '@shared/errors/app-error'
import type { Proveedor, PruebaProveedor } from '@shared/model/proveedor'
import { type Conexion, Conexiones } from './conexiones'
import { configOf } from './configuracion'

export interface ProveedoresDeps {
  store: Store
  log: Log
  emit: Emit
  secretos: Pick<Secretos, 'reveal'>
}

const nowIso = (): string => new Date().toISOString()

/** One that lives. @throws AppError PROVEEDOR_NOT_FOUND */
export function requireProveedor(db: Db, id: number): ProveedorRow {
  const row = findProveedor(db, id)
  if (row && row.eliminado_en === null) return row
  throw new AppError('PROVEEDOR_NOT_FOUND', {
    kind: 'not-found',
    message: `No existe el proveedor ${id}.`,
    hint: 'Puede que se haya eliminado: actualizar la lista.',
  })
}

export const conexionOf = (row: ProveedorRow): Conexion => ({
  tipo: row.tipo,
  config: row.configuracion,
  red: row.red,
  secretoId: row.secreto_id,
})

const toProveedor = (row: ProveedorRow): Proveedor => ({
  id: row.id,
  nombre: row.nombre,
  descripcion: row.descripcion,
  tipo: row.tipo,
  config: row.configuracion,
  red: row.red,
  secretoId: row.secreto_id,
  ultimaPrueba: row.ultima_prueba,
  creadoEn: row.creado_en,
  actualizadoEn: row.actualizado_en,
})

/** @throws AppError PROVEEDOR_NAME_TAKEN */
function requireFreeName(db: Db, nombre: string, id: number | null): void {
  const owner = findProveedorByName(db, nombre)
  if (owner === null || owner === id) return
  throw new AppError('PROVEEDOR_NAME_TAKEN', {
    kind: 'conflict',
    message: `Ya hay un proveedor llamado «${nombre}».`,
    hint: 'Elegir otro nombre.',
  })
}

/** @throws AppError PROVEEDOR_IN_USE */
function requireUnwatched(db: Db, id: number): void {
  const casilla = listCasillas(db).find(({ proveedor_id }) => proveedor_id === id)
  if (!casilla) return
  throw new AppError('PROVEEDOR_IN_USE', {
    kind: 'conflict',
    message: `La casilla «${casilla.nombre}» recibe de este proveedor.`,
    hint: 'Elegir otro origen en la configuración de la casilla, y volver a eliminarlo.',
    details: { casillaId: casilla.id },
  })
}

/** @throws AppError PROVEEDOR_IN_USE */
function requireUnwritten(db: Db, id: number): void {
  const destino = listDestinos(db).find(
    ({ configuracion: config }) => config.tipo === 'proveedor' && config.proveedorId === id,
  )
  if (!destino) return
  throw new AppError('PROVEEDOR_IN_USE', {
    kind: 'conflict',
    message: `El destino «${destino.nombre}» escribe en este proveedor.`,
    hint: 'Eliminar el destino o cambiarlo de proveedor, y volver a eliminarlo.',
    details: { destinoId: destino.id },
  })
}

/** @throws AppError SECRET_NOT_FOUND */
function requireCredential(db: Db, secretoId: number | null): void {
  if (secretoId === null || findSecreto(db, secretoId) !== null) return
  throw new AppError('SECRET_NOT_FOUND', {
    kind: 'not-found',
    message: 'La credencial elegida ya no está.',
    hint: 'Elegir otra, o crearla en Secretos.',
  })
}

const ESTADO: Record<TestStep['status'], PruebaProveedor['pasos'][number]['estado']> = {
  ok: 'bien',
  failed: 'mal',
  skip: 'omitido',
}

const toPaso = ({ step, status, ms, message, hint, code, details }: TestStep) => ({
  paso: step,
  estado: ESTADO[status],
  ms,
  mensaje: message,
  sugerencia: hint ?? null,
  codigo: code ?? null,
  huella: typeof details?.hostKey === 'string' ? details.hostKey : null,
})

/** Saves, tests and removes providers. */
export class Proveedores {
  readonly conexiones: Conexiones

  constructor(private readonly deps: ProveedoresDeps) {
    this.conexiones = new Conexiones(deps.secretos)
  }

  list(): Proveedor[] {
    return listProveedores(this.deps.store.db).map(toProveedor)
  }

  /** @throws AppError PROVEEDOR_NOT_FOUND */
  get(id: number): Proveedor {
    return toProveedor(requireProveedor(this.deps.store.db, id))
  }

  /** A connection of its own, that whoever asks closes. @throws AppError PROVEEDOR_NOT_FOUND, and those of `Conexiones.open` */
  openOwn(id: number): Promise<Connector> {
    return this.conexiones.open(conexionOf(requireProveedor(this.deps.store.db, id)))
  }

  /** To know before a credential is made for it. @throws AppError PROVEEDOR_NAME_TAKEN */
  requireFree(nombre: string): void {
    requireFreeName(this.deps.store.db, nombre.trim(), null)
  }

  /** @throws AppError PROVIDER_KIND_UNKNOWN, PROVIDER_CONFIG_INVALID, PROVEEDOR_PLACE, PROVEEDOR_NAME_TAKEN, SECRET_NOT_FOUND */
  async create(input: OperationParams<'proveedores.create'>): Promise<Proveedor> {
    const datos = await this.datosOf(input, null)
    const id = await this.deps.store.write((tx) => {
      requireFreeName(tx, datos.nombre, null)
      requireCredential(tx, datos.secretoId)
      const now = nowIso()
      const made = insertProveedor(tx, datos, now)
      audit(tx, 'proveedor.creado', made, datos, now)
      return made
    })
    return this.changed(id, 'Proveedor creado')
  }

  /** @throws AppError PROVEEDOR_NOT_FOUND, PROVEEDOR_OVERLAP, and those of `create` */
  async update({ id, ...input }: OperationParams<'proveedores.update'>): Promise<Proveedor> {
    const { tipo, configuracion } = requireProveedor(this.deps.store.db, id)
    const datos = await this.datosOf(input, { tipo, config: configuracion })
    await this.deps.store.write((tx) => {
      const before = requireProveedor(tx, id)
      requireFreeName(tx, datos.nombre, id)
      requireCredential(tx, datos.secretoId)
      const now = nowIso()
      updateProveedor(tx, id, datos, now)
      requireFreeProvider(tx, before, dataDirOf(this.deps.store))
      audit(tx, 'proveedor.cambiado', id, datos, now)
    })
    return this.changed(id, 'Proveedor cambiado')
  }

  /** What is in the provider stays. @throws AppError PROVEEDOR_IN_USE */
  async remove(id: number): Promise<void> {
    const removed = await this.deps.store.write((tx) => {
      requireUnwatched(tx, id)
      requireUnwritten(tx, id)
      const row = findProveedor(tx, id)
      const now = nowIso()
      if (row === null || !removeProveedor(tx, id, now)) return false
      audit(tx, 'proveedor.eliminado', id, row, now)
      return true
    })
    if (!removed) return
    this.conexiones.drop(id)
    this.deps.log.info('proveedor.removed', 'Proveedor eliminado', { proveedorId: id })
    this.deps.emit('proveedores.changed', { id })
  }

  /**
   * "Probar conexión": what the provider refuses is in the steps. The result of a saved one is kept.
   * @throws AppError PROVEEDOR_NOT_FOUND, those of `create` for one that is being written, those of opening its credential, CANCELLED
   */
  async probar(input: OperationParams<'proveedores.probar'>, signal: AbortSignal): Promise<PruebaProveedor> {
    const { store, emit } = this.deps
    if (!('id' in input)) {
      const former = input.de === undefined ? null : requireProveedor(store.db, input.de)
      const kept = former === null ? null : { tipo: former.tipo, config: former.configuracion }
      const config = await configOf(input, kept)
      return this.tested({ ...input, config }, signal, input.valores)
    }
    const row = requireProveedor(store.db, input.id)
    const prueba = await this.tested(conexionOf(row), signal)
    await store.write((tx) => insertPruebaProveedor(tx, row.id, prueba))
    emit('proveedores.changed', { id: row.id })
    return prueba
  }

  /** Latest first. @throws AppError PROVEEDOR_NOT_FOUND */
  pruebas(id: number): PruebaProveedor[] {
    requireProveedor(this.deps.store.db, id)
    return listPruebasProveedor(this.deps.store.db, id)
  }

  private async tested(
    conexion: Conexion,
    signal: AbortSignal,
    valores: Readonly<Record<string, string>> = {},
  ): Promise<PruebaProveedor> {
    const connector = await this.conexiones.open(conexion, valores)
    try {
      const pasos = (await connector.test({ signal })).map(toPaso)
      return { ok: pasos.every(({ estado }) => estado !== 'mal'), en: nowIso(), pasos }
    } finally {
      await connector.close()
    }
  }

  private async datosOf(
    input: OperationParams<'proveedores.create'>,
    former: { tipo: string; config: Record<string, unknown> } | null,
  ): Promise<ProveedorDatos> {
    const { descripcion, tipo, red, secretoId } = input
    const nombre = input.nombre.trim()
    if (nombre === '')
      throw new AppError('INPUT_INVALID', { kind: 'input', message: 'El proveedor necesita un nombre.' })
    return { nombre, descripcion, tipo, red, secretoId, config: await configOf(input, former) }
  }

  private changed(id: number, what: string): Proveedor {
    this.conexiones.drop(id)
    const proveedor = this.get(id)
    this.deps.log.info('proveedor.saved', what, { proveedorId: id, tipo: proveedor.tipo })
    this.deps.emit('proveedores.changed', { id })
    return proveedor
  }

  async close(): Promise<void> {
    await this.conexiones.close()
  }
}

function audit(
  tx: Db,
  accion: string,
  id: number,
  { nombre, tipo }: { nombre: string; tipo: string },
  now: string,
): void {
  const detalle = { nombre, tipo }
  writeAuditoria(tx, { accion, objeto: 'proveedor', objetoId: String(id), detalle }, now)
}
