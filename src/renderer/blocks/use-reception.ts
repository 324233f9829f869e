import type { Casilla } from '@shared/model/casilla'
import type { CasillaRecepcion } from '@shared/model/recepcion'
import { useMemo } from 'react'
import { useCommand, useOp } from '../api/hooks'
import { useText } from '../app/prefs'
import { notifyDone, notifyError } from '../ui/notify'

/** What the daemon does now for each casilla, by its id; kept current by its events. */
export function useReceptions(): ReadonlyMap<number, CasillaRecepcion> {
  const { data } = useOp('recepcion.estado', {})
  return useMemo(() => new Map((data?.items ?? []).map((item) => [item.casillaId, item])), [data])
}

const STALE = ['casillas.list', 'casillas.get', 'recepcion.estado', 'recepcion.archivos'] as const

/** What a person can ask of a casilla at work; each says what came of it. */
export function useReceptionActions(casilla: Pick<Casilla, 'id' | 'nombre' | 'pausadaEn'>) {
  const { t } = useText()
  const pause = useCommand('recepcion.pausar', [...STALE])
  const resume = useCommand('recepcion.reanudar', [...STALE])
  const now = useCommand('recepcion.procesarAhora', [...STALE])
  const retry = useCommand('recepcion.reintentar', [...STALE])
  const paused = casilla.pausadaEn !== null
  return {
    paused,
    busy: pause.isPending || resume.isPending,
    togglePause: () =>
      (paused ? resume : pause).mutate(
        { casillaId: casilla.id },
        {
          onSuccess: () =>
            notifyDone(t(paused ? 'casilla.resumeDone' : 'casilla.pauseDone', { name: casilla.nombre })),
          onError: (error) => notifyError(error.data),
        },
      ),
    hurrying: now.isPending,
    processNow: (archivoId?: number) =>
      now.mutate(
        { casillaId: casilla.id, ...(archivoId === undefined ? {} : { archivoId }) },
        {
          onSuccess: ({ archivos }) =>
            notifyDone(t(archivos > 0 ? 'casilla.nowDone' : 'casilla.nowNone', { n: archivos })),
          onError: (error) => notifyError(error.data),
        },
      ),
    retrying: retry.isPending,
    retry: (archivoIds: number[]) =>
      retry.mutate(
        { archivoIds },
        {
          onSuccess: ({ archivos }) =>
            notifyDone(t(archivos > 0 ? 'archivo.retried' : 'archivo.retriedNone', { n: archivos })),
          onError: (error) => notifyError(error.data),
        },
      ),
  }
}
