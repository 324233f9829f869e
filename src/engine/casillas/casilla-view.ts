import { basename } from 'node:path'
import { puntualidadDeCasilla } from '@engine/emisores/expectations'
import {
  type CasillaRow,
  type CatalogoRow,
  type Db,
  type EjecucionRow,
  type LastEnvio,
  listCasillas,
  listCatalogos,
  listLast,
  listLastEnvios,
  listPermisos,
  listRecent,
  origenRemotoOf,
  type PermisoRow,
  type RecentRow,
} from '@engine/store'
import type { Casilla } from '@shared/model/casilla'

/** Executions drawn as a sparkline. */
const RECENT = 20

interface Around {
  catalogos: CatalogoRow[]
  last: EjecucionRow | undefined
  recent: RecentRow[]
  envios: LastEnvio[]
  permisos: PermisoRow[]
}

function toCasilla(row: CasillaRow, { catalogos, last, recent, envios, permisos }: Around): Casilla {
  return {
    id: row.id,
    nombre: row.nombre,
    descripcion: row.descripcion,
    activa: row.is_active,
    politica: row.politica,
    nombreYaml: row.nombre_yaml,
    yamlVersion: row.yaml_version,
    catalogos: catalogos.map(({ catalogo, nombre, archivo, campos }) => ({
      id: catalogo,
      nombre,
      archivo,
      campos,
    })),
    // The console shows its name; where it lies is the engine's business.
    muestra: row.muestra === null ? null : basename(row.muestra),
    zonaHoraria: row.zona_horaria,
    carpeta: row.carpeta,
    origenRemoto: origenRemotoOf(row),
    vigilancia: row.vigilancia,
    frecuencia: row.configuracion_frecuencia,
    puntualidad: puntualidadDeCasilla(row, permisos, envios, new Date()),
    prioridad: row.prioridad,
    pausadaEn: row.pausada_en,
    recientes: recent.map((item) => ({
      id: item.uuid,
      archivo: item.archivo_datos,
      estado: item.estado,
      registros: item.registros_totales,
      errores: item.errores_detectados,
      terminadaEn: item.terminada_en,
    })),
    emisores: permisos.length,
    creadaEn: row.creado_en,
    actualizadaEn: row.actualizado_en,
    ultimaEjecucion: last
      ? { id: last.uuid, estado: last.estado, fase: last.fase, terminadaEn: last.terminada_en }
      : null,
  }
}

function grouped<T extends { casilla_id: number }>(rows: readonly T[]): Map<number, T[]> {
  const groups = new Map<number, T[]>()
  for (const row of rows) {
    const siblings = groups.get(row.casilla_id)
    if (siblings) siblings.push(row)
    else groups.set(row.casilla_id, [row])
  }
  return groups
}

/** `id` null looks around every casilla with the same few queries. */
function around(db: Db, id: number | null): (row: CasillaRow) => Around {
  const catalogos = grouped(listCatalogos(db, id))
  const last = new Map(listLast(db).map((ejecucion) => [ejecucion.casilla_id, ejecucion]))
  const recent = grouped(listRecent(db, id, RECENT))
  const envios = grouped(listLastEnvios(db, id))
  const permisos = grouped(listPermisos(db, id))
  return (row) => ({
    catalogos: catalogos.get(row.id) ?? [],
    last: last.get(row.id),
    recent: recent.get(row.id) ?? [],
    envios: envios.get(row.id) ?? [],
    permisos: permisos.get(row.id) ?? [],
  })
}

/** A casilla as the contract shows it. */
export const viewCasilla = (db: Db, row: CasillaRow): Casilla => toCasilla(row, around(db, row.id)(row))

/** Every living casilla, by name. */
export function viewCasillas(db: Db): Casilla[] {
  const of = around(db, null)
  return listCasillas(db).map((row) => toCasilla(row, of(row)))
}
