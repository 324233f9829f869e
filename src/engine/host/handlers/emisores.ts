import { listCalendario } from '@engine/calendario'
import type { Emisores } from '@engine/emisores'
import type { Store } from '@engine/store'
import type { EngineHandlers } from '@shared/contract'

const done = { ok: true } as const

type EmisorOps =
  | Extract<keyof EngineHandlers, `emisores.${string}` | `calendario.${string}`>
  | 'casillas.permisos'
  | 'casillas.guardarPermiso'
  | 'casillas.quitarPermiso'

export function emisorHandlers({
  emisores,
  store,
}: {
  emisores: Emisores
  store: Store
}): Pick<EngineHandlers, EmisorOps> {
  return {
    'emisores.list': () => ({ items: emisores.list() }),
    'emisores.create': (datos) => emisores.create(datos),
    'emisores.update': ({ id, datos }) => emisores.update(id, datos),
    async 'emisores.remove'({ id }) {
      await emisores.remove(id)
      return done
    },
    'casillas.permisos': ({ casillaId }) => ({ items: emisores.permisos(casillaId) }),
    'casillas.guardarPermiso': (input) => emisores.guardarPermiso(input),
    async 'casillas.quitarPermiso'({ casillaId, emisorId }) {
      await emisores.quitarPermiso(casillaId, emisorId)
      return done
    },
    'calendario.list': (query) => listCalendario(store.db, query),
  }
}
