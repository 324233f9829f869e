import { useMemo } from 'react'
import { useOp } from '../../api/hooks'

export type Usos = ReadonlyMap<number, readonly string[]>

/** Names of the casillas that receive from each provider, by the number of the provider. */
export function useUsos(): Usos {
  const casillas = useOp('casillas.list', {}).data?.items
  return useMemo(() => {
    const usos = new Map<number, string[]>()
    for (const { nombre, origenRemoto } of casillas ?? []) {
      if (origenRemoto === null) continue
      usos.set(origenRemoto.proveedorId, [...(usos.get(origenRemoto.proveedorId) ?? []), nombre])
    }
    return usos
  }, [casillas])
}
