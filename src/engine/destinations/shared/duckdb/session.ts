import type { DuckDBConnection } from '@duckdb/node-api'
import { cancelled, interruptible, openSharedFile, type SharedFile } from '@engine/duckdb'
import type {
  ExistingTable,
  LoadOptions,
  RowSource,
  Session,
  Statement,
  TableRef,
  TableRule,
} from '../../types'
import { notOpen } from '../not-open'
import { lockTables } from '../table-locks'
import { duckdbDialect, MAIN } from './dialect'
import { destinationError } from './errors'
import { inspectDuckdb, listDuckdb, rulesDuckdb, texts } from './inspect'
import { loadChunks } from './load'

export interface DuckdbSessionOptions {
  path: string
  /** Where what does not fit in memory spills. */
  tempDir: string
  signal: AbortSignal | undefined
}

/**
 * A load's own connection to a DuckDB file that this process shares: others may read and load meanwhile.
 * @throws AppError those of openSharedFile
 */
export async function openDuckdbSession(options: DuckdbSessionOptions): Promise<Session> {
  const file = await openSharedFile(options.path, { tempDir: options.tempDir })
  try {
    const connection = await file.connect()
    const version = await connection.runAndReadAll('SELECT version()')
    return new DuckdbSession(file, connection, `DuckDB ${version.getRows()[0]?.[0]}`, options.signal)
  } catch (error) {
    await file.release()
    throw destinationError(error, options.signal)
  }
}

class DuckdbSession implements Session {
  readonly dialect = duckdbDialect
  readonly esquema = MAIN
  /** DuckDB reads as of BEGIN, so it is not sent before the locks are held, or before the first statement. */
  private transaction: 'none' | 'asked' | 'open' = 'none'
  private unlock: (() => void) | null = null
  private closed = false

  constructor(
    private readonly file: SharedFile,
    private readonly connection: DuckDBConnection,
    readonly servidor: string,
    private readonly signal: AbortSignal | undefined,
  ) {}

  async inspect(table: TableRef): Promise<ExistingTable | null> {
    return this.guarded(() =>
      inspectDuckdb(this.connection, { esquema: table.esquema ?? MAIN, tabla: table.tabla }),
    )
  }

  async list(search: string | null, limit: number): Promise<TableRef[]> {
    return this.guarded(() => listDuckdb(this.connection, search, limit))
  }

  async rules(table: TableRef): Promise<TableRule[]> {
    return this.guarded(() =>
      rulesDuckdb(this.connection, { esquema: table.esquema ?? MAIN, tabla: table.tabla }),
    )
  }

  async run({ sql, params }: Statement): Promise<number> {
    return this.guarded(async () => (await this.connection.run(sql, [...params])).rowsChanged)
  }

  async rows(statement: Statement): Promise<(string | null)[][]> {
    return this.guarded(() => texts(this.connection, statement))
  }

  async begin(): Promise<void> {
    this.transaction = 'asked'
  }

  async commit(): Promise<void> {
    if (this.transaction === 'none') throw notOpen('DuckDB')
    if (this.transaction === 'open') await this.guarded(() => this.connection.run('COMMIT'))
    this.ended()
  }

  async rollback(): Promise<void> {
    // A failed COMMIT has ended the transaction already.
    if (this.transaction === 'open') await this.connection.run('ROLLBACK').catch(() => undefined)
    this.ended()
  }

  async lock(tables: readonly { ref: TableRef }[], waitMs: number): Promise<void> {
    const names = tables.map(({ ref }) => `${ref.esquema ?? MAIN}.${ref.tabla}`.toLowerCase())
    const keys = [...new Set(names)].map((name) => `${this.file.path}\0${name}`)
    this.unlock = await lockTables(keys, waitMs, this.signal)
  }

  async load(rows: RowSource, options: LoadOptions): Promise<number> {
    return this.guarded(() => loadChunks(this.connection, rows, this.dialect.table(options.into), options))
  }

  /** Its stages are temporary: they went with their connection. */
  async sweep(): Promise<string[]> {
    return []
  }

  async close(): Promise<void> {
    if (this.closed) return
    await this.rollback()
    this.closed = true
    this.connection.closeSync()
    await this.file.release()
  }

  private ended(): void {
    this.transaction = 'none'
    this.unlock?.()
    this.unlock = null
  }

  private async guarded<T>(work: () => Promise<T>): Promise<T> {
    if (this.signal?.aborted) throw cancelled()
    if (this.closed) throw notOpen('DuckDB')
    try {
      if (this.transaction === 'asked') {
        await this.connection.run('BEGIN TRANSACTION')
        this.transaction = 'open'
      }
      return await interruptible(this.connection, this.signal, work)
    } catch (error) {
      throw destinationError(error, this.signal)
    }
  }
}
