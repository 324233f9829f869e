import { useDebouncedValue } from '@mantine/hooks'
import type { ProblemaMaterializacion } from '@shared/model/materializacion'
import { useCallback, useEffect, useState } from 'react'
import type { Origin } from '../../../api/drafts'
import { useCommand, useOp } from '../../../api/hooks'
import { useText } from '../../../app/prefs'
import { useKeptDraft } from '../../../blocks/use-kept-draft'
import { notifyDone } from '../../../ui/notify'
import { configOf, isChanged, isProposed, type MatDraft, withProposal } from './draft'
import { type Fault, faultsOf, placeOf, STEPS, type Step } from './faults'
import { editPath, matDrafts, newPath } from './kept-draft'

type Change = Partial<MatDraft> | ((draft: MatDraft) => Partial<MatDraft>)

const changed = (part: Change) => (before: MatDraft) => ({
  ...before,
  ...(typeof part === 'function' ? part(before) : part),
})

/** A place of the wizard that is to be shown with the focus on it. */
export interface Place {
  step: Step
  tabla: number | null
  columna: number | null
  focus: string
}

/** Tables for the catalogs that have none, as the engine proposes them, once the person comes to the mapping. */
function useProposal(draft: MatDraft, fill: (change: Change) => void, change: (change: Change) => void) {
  const { casillaId, destinoId, catalogos } = draft
  const wanted = casillaId !== null && destinoId !== null && catalogos.length > 0 && draft.step >= 2
  const pending = wanted && !isProposed(draft)
  const query = useOp(
    'materializaciones.proponer',
    { casillaId: casillaId ?? 1, destinoId: destinoId ?? 0, catalogos },
    { enabled: pending },
  )
  const { data } = query
  // Once for each proposal: a catalog for which there is none would be asked for without end.
  useEffect(() => {
    if (pending && data) fill((before) => withProposal(before, data.tablas))
  }, [pending, data, fill])
  return {
    waiting: pending && query.isFetching,
    error: query.error,
    retry: () => void query.refetch(),
    avisos: data?.avisos ?? [],
    /** Gives up what was corrected and takes the proposal again. */
    again: async () => {
      const found = await query.refetch()
      const { tablas } = found.data ?? {}
      if (tablas) change((before) => withProposal({ ...before, propuestaPara: null }, tablas))
    },
  }
}

const REST_MS = 500

/** What the engine would refuse or warn of on saving, a moment after the last change. */
function useReview(draft: MatDraft, faults: readonly Fault[]) {
  const asks = draft.casillaId !== null && draft.destinoId !== null && draft.tablas.length > 0
  const ready = asks && faults.every(({ focus }) => focus === 'mat-nombre')
  const key = ready
    ? JSON.stringify({ casillaId: draft.casillaId, destinoId: draft.destinoId, config: configOf(draft) })
    : null
  const [settled] = useDebouncedValue(key, REST_MS)
  const input: { casillaId: number; destinoId: number; config: ReturnType<typeof configOf> } | null =
    settled === null ? null : JSON.parse(settled)
  const query = useOp(
    'materializaciones.revisar',
    input ?? { casillaId: 1, destinoId: 0, config: { tablas: [] } },
    { enabled: input !== null, keep: true },
  )
  return {
    problemas: ready ? (query.data?.problemas ?? []) : [],
    /** True while what was told is not yet of what is written. */
    pending: ready && (settled !== key || query.isFetching),
    error: query.error,
  }
}

/** How a draft without faults is saved. */
function useSave(of: Origin | null, onSaved: (id: number) => void) {
  const { t } = useText()
  const stale = ['materializaciones.list', 'materializaciones.get', 'destinos.list'] as const
  const create = useCommand('materializaciones.create', [...stale])
  const update = useCommand('materializaciones.update', [...stale])
  const write = (draft: MatDraft) => {
    if (draft.casillaId === null || draft.destinoId === null) return
    const datos = {
      nombre: draft.nombre.trim(),
      descripcion: draft.descripcion.trim(),
      casillaId: draft.casillaId,
      destinoId: draft.destinoId,
      activa: draft.activa,
      config: configOf(draft),
    }
    const onSuccess = (row: { id: number }) => {
      notifyDone(t('form.saved'))
      onSaved(row.id)
    }
    if (of === null) create.mutate(datos, { onSuccess })
    else update.mutate({ id: of.id, ...datos }, { onSuccess })
  }
  return { write, saving: of === null ? create : update }
}

/** Where the person is, and up to which step what is missing is told: the one that was tried. */
function useSteps(draft: MatDraft, faults: readonly Fault[], change: (change: Change) => void) {
  const [tried, setTried] = useState(0)
  const [place, setPlace] = useState<Place | null>(null)
  const show = (to: Place) => {
    change({ step: STEPS.indexOf(to.step) })
    setPlace({ ...to })
  }
  const showFault = ({ step, tabla, columna, focus }: Fault) => show({ step, tabla, columna, focus })
  const showProblem = (problema: ProblemaMaterializacion) => {
    const to = placeOf(problema, draft.tablas)
    const columna = draft.tablas[problema.tabla ?? -1]?.columnas.findIndex(
      ({ nombre }) => nombre === problema.columna,
    )
    show({ ...to, columna: columna === undefined || columna < 0 ? null : columna })
  }
  const go = (to: number) => {
    // Forward only past what is sound; back always, with everything kept.
    const blocking = faults.find(({ step }) => STEPS.indexOf(step) < to)
    setTried(blocking ? to : 0)
    if (blocking) return showFault(blocking)
    setPlace(null)
    change({ step: to })
  }
  return {
    ...{ place, show, showFault, showProblem, go },
    tryAll: () => setTried(STEPS.length),
    /** Faults of a step that the person tried to leave or save. */
    shown: faults.filter(({ step }) => STEPS.indexOf(step) < tried),
  }
}

/** A materialization being written: its draft, what is wrong with it, where the person is, and how it is saved. */
export function useWizard(saved: MatDraft, of: Origin | null, onSaved: (id: number) => void) {
  const path = of === null ? newPath(saved.casillaId) : editPath(of.id)
  const kept = useKeptDraft({ drafts: matDrafts, path, first: saved, of, isChanged })
  const { draft } = kept
  const change = useCallback((part: Change) => kept.change(changed(part)), [kept.change])
  const fill = useCallback((part: Change) => kept.fill(changed(part)), [kept.fill])
  const proposal = useProposal(draft, fill, change)
  const faults = faultsOf(draft)
  const review = useReview(draft, faults)
  const { tryAll, ...steps } = useSteps(draft, faults, change)
  const { write, saving } = useSave(of, (id) => {
    kept.drop()
    onSaved(id)
  })
  const save = () => {
    tryAll()
    const [fault] = faults
    const wrong = review.problemas.find(({ severidad }) => severidad === 'error')
    if (fault) return steps.showFault(fault)
    if (wrong) return steps.showProblem(wrong)
    write(draft)
  }
  return { ...kept, ...steps, change, fill, proposal, review, faults, save, saving }
}

export type WizardState = ReturnType<typeof useWizard>
