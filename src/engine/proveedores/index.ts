import { Explorador } from './explorador'
import { Proveedores, type ProveedoresDeps } from './proveedores'

export { type Conexion, Conexiones } from './conexiones'
export { tiposProveedor } from './configuracion'
export { conexionOf, type Proveedores, requireProveedor } from './proveedores'

/** The providers of a store, and what is done inside them. */
export function createProveedores(deps: ProveedoresDeps) {
  const proveedores = new Proveedores(deps)
  return { proveedores, explorador: new Explorador(deps, proveedores) }
}
export type ProveedoresService = ReturnType<typeof createProveedores>
