import type { Casilla } from '@shared/model/casilla'
import type { CasillaRecepcion } from '@shared/model/recepcion'
import { errorRate } from '../../blocks/error-rate'
import { matches } from '../../ui/plain'
import { needsAttention } from './next-steps'

/** A casilla with what the daemon does for it now. */
export interface CasillaRow {
  casilla: Casilla
  recepcion: CasillaRecepcion | undefined
}

export const RECEPCION_VALUES = [
  'vigilando',
  'pausada',
  'sin_acceso',
  'sin_carpeta',
  'inactiva',
] as const satisfies readonly CasillaRecepcion['estado'][]
export const CASILLA_FILTERS = ['atencion', ...RECEPCION_VALUES] as const
export const CASILLA_SORTS = [
  'nombre',
  'recepcion',
  'terminada',
  'proximo',
  'tasa',
  'enCola',
  'catalogos',
  'creadaEn',
] as const
export type CasillaSort = (typeof CASILLA_SORTS)[number]

/** What the list shows; it stands in the URL. */
export interface CasillaFilters {
  q?: string | undefined
  situacion?: (typeof CASILLA_FILTERS)[number] | undefined
  orden: CasillaSort
  dir: 'asc' | 'desc'
}

export function parseCasillaFilters(search: string): CasillaFilters {
  const params = new URLSearchParams(search)
  return {
    q: params.get('q')?.slice(0, 200) || undefined,
    situacion: CASILLA_FILTERS.find((known) => known === params.get('situacion')),
    orden: CASILLA_SORTS.find((known) => known === params.get('orden')) ?? 'nombre',
    dir: params.get('dir') === 'desc' ? 'desc' : 'asc',
  }
}

export function formatCasillaFilters({ q, situacion, orden, dir }: CasillaFilters): string {
  const params = new URLSearchParams()
  if (q) params.set('q', q)
  if (situacion) params.set('situacion', situacion)
  if (orden !== 'nombre') params.set('orden', orden)
  if (dir !== 'asc') params.set('dir', dir)
  const text = params.toString()
  return text ? `?${text}` : ''
}

const names = new Intl.Collator('es', { numeric: true, sensitivity: 'base' })

/** What has no date is sorted after all that has one. */
const LAST = '9999'

const KEYS: Record<Exclude<CasillaSort, 'nombre'>, (row: CasillaRow) => string | number> = {
  recepcion: ({ recepcion }) => (recepcion ? RECEPCION_VALUES.indexOf(recepcion.estado) : -1),
  terminada: ({ casilla }) => casilla.ultimaEjecucion?.terminadaEn ?? '',
  proximo: ({ casilla }) => casilla.puntualidad.proximaEsperada ?? LAST,
  tasa: ({ casilla }) => {
    const last = casilla.recientes.at(-1)
    return last ? errorRate(last) : -1
  },
  enCola: ({ recepcion }) => (recepcion ? recepcion.enCola + recepcion.enCurso : 0),
  catalogos: ({ casilla }) => casilla.catalogos.length,
  creadaEn: ({ casilla }) => casilla.creadaEn,
}

/** The casillas that the filters leave, in their order; equal ones by name. */
export function listRows(
  casillas: readonly Casilla[],
  receptions: ReadonlyMap<number, CasillaRecepcion>,
  { q, situacion, orden, dir }: CasillaFilters,
): CasillaRow[] {
  const found = casillas
    .map((casilla) => ({ casilla, recepcion: receptions.get(casilla.id) }))
    .filter(({ casilla, recepcion }) => {
      if (situacion === 'atencion' && !needsAttention(casilla, recepcion)) return false
      if (situacion && situacion !== 'atencion' && recepcion?.estado !== situacion) return false
      const text = `${casilla.nombre} ${casilla.descripcion} ${casilla.nombreYaml} ${casilla.carpeta ?? ''}`
      return matches(text, q ?? '')
    })
    .map((row) => ({ row, key: orden === 'nombre' ? 0 : KEYS[orden](row), name: row.casilla.nombre }))
  const way = dir === 'asc' ? 1 : -1
  found.sort((a, b) => {
    if (a.key !== b.key) return a.key < b.key ? -way : way
    return names.compare(a.name, b.name) * (orden === 'nombre' ? way : 1)
  })
  return found.map(({ row }) => row)
}
