import type { OperationInput } from '@shared/contract'
import type { AppErrorData } from '@shared/errors/app-error'
import type { Casilla } from '@shared/model/casilla'
import type { Emisor } from '@shared/model/emisor'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call, toCallError } from '../../../api/client'
import { notifyError } from '../../../ui/notify'
import { suggestSubfolder } from '../permiso-draft'
import { receives } from '../place'

/** Creates the casilla and then lets its senders in; what fails of the second is told, and mended in its own tab. */
export function useCreate(onCreated: (casilla: Casilla) => void) {
  const client = useQueryClient()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<AppErrorData | null>(null)
  const create = async (input: OperationInput<'casillas.create'>, emisores: readonly number[]) => {
    setBusy(true)
    setError(null)
    try {
      const casilla = await call('casillas.create', input)
      await letIn(casilla, emisores)
      for (const op of ['casillas.list', 'emisores.list', 'calendario.list'] as const)
        void client.invalidateQueries({ queryKey: [op] })
      onCreated(casilla)
    } catch (caught) {
      setError(toCallError(caught).data)
    } finally {
      setBusy(false)
    }
  }
  return { busy, error, create }
}

async function letIn(casilla: Casilla, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return
  const told = (caught: unknown): void => notifyError(toCallError(caught).data)
  const items = await call('emisores.list', {}).then((list) => list.items, told)
  // One that can't be let in is told of; the others are let in all the same.
  for (const emisor of items?.filter(({ id }) => ids.includes(id)) ?? [])
    await call('casillas.guardarPermiso', permissionFor(casilla, emisor)).catch(told)
}

/** Where it receives by itself, each sender has its own folder inside: that is how its files are told apart. */
const permissionFor = (casilla: Casilla, emisor: Emisor): OperationInput<'casillas.guardarPermiso'> => ({
  casillaId: casilla.id,
  emisorId: emisor.id,
  datos: {
    metodos: [
      ...(casilla.carpeta ? (['local'] as const) : []),
      ...(casilla.origenRemoto ? (['sftp', 'bucket'] as const) : []),
      'direct_upload',
    ],
    subdirectorio: receives(casilla) ? suggestSubfolder(emisor) : '',
  },
})
