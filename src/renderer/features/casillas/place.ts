import type { Casilla } from '@shared/model/casilla'
import type { OrigenRemoto } from '@shared/model/recepcion'
import { useOp } from '../../api/hooks'

type Placed = Pick<Casilla, 'carpeta' | 'origenRemoto'>

/** A provider being chosen: null until it is. */
export type RemotoDraft = Omit<OrigenRemoto, 'proveedorId'> & { proveedorId: number | null }

export const NEW_REMOTO: RemotoDraft = { proveedorId: null, prefijo: '', alTerminar: 'mover' }

/** As the engine is told; null while no provider is chosen. */
export const remotoOf = (draft: RemotoDraft | null): OrigenRemoto | null =>
  draft === null || draft.proveedorId === null ? null : { ...draft, proveedorId: draft.proveedorId }

/** True for a casilla that receives by itself. */
export const receives = ({ carpeta, origenRemoto }: Placed): boolean =>
  carpeta !== null || origenRemoto !== null

/** Where a casilla receives, as it is shown; null for one that does not receive by itself. */
export function usePlace({ carpeta, origenRemoto }: Placed): string | null {
  const { data } = useOp('proveedores.list', {}, { enabled: origenRemoto !== null })
  if (origenRemoto === null) return carpeta
  const { proveedorId, prefijo } = origenRemoto
  const nombre = data?.items.find(({ id }) => id === proveedorId)?.nombre ?? String(proveedorId)
  return `${nombre}: /${prefijo}`
}
