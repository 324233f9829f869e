/** What the session asks of the thread that has the file, one message each; answered in order. */
export type Request =
  | { op: 'open'; path: string; busyMs: number }
  | { op: 'run'; sql: string; params: readonly (string | null)[] }
  | { op: 'rows'; sql: string; params: readonly (string | null)[] }
  /** BEGIN IMMEDIATE that waits no longer than this for another writer. */
  | { op: 'begin'; waitMs: number; busyMs: number }
  /** The INSERT that the batches after it go to, and how each of its values is read. */
  | { op: 'load'; sql: string; kinds: readonly CellKind[] }
  /** A piece of the rows as CSV (see `csvStream`), cut anywhere. */
  | { op: 'csv'; bytes: Uint8Array }
  /** The last piece was sent: nothing may be left of an unfinished row. */
  | { op: 'loaded' }
  | { op: 'close' }

/** How the text of a cell becomes a value of SQLite, which types values and not columns. */
export type CellKind = 'texto' | 'entero' | 'doble' | 'booleano' | 'instante'

export type Reply =
  | { id: number; ok: true; changes: number; rows: (string | null)[][] }
  /** `fila`: the row that was being inserted, from 1; 0: none. */
  | { id: number; ok: false; code: string; message: string; fila: number }
