import { createHash } from 'node:crypto'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AppError } from '@shared/errors/app-error'
import type { DestinoConfigOf } from '@shared/model/destino'
import { type Client, type ClientConfig, DatabaseError } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { z } from 'zod'
import { csvStream } from '../shared/csv-stream'
import { withRechazo } from '../shared/refused-row'
import {
  type DestinationSecrets,
  type ExistingTable,
  type LoadOptions,
  type OpenContext,
  REGISTRO,
  type RowSource,
  type Session,
  type Statement,
  type TableRef,
  type TableRule,
} from '../types'
import { clientConfig, connect } from './connect'
import { postgresDialect } from './dialect'
import { postgresError } from './errors'
import { inspect, list, rules } from './inspect'
import { copyPlace, refusedLine } from './refused'

/**
 * What the session is set to. No limit on a statement: a load lasts what it lasts, and it can be cancelled. Sorting a million keys in
 * memory, and a temporary stage in memory while it is small, is the difference between one second and ten.
 */
const SETTINGS = [
  "SET TimeZone = 'UTC'",
  "SET DateStyle = 'ISO, YMD'",
  'SET standard_conforming_strings = on',
  'SET statement_timeout = 0',
  'SET idle_in_transaction_session_timeout = 0',
  "SET work_mem = '128MB'",
  "SET temp_buffers = '64MB'",
].join('; ')

const cells = z.array(z.array(z.string().nullable()))

/** One connection to PostgreSQL: COPY for the rows, advisory locks between loads, temporary stages that vanish with it. */
export class PostgresSession implements Session {
  readonly dialect = postgresDialect
  private readonly onAbort = (): void => void this.cancel()

  private constructor(
    private readonly client: Client,
    private readonly config: ClientConfig,
    private readonly pid: string,
    readonly servidor: string,
    readonly esquema: string,
    private readonly signal: AbortSignal | undefined,
  ) {
    signal?.addEventListener('abort', this.onAbort, { once: true })
  }

  static async open(
    config: DestinoConfigOf<'postgres'>,
    secrets: DestinationSecrets,
    context: OpenContext,
  ): Promise<PostgresSession> {
    const wanted = clientConfig(config, secrets, context)
    const client = await connect(wanted, context.signal)
    try {
      await client.query(SETTINGS)
      const { rows } = await client.query({
        text: "SELECT pg_backend_pid(), current_setting('server_version')",
        rowMode: 'array',
      })
      const [[pid, version] = []] = cells.parse(rows)
      const server = `PostgreSQL ${version}`
      return new PostgresSession(client, wanted, pid ?? '', server, config.esquema, context.signal)
    } catch (error) {
      await client.end().catch(() => undefined)
      throw postgresError(error, context.signal)
    }
  }

  inspect(table: TableRef): Promise<ExistingTable | null> {
    return inspect((statement) => this.rows(statement), { ...table, esquema: table.esquema ?? this.esquema })
  }

  list(search: string | null, limit: number): Promise<TableRef[]> {
    return list((statement) => this.rows(statement), search, limit)
  }

  rules(table: TableRef): Promise<TableRule[]> {
    return rules((statement) => this.rows(statement), this.qualified(table))
  }

  async run({ sql, params }: Statement): Promise<number> {
    const { rowCount } = await this.guard(() => this.client.query(sql, [...params]))
    return rowCount ?? 0
  }

  async rows({ sql, params }: Statement): Promise<(string | null)[][]> {
    const result = await this.guard(() =>
      this.client.query({ text: sql, values: [...params], rowMode: 'array' }),
    )
    return cells.parse(result.rows)
  }

  async begin(): Promise<void> {
    await this.run({ sql: 'BEGIN ISOLATION LEVEL READ COMMITTED', params: [] })
  }

  async commit(): Promise<void> {
    const { command } = await this.guard(() => this.client.query('COMMIT'))
    // The server answers ROLLBACK, and no error, to the COMMIT of a transaction that had failed.
    if (command !== 'COMMIT')
      throw new AppError('TRANSACCION_ABORTADA', {
        kind: 'transient',
        message: 'PostgreSQL: la transacción había fallado y no se confirmó.',
        hint: 'La carga se repite sola y no deja nada a medias.',
      })
  }

  async rollback(): Promise<void> {
    // Where the connection is gone the server has rolled back already.
    await this.client.query('ROLLBACK').catch(() => undefined)
  }

  async lock(tables: readonly { ref: TableRef; exclusive: boolean }[], waitMs: number): Promise<void> {
    // In one order for everybody, so that two loads of the same tables do not wait for each other.
    const named = tables
      .map(({ ref, exclusive }) => ({ name: this.dialect.table(this.qualified(ref)), exclusive }))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
    await this.run({ sql: `SET LOCAL lock_timeout = ${Math.max(1, Math.floor(waitMs))}`, params: [] })
    for (const { name } of named)
      await this.rows({ sql: 'SELECT pg_advisory_xact_lock($1)::text', params: [lockKey(name)] })
    // Lets readers in and keeps other writers out until the commit.
    for (const { name } of named.filter(({ exclusive }) => exclusive))
      await this.run({ sql: `LOCK TABLE ${name} IN SHARE ROW EXCLUSIVE MODE`, params: [] })
  }

  async load(rows: RowSource, { into, numbered, signal, onSent }: LoadOptions): Promise<number> {
    const names = rows.columnas.map(({ nombre }) => nombre)
    if (numbered) names.push(REGISTRO)
    const columns = names.map((name) => this.dialect.ident(name)).join(', ')
    const copy = this.client.query(
      copyFrom(
        `COPY ${this.dialect.table(into)} (${columns}) FROM STDIN WITH (FORMAT csv, NULL '', ENCODING 'UTF8')`,
      ),
    )
    let bytes = 0
    const counter = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        bytes += chunk.length
        onSent(0, bytes)
        done(null, chunk)
      },
    })
    const source = Readable.from(csvStream(rows, { numbered, signal }), { objectMode: false })
    try {
      await this.guard(() => pipeline(source, counter, copy, { signal }))
    } catch (error) {
      throw await this.placedError(error, rows, into)
    }
    onSent(copy.rowCount, bytes)
    return copy.rowCount
  }

  /** What COPY refused, with the record of its line. */
  private async placedError(error: unknown, rows: RowSource, into: TableRef): Promise<unknown> {
    if (!(error instanceof AppError) || !(error.cause instanceof DatabaseError)) return error
    const place = copyPlace(error.cause.where, into.tabla, rows)
    return place ? withRechazo(error, await refusedLine(rows, place)) : error
  }

  /** Stages are temporary: the server drops them with their session. */
  async sweep(): Promise<string[]> {
    return []
  }

  async close(): Promise<void> {
    this.signal?.removeEventListener('abort', this.onAbort)
    await this.client.end().catch(() => undefined)
  }

  private qualified(ref: TableRef): TableRef {
    return { ...ref, esquema: ref.esquema ?? this.esquema }
  }

  private async guard<T>(work: () => Promise<T>): Promise<T> {
    if (this.signal?.aborted) throw postgresError(null, this.signal)
    try {
      return await work()
    } catch (error) {
      throw postgresError(error, this.signal)
    }
  }

  /** Asks the server, by another connection, to stop what runs; where it can't be asked, the connection is cut. */
  private async cancel(): Promise<void> {
    try {
      const other = await connect(this.config)
      await other.query('SELECT pg_cancel_backend($1)', [this.pid]).finally(() => other.end())
    } catch {
      await this.client.end().catch(() => undefined)
    }
  }
}

/** 64 bits of the table's name: what a lock of advice is known by, the same for every engine that writes to this database. */
const lockKey = (name: string): string =>
  createHash('sha256').update(`sage:${name}`).digest().readBigInt64BE(0).toString()
