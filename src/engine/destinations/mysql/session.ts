import { createHash } from 'node:crypto'
import type { DestinoConfigOf } from '@shared/model/destino'
import type { Connection, ConnectionOptions, ResultSetHeader } from 'mysql2/promise'
import { z } from 'zod'
import { tableBusy } from '../shared/table-locks'
import type {
  DestinationSecrets,
  ExistingTable,
  LoadOptions,
  OpenContext,
  RowSource,
  Session,
  Statement,
  TableRef,
  TableRule,
} from '../types'
import { connect, connectionOptions } from './connect'
import { mysqlDialect } from './dialect'
import { mysqlError } from './errors'
import { inspect, list } from './inspect'
import { loadInfile, loadInserts } from './load'
import { rules } from './rules'

const cells = z.array(z.array(z.union([z.string(), z.number(), z.bigint(), z.null()])))

/** One connection to MySQL or MariaDB: named locks between loads, temporary stages that vanish with it. */
export class MysqlSession implements Session {
  readonly dialect = mysqlDialect
  /** A database of MySQL is its schema: the session is in the one of the destination. */
  readonly esquema = null
  private locks: string[] = []
  /** Rejects when the load is cancelled: the driver leaves what waits on a destroyed connection without an answer. */
  private readonly aborted: Promise<never>
  private onAbort: () => void = () => undefined

  private constructor(
    private readonly connection: Connection,
    private readonly options: ConnectionOptions,
    readonly servidor: string,
    private readonly takesFiles: boolean,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.aborted = new Promise((_, reject) => {
      this.onAbort = () => {
        reject(mysqlError(null, signal))
        void this.cancel()
      }
    })
    this.aborted.catch(() => undefined)
    signal?.addEventListener('abort', this.onAbort, { once: true })
  }

  static async open(
    config: DestinoConfigOf<'mysql'>,
    secrets: DestinationSecrets,
    context: OpenContext,
  ): Promise<MysqlSession> {
    const options = connectionOptions(config, secrets, context)
    const connection = await connect(options, context.signal)
    try {
      const [rows] = await connection.query('SELECT VERSION(), @@global.local_infile')
      const [[version, local] = []] = cells.parse(rows)
      const product = String(version).includes('MariaDB') ? 'MariaDB' : 'MySQL'
      const servidor = `${product} ${String(version).replace(/-MariaDB.*/, '')}`
      return new MysqlSession(connection, options, servidor, String(local) === '1', context.signal)
    } catch (error) {
      connection.destroy()
      throw mysqlError(error, context.signal)
    }
  }

  inspect(table: TableRef): Promise<ExistingTable | null> {
    return inspect((statement) => this.rows(statement), table.tabla)
  }

  list(search: string | null, limit: number): Promise<TableRef[]> {
    return list((statement) => this.rows(statement), search, limit)
  }

  rules({ tabla }: TableRef): Promise<TableRule[]> {
    return rules((statement) => this.rows(statement), tabla, this.servidor.startsWith('MariaDB'))
  }

  async run(statement: Statement): Promise<number> {
    const result = await this.guard(() => this.send(statement))
    return 'affectedRows' in result ? result.affectedRows : 0
  }

  async rows(statement: Statement): Promise<(string | null)[][]> {
    const result = await this.guard(() => this.send(statement))
    return cells.parse(result).map((row) => row.map((cell) => (cell === null ? null : String(cell))))
  }

  async begin(): Promise<void> {
    await this.run({ sql: 'START TRANSACTION', params: [] })
  }

  async commit(): Promise<void> {
    await this.run({ sql: 'COMMIT', params: [] })
    await this.unlock()
  }

  async rollback(): Promise<void> {
    if (this.signal?.aborted) return
    // Where the connection is gone the server has rolled back already, and its locks are free.
    await this.connection.query('ROLLBACK').catch(() => undefined)
    await this.unlock().catch(() => undefined)
  }

  /** Named locks, of the whole server. What the plan reads or removes InnoDB itself keeps from other writers (REPEATABLE READ). */
  async lock(tables: readonly { ref: TableRef }[], waitMs: number): Promise<void> {
    const names = [...new Set(tables.map(({ ref }) => lockName(this.options.database ?? '', ref)))].sort()
    const deadline = performance.now() + waitMs
    for (const name of names) {
      const seconds = Math.max(0, (deadline - performance.now()) / 1000)
      const [[got] = []] = await this.rows({
        sql: 'SELECT GET_LOCK(?, ?)',
        params: [name, seconds.toFixed(3)],
      })
      if (got !== '1') throw tableBusy()
      this.locks.push(name)
    }
  }

  load(rows: RowSource, options: LoadOptions): Promise<number> {
    const load = this.takesFiles ? loadInfile : loadInserts
    return this.guard(() => load(this.connection, rows, options))
  }

  /** Stages are temporary: the server drops them with their session. */
  async sweep(): Promise<string[]> {
    return []
  }

  async close(): Promise<void> {
    this.signal?.removeEventListener('abort', this.onAbort)
    if (this.signal?.aborted) this.connection.destroy()
    else await this.connection.end().catch(() => this.connection.destroy())
  }

  /** With values it is prepared on the server; without, sent as it stands. Values never become text of the statement. */
  private async send({ sql, params }: Statement): Promise<ResultSetHeader | unknown[]> {
    const [result] =
      params.length > 0
        ? await this.connection.execute<ResultSetHeader>(sql, [...params])
        : await this.connection.query<ResultSetHeader>(sql)
    return result
  }

  private async unlock(): Promise<void> {
    for (const name of this.locks.splice(0)) await this.run({ sql: 'DO RELEASE_LOCK(?)', params: [name] })
  }

  private async guard<T>(work: () => Promise<T>): Promise<T> {
    if (this.signal?.aborted) throw mysqlError(null, this.signal)
    try {
      return await Promise.race([work(), this.aborted])
    } catch (error) {
      throw mysqlError(error, this.signal)
    }
  }

  /** Tells the server, by another connection, to end this one; else it would go on with its statement. */
  private async cancel(): Promise<void> {
    try {
      const other = await connect(this.options)
      await other.query(`KILL ${Number(this.connection.threadId)}`).finally(() => other.end())
    } catch {
      // It may be gone already.
    } finally {
      this.connection.destroy()
    }
  }
}

/** What a lock is known by, the same for every engine that writes to this server. At most 64 characters. */
const lockName = (database: string, { tabla }: TableRef): string =>
  `sage:${createHash('sha256').update(`${database}\0${tabla.toLowerCase()}`).digest('hex').slice(0, 56)}`
