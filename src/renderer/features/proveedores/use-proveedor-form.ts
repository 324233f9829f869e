import type { OperationOutput } from '@shared/contract'
import type { Proveedor, PruebaProveedor, TipoProveedor } from '@shared/model/proveedor'
import { useMemo, useState } from 'react'
import { call } from '../../api/client'
import { queryClient, useCommand } from '../../api/hooks'
import { useText } from '../../app/prefs'
import { useCredential } from '../../blocks/conexion/use-credential'
import { useWork } from '../../blocks/conexion/use-work'
import { notifyDone } from '../../ui/notify'
import { camposDe, type Valor } from './campos'
import { draftDe, entradaDe, faltasDe, type ProveedorDraft, tipoSecretoDe, valoresEscritos } from './draft'

export const campoId = (nombre: string) => `proveedor-${nombre}`

/** Whoever asked for it goes on with it before the list is asked again. */
const keepInList = (saved: Proveedor) =>
  queryClient.setQueryData<OperationOutput<'proveedores.list'>>(['proveedores.list', {}], (before) =>
    before ? { items: [...before.items.filter(({ id }) => id !== saved.id), saved] } : before,
  )

/** A provider being written: its fields, its test, and how it is saved with its credential. */
export function useProveedorForm(
  tipo: TipoProveedor,
  saved: Proveedor | null,
  onSaved: (proveedor: Proveedor) => void,
) {
  const { t, lang } = useText()
  const campos = useMemo(() => camposDe(tipo, lang), [tipo, lang])
  const [draft, setDraft] = useState(() => draftDe(campos, saved))
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [tried, setTried] = useState(false)
  const [prueba, setPrueba] = useState<PruebaProveedor | null>(null)
  const credential = useCredential(draft.secretoId, tipoSecretoDe(tipo.tipo))
  const { busy, error, setError, during } = useWork<'probar' | 'guardar'>()
  const create = useCommand('proveedores.create', ['proveedores.list', 'secretos.list'])
  const update = useCommand('proveedores.update', ['proveedores.list', 'secretos.list'])
  const faltas = faltasDe(tipo, campos, draft, saved)
  const change = (part: Partial<ProveedorDraft>) => {
    setDraft((before) => ({ ...before, ...part }))
    // What was refused or tested is another thing now.
    setError(null)
    setPrueba(null)
  }
  const work = async (what: 'probar' | 'guardar', run: () => Promise<void>) => {
    setTried(true)
    const [first] = faltas
    if (first) document.getElementById(campoId(first.nombre))?.focus()
    else await during(what, run)
  }
  const test = (asked: ProveedorDraft = draft) =>
    work('probar', async () => {
      const de = saved ? { de: saved.id } : {}
      const valores = valoresEscritos(tipo, asked)
      setPrueba(
        await call('proveedores.probar', { ...entradaDe(tipo, campos, asked, saved), ...de, valores }),
      )
    })
  const save = () =>
    work('guardar', async () => {
      const nombre = draft.nombre.trim()
      const secretoId = await credential.forSave(nombre, valoresEscritos(tipo, draft))
      const entrada = { ...entradaDe(tipo, campos, draft, saved), secretoId }
      const datos = { nombre, descripcion: draft.descripcion.trim(), ...entrada }
      const kept = saved
        ? await update.mutateAsync({ id: saved.id, ...datos })
        : await create.mutateAsync(datos)
      credential.done(secretoId)
      keepInList(kept)
      notifyDone(t('form.saved'))
      // How it is now is told in the list; what fails stands in its steps.
      void call('proveedores.probar', { id: kept.id }).catch(() => undefined)
      onSaved(kept)
    })
  return {
    ...{ tipo, saved, campos, draft, change, prueba, error, busy, save },
    test: () => test(),
    setCampo: (nombre: string, valor: Valor) => change({ config: { ...draft.config, [nombre]: valor } }),
    setValor: (nombre: string, valor: string) => change({ valores: { ...draft.valores, [nombre]: valor } }),
    /** The key that the server showed is the one to expect from now on. */
    trust: (huella: string) => {
      const trusting = { ...draft, config: { ...draft.config, hostKey: huella } }
      change(trusting)
      void test(trusting)
    },
    faltas: tried ? faltas : [],
    faltaDe: (nombre: string) =>
      tried || left.has(nombre) ? (faltas.find((one) => one.nombre === nombre) ?? null) : null,
    leave: (nombre: string) => setLeft((before) => new Set([...before, nombre])),
  }
}

export type ProveedorFormState = ReturnType<typeof useProveedorForm>
