import type { TablaMaterializada } from '@shared/model/materializacion'
import { useEffect, useState } from 'react'
import { useText } from '../../../app/prefs'
import { placeOf, type Step } from './faults'
import type { WizardState } from './use-wizard'

/** The table that a step works on, and how it is changed. */
export function useTabla({ draft, change, place, shown, review }: WizardState, step: Step) {
  const { t } = useText()
  const [chosen, setChosen] = useState(place?.tabla ?? 0)
  const wanted = place?.tabla
  useEffect(() => {
    if (wanted !== null && wanted !== undefined) setChosen(wanted)
  }, [wanted])
  const index = Math.min(chosen, Math.max(0, draft.tablas.length - 1))
  const set = (next: (tabla: TablaMaterializada) => TablaMaterializada) =>
    change((before) => ({ tablas: before.tablas.map((one, at) => (at === index ? next(one) : one)) }))
  const wrong = new Set<number>()
  for (const fault of shown) if (fault.tabla !== null && fault.step === step) wrong.add(fault.tabla)
  for (const problema of review.problemas) {
    const { tabla, severidad } = problema
    const here = tabla !== null && placeOf(problema, draft.tablas).step === step
    if (here && severidad === 'error') wrong.add(tabla)
  }
  return {
    index,
    tabla: draft.tablas[index],
    names: draft.tablas.map(({ tabla, catalogo }) => tabla || catalogo),
    choose: setChosen,
    wrong,
    set,
    update: (part: Partial<TablaMaterializada>) => set((tabla) => ({ ...tabla, ...part })),
    faultAt: (focus: string) => {
      const found = shown.find((fault) => fault.focus === focus)
      return found ? t(found.key) : null
    },
  }
}

export type TablaState = ReturnType<typeof useTabla>
