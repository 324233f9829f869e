import type { AppError } from '@shared/errors/app-error'
import type { TablaMaterializada, TipoColumna } from '@shared/model/materializacion'
import type { LedgerEntry } from './ledger'
import type { Place } from './place'
import type { Written } from './write'

/** A table as its last load left it. */
export interface Known {
  columnas: readonly { nombre: string; tipo: TipoColumna }[]
  /** null where it is not known. */
  filas: number | null
}

/** A table of files as it stands, looked at and not touched. */
export interface Sight {
  /** Paths of this machine: where new content is written, and what is in force is read. */
  readonly place: Place
  /** The last load. */
  readonly last: LedgerEntry | null
  /** Files in force that DuckDB can read; those of a workbook are only told to be there. */
  files(): Promise<string[]>
  /**
   * What can be told of a table without its files, where to have them costs (they are elsewhere) and `tabla` does not need their rows; null
   * where they must be read.
   */
  known(tabla: TablaMaterializada): Promise<Known | null>
  close(): Promise<void>
}

export interface Change {
  written: Written
  entry: LedgerEntry
  tabla: TablaMaterializada
}

/** A table of files held by one load, until it is closed. */
export interface Shelf extends Sight {
  /** What is written down of a load of this execution. */
  find(ejecucion: string, materializacion: string): Promise<LedgerEntry | null>
  /** Carries new content to where its place is; readers see nothing of it. `onSent`: bytes so far. */
  stage(written: Written, onSent: (bytes: number) => void): Promise<void>
  /** Makes the new content the table's and writes the load down; a cut between both is ended by whoever takes the table next. */
  switch(change: Change, step: (what: string) => Promise<void>): Promise<void>
}

export interface ShelfOptions {
  /** How long to wait for another load of the table. */
  waitMs: number
  signal?: AbortSignal
  /** Of whom it is for. */
  ejecucion: string
  /** Control UUID of the load. */
  carga: string
}

/** Where tables of files are. */
export interface Shelves {
  /** In words, for messages. */
  readonly nombre: string
  /**
   * Names and orders a table: two loads that take several in this order never hold each other's.
   * @throws AppError NOMBRE_INVALIDO
   */
  keyOf(tabla: TablaMaterializada): string
  /** Takes a table for one load. @throws AppError TABLA_OCUPADA (transient), CANCELLED, and those of the place */
  open(tabla: TablaMaterializada, options: ShelfOptions): Promise<Shelf>
  /** Looks at a table that a load may have. @throws AppError those of the place */
  look(tabla: TablaMaterializada, signal?: AbortSignal): Promise<Sight>
  /** Bytes to bring before a table can be looked at whole; 0 where they are at hand. */
  bytesToLook(tabla: TablaMaterializada, signal?: AbortSignal): Promise<number>
  /** What the place answers, as one of our errors. */
  explain(error: unknown): AppError
}
