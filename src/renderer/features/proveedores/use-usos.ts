import { useMemo } from 'react'
import { useOp } from '../../api/hooks'

export type Usos = ReadonlyMap<number, readonly string[]>

/** Names of the casillas that receive from each provider and of the destinations that write to it, by the number of the provider. */
export function useUsos(): Usos {
  const casillas = useOp('casillas.list', {}).data?.items
  const destinos = useOp('destinos.list', {}).data?.items
  return useMemo(() => {
    const usos = new Map<number, string[]>()
    const add = (id: number, nombre: string) => usos.set(id, [...(usos.get(id) ?? []), nombre])
    for (const { nombre, origenRemoto } of casillas ?? [])
      if (origenRemoto !== null) add(origenRemoto.proveedorId, nombre)
    for (const { nombre, config } of destinos ?? [])
      if (config.tipo === 'proveedor') add(config.proveedorId, nombre)
    return usos
  }, [casillas, destinos])
}
