import type { Casilla } from '@shared/model/casilla'
import type { CasillaRecepcion } from '@shared/model/recepcion'
import { receives } from './place'

export type StepKind =
  | 'inactiva'
  | 'sin_acceso'
  | 'cuarentena'
  | 'atrasado'
  | 'rechazado'
  | 'interrumpida'
  | 'pausada'
  | 'primera'
  | 'sin_carpeta'
  | 'ok'
  | 'okManual'

export interface NextStep {
  kind: StepKind
  tone: 'error' | 'warning' | 'info' | 'ok'
}

/** What a person would do now for a casilla, the most pressing first; that there is nothing to do is said too. */
export function nextSteps(casilla: Casilla, recepcion: CasillaRecepcion | undefined): NextStep[] {
  const steps: NextStep[] = []
  const last = casilla.ultimaEjecucion
  if (!casilla.activa) steps.push({ kind: 'inactiva', tone: 'warning' })
  if (recepcion?.estado === 'sin_acceso') steps.push({ kind: 'sin_acceso', tone: 'error' })
  if ((recepcion?.cuarentena ?? 0) > 0) steps.push({ kind: 'cuarentena', tone: 'error' })
  if (casilla.puntualidad.estado === 'atrasado') steps.push({ kind: 'atrasado', tone: 'warning' })
  if (last?.fase === 'terminada' && last.estado === 'Fallido')
    steps.push({ kind: 'rechazado', tone: 'warning' })
  if (last?.fase === 'interrumpida') steps.push({ kind: 'interrumpida', tone: 'warning' })
  if (casilla.activa && casilla.pausadaEn !== null) steps.push({ kind: 'pausada', tone: 'info' })
  if (casilla.activa && last === null) steps.push({ kind: 'primera', tone: 'info' })
  if (casilla.activa && !receives(casilla)) steps.push({ kind: 'sin_carpeta', tone: 'info' })
  if (steps.every(({ kind }) => kind === 'sin_carpeta'))
    steps.unshift({ kind: receives(casilla) ? 'ok' : 'okManual', tone: 'ok' })
  return steps
}

/** Needs a person: what the list can be narrowed to. */
export const needsAttention = (casilla: Casilla, recepcion: CasillaRecepcion | undefined): boolean =>
  nextSteps(casilla, recepcion).some(({ tone }) => tone === 'error' || tone === 'warning')
