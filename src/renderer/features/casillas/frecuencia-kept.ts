import type { Casilla } from '@shared/model/casilla'
import { createStore } from '../../api/store'
import { draftOf, type FrecuenciaDraft, faultOf, frecuenciaOf } from '../../blocks/frecuencia-draft'

/** What a person changed of when a casilla expects, and did not save. */
export interface FrecuenciaKept {
  draft: FrecuenciaDraft
  zona: string
}

/** By casilla, for as long as the window lives: leaving the tab loses nothing. */
export const frecuenciasKept = createStore<ReadonlyMap<number, FrecuenciaKept>>(new Map())

export function keepFrecuencia(id: number, kept: FrecuenciaKept | null) {
  frecuenciasKept.set((before) => {
    const next = new Map(before)
    if (kept === null) next.delete(id)
    else next.set(id, kept)
    return next
  })
}

export const savedFrecuencia = ({ frecuencia, zonaHoraria }: Casilla): FrecuenciaKept => ({
  draft: draftOf(frecuencia),
  zona: zonaHoraria,
})

/** True when something of it differs from what is saved. */
export function isFrecuenciaDirty(casilla: Casilla, kept: FrecuenciaKept | undefined): boolean {
  if (!kept) return false
  const saved = savedFrecuencia(casilla)
  const said = ({ draft, zona }: FrecuenciaKept) => JSON.stringify([frecuenciaOf(draft), zona])
  return faultOf(kept.draft) !== null || said(kept) !== said(saved)
}
