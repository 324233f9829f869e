import type { HandOn } from '@engine/casillas'
import {
  claimSemilla,
  type Db,
  type EjecucionRow,
  findDestino,
  hasMaterializaciones,
  insertMaterializacion,
  listMaterializaciones,
  writeAuditoria,
} from '@engine/store'
import { materializacionConfigSchema, type TablaMaterializada } from '@shared/model/materializacion'
import type { LoadChanges } from './changes'
import type { ServiceDeps } from './deps'
import { targetOf } from './destinos'
import { firstTables } from './follow'
import type { Loader } from './loader'
import { isOrdered } from './order'
import { plantCarga } from './plant'
import { namesThere, takenNames } from './taken-names'

/** The embedded destination. */
const INTERNO = 0

const seedOf = (casillaId: number): string => `materializacion-interna:${casillaId}`

/**
 * Hands the records that an execution accepted on to the materializations of its casilla. With nothing configured they go to the console's
 * own data, by a materialization made here once; one that a person removed is not made again.
 */
export class Handing {
  constructor(
    private readonly deps: ServiceDeps,
    private readonly changes: LoadChanges,
    private readonly loader: Loader,
  ) {}

  /** Before that write: what takes time. Never throws. */
  async prepare(row: EjecucionRow): Promise<HandOn> {
    const first = await this.firstProposal(row).catch((error: unknown) => {
      this.deps.log.error('materializacion.failed', 'No se pudo preparar la materialización de la consola', {
        executionId: row.uuid,
        error,
      })
      return null
    })
    return {
      plant: (tx, now) => {
        const { casilla_id: casillaId } = row
        if (casillaId === null) return []
        if (first) makeFirst(tx, casillaId, first, now)
        return listMaterializaciones(tx, casillaId)
          .filter(
            ({ estado, configuracion }) =>
              estado === 'activo' && configuracion.cuando.tipo === 'cada_ejecucion',
          )
          .flatMap(
            (one) => plantCarga(tx, one, { executionId: row.uuid, asked: false, rehacer: false, now }) ?? [],
          )
      },
      tell: (cargas) => {
        if (first) this.deps.emit('materializaciones.changed', { id: null })
        this.changes.tell({ cargas, materializaciones: [] })
        this.loader.wake()
      },
    }
  }

  /** null when the casilla has its own, or had one of these before. */
  private async firstProposal(row: EjecucionRow): Promise<First | null> {
    const { store, plugs, dirOf } = this.deps
    const { casilla_id: casillaId } = row
    const destino = findDestino(store.db, INTERNO)
    if (casillaId === null || !destino || hasMaterializaciones(store.db, casillaId)) return null
    const source = { executionId: row.uuid, archivo: row.archivo_datos, dir: dirOf(row.uuid) }
    const target = targetOf(destino)
    const { tablas } = await plugs.proponer({ casillaId, destino: target, source, catalogos: null })
    if (tablas.length === 0) return null
    return { casilla: row.casilla_nombre ?? '', tablas, there: await namesThere(this.deps, target) }
  }
}

interface First {
  casilla: string
  tablas: readonly TablaMaterializada[]
  /** Names of what lies in the console's data. */
  there: readonly string[]
}

function makeFirst(tx: Db, casillaId: number, { casilla, tablas, there }: First, now: string): void {
  if (hasMaterializaciones(tx, casillaId) || !claimSemilla(tx, seedOf(casillaId), now)) return
  const taken = takenNames(tx, { destinoId: INTERNO, salvo: null, there })
  const config = materializacionConfigSchema.parse({ tablas: firstTables(tablas, { casilla, taken }) })
  const nombre = 'Datos de la consola'
  const id = insertMaterializacion(
    tx,
    {
      ...{ casillaId, destinoId: INTERNO, nombre, config },
      descripcion: 'Se creó sola con la primera ejecución aceptada.',
      ...{ activa: true, automatica: true, ordenada: isOrdered(config), programadaDesde: null },
    },
    now,
  )
  const detalle = { nombre, automatica: true }
  writeAuditoria(
    tx,
    {
      accion: 'materializacion.creada',
      objeto: 'materializacion',
      objetoId: String(id),
      detalle,
      actor: 'sage',
    },
    now,
  )
}
