import type { OperationInput } from '@shared/contract'
import type { Destino, TipoDestino } from '@shared/model/destino'
import type { TIPO_DESTINO_VALUES } from './values'

export type TipoEscrito = (typeof TIPO_DESTINO_VALUES)[number]

/** What is asked of each kind, in the order of the form; held by the schema in a test. */
export const CAMPOS = {
  postgres: ['servidor', 'puerto', 'base', 'esquema', 'usuario', 'contrasena', 'tls', 'ca'],
  mysql: ['servidor', 'puerto', 'base', 'usuario', 'contrasena', 'tls', 'ca'],
  sqlserver: ['servidor', 'puerto', 'base', 'esquema', 'usuario', 'contrasena', 'tls', 'ca'],
  sqlite: ['lugar'],
  duckdb: ['lugar'],
  archivos: ['lugar'],
  proveedor: ['proveedorId', 'carpeta'],
} as const satisfies Record<TipoEscrito, readonly string[]>

export const PUERTOS = { postgres: 5432, mysql: 3306, sqlserver: 1433 } as const
const ESQUEMAS = { postgres: 'public', sqlserver: 'dbo' } as const
const EXTENSION = { sqlite: 'sqlite', duckdb: 'duckdb' } as const

/** Kinds that are a server with a password. */
export const isServer = (tipo: TipoEscrito): tipo is keyof typeof PUERTOS => Object.hasOwn(PUERTOS, tipo)
export const isFile = (tipo: TipoEscrito): tipo is keyof typeof EXTENSION => Object.hasOwn(EXTENSION, tipo)

/** A file or folder that the person chose, with the token that lets the engine have it; `archivo` is a new file's name in it. */
export interface Lugar {
  token: string
  path: string
  archivo: string | null
}

/** A destination while it is written: what one kind does not use is kept for when the person comes back to another. */
export interface DestinoDraft {
  nombre: string
  descripcion: string
  tipo: TipoEscrito
  servidor: string
  /** null while the field is empty: the usual one of its kind. */
  puerto: number | null
  base: string
  esquema: string
  usuario: string
  tls: 'verificar' | 'no'
  ca: string
  /** null: the one that is saved, if any. */
  lugar: Lugar | null
  /** null until it is chosen. */
  proveedorId: number | null
  /** Inside the provider. */
  carpeta: string
}

const EMPTY: DestinoDraft = {
  nombre: '',
  descripcion: '',
  tipo: 'postgres',
  servidor: '',
  puerto: null,
  base: '',
  esquema: '',
  usuario: '',
  tls: 'verificar',
  ca: '',
  lugar: null,
  proveedorId: null,
  carpeta: '',
}

export function destinoDraftOf(destino: Destino | null): DestinoDraft {
  if (destino === null || destino.config.tipo === 'interno') return EMPTY
  const { nombre, descripcion, config } = destino
  const named = { ...EMPTY, nombre, descripcion, tipo: config.tipo }
  if (config.tipo === 'proveedor') {
    const { proveedorId, carpeta } = config
    return { ...named, proveedorId, carpeta }
  }
  if (config.tipo === 'sqlite' || config.tipo === 'duckdb' || config.tipo === 'archivos') return named
  const { servidor, puerto, base, usuario, tls, ca = '' } = config
  return {
    ...named,
    servidor,
    puerto,
    base,
    usuario,
    tls,
    ca,
    esquema: 'esquema' in config ? config.esquema : '',
  }
}

export type CampoDestino = 'nombre' | (typeof CAMPOS)[TipoEscrito][number]

/** A name that every disk takes; null: what was chosen is the file itself. */
export const isFileName = (name: string | null): boolean => name === null || /^[^\\/:*?"<>|]+$/.test(name)

/** Fields that can't be saved as they are, in the order of the form. */
export function destinoFaults(draft: DestinoDraft, saved: Destino | null): CampoDestino[] {
  const missing = (['servidor', 'base', 'usuario'] as const).filter((name) => draft[name].trim() === '')
  const faults: CampoDestino[] = draft.nombre.trim() === '' ? ['nombre'] : []
  if (isServer(draft.tipo)) {
    faults.push(...missing)
    if (draft.puerto !== null && (draft.puerto < 1 || draft.puerto > 65_535)) faults.push('puerto')
  } else if (draft.tipo === 'proveedor') {
    if (draft.proveedorId === null) faults.push('proveedorId')
  } else if (draft.lugar === null ? saved?.tipo !== draft.tipo : !isFileName(draft.lugar.archivo))
    faults.push('lugar')
  const order: readonly string[] = ['nombre', ...CAMPOS[draft.tipo]]
  return faults.sort((a, b) => order.indexOf(a) - order.indexOf(b))
}

type Entrada = OperationInput<'destinos.create'>

/** What is asked of the engine; the draft has no faults. */
export function entradaOf(draft: DestinoDraft): Pick<Entrada, 'config' | 'lugar'> {
  const { tipo } = draft
  if (tipo === 'proveedor') {
    // Without one it is a fault, and nothing is asked.
    const proveedorId = draft.proveedorId ?? 0
    return { config: { tipo, proveedorId, carpeta: draft.carpeta.trim() }, lugar: null }
  }
  if (!isServer(tipo)) {
    const archivo = draft.lugar?.archivo
    const config = tipo !== 'archivos' && archivo ? { tipo, archivo } : { tipo }
    return { config, lugar: draft.lugar ? { token: draft.lugar.token } : null }
  }
  const server = {
    servidor: draft.servidor.trim(),
    puerto: draft.puerto ?? PUERTOS[tipo],
    base: draft.base.trim(),
    usuario: draft.usuario.trim(),
    tls: draft.tls,
    ...(draft.ca.trim() === '' ? {} : { ca: draft.ca }),
  }
  if (tipo === 'mysql') return { config: { tipo, ...server }, lugar: null }
  return { config: { tipo, ...server, esquema: draft.esquema.trim() || ESQUEMAS[tipo] }, lugar: null }
}

/** Name of the file that is made in a chosen folder: the destination's own, in letters that every disk takes. */
export function newFileName(tipo: TipoDestino, nombre: string): string {
  const plain = nombre
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 100)
  const extension = tipo === 'sqlite' || tipo === 'duckdb' ? EXTENSION[tipo] : tipo
  return `${plain || 'datos'}.${extension}`
}
