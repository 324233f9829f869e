import { illustrate } from '@engine/materialization/illustrate'
import type { Materialization } from '@engine/materialization/service'
import type { EngineHandlers } from '@shared/contract'

const done = { ok: true } as const

type DestinoOps = Extract<keyof EngineHandlers, `destinos.${string}`>
type MaterializacionOps = Extract<keyof EngineHandlers, `materializaciones.${string}`>
type CargaOps = Extract<keyof EngineHandlers, `cargas.${string}`>

export function materializationHandlers({
  destinos,
  materializaciones,
  cargas,
}: Materialization): Pick<EngineHandlers, DestinoOps | MaterializacionOps | CargaOps> {
  return {
    'destinos.list': () => ({ items: destinos.list() }),
    'destinos.create': (input) => destinos.create(input),
    'destinos.update': (input) => destinos.update(input),
    async 'destinos.remove'({ id }) {
      await destinos.remove(id)
      return done
    },
    'destinos.probar': (input, { signal }) => destinos.probar(input, signal),
    'destinos.tablas': (input, { signal }) => destinos.tablas(input, signal),
    'destinos.tabla': (input, { signal }) => destinos.tabla(input, signal),

    'materializaciones.list': ({ casillaId }) => ({ items: materializaciones.list(casillaId ?? null) }),
    'materializaciones.get': ({ id }) => materializaciones.get(id),
    'materializaciones.proponer': (input) => materializaciones.proponer(input),
    'materializaciones.revisar': async (input) => ({ problemas: await materializaciones.revisar(input) }),
    'materializaciones.create': (input) => materializaciones.create(input),
    'materializaciones.update': (input) => materializaciones.update(input),
    'materializaciones.activar': (input) => materializaciones.activar(input),
    async 'materializaciones.remove'({ id }) {
      await materializaciones.remove(id)
      return done
    },
    'materializaciones.ensayar': (input, { signal }) => materializaciones.ensayar(input, signal),
    'materializaciones.ilustrar': ({ estrategia, columnas }) => illustrate(estrategia, columnas),

    'cargas.iniciar': async (input) => ({ cargas: await cargas.iniciar(input) }),
    'cargas.reintentar': async ({ cargaIds }) => ({ cargas: await cargas.reintentar(cargaIds) }),
    async 'cargas.cancelar'({ cargaId }) {
      await cargas.cancelar(cargaId)
      return done
    },
    'cargas.list': (input) => cargas.list(input),
    'cargas.diferencia': ({ cargaId }) => cargas.diferencia(cargaId),
  }
}
