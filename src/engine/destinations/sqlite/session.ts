import { AppError, isCancelled } from '@shared/errors/app-error'
import type { DestinoConfigOf } from '@shared/model/destino'
import { csvStream } from '../shared/csv-stream'
import { notOpen } from '../shared/not-open'
import { refusedAt, withRechazo } from '../shared/refused-row'
import {
  type ColumnSpec,
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
import { sqliteDialect } from './dialect'
import { inspect, list } from './inspect'
import type { CellKind } from './protocol'
import { rules } from './rules'
import { SqliteThread } from './thread'

/** How long a statement waits for another program that is writing. */
const BUSY_MS = 5_000
/** A wait is cut in turns: a thread that waits inside SQLite can't be told to stop. */
const TURN_MS = 200

/** One connection to an SQLite file, in a thread of its own. A writer has the whole file: locking one table locks them all. */
export class SqliteSession implements Session {
  readonly dialect = sqliteDialect
  readonly esquema = null
  /** The write lock is taken with BEGIN, so it waits for `lock`, or for the first statement. */
  private transaction: 'none' | 'asked' | 'open' = 'none'

  private constructor(
    private readonly thread: SqliteThread,
    readonly servidor: string,
  ) {}

  /** @throws AppError ARCHIVO_AJENO, CARPETA_INACCESIBLE, TABLA_OCUPADA, CANCELLED */
  static async open({ ruta }: DestinoConfigOf<'sqlite'>, { signal }: OpenContext): Promise<SqliteSession> {
    const thread = new SqliteThread(ruta, signal)
    try {
      const { rows } = await thread.call({ op: 'open', path: ruta, busyMs: BUSY_MS })
      return new SqliteSession(thread, `SQLite ${rows[0]?.[0] ?? ''}`)
    } catch (error) {
      await thread.close()
      throw error
    }
  }

  inspect(table: TableRef): Promise<ExistingTable | null> {
    return inspect((statement) => this.rows(statement), table.tabla)
  }

  list(search: string | null, limit: number): Promise<TableRef[]> {
    return list((statement) => this.rows(statement), search, limit)
  }

  rules({ tabla }: TableRef): Promise<TableRule[]> {
    return rules((statement) => this.rows(statement), tabla)
  }

  async run({ sql, params }: Statement): Promise<number> {
    await this.started()
    return (await this.thread.call({ op: 'run', sql, params })).changes
  }

  async rows({ sql, params }: Statement): Promise<(string | null)[][]> {
    await this.started()
    return (await this.thread.call({ op: 'rows', sql, params })).rows
  }

  async begin(): Promise<void> {
    this.transaction = 'asked'
  }

  async commit(): Promise<void> {
    if (this.transaction === 'none') throw notOpen('SQLite')
    if (this.transaction === 'open') await this.thread.call({ op: 'run', sql: 'COMMIT', params: [] })
    this.transaction = 'none'
  }

  async rollback(): Promise<void> {
    // A statement that failed badly enough has rolled back already, and the end of the thread always has.
    if (this.transaction === 'open')
      await this.thread.call({ op: 'run', sql: 'ROLLBACK', params: [] }).catch(() => undefined)
    this.transaction = 'none'
  }

  async lock(_tables: readonly unknown[], waitMs: number): Promise<void> {
    const deadline = performance.now() + waitMs
    while (this.transaction !== 'open') {
      const left = Math.max(0, Math.ceil(deadline - performance.now()))
      try {
        await this.thread.call({ op: 'begin', waitMs: Math.min(left, TURN_MS), busyMs: BUSY_MS })
        this.transaction = 'open'
      } catch (error) {
        if (left === 0 || !isBusy(error)) throw error
      }
    }
  }

  async load(rows: RowSource, { into, numbered, signal, onSent }: LoadOptions): Promise<number> {
    await this.started()
    const names = rows.columnas.map(({ nombre }) => nombre)
    if (numbered) names.push(REGISTRO)
    const list = names.map((name) => this.dialect.ident(name)).join(', ')
    const marks = names.map(() => '?').join(', ')
    const sql = `INSERT INTO ${this.dialect.table(into)} (${list}) VALUES (${marks})`
    await this.thread.call({ op: 'load', sql, kinds: [...rows.columnas.map(kindOf), 'entero'] })
    // A temporary stage needs no lock of the file, and one transaction for all its rows.
    const own = this.transaction === 'none'
    if (own) await this.thread.call({ op: 'run', sql: 'BEGIN', params: [] })
    try {
      const sent = await this.send(rows, numbered, signal, onSent)
      if (own) await this.thread.call({ op: 'run', sql: 'COMMIT', params: [] })
      return sent
    } catch (error) {
      if (own && !isCancelled(error))
        await this.thread.call({ op: 'run', sql: 'ROLLBACK', params: [] }).catch(() => undefined)
      const place = error instanceof AppError && error.kind === 'input' ? Number(error.details?.fila ?? 0) : 0
      throw place > 0 ? withRechazo(AppError.from(error), await refusedAt(rows, place, null)) : error
    }
  }

  /** Its stages are temporary: they went with their connection. */
  async sweep(): Promise<string[]> {
    return []
  }

  async close(): Promise<void> {
    await this.rollback()
    await this.thread.close()
  }

  /** While the thread writes a piece the next one is read. */
  private async send(
    rows: RowSource,
    numbered: boolean,
    signal: AbortSignal | undefined,
    onSent: LoadOptions['onSent'],
  ): Promise<number> {
    let bytes = 0
    let sent = 0
    let written: Promise<void> = Promise.resolve()
    for await (const piece of csvStream(rows, { numbered, signal })) {
      await written
      onSent(sent, bytes)
      bytes += piece.length
      const own = new Uint8Array(piece)
      written = this.thread.call({ op: 'csv', bytes: own }, [own.buffer]).then(({ changes }) => {
        sent += changes
      })
      // Awaited at the next turn; a failure before that is not an unhandled one.
      written.catch(() => undefined)
    }
    await written
    await this.thread.call({ op: 'loaded' })
    onSent(sent, bytes)
    return sent
  }

  private async started(): Promise<void> {
    if (this.transaction === 'asked') await this.lock([], BUSY_MS)
  }
}

const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'TABLA_OCUPADA'

function kindOf({ tipo }: ColumnSpec): CellKind {
  switch (tipo.tipo) {
    case 'entero':
    case 'doble':
    case 'booleano':
      return tipo.tipo
    case 'fecha_hora':
      return tipo.zona ? 'instante' : 'texto'
    default:
      // A decimal is read by the affinity of its column, which keeps up to 15 digits as they are.
      return 'texto'
  }
}
