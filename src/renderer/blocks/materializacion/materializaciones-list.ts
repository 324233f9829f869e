import type { Materializacion } from '@shared/model/materializacion'
import { SITUACION_VALUES, situacionDe } from '../../ui/carga-badge'
import { matches, plain } from '../../ui/plain'

export const MAT_SORTS = ['nombre', 'situacion', 'casilla', 'destino', 'ultima', 'fallidas'] as const
export type MatSort = (typeof MAT_SORTS)[number]

/** What the list shows; it stands in the URL. */
export interface MatFilters {
  q?: string | undefined
  situacion?: (typeof SITUACION_VALUES)[number] | undefined
  destino?: number | undefined
  orden: MatSort
  dir: 'asc' | 'desc'
}

function wholeNumber(value: string | null): number | undefined {
  const id = Number(value)
  return value !== null && value !== '' && Number.isInteger(id) && id >= 0 ? id : undefined
}

export function parseMatFilters(search: string): MatFilters {
  const params = new URLSearchParams(search)
  return {
    q: params.get('q')?.slice(0, 200) || undefined,
    situacion: SITUACION_VALUES.find((known) => known === params.get('situacion')),
    destino: wholeNumber(params.get('destino')),
    orden: MAT_SORTS.find((known) => known === params.get('orden')) ?? 'nombre',
    dir: params.get('dir') === 'desc' ? 'desc' : 'asc',
  }
}

export function formatMatFilters({ q, situacion, destino, orden, dir }: MatFilters): string {
  const params = new URLSearchParams()
  if (q) params.set('q', q)
  if (situacion) params.set('situacion', situacion)
  if (destino !== undefined) params.set('destino', String(destino))
  if (orden !== 'nombre') params.set('orden', orden)
  if (dir !== 'asc') params.set('dir', dir)
  const text = params.toString()
  return text ? `?${text}` : ''
}

const KEYS: Record<MatSort, (row: Materializacion) => string | number> = {
  nombre: (row) => plain(row.nombre),
  // What needs a person first.
  situacion: (row) => SITUACION_VALUES.indexOf(situacionDe(row)),
  casilla: (row) => plain(row.casillaNombre),
  destino: (row) => plain(row.destinoNombre),
  ultima: (row) => row.ultimaCarga?.terminadaEn ?? row.ultimaCarga?.creadaEn ?? '',
  fallidas: (row) => row.fallidas,
}

/** The rows that match, in their order; those alike by their name. */
export function listMaterializaciones(
  items: readonly Materializacion[],
  { q, situacion, destino, orden, dir }: MatFilters,
): Materializacion[] {
  const way = dir === 'asc' ? 1 : -1
  const key = KEYS[orden]
  const tables = (row: Materializacion) => row.config.tablas.map(({ tabla }) => tabla).join(' ')
  return items
    .filter((row) => {
      if (situacion && situacionDe(row) !== situacion) return false
      if (destino !== undefined && row.destinoId !== destino) return false
      const text = `${row.nombre} ${row.casillaNombre} ${row.destinoNombre} ${tables(row)}`
      return matches(text, q ?? '')
    })
    .sort((a, b) => {
      const [x, y] = [key(a), key(b)]
      if (x !== y) return x < y ? -way : way
      return KEYS.nombre(a) < KEYS.nombre(b) ? -1 : 1
    })
}
