import type { OperationInput } from '@shared/contract'
import { SITUACIONES } from '../../blocks/values'

export const ARCHIVO_SORTS = [
  'detectadoEn',
  'nombre',
  'estado',
  'bytes',
] as const satisfies readonly NonNullable<OperationInput<'recepcion.archivos'>['sort']>[]

/** What the received files of a casilla are narrowed by; it stands in the URL, with the file that is open. */
export interface ArchivoFilters {
  q?: string | undefined
  situacion?: (typeof SITUACIONES)[number] | undefined
  /** The file whose way is shown. */
  archivo?: number | undefined
  orden: (typeof ARCHIVO_SORTS)[number]
  dir: 'asc' | 'desc'
}

/** What is not understood is left out. */
export function parseArchivoFilters(search: string): ArchivoFilters {
  const params = new URLSearchParams(search)
  const archivo = Number(params.get('archivo'))
  return {
    q: params.get('q')?.slice(0, 200) || undefined,
    situacion: SITUACIONES.find((known) => known === params.get('situacion')),
    archivo: Number.isInteger(archivo) && archivo > 0 ? archivo : undefined,
    orden: ARCHIVO_SORTS.find((known) => known === params.get('orden')) ?? 'detectadoEn',
    dir: params.get('dir') === 'asc' ? 'asc' : 'desc',
  }
}

/** The shortest search that says them; empty for the defaults. */
export function formatArchivoFilters({ q, situacion, archivo, orden, dir }: Partial<ArchivoFilters>): string {
  const params = new URLSearchParams()
  if (q) params.set('q', q)
  if (situacion) params.set('situacion', situacion)
  if (orden && orden !== 'detectadoEn') params.set('orden', orden)
  if (dir === 'asc') params.set('dir', dir)
  if (archivo) params.set('archivo', String(archivo))
  const text = params.toString()
  return text ? `?${text}` : ''
}

/** The filters as the engine takes them. */
export function toArchivoQuery(
  casillaId: number,
  { q, situacion, orden, dir }: ArchivoFilters,
): Omit<OperationInput<'recepcion.archivos'>, 'limit' | 'offset'> {
  return {
    casillaId,
    sort: orden,
    direction: dir,
    ...(q ? { search: q } : {}),
    ...(situacion === undefined
      ? {}
      : situacion === 'abiertos'
        ? { abiertos: true }
        : situacion === 'cuarentena'
          ? { estado: 'cuarentena' }
          : { desenlace: situacion }),
  }
}
