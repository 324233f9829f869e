import type { OperationInput } from '@shared/contract'
import { ESTADO_VALUES, FASE_VALUES, METODO_VALUES, SORT_VALUES } from './values'

export type ExecutionSort = (typeof SORT_VALUES)[number]

/** What the explorer of executions filters by; every part of it stands in the URL. */
export interface ExecutionFilters {
  casilla?: number | undefined
  emisor?: number | undefined
  metodo?: (typeof METODO_VALUES)[number] | undefined
  estado?: (typeof ESTADO_VALUES)[number] | undefined
  fase?: (typeof FASE_VALUES)[number] | undefined
  q?: string | undefined
  /** Local days, yyyy-mm-dd, both included. */
  desde?: string | undefined
  hasta?: string | undefined
  orden: ExecutionSort
  dir: 'asc' | 'desc'
}

export const DEFAULT_SORT = { orden: 'creadaEn', dir: 'desc' } as const

const among = <T extends string>(values: readonly T[], value: string | null): T | undefined =>
  values.find((known) => known === value)

const positive = (value: string | null) => {
  const id = Number(value)
  return Number.isInteger(id) && id > 0 ? id : undefined
}

const day = (value: string | null) => (value && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined)

/** A search written by hand or by an older version never breaks the page: what is not understood is left out. */
export function parseFilters(search: string): ExecutionFilters {
  const params = new URLSearchParams(search)
  return {
    casilla: positive(params.get('casilla')),
    emisor: positive(params.get('emisor')),
    metodo: among(METODO_VALUES, params.get('metodo')),
    estado: among(ESTADO_VALUES, params.get('estado')),
    fase: among(FASE_VALUES, params.get('fase')),
    q: params.get('q')?.slice(0, 200) || undefined,
    desde: day(params.get('desde')),
    hasta: day(params.get('hasta')),
    orden: among(SORT_VALUES, params.get('orden')) ?? DEFAULT_SORT.orden,
    dir: among(['asc', 'desc'] as const, params.get('dir')) ?? DEFAULT_SORT.dir,
  }
}

/** The shortest search that says the filters; empty for the defaults. */
export function formatFilters(filters: Partial<ExecutionFilters>): string {
  const params = new URLSearchParams()
  const { casilla, emisor, metodo, estado, fase, q, desde, hasta, orden, dir } = filters
  if (casilla) params.set('casilla', String(casilla))
  if (emisor) params.set('emisor', String(emisor))
  if (metodo) params.set('metodo', metodo)
  if (estado) params.set('estado', estado)
  if (fase) params.set('fase', fase)
  if (q) params.set('q', q)
  if (desde) params.set('desde', desde)
  if (hasta) params.set('hasta', hasta)
  if (orden && orden !== DEFAULT_SORT.orden) params.set('orden', orden)
  if (dir && (dir !== DEFAULT_SORT.dir || (orden && orden !== DEFAULT_SORT.orden))) params.set('dir', dir)
  const text = params.toString()
  return text ? `?${text}` : ''
}

/** The instant a local day begins, or the last of it. */
export function dayInstant(value: string, edge: 'start' | 'end'): string {
  const [year = 1970, month = 1, date = 1] = value.split('-').map(Number)
  return edge === 'start'
    ? new Date(year, month - 1, date).toISOString()
    : new Date(year, month - 1, date, 23, 59, 59, 999).toISOString()
}

/** The filters as the engine takes them. */
export function toQuery(
  filters: ExecutionFilters,
): Omit<OperationInput<'executions.list'>, 'limit' | 'offset'> {
  return {
    sort: filters.orden,
    direction: filters.dir,
    ...(filters.casilla ? { casillaId: filters.casilla } : {}),
    ...(filters.emisor ? { emisorId: filters.emisor } : {}),
    ...(filters.metodo ? { metodo: filters.metodo } : {}),
    ...(filters.estado ? { estado: filters.estado } : {}),
    ...(filters.fase ? { fase: filters.fase } : {}),
    ...(filters.q ? { search: filters.q } : {}),
    ...(filters.desde ? { from: dayInstant(filters.desde, 'start') } : {}),
    ...(filters.hasta ? { to: dayInstant(filters.hasta, 'end') } : {}),
  }
}
