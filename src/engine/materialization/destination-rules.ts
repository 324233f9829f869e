import type { Dialect } from '@engine/destinations/types'

export interface IdentifierRules {
  max: number
  unidad: 'bytes' | 'caracteres'
  /** Names that differ only by case are two names. */
  distingue: boolean
}

/** What a mapping has to know of its destination, with no connection. */
export type DestinationRules = { nombre: string } & (
  | { clase: 'sql'; dialect: Dialect }
  /** Files of a folder: a table is a file or a folder with its name. */
  | { clase: 'archivos' }
)

/** Names of files differ by more than case on every system; columns of Parquet do for every reader. */
const FILE_NAMES: IdentifierRules = { max: 200, unidad: 'bytes', distingue: false }

export const identifierRules = (destino: DestinationRules): IdentifierRules =>
  destino.clase === 'sql' ? destino.dialect.capabilities.identificador : FILE_NAMES

export const nameLength = (name: string, { unidad }: IdentifierRules): number =>
  unidad === 'bytes' ? Buffer.byteLength(name) : [...name].length

/** The same for two names that the destination takes for one. */
export const foldName = (name: string, { distingue }: IdentifierRules): string =>
  distingue ? name : name.toLowerCase()
