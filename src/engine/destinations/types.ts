import type { Duck } from '@engine/duckdb'
import type { DestinoConfigOf, PruebaDestino, TipoDestino } from '@shared/model/destino'
import type { Columna, TablaMaterializada, TipoColumna } from '@shared/model/materializacion'

/** Names that start so are the engine's own in a destination: a mapping can't have them. */
export const RESERVED_PREFIX = '_sage_'
/** Record number of each row, in a RowSource and in a stage: names the records that a check refuses. */
export const REGISTRO = '_sage_registro'
/** The table of what was loaded, one in the default schema of each destination. */
export const LEDGER = '_sage_cargas'
/** Stages are named `_sage_tmp_<control UUID without dashes>_<place of the table>`. */
export const STAGE_PREFIX = '_sage_tmp_'

/** `esquema` null: where the dialect has no schemas, or the session's own for a temporary stage. */
export interface TableRef {
  esquema: string | null
  tabla: string
}

export type ColumnSpec = Pick<Columna, 'nombre' | 'tipo' | 'nulos'>

/** A table to make: its columns in order, its primary key, its indexes. */
export interface TableSpec {
  ref: TableRef
  columnas: readonly ColumnSpec[]
  clave: readonly string[] | null
  indices: TablaMaterializada['indices']
}

/** Every value is bound as text, its digits as written, and typed by the server (`Dialect.param`). Each is used once, in its order. */
export type BoundValue = string | null

export interface Statement {
  sql: string
  params: readonly BoundValue[]
}

/** What a database can do, as data: plans and checks read it, nothing asks which database it is. */
export interface Capabilities {
  /** Longest identifier and in what it is counted; `distingue`: names that differ only by case are two names. */
  identificador: { max: number; unidad: 'bytes' | 'caracteres'; distingue: boolean }
  maxColumnas: number
  maxColumnasClave: number
  /** Parameters bound in one statement. */
  maxParametros: number
  esquemas: boolean
  /** What the bulk load writes is part of the open transaction: a strategy without keys needs no stage. */
  cargaTransaccional: boolean
  /** CREATE and ALTER are part of the transaction; where not, what they made stays after a failed load. */
  ddlTransaccional: boolean
  /** Stages of the session that vanish with it; where not, they are tables that a dead engine leaves for `Session.sweep`. */
  etapaTemporal: boolean
  /** A text value can hold the character NUL. */
  admiteNul: boolean
}

/** A type as written in DDL, or why the database has none for it. */
export type NativeType =
  | { ok: true; sql: string }
  | { ok: false; codigo: string; razon: string; sugerencia: string }

/** How an existing column holds a mapped one. `limite`: values are looked at before the load and those past it refused, by record. */
export type Fit = { ok: true; limite?: ValueLimit } | { ok: false; razon: string; sugerencia: string }

export type ValueLimit =
  | { de: 'entero'; min: string; max: string }
  /** Characters or bytes (UTF-8) of a text. */
  | { de: 'largo'; max: number; unidad: 'bytes' | 'caracteres' }
  | { de: 'decimal'; precision: number; escala: number }

export interface ExistingColumn {
  nombre: string
  /** As the server writes it, for a person: `numeric(10,2)`. */
  tipo: string
  nulos: boolean
  /** A value is put in when the mapping leaves the column out. */
  tieneDefecto: boolean
  /** Computed, or an identity that refuses values: nothing can be written to it. */
  generada: boolean
}

export interface ExistingTable {
  clase: 'tabla' | 'vista' | 'otra'
  columnas: readonly ExistingColumn[]
  /** Primary key and unique constraints or indexes over plain columns, without condition. */
  unicas: readonly (readonly string[])[]
  /** Made of other tables, one for each part. */
  particionada?: boolean
}

/** What a table asks of each row besides its types. */
export interface TableRule {
  nombre: string
  /** For a person. */
  pide: string
  /** Over the columns of a stage (alias `s`): false for the rows that the table refuses. */
  sql: string
  /** The other table that it reads. */
  lee?: TableRef
}

export interface Upsert {
  target: TableRef
  stage: TableRef
  columnas: readonly string[]
  clave: readonly string[]
  /** Rows of the stage with this value are not written: the strategy deletes them in another step. */
  salvo: { columna: ColumnSpec; valor: string } | null
}

export type Counter = 'insertadas' | 'actualizadas' | 'eliminadas'

/** A statement of a plan: what it is for, and what its changed rows are counted as. */
export interface CountedStatement {
  what: string
  statement: Statement
  counts?: Counter
}

/**
 * How one database writes each thing: pure, no connection. Most of it is standard SQL: `standardDialect` (shared/standard-dialect.ts)
 * builds all but `DialectBase` from it, and a plug overrides what its server says otherwise.
 */
export interface DialectBase {
  /** For a person: `PostgreSQL`. */
  nombre: string
  capabilities: Capabilities
  /** The one way an identifier enters SQL. Throws AppError IDENTIFICADOR for what can't be a name (empty, NUL). */
  ident(name: string): string
  /** `use: 'clave'`: a column of a key or an index, which some databases need bounded. */
  type(tipo: TipoColumna, use: 'columna' | 'clave'): NativeType
  /** The marker of the n-th bound value (1-based), read as this type. */
  param(n: number, tipo: TipoColumna): string
  /** How a column of the mapping goes into one that exists. */
  fit(existing: ExistingColumn, wanted: TipoColumna): Fit
  /** True where both are null too; as standard SQL says it where a plug has no own way. */
  sameOrNull?(a: string, b: string): string
  /** The same for a column of a table and that of its stage, of one type that may have no equality; `sameOrNull` where all have one. */
  sameColumn?(a: string, b: string): string
}

export interface Dialect extends DialectBase {
  table(ref: TableRef): string
  sameOrNull(a: string, b: string): string
  sameColumn(a: string, b: string): string
  /** The table with its key, then its indexes. */
  createTable(spec: TableSpec): Statement[]
  /**
   * A stage with the types and collations of the target's own columns (what is equal there is equal here), all nullable where the
   * database allows, plus REGISTRO. The target exists by then.
   */
  createStage(ref: TableRef, target: TableRef, columnas: readonly string[]): Statement[]
  dropStage(ref: TableRef): Statement
  addColumn(ref: TableRef, columna: ColumnSpec): Statement
  /** The fast way to empty a table that a rollback undoes; readers may wait for the commit. */
  truncate(ref: TableRef): Statement
  /** Empties it while readers keep seeing the old rows. */
  deleteAll(ref: TableRef): Statement
  insertSelect(into: TableRef, columnas: readonly string[], from: TableRef): Statement
  /** Statements, in order, that insert what is missing and update what is there and differs. */
  upsert(input: Upsert): CountedStatement[]
  /**
   * The same in one statement over a unique index of exactly the key: it gives one row (inserted, updated) and fails with CLAVE_REPETIDA for a
   * key that the stage repeats, so that nobody has to look for repeats before. Where a database has none, `upsert` is used.
   */
  upsertByIndex?(input: Upsert): Statement
  /** Deletes the rows of `target` whose `columnas` are in `stage`; `where`: only by those rows of the stage (alias `s`). */
  deleteMatching(target: TableRef, stage: TableRef, columnas: readonly string[], where?: Statement): Statement
  /** A SELECT, without order, of REGISTRO and the key (alias `s`) of the rows of a stage whose key is there more than once. */
  repeatedKeys(stage: TableRef, clave: readonly string[]): string
  /** At most `n` rows of a SELECT; `select` has no ORDER BY of its own. */
  firstRows(select: string, orderBy: string, n: number): string
}

/**
 * The mapped rows of one table: typed, filtered, with their control columns, read from DuckDB as often as wanted.
 * `sql` gives the columns in order (their names there say nothing), then REGISTRO (BIGINT, of the accepted records): texto VARCHAR, entero BIGINT, decimal
 * DECIMAL(p,s) (VARCHAR with its digits past 38), doble DOUBLE, booleano BOOLEAN, fecha DATE, fecha_hora TIMESTAMP or TIMESTAMPTZ.
 * Read it as text by `csvStream` and `textBatches` (destinations/shared).
 */
export interface RowSource {
  readonly columnas: readonly ColumnSpec[]
  readonly filas: number
  readonly duck: Duck
  readonly sql: string
  /** Folder that `duck` can write to; what is written there is gone when the load ends. */
  readonly dir: string
  /** Files that the records came from, in order, each with how many come before its first; unknown in some tests. */
  readonly archivos?: readonly { file: string; before: number }[]
}

export interface LoadOptions {
  into: TableRef
  /** REGISTRO is written too: into a stage. */
  numbered: boolean
  signal: AbortSignal | undefined
  /** Rows and bytes handed over so far, as often as it likes. */
  onSent(rows: number, bytes: number): void
}

/**
 * One connection of one load. Nothing is shared between sessions. Every method fails with an AppError of the plug's `errors.ts`:
 * `retryable` when the same load may pass later (server gone, deadlock, lock not granted in time).
 */
export interface Session {
  readonly dialect: Dialect
  /** Where a table without schema goes: the ledger too. */
  readonly esquema: string | null
  /** Product and version, as the server says it. */
  readonly servidor: string
  inspect(table: TableRef): Promise<ExistingTable | null>
  /** What a table asks of its rows, to name those that it refused. Without it, what the server said is all there is. */
  rules?(table: TableRef): Promise<TableRule[]>
  /** Tables and views whose name contains `search` (no matter its case), in order; at most `limit`, none of the engine's own. */
  list(search: string | null, limit: number): Promise<TableRef[]>
  /** Runs a statement: the rows it changed. */
  run(statement: Statement): Promise<number>
  /** All rows as text; for results known to be small. */
  rows(statement: Statement): Promise<(string | null)[][]>
  begin(): Promise<void>
  commit(): Promise<void>
  rollback(): Promise<void>
  /**
   * In a transaction, until it ends: no other load of ours, of this or another process, passes for these tables, and nobody writes to
   * those with `exclusive`. Waits up to `waitMs`, then fails with TABLA_OCUPADA (transient).
   */
  lock(tables: readonly { ref: TableRef; exclusive: boolean }[], waitMs: number): Promise<void>
  /** Bulk load of all rows: how many the server took. `signal` stops it at once. */
  load(rows: RowSource, options: LoadOptions): Promise<number>
  /** Drops the stages of loads that live no more; the names dropped. Never one of a load that runs, in whatever process. */
  sweep(): Promise<string[]>
  /** Rolls back what is open and disconnects; never fails. */
  close(): Promise<void>
}

export interface DestinationSecrets {
  contrasena: string | null
}

export interface OpenContext {
  /** Aborting it breaks what is running: the pending call fails with CANCELLED and the server rolls back. */
  signal?: AbortSignal
  connectMs?: number
  /** Folder for the engine's own files: where the embedded destination keeps its own. */
  dataDir: string
}

/** The plug of a database. Registered in registry.ts. */
export interface SqlDestination<T extends TipoDestino = TipoDestino> {
  tipo: T
  dialect(config: DestinoConfigOf<T>): Dialect
  /** The schema a table without one goes to; null where there are none. */
  defaultSchema(config: DestinoConfigOf<T>): string | null
  open(config: DestinoConfigOf<T>, secrets: DestinationSecrets, context: OpenContext): Promise<Session>
  /** "Probar conexión": never throws for what the server refuses; steps after a failed one are `omitido`. */
  probar(
    config: DestinoConfigOf<T>,
    secrets: DestinationSecrets,
    context: OpenContext,
  ): Promise<PruebaDestino>
}
