import type { MetodoEnvio, Permiso, PermisoDatos } from '@shared/model/emisor'
import {
  draftOf,
  type FrecuenciaDraft,
  type FrecuenciaFault,
  faultOf,
  frecuenciaOf,
} from '../../blocks/frecuencia-draft'

/** A permission while it is edited. */
export interface PermisoDraft {
  emisorId: number | null
  metodos: MetodoEnvio[]
  subdirectorio: string
  responsable: PermisoDatos['responsable']
  /** `ninguna`: the casilla's. */
  frecuencia: FrecuenciaDraft
}

export function permisoDraftOf(permiso: Permiso | null): PermisoDraft {
  return {
    emisorId: permiso?.emisorId ?? null,
    metodos: permiso ? [...permiso.metodos] : ['local'],
    subdirectorio: permiso?.subdirectorio ?? '',
    responsable: permiso ? { ...permiso.responsable } : { nombre: '', email: '', telefono: '', activo: true },
    frecuencia: draftOf(permiso?.frecuencia ?? null),
  }
}

/** What must be mended before it can be saved. */
export function permisoFault(
  draft: PermisoDraft,
): { campo: 'emisor' | 'metodos' | 'email' } | { campo: 'frecuencia'; fault: FrecuenciaFault } | null {
  if (draft.emisorId === null) return { campo: 'emisor' }
  if (draft.metodos.length === 0) return { campo: 'metodos' }
  const email = draft.responsable.email.trim()
  if (email !== '' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) return { campo: 'email' }
  const fault = faultOf(draft.frecuencia)
  return fault === null ? null : { campo: 'frecuencia', fault }
}

export const permisoDatosOf = (draft: PermisoDraft): PermisoDatos => ({
  metodos: draft.metodos,
  subdirectorio: draft.subdirectorio,
  responsable: draft.responsable,
  frecuencia: frecuenciaOf(draft.frecuencia),
})

/** A first proposal for the sub-folder of a sender: its code, or its name in letters any disk takes. */
export const suggestSubfolder = ({
  nombre,
  codigoInterno,
}: {
  nombre: string
  codigoInterno: string
}): string =>
  codigoInterno ||
  nombre
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
