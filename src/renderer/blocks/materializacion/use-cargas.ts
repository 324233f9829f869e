import type { Carga, Materializacion } from '@shared/model/materializacion'
import { watchCargas } from '../../api/cargas'
import { call, toCallError } from '../../api/client'
import { useCommand } from '../../api/hooks'
import { useText } from '../../app/prefs'
import { notifyDone, notifyError } from '../../ui/notify'

const STALE = ['cargas.list', 'materializaciones.list', 'materializaciones.get'] as const
/** As many as one call takes. */
const RETRY_MAX = 5000

/** A load that failed for good, or that a person stopped, can be asked for again. */
export const canRetry = ({ estado }: Pick<Carga, 'estado'>) => estado === 'error' || estado === 'cancelado'
export const canCancel = ({ estado }: Pick<Carga, 'estado'>) =>
  estado === 'en_espera' || estado === 'en_proceso'

/** What a person can ask of loads; each says what came of it. */
export function useCargaActions() {
  const { t } = useText()
  const again = useCommand('cargas.reintentar', [...STALE])
  const stop = useCommand('cargas.cancelar', [...STALE])
  const retry = (cargaIds: string[]) => {
    watchCargas(cargaIds)
    again.mutate(
      { cargaIds },
      {
        onSuccess: ({ cargas }) =>
          notifyDone(t(cargas > 0 ? 'cargas.retried' : 'cargas.retriedNone', { n: cargas })),
        onError: (error) => notifyError(error.data),
      },
    )
  }
  return {
    retrying: again.isPending,
    retry,
    /** Every failed one of a page, beyond what it shows. */
    retryFailed: async (scope: { materializacionId?: number; casillaId?: number; executionId?: string }) => {
      try {
        const { items } = await call('cargas.list', { ...scope, estado: 'error', limit: RETRY_MAX })
        retry(items.map(({ id }) => id))
      } catch (error) {
        notifyError(toCallError(error).data)
      }
    },
    cancelling: stop.isPending,
    cancel: (carga: Pick<Carga, 'id' | 'archivo'>) =>
      stop.mutate(
        { cargaId: carga.id },
        {
          onSuccess: () => notifyDone(t('cargas.cancelled', { file: carga.archivo })),
          onError: (error) => notifyError(error.data),
        },
      ),
  }
}

/** Switches a materialization on or off and says so. */
export function useActivate() {
  const { t } = useText()
  const activate = useCommand('materializaciones.activar', [
    'materializaciones.list',
    'materializaciones.get',
  ])
  return {
    busy: activate.isPending,
    toggle: ({ id, nombre, activa }: Pick<Materializacion, 'id' | 'nombre' | 'activa'>) =>
      activate.mutate(
        { id, activa: !activa },
        {
          onSuccess: () => notifyDone(t(activa ? 'mat.deactivated' : 'mat.activated', { name: nombre })),
          onError: (error) => notifyError(error.data),
        },
      ),
  }
}
