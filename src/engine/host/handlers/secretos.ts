import type { Secretos } from '@engine/secrets'
import type { EngineHandlers } from '@shared/contract'

const done = { ok: true } as const

type SecretoOps = Extract<keyof EngineHandlers, `secretos.${string}`>

export function secretoHandlers({ secretos }: { secretos: Secretos }): Pick<EngineHandlers, SecretoOps> {
  return {
    'secretos.list': () => ({ items: secretos.list() }),
    'secretos.create': (datos) => secretos.create(datos),
    'secretos.update': ({ id, datos }) => secretos.update(id, datos),
    async 'secretos.remove'({ id }) {
      await secretos.remove(id)
      return done
    },
    'secretos.estado': () => secretos.state(),
    'secretos.rotarClave': () => secretos.rotateDataKey(),
    'secretos.crearBoveda': ({ frase }) => secretos.createVault(frase),
    'secretos.usarLlavero': () => secretos.moveToKeychain(),
    async 'secretos.desbloquear'({ frase }) {
      await secretos.unlock(frase)
      return done
    },
    'secretos.bloquear'() {
      secretos.lock()
      return done
    },
    async 'secretos.cambiarFrase'({ actual, nueva }) {
      await secretos.changePassphrase(actual, nueva)
      return done
    },
    async 'secretos.darClavePorPerdida'() {
      await secretos.giveUpKey()
      return done
    },
  }
}
