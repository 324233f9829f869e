import { requireCasilla } from '@engine/casillas'
import type { Log } from '@engine/logging'
import {
  type Db,
  deletePermiso,
  type EmisorRow,
  findEmisor,
  findEmisorByCode,
  findPermiso,
  insertEmisor,
  listEmisores,
  listLastEnvios,
  listPermisos,
  type PermisoRow,
  putPermiso,
  removeEmisor,
  type Store,
  updateEmisor,
  writeAuditoria,
} from '@engine/store'
import type { Emit, OperationParams } from '@shared/contract'
import { AppError } from '@shared/errors/app-error'
import type { Emisor, EmisorDatos, Permiso } from '@shared/model/emisor'
import { puntualidadDeEmisor } from './expectations'
import { cleanSubfolder, makeSubfolder, requireFree, requireLooked } from './subfolder'

export interface EmisoresDeps {
  store: Store
  log: Log
  emit: Emit
}

export interface Emisores {
  list(): Emisor[]
  create(datos: EmisorDatos): Promise<Emisor>
  update(id: number, datos: EmisorDatos): Promise<Emisor>
  /** One that is gone already is no error. */
  remove(id: number): Promise<void>
  permisos(casillaId: number): Permiso[]
  guardarPermiso(input: OperationParams<'casillas.guardarPermiso'>): Promise<Permiso>
  quitarPermiso(casillaId: number, emisorId: number): Promise<void>
}

const nowIso = (): string => new Date().toISOString()

/** A sender that lives. @throws AppError EMISOR_NOT_FOUND */
export function requireEmisor(db: Db, id: number): EmisorRow {
  const row = findEmisor(db, id)
  if (row && row.eliminado_en === null) return row
  throw new AppError('EMISOR_NOT_FOUND', {
    kind: 'not-found',
    message: `No existe el emisor ${id}.`,
    hint: 'Puede que se haya eliminado: actualizar la lista.',
  })
}

/** @throws AppError EMISOR_CODE_TAKEN */
function requireFreeCode(db: Db, { codigoInterno }: EmisorDatos, id: number | null): void {
  const owner = codigoInterno === '' ? null : findEmisorByCode(db, codigoInterno)
  if (!owner || owner.id === id) return
  throw new AppError('EMISOR_CODE_TAKEN', {
    kind: 'conflict',
    message: `El código interno «${codigoInterno}» ya es de «${owner.nombre}».`,
    hint: 'Elegir otro, o dejarlo vacío.',
  })
}

function toEmisor(row: EmisorRow, permisos: readonly PermisoRow[]): Emisor {
  return {
    id: row.id,
    nombre: row.nombre,
    organizacion: row.organizacion,
    tipo: row.tipo_emisor,
    codigoInterno: row.codigo_interno ?? '',
    email: row.email_corporativo,
    telefono: row.telefono,
    activo: row.is_active,
    casillas: permisos
      .filter(({ emisor_id }) => emisor_id === row.id)
      .map((one) => ({ id: one.casilla_id, nombre: one.casilla_nombre }))
      .sort((a, b) => a.nombre.localeCompare(b.nombre, 'es')),
    ultimoEnvio: row.ultimo_envio,
    creadoEn: row.creado_en,
  }
}

/** A permission as the contract shows it. */
function permisosOf(db: Db, casillaId: number): Permiso[] {
  const casilla = requireCasilla(db, casillaId)
  const envios = listLastEnvios(db, casillaId)
  const now = new Date()
  return listPermisos(db, casillaId).map((row) => ({
    casillaId,
    emisorId: row.emisor_id,
    emisorNombre: row.emisor_nombre,
    emisorActivo: row.emisor_activo,
    organizacion: row.organizacion,
    metodos: row.metodos,
    subdirectorio: row.subdirectorio,
    responsable: {
      nombre: row.responsable_nombre,
      email: row.responsable_email,
      telefono: row.responsable_telefono,
      activo: row.responsable_activo,
    },
    frecuencia: row.configuracion_frecuencia,
    puntualidad: puntualidadDeEmisor(
      casilla,
      row,
      envios.find((one) => one.emisor_id === row.emisor_id)?.fecha ?? null,
      now,
    ),
  }))
}

/** Senders and what each may send to which casilla. */
export function createEmisores(deps: EmisoresDeps): Emisores {
  const { store, log, emit } = deps
  const { db } = store

  const get = (id: number): Emisor => toEmisor(requireEmisor(db, id), listPermisos(db, null))
  const changed = (id: number): void => {
    emit('emisores.changed', { id })
    // Whether it is active decides what its casillas expect.
    emit('casillas.changed', { id: null })
  }

  return {
    list() {
      const permisos = listPermisos(db, null)
      return listEmisores(db).map((row) => toEmisor(row, permisos))
    },
    async create(datos) {
      const id = await store.write((tx) => {
        requireFreeCode(tx, datos, null)
        const now = nowIso()
        const made = insertEmisor(tx, datos, now)
        const { nombre } = datos
        writeAuditoria(
          tx,
          { accion: 'emisor.creado', objeto: 'emisor', objetoId: String(made), detalle: { nombre } },
          now,
        )
        return made
      })
      log.info('emisor.created', 'Emisor creado', { emisorId: id, nombre: datos.nombre })
      changed(id)
      return get(id)
    },
    async update(id, datos) {
      await store.write((tx) => {
        requireEmisor(tx, id)
        requireFreeCode(tx, datos, id)
        const now = nowIso()
        updateEmisor(tx, id, datos, now)
        const { nombre, activo } = datos
        const detalle = { nombre, activo }
        writeAuditoria(
          tx,
          { accion: 'emisor.cambiado', objeto: 'emisor', objetoId: String(id), detalle },
          now,
        )
      })
      log.info('emisor.updated', 'Emisor cambiado', { emisorId: id, activo: datos.activo })
      changed(id)
      return get(id)
    },
    async remove(id) {
      const removed = await store.write((tx) => {
        const now = nowIso()
        if (!removeEmisor(tx, id, now)) return false
        writeAuditoria(tx, { accion: 'emisor.eliminado', objeto: 'emisor', objetoId: String(id) }, now)
        return true
      })
      if (!removed) return
      log.info('emisor.removed', 'Emisor eliminado; lo que envió se conserva', { emisorId: id })
      changed(id)
    },
    permisos: (casillaId) => permisosOf(db, casillaId),
    async guardarPermiso(input) {
      await savePermiso(deps, input)
      return permisosOf(db, input.casillaId).find((one) => one.emisorId === input.emisorId) ?? gone(input)
    },
    async quitarPermiso(casillaId, emisorId) {
      const removed = await store.write((tx) => {
        requireCasilla(tx, casillaId)
        if (!deletePermiso(tx, casillaId, emisorId)) return false
        const now = nowIso()
        const detalle = { emisorId }
        writeAuditoria(
          tx,
          { accion: 'permiso.quitado', objeto: 'casilla', objetoId: String(casillaId), detalle },
          now,
        )
        return true
      })
      if (!removed) return
      log.info('permiso.removed', 'Permiso quitado', { casillaId, emisorId })
      emit('emisores.changed', { id: emisorId })
      emit('casillas.changed', { id: casillaId })
    },
  }
}

function gone({ emisorId }: { emisorId: number }): never {
  throw new AppError('EMISOR_NOT_FOUND', {
    kind: 'not-found',
    message: `El emisor ${emisorId} se eliminó mientras se guardaba su permiso.`,
  })
}

async function savePermiso(
  { store, log, emit }: EmisoresDeps,
  { casillaId, emisorId, datos }: OperationParams<'casillas.guardarPermiso'>,
): Promise<void> {
  const subdirectorio = cleanSubfolder(datos.subdirectorio)
  const metodos = [...new Set(datos.metodos)]
  const check = (tx: Db) => {
    const casilla = requireCasilla(tx, casillaId)
    requireEmisor(tx, emisorId)
    requireLooked(casilla, subdirectorio)
    requireFree(listPermisos(tx, casillaId), emisorId, { metodos, subdirectorio })
    return casilla
  }
  const { carpeta } = check(store.db)
  const problem = carpeta === null ? null : await makeSubfolder(carpeta, subdirectorio)
  if (problem !== null)
    log.warn('permiso.no-folder', 'No se pudo crear la subcarpeta de un emisor', { casillaId, problem })
  await store.write((tx) => {
    check(tx)
    const now = nowIso()
    const former = findPermiso(tx, casillaId, emisorId)
    const same = JSON.stringify(former?.configuracion_frecuencia ?? null) === JSON.stringify(datos.frecuencia)
    putPermiso(
      tx,
      {
        ...{ casillaId, emisorId, metodos, subdirectorio },
        responsable: datos.responsable,
        frecuencia: datos.frecuencia,
        // What was due before it was chosen is not missed.
        frecuenciaDesde: same && former ? former.frecuencia_desde : now,
      },
      now,
    )
    const detalle = { emisorId, metodos, subdirectorio }
    writeAuditoria(
      tx,
      { accion: 'permiso.guardado', objeto: 'casilla', objetoId: String(casillaId), detalle },
      now,
    )
  })
  log.info('permiso.saved', 'Permiso guardado', { casillaId, emisorId, metodos, subdirectorio })
  emit('emisores.changed', { id: emisorId })
  emit('casillas.changed', { id: casillaId })
}
