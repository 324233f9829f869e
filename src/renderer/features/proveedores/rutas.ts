import type { EntradaProveedor } from '@shared/model/proveedor'
import { rutaDe } from './acciones'

export const nombreDe = (ruta: string): string => ruta.split('/').at(-1) ?? ruta
export const carpetaDe = (ruta: string): string => ruta.split('/').slice(0, -1).join('/')

/** Folders from the base to this one, each with its own path. */
export function migas(ruta: string): { nombre: string; ruta: string }[] {
  const parts = ruta.split('/').filter((part) => part !== '')
  return parts.map((nombre, index) => ({ nombre, ruta: parts.slice(0, index + 1).join('/') }))
}

/** Where a folder, and a file in it, are seen: a reload or back returns there. */
export function enlaceExplorador(id: number, ruta: string, archivo?: EntradaProveedor): string {
  const search = new URLSearchParams()
  if (ruta !== '') search.set('ruta', ruta)
  if (archivo) search.set('archivo', archivo.ruta)
  const text = search.toString()
  return `${rutaDe(id, 'explorador')}${text === '' ? '' : `?${text}`}`
}
