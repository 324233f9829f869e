import { statSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import { cleanPath } from '@engine/connectors/shared/paths'
import { dataDirOf, requireFreePlace } from '@engine/lugares'
import { requireProveedor } from '@engine/proveedores'
import {
  type Db,
  type DestinoDatos,
  type DestinoRow,
  findDestino,
  findDestinoByName,
  findProveedor,
  findSecreto,
  insertDestino,
  listDestinos,
  removeDestino,
  setPrueba,
  updateDestino,
  writeAuditoria,
} from '@engine/store'
import type { OperationOutput, OperationParams } from '@shared/contract'
import { AppError } from '@shared/errors/app-error'
import type { Destino, DestinoConfig, DestinoEntrada, PruebaDestino } from '@shared/model/destino'
import type { ServiceDeps } from './deps'
import type { DestinoTarget } from './ports'

const nowIso = (): string => new Date().toISOString()

/** One that lives. @throws AppError DESTINO_NOT_FOUND */
export function requireDestino(db: Db, id: number): DestinoRow {
  const row = findDestino(db, id)
  if (row && row.eliminado_en === null) return row
  throw new AppError('DESTINO_NOT_FOUND', {
    kind: 'not-found',
    message: `No existe el destino ${id}.`,
    hint: 'Puede que se haya eliminado: actualizar la lista.',
  })
}

export const targetOf = (row: DestinoRow): DestinoTarget => ({
  id: row.id,
  nombre: row.nombre,
  config: row.configuracion,
  secretoId: row.secreto_id,
})

/** Where a destination lies, in one line. */
function lugarOf(db: Db, config: DestinoConfig): string {
  switch (config.tipo) {
    case 'interno':
      return ''
    case 'sqlite':
    case 'duckdb':
      return config.ruta
    case 'archivos':
      return config.carpeta
    case 'proveedor':
      return `${findProveedor(db, config.proveedorId)?.nombre ?? '?'}: /${config.carpeta}`
    default:
      return `${config.usuario}@${config.servidor}:${config.puerto}/${config.base}`
  }
}

const toDestino = (db: Db, row: DestinoRow): Destino => ({
  id: row.id,
  nombre: row.nombre,
  descripcion: row.descripcion,
  tipo: row.configuracion.tipo,
  config: row.configuracion,
  lugar: lugarOf(db, row.configuracion),
  secretoId: row.secreto_id,
  usos: row.usos,
  ultimaPrueba: row.ultima_prueba,
  creadoEn: row.creado_en,
  actualizadoEn: row.actualizado_en,
})

type Lugar = OperationParams<'destinos.create'>['lugar']

const noPlace = (message: string, hint: string): AppError =>
  new AppError('DESTINO_PLACE', { kind: 'input', message, hint })

/** The path that a person chose, with its links followed as far as it exists. @throws AppError DESTINO_PLACE, TOKEN_IN_ENGINE */
async function placeOf(lugar: NonNullable<Lugar>, archivo: string | undefined): Promise<string> {
  if (!('path' in lugar)) {
    // Main turns a grant into its path; one that arrives here was not granted by it.
    throw new AppError('TOKEN_IN_ENGINE', {
      kind: 'bug',
      message: 'El permiso del lugar elegido no se tradujo a una ruta.',
    })
  }
  const whole = archivo === undefined ? lugar.path : join(lugar.path, archivo)
  const folder = isAbsolute(whole) ? await realpath(dirname(whole)).catch(() => null) : null
  if (folder !== null) return join(folder, whole.slice(dirname(whole).length).replace(/^[\\/]/, ''))
  throw noPlace(
    `No se encuentra la carpeta de «${whole}».`,
    'Elegir una carpeta que exista, por su ruta completa.',
  )
}

/**
 * The configuration to keep from what was given: a place is resolved, or stays the one it had.
 * @throws AppError DESTINO_PLACE, TOKEN_IN_ENGINE
 */
export async function configOf(
  entrada: DestinoEntrada,
  lugar: Lugar,
  former: DestinoConfig | null,
): Promise<DestinoConfig> {
  if (entrada.tipo === 'proveedor') return { ...entrada, carpeta: cleanPath(entrada.carpeta.trim()) }
  if (entrada.tipo !== 'sqlite' && entrada.tipo !== 'duckdb' && entrada.tipo !== 'archivos') return entrada
  const { tipo, version } = entrada
  if (lugar === null) {
    if (former?.tipo === tipo) return former
    throw noPlace('Falta elegir dónde está.', 'Elegir un archivo o una carpeta.')
  }
  if (tipo === 'archivos') {
    const carpeta = await placeOf(lugar, undefined)
    if (statSync(carpeta, { throwIfNoEntry: false })?.isDirectory()) return { tipo, version, carpeta }
    throw noPlace(`«${carpeta}» no es una carpeta.`, 'Elegir una carpeta que exista.')
  }
  const ruta = await placeOf(lugar, entrada.archivo)
  const found = statSync(ruta, { throwIfNoEntry: false })
  if (found === undefined || found.isFile()) return { tipo, version, ruta }
  throw noPlace(
    `«${ruta}» es una carpeta.`,
    'Escribir el nombre del archivo que tendrá dentro, o elegir un archivo.',
  )
}

/** @throws AppError DESTINO_NAME_TAKEN */
function requireFreeName(db: Db, nombre: string, id: number | null): void {
  const owner = findDestinoByName(db, nombre)
  if (owner === null || owner === id) return
  throw new AppError('DESTINO_NAME_TAKEN', {
    kind: 'conflict',
    message: `Ya hay un destino llamado «${nombre}».`,
    hint: 'Elegir otro nombre.',
  })
}

/** @throws AppError SECRET_NOT_FOUND */
function requireCredential(db: Db, { secretoId }: DestinoDatos): void {
  if (secretoId === null || findSecreto(db, secretoId) !== null) return
  throw new AppError('SECRET_NOT_FOUND', {
    kind: 'not-found',
    message: 'La credencial elegida ya no está.',
    hint: 'Elegir otra, o crearla en Secretos.',
  })
}

/** @throws AppError PROVEEDOR_NOT_FOUND */
function requireProvider(db: Db, { config }: DestinoDatos): void {
  if (config.tipo === 'proveedor') requireProveedor(db, config.proveedorId)
}

/** @throws AppError DESTINO_BUILT_IN */
function requireOwn(id: number): void {
  if (id > 0) return
  throw new AppError('DESTINO_BUILT_IN', {
    kind: 'input',
    message: 'El destino de la consola está siempre y no se cambia.',
  })
}

/** Saves, tests and removes destinations. */
export class Destinos {
  constructor(private readonly deps: ServiceDeps) {}

  list(): Destino[] {
    const { db } = this.deps.store
    return listDestinos(db).map((row) => toDestino(db, row))
  }

  /** To know before a credential is made for it. @throws AppError DESTINO_NAME_TAKEN */
  requireFree(nombre: string): void {
    requireFreeName(this.deps.store.db, nombre.trim(), null)
  }

  /** @throws AppError DESTINO_PLACE, DESTINO_NAME_TAKEN, SECRET_NOT_FOUND */
  async create(input: OperationParams<'destinos.create'>): Promise<Destino> {
    const datos = await this.datosOf(input, null)
    const id = await this.deps.store.write((tx) => {
      requireFreeName(tx, datos.nombre, null)
      requireCredential(tx, datos)
      requireProvider(tx, datos)
      requireFreePlace(tx, datos.config, dataDirOf(this.deps.store))
      const now = nowIso()
      const made = insertDestino(tx, datos, now)
      this.audit(tx, 'destino.creado', made, datos, now)
      return made
    })
    return this.changed(id, 'Destino creado')
  }

  /** @throws AppError DESTINO_NOT_FOUND, DESTINO_BUILT_IN, DESTINO_PLACE, DESTINO_NAME_TAKEN, SECRET_NOT_FOUND */
  async update({ id, ...input }: OperationParams<'destinos.update'>): Promise<Destino> {
    requireOwn(id)
    const datos = await this.datosOf(input, requireDestino(this.deps.store.db, id).configuracion)
    await this.deps.store.write((tx) => {
      requireDestino(tx, id)
      requireFreeName(tx, datos.nombre, id)
      requireCredential(tx, datos)
      requireProvider(tx, datos)
      requireFreePlace(tx, datos.config, dataDirOf(this.deps.store))
      const now = nowIso()
      updateDestino(tx, id, datos, now)
      this.audit(tx, 'destino.cambiado', id, datos, now)
    })
    return this.changed(id, 'Destino cambiado')
  }

  /** One that is gone already is no error. @throws AppError DESTINO_IN_USE, DESTINO_BUILT_IN */
  async remove(id: number): Promise<void> {
    requireOwn(id)
    const removed = await this.deps.store.write((tx) => {
      const row = findDestino(tx, id)
      if (!row || row.eliminado_en !== null) return false
      if (row.usos > 0) {
        throw new AppError('DESTINO_IN_USE', {
          kind: 'conflict',
          message: `«${row.nombre}» es el destino de ${row.usos} ${row.usos === 1 ? 'materialización' : 'materializaciones'}.`,
          hint: 'Eliminarlas o cambiarlas de destino antes.',
        })
      }
      const now = nowIso()
      removeDestino(tx, id, now)
      const detalle = { nombre: row.nombre }
      writeAuditoria(
        tx,
        { accion: 'destino.eliminado', objeto: 'destino', objetoId: String(id), detalle },
        now,
      )
      return true
    })
    if (!removed) return
    this.deps.log.info('destino.removed', 'Destino eliminado', { destinoId: id })
    this.deps.emit('destinos.changed', { id })
  }

  /** "Probar conexión": what the server refuses is in the steps. The result of a saved one is kept. @throws AppError DESTINO_NOT_FOUND */
  async probar(input: OperationParams<'destinos.probar'>, signal: AbortSignal): Promise<PruebaDestino> {
    const { store, plugs, emit } = this.deps
    if (!('id' in input)) {
      const former = input.de === undefined ? null : requireDestino(store.db, input.de).configuracion
      const config = await configOf(input.config, input.lugar, former)
      return plugs.probar({ id: input.de ?? 0, nombre: '', config, secretoId: input.secretoId }, signal)
    }
    const row = requireDestino(store.db, input.id)
    const prueba = await plugs.probar(targetOf(row), signal)
    await store.write((tx) => setPrueba(tx, row.id, prueba))
    emit('destinos.changed', { id: row.id })
    return prueba
  }

  /** @throws AppError DESTINO_NOT_FOUND, and those of connecting */
  tablas(
    { id, search }: OperationParams<'destinos.tablas'>,
    signal: AbortSignal,
  ): Promise<OperationOutput<'destinos.tablas'>> {
    return this.deps.plugs.tablas(
      targetOf(requireDestino(this.deps.store.db, id)),
      search?.trim() || null,
      signal,
    )
  }

  /** @throws AppError DESTINO_NOT_FOUND, and those of connecting */
  tabla(
    { id, ...ref }: OperationParams<'destinos.tabla'>,
    signal: AbortSignal,
  ): Promise<OperationOutput<'destinos.tabla'>> {
    return this.deps.plugs.tabla(targetOf(requireDestino(this.deps.store.db, id)), ref, signal)
  }

  private async datosOf(
    { nombre, descripcion, config, lugar, secretoId }: OperationParams<'destinos.create'>,
    former: DestinoConfig | null,
  ): Promise<DestinoDatos> {
    const clean = nombre.trim()
    if (clean === '') {
      throw new AppError('INPUT_INVALID', { kind: 'input', message: 'El destino necesita un nombre.' })
    }
    return { nombre: clean, descripcion, config: await configOf(config, lugar, former), secretoId }
  }

  private audit(tx: Db, accion: string, id: number, { nombre, config }: DestinoDatos, now: string): void {
    const detalle = { nombre, tipo: config.tipo }
    writeAuditoria(tx, { accion, objeto: 'destino', objetoId: String(id), detalle }, now)
  }

  private changed(id: number, what: string): Destino {
    const destino = toDestino(this.deps.store.db, requireDestino(this.deps.store.db, id))
    this.deps.log.info('destino.saved', what, { destinoId: id, tipo: destino.tipo })
    this.deps.emit('destinos.changed', { id })
    // Their names are shown with it.
    if (destino.usos > 0) this.deps.emit('materializaciones.changed', { id: null })
    return destino
  }
}
