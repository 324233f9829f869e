import type { OperationOutput } from '@shared/contract'
import type { Destino, PruebaDestino } from '@shared/model/destino'
import { useState } from 'react'
import { type CallError, call, toCallError } from '../../api/client'
import { queryClient, useCommand } from '../../api/hooks'
import { useText } from '../../app/prefs'
import { notifyDone } from '../../ui/notify'
import {
  type CampoDestino,
  type DestinoDraft,
  destinoDraftOf,
  destinoFaults,
  entradaOf,
  isServer,
} from './destino-draft'
import { usePassword } from './use-password'

export const campoId = (campo: CampoDestino) => `destino-${campo}`

const STALE = ['destinos.list', 'materializaciones.list', 'materializaciones.get', 'secretos.list'] as const

/** Whoever asked for it goes on with it before the list is asked again. */
const keepInList = (saved: Destino) =>
  queryClient.setQueryData<OperationOutput<'destinos.list'>>(['destinos.list', {}], (before) =>
    before ? { items: [...before.items.filter(({ id }) => id !== saved.id), saved] } : before,
  )

/** What is under way, and how the last of it failed. */
function useWork<What extends string>() {
  const [busy, setBusy] = useState<What | null>(null)
  const [error, setError] = useState<CallError | null>(null)
  const during = async (what: What, run: () => Promise<void>) => {
    setBusy(what)
    setError(null)
    try {
      await run()
    } catch (caught) {
      setError(toCallError(caught))
    } finally {
      setBusy(null)
    }
  }
  return { busy, error, setError, during }
}

/** A destination being written: its fields, its test, and how it is saved with its password as a secret. */
export function useDestinoForm(destino: Destino | null, onSaved: (saved: Destino) => void) {
  const { t } = useText()
  const [draft, setDraft] = useState(() => destinoDraftOf(destino))
  const password = usePassword(destino?.secretoId ?? null)
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
      const secretoId = withPassword ? await password.forTest(nombre) : null
      const de = destino ? { de: destino.id } : {}
      setPrueba(await call('destinos.probar', { ...entradaOf(draft), secretoId, ...de }))
    })
  const save = () =>
    work('guardar', async () => {
      const secretoId = withPassword ? await password.forSave(nombre) : null
      const datos = { nombre, descripcion: draft.descripcion.trim(), ...entradaOf(draft), secretoId }
      const saved = destino
        ? await update.mutateAsync({ id: destino.id, ...datos })
        : await create.mutateAsync(datos)
      password.done(secretoId)
      keepInList(saved)
      notifyDone(t('form.saved'))
      onSaved(saved)
    })
  return {
    draft,
    change: (part: Partial<DestinoDraft>) => {
      setDraft((before) => ({ ...before, ...part }))
      mended()
    },
    password: {
      value: password.typed,
      isSaved: password.has,
      set: (value: string) => {
        password.setTyped(value)
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
