import type { OperationOutput } from '@shared/contract'
import type { Destino, PruebaDestino } from '@shared/model/destino'
import { useState } from 'react'
import { call } from '../../api/client'
import { queryClient, useCommand } from '../../api/hooks'
import { useText } from '../../app/prefs'
import { notifyDone } from '../../ui/notify'
import { useCredential } from '../conexion/use-credential'
import { useWork } from '../conexion/use-work'
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
  const [left, setLeft] = useState<ReadonlySet<CampoDestino>>(new Set())
  const [tried, setTried] = useState(false)
  const [prueba, setPrueba] = useState<PruebaDestino | null>(null)
  const { busy, error, setError, during } = useWork<'probar' | 'guardar'>()
  const create = useCommand('destinos.create', [...STALE])
  const update = useCommand('destinos.update', [...STALE])
  const faults = destinoFaults(draft, destino)
  /** What was refused or tested is another thing now. */
  const mended = () => {
    setError(null)
    setPrueba(null)
  }
  const work = async (what: 'probar' | 'guardar', run: () => Promise<void>) => {
    setTried(true)
    const [first] = faults
    if (first) document.getElementById(campoId(first))?.focus()
    else await during(what, run)
  }
  const nombre = draft.nombre.trim()
  const withPassword = isServer(draft.tipo)
  const test = () =>
    work('probar', async () => {
      const secretoId = withPassword ? await credential.forTest(nombre, valores) : null
      const de = destino ? { de: destino.id } : {}
      setPrueba(await call('destinos.probar', { ...entradaOf(draft), secretoId, ...de }))
    })
  const save = () =>
    work('guardar', async () => {
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
      mended()
    },
    password: {
      value: password,
      isSaved: saved !== null,
      set: (value: string) => {
        setPassword(value)
        mended()
      },
    },
    prueba,
    error,
    busy,
    test,
    save,
    faults: tried ? faults : [],
    isWrong: (campo: CampoDestino) => (tried || left.has(campo)) && faults.includes(campo),
    leave: (campo: CampoDestino) => setLeft((before) => new Set([...before, campo])),
  }
}

export type DestinoFormState = ReturnType<typeof useDestinoForm>
