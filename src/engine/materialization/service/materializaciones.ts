import { requireCasilla } from '@engine/casillas'
import { nextDue } from '@engine/frecuencia'
import {
  type CargaRow,
  type Db,
  deleteMaterializacion,
  findEjecucion,
  findMaterializacion,
  insertMaterializacion,
  listEnProceso,
  listMaterializaciones,
  listUltimas,
  type MaterializacionDatos,
  type MaterializacionRow,
  setMaterializacionActiva,
  toCarga,
  updateMaterializacion,
  writeAuditoria,
} from '@engine/store'
import type { OperationOutput, OperationParams } from '@shared/contract'
import { AppError } from '@shared/errors/app-error'
import type {
  Ensayo,
  Materializacion,
  MaterializacionConfig,
  ProblemaMaterializacion,
} from '@shared/model/materializacion'
import type { LoadChanges } from './changes'
import type { ServiceDeps } from './deps'
import { requireDestino, targetOf } from './destinos'
import { isOrdered } from './order'

const nowIso = (): string => new Date().toISOString()

/** One of a living casilla. @throws AppError MATERIALIZACION_NOT_FOUND */
export function requireMaterializacion(db: Db, id: number): MaterializacionRow {
  const row = findMaterializacion(db, id)
  if (row) return row
  throw new AppError('MATERIALIZACION_NOT_FOUND', {
    kind: 'not-found',
    message: `No existe la materialización ${id}.`,
    hint: 'Puede que se haya eliminado: actualizar la lista.',
  })
}

/** An execution that has accepted records. @throws AppError EXECUTION_NOT_FOUND, EXECUTION_NOT_ACCEPTED */
export function requireAccepted(db: Db, executionId: string, casillaId: number) {
  const row = findEjecucion(db, executionId)
  if (!row || row.casilla_id !== casillaId) {
    throw new AppError('EXECUTION_NOT_FOUND', {
      kind: 'not-found',
      message: 'La ejecución no está, o es de otra casilla.',
      hint: 'Actualizar la lista y elegir otra.',
    })
  }
  if (row.estado === 'Éxito' || row.estado === 'Parcial') return row
  throw new AppError('EXECUTION_NOT_ACCEPTED', {
    kind: 'conflict',
    message: `De «${row.archivo_datos}» no se aceptó ningún registro.`,
    hint: 'Elegir una ejecución con registros aceptados.',
  })
}

/** The next date of a scheduled one, ISO; null when nothing is due. */
function nextLoad(row: MaterializacionRow): string | null {
  const { cuando } = row.configuracion
  if (cuando.tipo !== 'programada' || row.estado !== 'activo') return null
  return nextDue(cuando.frecuencia, row.zona_horaria, new Date())?.toISOString() ?? null
}

const toMaterializacion = (row: MaterializacionRow, ultima: CargaRow | undefined): Materializacion => ({
  id: row.id,
  nombre: row.nombre,
  descripcion: row.descripcion,
  casillaId: row.casilla_id,
  casillaNombre: row.casilla_nombre,
  destinoId: row.destino_id,
  destinoNombre: row.destino_nombre,
  destinoTipo: row.destino_tipo,
  activa: row.estado === 'activo',
  automatica: row.automatica,
  config: row.configuracion,
  proximaCarga: nextLoad(row),
  ultimaCarga: ultima ? toCarga(ultima) : null,
  pendientes: row.pendientes,
  fallidas: row.fallidas,
  creadaEn: row.creado_en,
  actualizadaEn: row.actualizado_en,
})

type Input = OperationParams<'materializaciones.create'>

/** Saves, checks, rehearses and removes materializations. */
export class Materializaciones {
  constructor(
    private readonly deps: ServiceDeps,
    private readonly changes: LoadChanges,
    /** There may be something to load, or its dates changed. */
    private readonly wake: () => void,
  ) {}

  list(casillaId: number | null): Materializacion[] {
    const { db } = this.deps.store
    const ultimas = new Map(listUltimas(db, null).map((row) => [row.materializacion_id, row]))
    return listMaterializaciones(db, casillaId).map((row) => toMaterializacion(row, ultimas.get(row.id)))
  }

  /** @throws AppError MATERIALIZACION_NOT_FOUND */
  get(id: number): Materializacion {
    const { db } = this.deps.store
    return toMaterializacion(requireMaterializacion(db, id), listUltimas(db, id)[0])
  }

  /** @throws AppError CASILLA_NOT_FOUND, DESTINO_NOT_FOUND */
  proponer({
    casillaId,
    destinoId,
    catalogos,
  }: OperationParams<'materializaciones.proponer'>): Promise<OperationOutput<'materializaciones.proponer'>> {
    const { plugs, store } = this.deps
    requireCasilla(store.db, casillaId)
    const destino = targetOf(requireDestino(store.db, destinoId))
    return plugs.proponer({ casillaId, destino, catalogos: catalogos ?? null, source: null })
  }

  /** @throws AppError CASILLA_NOT_FOUND, DESTINO_NOT_FOUND */
  async revisar(input: OperationParams<'materializaciones.revisar'>): Promise<ProblemaMaterializacion[]> {
    const { plugs, store } = this.deps
    const { casillaId, config } = input
    requireCasilla(store.db, casillaId)
    const destino = targetOf(requireDestino(store.db, input.destinoId))
    return plugs.revisar({ casillaId, destino, config })
  }

  /** @throws AppError MATERIALIZACION_INVALID (details.problemas), CASILLA_NOT_FOUND, DESTINO_NOT_FOUND */
  async create(input: Input): Promise<Materializacion> {
    const datos = await this.checked(input, null)
    const id = await this.deps.store.write((tx) => {
      const now = nowIso()
      requireCasilla(tx, datos.casillaId)
      requireDestino(tx, datos.destinoId)
      const made = insertMaterializacion(tx, { ...datos, programadaDesde: now }, now)
      this.audit(tx, 'materializacion.creada', made, datos, now)
      return made
    })
    return this.changed(id, 'Materialización creada')
  }

  /** @throws AppError MATERIALIZACION_INVALID (details.problemas), MATERIALIZACION_NOT_FOUND, MATERIALIZACION_CASILLA, DESTINO_NOT_FOUND */
  async update({ id, ...input }: OperationParams<'materializaciones.update'>): Promise<Materializacion> {
    const before = requireMaterializacion(this.deps.store.db, id)
    if (before.casilla_id !== input.casillaId) {
      throw new AppError('MATERIALIZACION_CASILLA', {
        kind: 'input',
        message: 'Una materialización no pasa a otra casilla: sus cargas son de la suya.',
        hint: 'Crear otra en esa casilla.',
      })
    }
    const datos = await this.checked(input, before)
    await this.changes.write((tx) => {
      const now = nowIso()
      const row = requireMaterializacion(tx, id)
      requireDestino(tx, datos.destinoId)
      const same = JSON.stringify(row.configuracion.cuando) === JSON.stringify(datos.config.cuando)
      updateMaterializacion(tx, id, { ...datos, programadaDesde: same ? row.programada_hasta : now }, now)
      this.audit(tx, 'materializacion.cambiada', id, datos, now)
      return { cargas: [], materializaciones: [] }
    })
    return this.changed(id, 'Materialización cambiada')
  }

  /** What waits goes on when it is switched on again. @throws AppError MATERIALIZACION_NOT_FOUND */
  async activar({ id, activa }: OperationParams<'materializaciones.activar'>): Promise<Materializacion> {
    await this.changes.write((tx) => {
      const row = requireMaterializacion(tx, id)
      if ((row.estado === 'activo') === activa) return { cargas: [], materializaciones: [] }
      const now = nowIso()
      setMaterializacionActiva(tx, id, activa, now)
      const accion = activa ? 'materializacion.activada' : 'materializacion.desactivada'
      writeAuditoria(tx, { accion, objeto: 'materializacion', objetoId: String(id) }, now)
      return { cargas: [], materializaciones: [] }
    })
    return this.changed(id, activa ? 'Materialización activada' : 'Materialización desactivada')
  }

  /** One that is gone already is no error. @throws AppError MATERIALIZACION_LOADING */
  async remove(id: number): Promise<void> {
    let removed = false
    await this.changes.write((tx) => {
      const row = findMaterializacion(tx, id)
      if (!row) return { cargas: [], materializaciones: [] }
      if (listEnProceso(tx).some((carga) => carga.materializacion_id === id)) {
        throw new AppError('MATERIALIZACION_LOADING', {
          kind: 'conflict',
          message: `«${row.nombre}» tiene una carga en proceso.`,
          hint: 'Cancelarla o esperar a que termine.',
        })
      }
      const now = nowIso()
      removed = deleteMaterializacion(tx, id)
      const detalle = { nombre: row.nombre, casilla: row.casilla_nombre }
      writeAuditoria(
        tx,
        { accion: 'materializacion.eliminada', objeto: 'materializacion', objetoId: String(id), detalle },
        now,
      )
      return { cargas: [], materializaciones: [id] }
    })
    if (removed)
      this.deps.log.info('materializacion.removed', 'Materialización eliminada', { materializacionId: id })
  }

  /** Writes nothing. @throws AppError EXECUTION_NOT_FOUND, EXECUTION_NOT_ACCEPTED, and those of the destination */
  async ensayar(
    { executionId, casillaId, destinoId, config }: OperationParams<'materializaciones.ensayar'>,
    signal: AbortSignal,
  ): Promise<Ensayo> {
    const { store, plugs, dirOf } = this.deps
    const row = requireAccepted(store.db, executionId, casillaId)
    const destino = targetOf(requireDestino(store.db, destinoId))
    const source = { executionId, dir: dirOf(executionId), archivo: row.archivo_datos }
    return plugs.ensayar({ destino, config, source }, signal)
  }

  /** Ready for the store. @throws AppError MATERIALIZACION_INVALID */
  private async checked(
    input: Input,
    before: MaterializacionRow | null,
  ): Promise<Omit<MaterializacionDatos, 'programadaDesde'>> {
    const { nombre, descripcion, casillaId, destinoId, activa, config } = input
    const clean = nombre.trim()
    if (clean === '') {
      throw new AppError('INPUT_INVALID', {
        kind: 'input',
        message: 'La materialización necesita un nombre.',
      })
    }
    const problemas = await this.revisar({ casillaId, destinoId, config })
    const errors = problemas.filter(({ severidad }) => severidad === 'error')
    const [first] = errors
    if (first) {
      throw new AppError('MATERIALIZACION_INVALID', {
        kind: 'input',
        message: errors.length === 1 ? first.mensaje : `${first.mensaje} Y ${errors.length - 1} más.`,
        ...(first.sugerencia === null ? {} : { hint: first.sugerencia }),
        details: { problemas },
      })
    }
    const automatica = before?.automatica === true && isSame(before, destinoId, config)
    return {
      ...{ casillaId, destinoId, nombre: clean, descripcion, activa, automatica, config },
      ordenada: isOrdered(config),
    }
  }

  private audit(
    tx: Db,
    accion: string,
    id: number,
    { nombre, destinoId, config }: Omit<MaterializacionDatos, 'programadaDesde'>,
    now: string,
  ): void {
    const detalle = {
      nombre,
      destinoId,
      tablas: config.tablas.map(({ catalogo, tabla, estrategia }) => ({
        catalogo,
        tabla,
        estrategia: estrategia.tipo,
      })),
    }
    writeAuditoria(tx, { accion, objeto: 'materializacion', objetoId: String(id), detalle }, now)
  }

  private changed(id: number, what: string): Materializacion {
    const one = this.get(id)
    this.deps.log.info('materializacion.saved', what, {
      materializacionId: id,
      casillaId: one.casillaId,
      activa: one.activa,
    })
    this.deps.emit('materializaciones.changed', { id })
    this.wake()
    return one
  }
}

/** What a person saved is what it did by itself. */
const isSame = (before: MaterializacionRow, destinoId: number, config: MaterializacionConfig): boolean =>
  before.destino_id === destinoId && JSON.stringify(before.configuracion) === JSON.stringify(config)
