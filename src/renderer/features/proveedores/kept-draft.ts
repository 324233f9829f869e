import { createDrafts } from '../../api/drafts'
import { isFlag, isNumber, isText, oneOf, orNull, recordOf, shaped } from '../../api/shape'
import { rutaDe } from './acciones'
import type { Valor } from './campos'
import type { ProveedorDraft, RedDraft } from './draft'

/** What of a draft outlives its form: what is typed as a secret goes with it. */
export type ProveedorKept = Omit<ProveedorDraft, 'valores'>

const isValor = (value: unknown): value is Valor =>
  value === null || isText(value) || isNumber(value) || isFlag(value)

export const isProveedorKept = shaped<ProveedorKept>({
  nombre: isText,
  descripcion: isText,
  config: recordOf(isValor),
  lugar: orNull(shaped<{ token: string; path: string }>({ token: isText, path: isText })),
  secretoId: orNull(isNumber),
  red: shaped<RedDraft>({
    proxy: isText,
    proxyUsuario: isText,
    ca: isText,
    tlsMinimo: oneOf<RedDraft['tlsMinimo']>(['1.2', '1.3']),
    kibPorSegundo: orNull(isNumber),
    concurrencia: orNull(isNumber),
  }),
})

/** As it is written on this machine: a folder's token is of this window, and a proxy written with its password is refused anyway. */
export const writtenProveedor = (draft: ProveedorKept): ProveedorKept => ({
  ...draft,
  lugar: null,
  red: { ...draft.red, proxy: draft.red.proxy.includes('@') ? '' : draft.red.proxy },
})

export const proveedorDrafts = createDrafts<ProveedorKept>({
  key: 'sage.proveedor.borradores',
  is: isProveedorKept,
  written: writtenProveedor,
})

/** Where a provider of a kind is made, and where a saved one is changed. */
export const pathDe = (tipo: string, id: number | undefined) =>
  id === undefined ? `/proveedores/nuevo?tipo=${tipo}` : rutaDe(id, 'configuracion')
