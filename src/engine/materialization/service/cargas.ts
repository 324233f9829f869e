import { readFile } from 'node:fs/promises'
import {
  type CargaRow,
  type Db,
  endCarga,
  findCarga,
  findEjecucion,
  listCargas,
  listSinCargar,
  reviveCarga,
  toCarga,
  writeAuditoria,
} from '@engine/store'
import type { OperationOutput, OperationParams } from '@shared/contract'
import { AppError } from '@shared/errors/app-error'
import { type Carga, type Ensayo, ensayoSchema } from '@shared/model/materializacion'
import type { LoadChanges } from './changes'
import type { ServiceDeps } from './deps'
import { diferenciaPath, onlyCounts } from './diferencia'
import type { Loader } from './loader'
import { requireAccepted, requireMaterializacion } from './materializaciones'
import { doublesRows } from './order'
import { plantCarga } from './plant'

const nowIso = (): string => new Date().toISOString()
const wholeDay = (to: string): string => (/^\d{4}-\d{2}-\d{2}$/.test(to) ? `${to}T23:59:59.999Z` : to)

const notFound = (): AppError =>
  new AppError('CARGA_NOT_FOUND', {
    kind: 'not-found',
    message: 'La carga ya no está.',
    hint: 'Puede que se haya eliminado su materialización: actualizar la lista.',
  })

/** What a person asks of the loads. */
export class Cargas {
  constructor(
    private readonly deps: ServiceDeps,
    private readonly changes: LoadChanges,
    private readonly loader: Loader,
  ) {}

  list(query: OperationParams<'cargas.list'>): OperationOutput<'cargas.list'> {
    const { items, total } = listCargas(this.deps.store.db, query)
    return { items: items.map(toCarga), total }
  }

  /** As they stand, in the order of their names here; those that are gone are left out. */
  named(ids: readonly string[]): Carga[] {
    return ids.flatMap((id) => {
      const row = findCarga(this.deps.store.db, id)
      return row ? [toCarga(row)] : []
    })
  }

  /**
   * Loads past executions, oldest first: those named, or every accepted one that was not loaded.
   * @throws AppError MATERIALIZACION_NOT_FOUND, EXECUTION_NOT_FOUND, EXECUTION_NOT_ACCEPTED, REHACER_DOUBLES
   */
  async iniciar(input: OperationParams<'cargas.iniciar'>): Promise<string[]> {
    const { materializacionId, executionIds, rehacer } = input
    const { cargas } = await this.changes.write((tx) => {
      const now = nowIso()
      const row = requireMaterializacion(tx, materializacionId)
      if (rehacer && doublesRows(row.configuracion)) throw doubles()
      const range = {
        desde: input.desde || null,
        hasta: input.hasta ? wholeDay(input.hasta) : null,
        aceptadasDesde: null,
      }
      const chosen = executionIds
        ? inOrder(tx, executionIds, row.casilla_id)
        : listSinCargar(tx, { materializacionId, ...range })
      const made = chosen.flatMap(
        (executionId) =>
          plantCarga(tx, row, { executionId, asked: executionIds !== undefined, rehacer, now }) ?? [],
      )
      const detalle = { cargas: made.length, rehacer }
      if (made.length > 0)
        writeAuditoria(
          tx,
          {
            accion: 'cargas.iniciadas',
            objeto: 'materializacion',
            objetoId: String(materializacionId),
            detalle,
          },
          now,
        )
      return { cargas: made, materializaciones: [materializacionId] }
    })
    this.loader.wake()
    return [...cargas]
  }

  /** Tries again now those that failed, were cancelled or were put off; the others stay as they are. Gives how many. */
  async reintentar(ids: readonly string[]): Promise<number> {
    const { cargas } = await this.changes.write((tx) => {
      const revived = [...new Set(ids)].flatMap((id) => {
        const row = findCarga(tx, id)
        // What it would read went with its execution.
        if (!row || findEjecucion(tx, row.ejecucion_uuid) === null) return []
        return reviveCarga(tx, id) ? [row] : []
      })
      return {
        cargas: revived.map(({ uuid }) => uuid),
        materializaciones: revived.map((row) => row.materializacion_id),
      }
    })
    this.loader.wake()
    return cargas.length
  }

  /** What runs stops as soon as its destination lets it; what had been written by then stays. @throws AppError CARGA_NOT_FOUND */
  async cancelar(uuid: string): Promise<void> {
    if (findCarga(this.deps.store.db, uuid) === null) throw notFound()
    if (this.loader.cancel(uuid)) return
    await this.changes.write((tx) => {
      const row = findCarga(tx, uuid)
      if (!row || !endCarga(tx, uuid, 'cancelado', null, nowIso()))
        return { cargas: [], materializaciones: [] }
      return { cargas: [uuid], materializaciones: [row.materializacion_id] }
    })
    this.loader.wake()
  }

  /** What is kept of what a load changed: where nothing is, its counts. @throws AppError CARGA_NOT_FOUND, DIFERENCIA_NOT_FOUND */
  async diferencia(uuid: string): Promise<Ensayo> {
    const row = findCarga(this.deps.store.db, uuid)
    if (!row) throw notFound()
    const text = await readFile(diferenciaPath(this.deps.dirOf(row.ejecucion_uuid), uuid), 'utf8').catch(
      () => null,
    )
    if (text !== null) return ensayoSchema.parse(JSON.parse(text))
    if (row.estado !== 'completado') throw noDiferencia(row)
    return { problemas: [], tablas: toCarga(row).tablas.map(onlyCounts) }
  }
}

/** @throws AppError EXECUTION_NOT_FOUND, EXECUTION_NOT_ACCEPTED */
function inOrder(tx: Db, ids: readonly string[], casillaId: number): string[] {
  return [...new Set(ids)]
    .map((id) => requireAccepted(tx, id, casillaId))
    .sort(
      (a, b) =>
        a.recibida_en.localeCompare(b.recibida_en) || a.fecha_ejecucion.localeCompare(b.fecha_ejecucion),
    )
    .map(({ uuid }) => uuid)
}

const doubles = (): AppError =>
  new AppError('REHACER_DOUBLES', {
    kind: 'input',
    message: 'Con la estrategia de agregar, cargar otra vez dejaría los registros dos veces.',
    hint: 'Usar otra estrategia, o borrar antes sus registros del destino.',
  })

const noDiferencia = (row: CargaRow): AppError =>
  new AppError('DIFERENCIA_NOT_FOUND', {
    kind: 'not-found',
    message: `La carga de «${row.archivo_datos}» no ha terminado: todavía no hay diferencia.`,
  })
