import type { OperationOutput } from '@shared/contract'
import type { Destino, PruebaDestino } from '@shared/model/destino'
import { useState } from 'react'
import { call } from '../../api/client'
import { queryClient, useCommand } from '../../api/hooks'
import { useText } from '../../app/prefs'
import { notifyDone } from '../../ui/notify'
import { useConexionForm } from '../conexion/use-conexion-form'
import { useCredential } from '../conexion/use-credential'
import {
  type CampoDestino,
  type DestinoDraft,
  destinoDraftOf,
  destinoFaults,
  entradaOf,
  isServer,
} from './destino-draft'

export const campoId = (campo: CampoDestino) => `destino-${campo}`

const STALE = ['destinos.list', 'materializaciones.list', 'materializaciones.get', 'secretos.list'] as const

/** Whoever asked for it goes on with it before the list is asked again. */
const keepInList = (saved: Destino) =>
  queryClient.setQueryData<OperationOutput<'destinos.list'>>(['destinos.list', {}], (before) =>
    before ? { items: [...before.items.filter(({ id }) => id !== saved.id), saved] } : before,
  )

/** A destination being written: its fields, its test, and how it is saved with its password as a secret. */
export function useDestinoForm(destino: Destino | null, onSaved: (saved: Destino) => void) {
  const { t } = useText()
  const [draft, setDraft] = useState(() => destinoDraftOf(destino))
  const saved = destino?.secretoId ?? null
  const credential = useCredential(saved, 'base_datos')
  const [password, setPassword] = useState('')
  const valores: Record<string, string> = password === '' ? {} : { contrasena: password }
  const create = useCommand('destinos.create', [...STALE])
  const update = useCommand('destinos.update', [...STALE])
  const faults = destinoFaults(draft, destino)
  const form = useConexionForm<PruebaDestino, CampoDestino>(faults, campoId)
  const nombre = draft.nombre.trim()
  const withPassword = isServer(draft.tipo)
  const test = () =>
    form.work('probar', async () => {
      const secretoId = withPassword ? await credential.forTest(nombre, valores) : null
      const de = destino ? { de: destino.id } : {}
      form.setPrueba(await call('destinos.probar', { ...entradaOf(draft), secretoId, ...de }))
    })
  const save = () =>
    form.work('guardar', async () => {
      const secretoId = withPassword ? await credential.forSave(nombre, valores) : null
      const datos = { nombre, descripcion: draft.descripcion.trim(), ...entradaOf(draft), secretoId }
      const kept = destino
        ? await update.mutateAsync({ id: destino.id, ...datos })
        : await create.mutateAsync(datos)
      credential.done(secretoId)
      keepInList(kept)
      notifyDone(t('form.saved'))
      onSaved(kept)
    })
  return {
    draft,
    change: (part: Partial<DestinoDraft>) => {
      setDraft((before) => ({ ...before, ...part }))
      form.mended()
    },
    password: {
      value: password,
      isSaved: saved !== null,
      set: (value: string) => {
        setPassword(value)
        form.mended()
      },
    },
    ...{ busy: form.busy, error: form.error, prueba: form.prueba, leave: form.leave, test, save },
    faults: form.tried ? faults : [],
    isWrong: (campo: CampoDestino) => form.isTold(campo) && faults.includes(campo),
  }
}

export type DestinoFormState = ReturnType<typeof useDestinoForm>
