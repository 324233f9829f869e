import type { OperationInput } from '@shared/contract'
import type { Proveedor, TipoProveedor } from '@shared/model/proveedor'
import type { TipoSecreto } from '@shared/model/secreto'
import { type Campo, type Config, configEscrita, configInicial, type Fallo, falloDe, isAsked } from './campos'

/** The password of the proxy is a value of the credential, beside those of the kind. */
export const PROXY_PASSWORD = 'proxyPassword'

export interface RedDraft {
  proxy: string
  proxyUsuario: string
  ca: string
  tlsMinimo: '1.2' | '1.3'
  /** null: no limit. */
  kibPorSegundo: number | null
  /** null while the field is empty: the usual. */
  concurrencia: number | null
}

/** A provider while it is written. */
export interface ProveedorDraft {
  nombre: string
  descripcion: string
  config: Config
  /** Folder that was chosen; null: the one that is saved, if any. */
  lugar: { token: string; path: string } | null
  /** null: a credential of its own, made of what is typed. */
  secretoId: number | null
  /** Typed, by name of the value; what is saved never comes here. */
  valores: Readonly<Record<string, string>>
  red: RedDraft
}

const PARALLEL = 4

export function draftDe(campos: readonly Campo[], saved: Proveedor | null): ProveedorDraft {
  const red = saved?.red
  const speed = red?.bytesPorSegundo ?? null
  return {
    nombre: saved?.nombre ?? '',
    descripcion: saved?.descripcion ?? '',
    config: configInicial(campos, saved),
    lugar: null,
    secretoId: saved?.secretoId ?? null,
    valores: {},
    red: {
      proxy: red?.proxy ?? '',
      proxyUsuario: red?.proxyUsuario ?? '',
      ca: red?.ca ?? '',
      tlsMinimo: red?.tlsMinimo ?? '1.2',
      kibPorSegundo: speed === null ? null : Math.round(speed / 1024),
      concurrencia: red?.concurrencia ?? PARALLEL,
    },
  }
}

const orNull = (text: string) => (text.trim() === '' ? null : text.trim())

/** The values of the credential that are asked for and were typed. */
export function valoresEscritos(tipo: TipoProveedor, draft: ProveedorDraft): Record<string, string> {
  const asked = tipo.secretos.filter((one) => isAsked(one, draft.config)).map(({ nombre }) => nombre)
  if (draft.red.proxy.trim() !== '') asked.push(PROXY_PASSWORD)
  return Object.fromEntries(
    asked
      // Without the line break that comes with a copied line, unless there are more lines.
      .map((nombre) => [nombre, (draft.valores[nombre] ?? '').replace(/^(.*)\r?\n$/, '$1')] as const)
      .filter(([, valor]) => valor !== ''),
  )
}

type Entrada = OperationInput<'proveedores.create'>

/** What is asked of the engine; the draft has no faults. */
export function entradaDe(
  tipo: TipoProveedor,
  campos: readonly Campo[],
  draft: ProveedorDraft,
  saved: Proveedor | null,
): Pick<Entrada, 'tipo' | 'config' | 'lugar' | 'red' | 'secretoId'> {
  const { red } = draft
  return {
    tipo: tipo.tipo,
    config: configEscrita(campos, draft.config, tipo.lugar, saved),
    lugar: draft.lugar === null ? null : { token: draft.lugar.token },
    red: {
      proxy: orNull(red.proxy),
      proxyUsuario: orNull(red.proxyUsuario),
      ca: orNull(red.ca),
      tlsMinimo: red.tlsMinimo,
      bytesPorSegundo: red.kibPorSegundo === null ? null : red.kibPorSegundo * 1024,
      concurrencia: red.concurrencia ?? PARALLEL,
    },
    secretoId: draft.secretoId,
  }
}

export interface Falta {
  nombre: string
  que: Fallo | 'proxy'
}

/** What the engine would refuse, in the order of the form. */
export function faltasDe(
  tipo: TipoProveedor,
  campos: readonly Campo[],
  draft: ProveedorDraft,
  saved: Proveedor | null,
): Falta[] {
  const faltas: Falta[] = draft.nombre.trim() === '' ? [{ nombre: 'nombre', que: 'falta' }] : []
  for (const campo of campos) {
    if (!isAsked(campo, draft.config)) continue
    if (campo.nombre === tipo.lugar) {
      if (draft.lugar === null && saved === null) faltas.push({ nombre: campo.nombre, que: 'falta' })
      continue
    }
    const que = falloDe(campo, draft.config)
    if (que !== null) faltas.push({ nombre: campo.nombre, que })
  }
  // As the engine takes it: who goes through it is told apart from its address.
  if (draft.red.proxy.trim() !== '' && !/^http:\/\/[^\s/@]+\/?$/.test(draft.red.proxy.trim()))
    faltas.push({ nombre: 'proxy', que: 'proxy' })
  return faltas
}

const TIPOS: Readonly<Record<string, TipoSecreto>> = {
  s3: 's3',
  minio: 'minio',
  azure: 'azure',
  gcs: 'gcs',
  sftp: 'sftp',
}
/** The kind of credential that a kind of provider has. */
export const tipoSecretoDe = (tipo: string): TipoSecreto => TIPOS[tipo] ?? 'otro'
