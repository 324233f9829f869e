import type { OperationInput } from '@shared/contract'
import type {
  Columna,
  Estrategia,
  Materializacion,
  MaterializacionConfig,
  TablaMaterializada,
  TipoColumna,
} from '@shared/model/materializacion'
import {
  type FrecuenciaDraft,
  draftOf as frecuenciaDraftOf,
  frecuenciaOf,
} from '../../../blocks/frecuencia-draft'
import { claveDe } from '../../../blocks/materializacion/tipo-texto'

/** A materialization being written, with the step where the person is. */
export interface MatDraft {
  step: number
  nombre: string
  descripcion: string
  activa: boolean
  casillaId: number | null
  catalogos: string[]
  /** By catalog: only the records for which it is true are loaded; empty: all. */
  filtros: Record<string, string>
  destinoId: number | null
  tablas: TablaMaterializada[]
  /** For which casilla and destination the tables were proposed: others need another proposal. */
  propuestaPara: string | null
  cuando: MaterializacionConfig['cuando']['tipo']
  frecuencia: FrecuenciaDraft
  maxIntentos: number | null
}

export const proposalKey = (draft: Pick<MatDraft, 'casillaId' | 'destinoId'>) =>
  `${draft.casillaId}:${draft.destinoId}`

export const emptyDraft = (casillaId: number | null): MatDraft => ({
  step: 0,
  nombre: '',
  descripcion: '',
  activa: true,
  casillaId,
  catalogos: [],
  filtros: {},
  destinoId: null,
  tablas: [],
  propuestaPara: null,
  cuando: 'cada_ejecucion',
  frecuencia: { ...frecuenciaDraftOf(null), tipo: 'diario' },
  maxIntentos: 5,
})

/** What is saved, to be changed. */
export function matDraftOf(row: Materializacion): MatDraft {
  const { tablas, cuando, maxIntentos } = row.config
  const filtros = tablas.flatMap(({ catalogo, filtro }) => (filtro === null ? [] : [[catalogo, filtro]]))
  const key = { casillaId: row.casillaId, destinoId: row.destinoId }
  return {
    ...emptyDraft(row.casillaId),
    nombre: row.nombre,
    descripcion: row.descripcion,
    activa: row.activa,
    catalogos: [...new Set(tablas.map(({ catalogo }) => catalogo))],
    filtros: Object.fromEntries(filtros),
    ...key,
    tablas: [...tablas],
    propuestaPara: proposalKey(key),
    cuando: cuando.tipo,
    ...(cuando.tipo === 'programada' ? { frecuencia: frecuenciaDraftOf(cuando.frecuencia) } : {}),
    maxIntentos,
  }
}

/** The tables with those of a proposal for catalogs that have none yet; those of catalogs left out go. */
export function withProposal(
  draft: MatDraft,
  proposed: readonly TablaMaterializada[],
): Pick<MatDraft, 'tablas' | 'propuestaPara'> {
  const key = proposalKey(draft)
  const kept = draft.propuestaPara === key ? draft.tablas : []
  const tablas = draft.catalogos.flatMap((catalogo) => {
    const own = kept.filter((tabla) => tabla.catalogo === catalogo)
    return own.length > 0 ? own : proposed.filter((tabla) => tabla.catalogo === catalogo)
  })
  return { tablas, propuestaPara: key }
}

/** True when the tables are those of the catalogs and the destination chosen now. */
export const isProposed = (draft: MatDraft): boolean =>
  draft.propuestaPara === proposalKey(draft) &&
  draft.tablas.every(({ catalogo }) => draft.catalogos.includes(catalogo)) &&
  draft.catalogos.every((id) => draft.tablas.some(({ catalogo }) => catalogo === id))

/** What is asked of the engine; the draft has no faults. */
export function configOf(draft: MatDraft): OperationInput<'materializaciones.revisar'>['config'] {
  const frecuencia = draft.cuando === 'programada' ? frecuenciaOf(draft.frecuencia) : null
  return {
    tablas: draft.tablas.map((tabla) => ({
      ...tabla,
      filtro: draft.filtros[tabla.catalogo]?.trim() || null,
    })),
    cuando:
      draft.cuando === 'programada' && frecuencia
        ? { tipo: 'programada', frecuencia }
        : { tipo: draft.cuando === 'manual' ? 'manual' : 'cada_ejecucion' },
    maxIntentos: draft.maxIntentos ?? 5,
  }
}

/** True when something differs from what is saved; where the person is does not count. */
export const isChanged = (draft: MatDraft, saved: MatDraft): boolean =>
  JSON.stringify({ ...draft, step: 0 }) !== JSON.stringify({ ...saved, step: 0 })

/** The table with a strategy: the columns of its key no longer take empty values, as its help says. */
export function withKey(tabla: TablaMaterializada, estrategia: Estrategia): TablaMaterializada {
  const clave = claveDe({ estrategia })
  const columnas = tabla.columnas.map((one) => (clave.includes(one.nombre) ? { ...one, nulos: false } : one))
  return { ...tabla, estrategia, columnas }
}

/** The same strategy under another name, with the key it had: changing one's mind twice loses nothing. */
export function withEstrategia(before: Estrategia, tipo: Estrategia['tipo']): Estrategia {
  const clave = [...claveDe({ estrategia: before })]
  switch (tipo) {
    case 'upsert':
      return { tipo, clave }
    case 'delete_insert':
      return before.tipo === tipo ? before : { tipo, borrar: { por: 'clave', clave } }
    case 'full':
      return before.tipo === tipo ? before : { tipo, conservar: 0 }
    default:
      return { tipo }
  }
}

/** A type of that name: with the length or the digits that it had before, where it has any. */
export function withTipo(before: TipoColumna, tipo: TipoColumna['tipo']): TipoColumna {
  if (before.tipo === tipo) return before
  if (tipo === 'decimal') return { tipo, precision: 18, escala: 2 }
  return tipo === 'fecha_hora' ? { tipo, zona: false } : { tipo }
}

/** A list with one of its items a place up or down. */
export function movedItem<T>(items: readonly T[], index: number, step: -1 | 1): T[] {
  const next = [...items]
  const [item] = next.splice(index, 1)
  if (item === undefined || index + step < 0 || index + step >= items.length) return [...items]
  next.splice(index + step, 0, item)
  return next
}

/** A name that no column has yet. */
export function freeColumn(columnas: readonly Columna[], wanted: string): string {
  const taken = new Set(columnas.map(({ nombre }) => nombre.toLowerCase()))
  let name = wanted
  for (let n = 2; taken.has(name.toLowerCase()); n += 1) name = `${wanted}_${n}`
  return name
}

const renamed = (names: readonly string[], from: string, to: string) =>
  names.map((name) => (name === from ? to : name))

/** What names a column by its name follows it when it is called otherwise. */
export function withColumnName(tabla: TablaMaterializada, index: number, to: string): TablaMaterializada {
  const from = tabla.columnas[index]?.nombre
  if (from === undefined) return tabla
  const columnas = tabla.columnas.map((one, at) => (at === index ? { ...one, nombre: to } : one))
  // Another column of that name keeps what names it.
  if (tabla.columnas.some((one, at) => at !== index && one.nombre === from)) return { ...tabla, columnas }
  return {
    ...tabla,
    columnas,
    estrategia: renamedIn(tabla.estrategia, from, to),
    indices: tabla.indices.map((indice) => ({ ...indice, columnas: renamed(indice.columnas, from, to) })),
    formato:
      tabla.formato?.tipo === 'parquet'
        ? { ...tabla.formato, particiones: renamed(tabla.formato.particiones, from, to) }
        : tabla.formato,
  }
}

function renamedIn(estrategia: Estrategia, from: string, to: string): Estrategia {
  if (estrategia.tipo === 'upsert') {
    const { borrarSi } = estrategia
    return {
      ...estrategia,
      clave: renamed(estrategia.clave, from, to),
      ...(borrarSi
        ? { borrarSi: { ...borrarSi, columna: borrarSi.columna === from ? to : borrarSi.columna } }
        : {}),
    }
  }
  if (estrategia.tipo !== 'delete_insert') return estrategia
  const { borrar } = estrategia
  if (borrar.por === 'clave')
    return { ...estrategia, borrar: { ...borrar, clave: renamed(borrar.clave, from, to) } }
  if (borrar.por === 'particion')
    return { ...estrategia, borrar: { ...borrar, columnas: renamed(borrar.columnas, from, to) } }
  const condiciones = borrar.condiciones.map((one) => (one.columna === from ? { ...one, columna: to } : one))
  return { ...estrategia, borrar: { ...borrar, condiciones } }
}
