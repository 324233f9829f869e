const SCHEME = 'proveedor://'

export interface Address {
  proveedorId: number
  /** Below the base of the provider. */
  path: string
}

/** An object of a provider as one text, which no path of this machine can be: `proveedor://3/data/5/ventas.zip`. */
export const addressOf = ({ proveedorId, path }: Address): string => `${SCHEME}${proveedorId}/${path}`

/** null for a path of this machine. */
export function parseAddress(text: string): Address | null {
  if (!text.startsWith(SCHEME)) return null
  const rest = text.slice(SCHEME.length)
  const slash = rest.indexOf('/')
  return { proveedorId: Number(rest.slice(0, slash)), path: rest.slice(slash + 1) }
}

/** A path as it is from a folder that holds it; null when it is not below it. */
export function below(folder: string, path: string): string | null {
  if (folder === '') return path
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : null
}
