import { createHash } from 'node:crypto'
import type { DestinoConfigOf } from '@shared/model/destino'
import sql from 'mssql'
import { z } from 'zod'
import { notOpen } from '../shared/not-open'
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
} from '../types'
import { poolConfig } from './connect'
import { sqlserverDialect } from './dialect'
import { sqlserverError } from './errors'
import { inspect, list } from './inspect'
import { loadBulk } from './load'
import { valueText } from './values'

/** Any error of a statement undoes its transaction; no wait for a lock is for ever; dates read as year, month, day. */
const SETTINGS = 'SET XACT_ABORT ON; SET LOCK_TIMEOUT 30000; SET DATEFORMAT ymd; SET NUMERIC_ROUNDABORT OFF'

const recordset = z.array(z.array(z.unknown()))

/**
 * One connection to SQL Server. In a transaction every request goes through it, so that a connection that is lost fails them all; outside
 * of one the pool gives another, which has none of the stages: the session ends there too.
 */
export class SqlserverSession implements Session {
  readonly dialect = sqlserverDialect
  private transaction: sql.Transaction | null = null
  /** The pool made another connection: what the session had in the first is gone. */
  private lost = false
  private running: sql.Request | null = null
  private readonly onAbort = (): void => void this.running?.cancel()

  private constructor(
    private readonly pool: sql.ConnectionPool,
    readonly servidor: string,
    readonly esquema: string,
    private readonly base: string,
    private readonly signal: AbortSignal | undefined,
  ) {
    signal?.addEventListener('abort', this.onAbort)
  }

  static async open(
    config: DestinoConfigOf<'sqlserver'>,
    secrets: DestinationSecrets,
    context: OpenContext,
  ): Promise<SqlserverSession> {
    const opened: { session: SqlserverSession | null } = { session: null }
    const beforeConnect = (): void => {
      if (opened.session) opened.session.lost = true
    }
    const pool = new sql.ConnectionPool({ ...poolConfig(config, secrets, context), beforeConnect })
    // A connection that breaks is told by the request that runs; without a listener it would end the engine.
    pool.on('error', () => undefined)
    try {
      context.signal?.throwIfAborted()
      await pool.connect()
      const request = pool.request()
      request.arrayRowMode = true
      const { recordset: rows } = await request.batch(
        `${SETTINGS}; SELECT CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(128))`,
      )
      const [[version] = []] = recordset.parse(rows)
      const server = `SQL Server ${version}`
      opened.session = new SqlserverSession(pool, server, config.esquema, config.base, context.signal)
      return opened.session
    } catch (error) {
      await pool.close().catch(() => undefined)
      throw sqlserverError(error, context.signal)
    }
  }

  inspect(table: TableRef): Promise<ExistingTable | null> {
    return inspect((statement) => this.rows(statement), table.esquema ?? this.esquema, table.tabla)
  }

  list(search: string | null, limit: number): Promise<TableRef[]> {
    return list((statement) => this.rows(statement), search, limit)
  }

  async run(statement: Statement): Promise<number> {
    const { rowsAffected } = await this.send(statement)
    // Those of a trigger come before those of the statement.
    return rowsAffected.at(-1) ?? 0
  }

  async rows(statement: Statement): Promise<(string | null)[][]> {
    const { recordset: rows } = await this.send(statement)
    return recordset.parse(rows ?? []).map((row) => row.map(valueText))
  }

  async begin(): Promise<void> {
    const transaction = new sql.Transaction(this.pool)
    // Told by the request that failed too; without a listener it would end the engine.
    transaction.on('error', () => undefined)
    await this.guard(() => transaction.begin(sql.ISOLATION_LEVEL.READ_COMMITTED))
    this.transaction = transaction
    await this.run({ sql: SETTINGS, params: [] })
  }

  async commit(): Promise<void> {
    const { transaction } = this
    if (!transaction) throw notOpen('SQL Server')
    await this.guard(() => transaction.commit())
    this.transaction = null
  }

  async rollback(): Promise<void> {
    const { transaction } = this
    this.transaction = null
    // Where the server has undone it already, there is nothing to roll back.
    await transaction?.rollback().catch(() => undefined)
  }

  async lock(tables: readonly { ref: TableRef; exclusive: boolean }[], waitMs: number): Promise<void> {
    const named = tables
      .map(({ ref, exclusive }) => ({ name: this.dialect.table(this.qualified(ref)), exclusive }))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
    const wait = Math.max(0, Math.floor(waitMs))
    for (const { name } of named) {
      const [[got] = []] = await this.rows({
        sql: `DECLARE @r int; EXEC @r = sp_getapplock @Resource = N'${lockName(this.base, name)}', @LockMode = N'Exclusive', @LockOwner = N'Transaction', @LockTimeout = ${wait}; SELECT @r`,
        params: [],
      })
      if (Number(got) < 0) throw tableBusy()
    }
    // Lets readers in and keeps other writers out until the commit.
    for (const { name } of named.filter(({ exclusive }) => exclusive))
      await this.rows({ sql: `SELECT TOP (1) 1 FROM ${name} WITH (TABLOCK, HOLDLOCK)`, params: [] })
  }

  load(rows: RowSource, options: LoadOptions): Promise<number> {
    return loadBulk(
      {
        batch: (text) => this.run({ sql: text, params: [] }),
        bulk: async (table) => {
          const { rowsAffected } = await this.asked((request) => request.bulk(table))
          return Number(rowsAffected)
        },
      },
      rows,
      options,
    )
  }

  /** Stages are temporary: the server drops them with their session. */
  async sweep(): Promise<string[]> {
    return []
  }

  async close(): Promise<void> {
    this.signal?.removeEventListener('abort', this.onAbort)
    await this.rollback()
    await this.pool.close().catch(() => undefined)
  }

  private qualified(ref: TableRef): TableRef {
    return { ...ref, esquema: ref.esquema ?? this.esquema }
  }

  /** With values it is prepared on the server; without, a batch of its own: a temporary table made by a prepared one would go with it. */
  private send({ sql: text, params }: Statement): Promise<sql.IResult<unknown>> {
    return this.asked((request) => {
      for (const [at, value] of params.entries()) request.input(`p${at + 1}`, sql.NVarChar(sql.MAX), value)
      return params.length > 0 ? request.query(text) : request.batch(text)
    })
  }

  private asked<T>(work: (request: sql.Request) => Promise<T>): Promise<T> {
    const request = this.transaction ? new sql.Request(this.transaction) : this.pool.request()
    request.arrayRowMode = true
    this.running = request
    return this.guard(() => work(request))
  }

  private async guard<T>(work: () => Promise<T>): Promise<T> {
    if (this.signal?.aborted) throw sqlserverError(null, this.signal)
    try {
      const result = await work()
      if (this.lost) throw notOpen('SQL Server')
      return result
    } catch (error) {
      if (this.lost && !this.signal?.aborted) throw notOpen('SQL Server')
      throw sqlserverError(error, this.signal)
    }
  }
}

/** What a lock is known by, the same for every engine that writes to this database. */
const lockName = (base: string, table: string): string =>
  `sage:${createHash('sha256').update(`${base}\0${table.toLowerCase()}`).digest('hex')}`
