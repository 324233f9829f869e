import type { Executions } from '@engine/casillas'
import type { Reception } from '@engine/daemons/sage-daemon'
import { nextDates } from '@engine/frecuencia'
import type { EngineHandlers } from '@shared/contract'

const done = { ok: true } as const

type ReceptionOps =
  | Extract<keyof EngineHandlers, `recepcion.${string}` | `frecuencia.${string}`>
  | 'executions.rerunMany'

export function receptionHandlers({
  reception,
  executions,
}: {
  reception: Reception
  executions: Executions
}): Pick<EngineHandlers, ReceptionOps> {
  return {
    'recepcion.estado': () => reception.estado(),
    'recepcion.archivos': (query) => reception.archivos(query),
    async 'recepcion.pausar'({ casillaId }) {
      await reception.pausar(casillaId, true)
      return done
    },
    async 'recepcion.reanudar'({ casillaId }) {
      await reception.pausar(casillaId, false)
      return done
    },
    'recepcion.procesarAhora': async ({ casillaId, archivoId }) => ({
      archivos: await reception.procesarAhora(casillaId, archivoId ?? null),
    }),
    'recepcion.reintentar': async ({ archivoIds }) => ({ archivos: await reception.reintentar(archivoIds) }),
    'frecuencia.proximas': ({ frecuencia, zonaHoraria, cuantas }) => ({
      fechas: nextDates(frecuencia, zonaHoraria, new Date(), cuantas).map((date) => date.toISOString()),
    }),
    'executions.rerunMany': ({ executionIds }) => executions.rerunMany(executionIds),
  }
}
