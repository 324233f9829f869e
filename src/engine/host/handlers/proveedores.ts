import { type ProveedoresService, tiposProveedor } from '@engine/proveedores'
import type { EngineHandlers } from '@shared/contract'

const done = { ok: true } as const

type ProveedorOps = Extract<keyof EngineHandlers, `proveedores.${string}`>

export function proveedorHandlers({
  proveedores,
  explorador,
}: ProveedoresService): Pick<EngineHandlers, ProveedorOps> {
  return {
    'proveedores.tipos': () => ({ items: tiposProveedor() }),
    'proveedores.list': () => ({ items: proveedores.list() }),
    'proveedores.create': (input) => proveedores.create(input),
    'proveedores.update': (input) => proveedores.update(input),
    async 'proveedores.remove'({ id }) {
      await proveedores.remove(id)
      return done
    },
    'proveedores.probar': (input, { signal }) => proveedores.probar(input, signal),
    'proveedores.pruebas': ({ id }) => ({ items: proveedores.pruebas(id) }),
    'proveedores.explorar': (input, { signal }) => explorador.explorar(input, signal),
    'proveedores.vistaPrevia': (input, { signal }) => explorador.vistaPrevia(input, signal),
    'proveedores.subir': (input, { signal }) => explorador.subir(input, signal),
    'proveedores.descargar': (input, { signal }) => explorador.descargar(input, signal),
    async 'proveedores.eliminar'(input, { signal }) {
      await explorador.eliminar(input, signal)
      return done
    },
    'proveedores.enlace': (input, { signal }) => explorador.enlace(input, signal),
    async 'proveedores.crearContenedor'({ id }, { signal }) {
      await explorador.crearContenedor(id, signal)
      return done
    },
  }
}
