import type { OperationOutput } from '@shared/contract'
import type { Proveedor, PruebaProveedor, TipoProveedor } from '@shared/model/proveedor'
import { useMemo, useState } from 'react'
import { call } from '../../api/client'
import { queryClient, useCommand } from '../../api/hooks'
import { useText } from '../../app/prefs'
import { useConexionForm } from '../../blocks/conexion/use-conexion-form'
import { useCredential } from '../../blocks/conexion/use-credential'
import { useKeptDraft } from '../../blocks/use-kept-draft'
import { notifyDone } from '../../ui/notify'
import { type Campo, camposDe, type Valor } from './campos'
import { draftDe, entradaDe, faltasDe, type ProveedorDraft, tipoSecretoDe, valoresEscritos } from './draft'
import { type ProveedorKept, pathDe, proveedorDrafts } from './kept-draft'

export const campoId = (nombre: string) => `proveedor-${nombre}`

/** Whoever asked for it goes on with it before the list is asked again. */
const keepInList = (saved: Proveedor) =>
  queryClient.setQueryData<OperationOutput<'proveedores.list'>>(['proveedores.list', {}], (before) =>
    before ? { items: [...before.items.filter(({ id }) => id !== saved.id), saved] } : before,
  )

/** What is written, kept on this machine, with what is typed as a secret, which goes with the form. */
function useDraft(tipo: TipoProveedor, campos: readonly Campo[], saved: Proveedor | null) {
  const { valores: none, ...first } = draftDe(campos, saved)
  const { change, ...kept } = useKeptDraft<ProveedorKept>({
    drafts: proveedorDrafts,
    path: pathDe(tipo.tipo, saved?.id),
    first,
    of: saved && { id: saved.id, actualizado: saved.actualizadoEn },
    isChanged: (draft, before) => JSON.stringify(draft) !== JSON.stringify(before),
  })
  const [valores, setValores] = useState(none)
  const typed = Object.values(valores).some((valor) => valor !== '')
  // A field that the draft was begun without has its beginning.
  const config = { ...first.config, ...kept.draft.config }
  const draft: ProveedorDraft = { ...kept.draft, config, valores }
  return {
    ...kept,
    draft,
    dirty: kept.changed || typed,
    typed,
    change: ({ valores: next, ...part }: Partial<ProveedorDraft>) => {
      if (next) setValores(next)
      if (Object.keys(part).length > 0) change((before) => ({ ...before, ...part }))
    },
    drop: () => {
      setValores(none)
      kept.drop()
    },
  }
}

/** Saves a draft without faults, with its credential; what was saved comes back. */
function useSave(
  tipo: TipoProveedor,
  campos: readonly Campo[],
  saved: Proveedor | null,
  draft: ProveedorDraft,
) {
  const credential = useCredential(draft.secretoId, tipoSecretoDe(tipo.tipo))
  const create = useCommand('proveedores.create', ['proveedores.list', 'secretos.list'])
  const update = useCommand('proveedores.update', ['proveedores.list', 'secretos.list'])
  return async () => {
    const nombre = draft.nombre.trim()
    const secretoId = await credential.forSave(nombre, valoresEscritos(tipo, draft))
    const datos = {
      ...entradaDe(tipo, campos, draft, saved),
      ...{ nombre, descripcion: draft.descripcion.trim(), secretoId },
    }
    const made = saved
      ? await update.mutateAsync({ id: saved.id, ...datos })
      : await create.mutateAsync(datos)
    credential.done(secretoId)
    keepInList(made)
    return made
  }
}

/** A provider being written: its fields, its test, and how it is saved with its credential. */
export function useProveedorForm(
  tipo: TipoProveedor,
  saved: Proveedor | null,
  onSaved: (proveedor: Proveedor) => void,
) {
  const { t, lang } = useText()
  const campos = useMemo(() => camposDe(tipo, lang), [tipo, lang])
  const kept = useDraft(tipo, campos, saved)
  const { draft } = kept
  const write = useSave(tipo, campos, saved, draft)
  const faltas = faltasDe(tipo, campos, draft, saved)
  const names = faltas.map(({ nombre }) => nombre)
  const { tried, isTold, mended, reset, setPrueba, work, ...form } = useConexionForm<PruebaProveedor, string>(
    names,
    campoId,
  )
  const change = (part: Partial<ProveedorDraft>) => {
    kept.change(part)
    mended()
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
      const made = await write()
      kept.drop()
      notifyDone(t('form.saved'))
      // How it is now is told in the list; what fails stands in its steps.
      void call('proveedores.probar', { id: made.id }).catch(() => undefined)
      onSaved(made)
    })
  return {
    ...{ ...kept, ...form, tipo, saved, campos, change, save },
    test: () => test(),
    setCampo: (nombre: string, valor: Valor) => change({ config: { ...draft.config, [nombre]: valor } }),
    setValor: (nombre: string, valor: string) => change({ valores: { ...draft.valores, [nombre]: valor } }),
    drop: () => {
      kept.drop()
      reset()
    },
    /** The key that the server showed is the one to expect from now on. */
    trust: (huella: string) => {
      const trusting = { ...draft, config: { ...draft.config, hostKey: huella } }
      change(trusting)
      void test(trusting)
    },
    faltas: tried ? faltas : [],
    faltaDe: (nombre: string) =>
      isTold(nombre) ? (faltas.find((one) => one.nombre === nombre) ?? null) : null,
  }
}

export type ProveedorFormState = ReturnType<typeof useProveedorForm>
