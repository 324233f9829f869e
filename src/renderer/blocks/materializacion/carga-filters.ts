import type { OperationInput } from '@shared/contract'
import { CARGA_SORTS, ESTADO_CARGA_VALUES } from './values'

/** What a list of loads is narrowed by; it stands in the URL, with the load that is open. */
export interface CargaFilters {
  q?: string | undefined
  estado?: (typeof ESTADO_CARGA_VALUES)[number] | undefined
  /** The load that is shown: one materialization loads an execution once. */
  carga?: { materializacionId: number; executionId: string } | undefined
  orden: (typeof CARGA_SORTS)[number]
  dir: 'asc' | 'desc'
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function shownCarga(value: string | null): CargaFilters['carga'] {
  const [id = '', executionId = ''] = (value ?? '').split(':')
  const materializacionId = Number(id)
  if (!Number.isInteger(materializacionId) || materializacionId < 1 || !UUID.test(executionId))
    return undefined
  return { materializacionId, executionId }
}

/** What is not understood is left out. */
export function parseCargaFilters(search: string): CargaFilters {
  const params = new URLSearchParams(search)
  return {
    q: params.get('q')?.slice(0, 200) || undefined,
    estado: ESTADO_CARGA_VALUES.find((known) => known === params.get('estado')),
    carga: shownCarga(params.get('carga')),
    orden: CARGA_SORTS.find((known) => known === params.get('orden')) ?? 'creadaEn',
    dir: params.get('dir') === 'asc' ? 'asc' : 'desc',
  }
}

/** The shortest search that says them; empty for the defaults. */
export function formatCargaFilters({ q, estado, carga, orden, dir }: Partial<CargaFilters>): string {
  const params = new URLSearchParams()
  if (q) params.set('q', q)
  if (estado) params.set('estado', estado)
  if (orden && orden !== 'creadaEn') params.set('orden', orden)
  if (dir === 'asc') params.set('dir', dir)
  if (carga) params.set('carga', `${carga.materializacionId}:${carga.executionId}`)
  const text = params.toString()
  return text ? `?${text}` : ''
}

/** Whose loads are listed: nothing lists all. */
export interface CargaScope {
  materializacionId?: number
  casillaId?: number
  executionId?: string
}

/** The filters as the engine takes them. */
export const toCargaQuery = (
  scope: CargaScope,
  { q, estado, orden, dir }: CargaFilters,
): Omit<OperationInput<'cargas.list'>, 'limit' | 'offset'> => ({
  ...scope,
  sort: orden,
  direction: dir,
  ...(q ? { search: q } : {}),
  ...(estado ? { estado } : {}),
})
