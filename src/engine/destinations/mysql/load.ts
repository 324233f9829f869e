import { Readable, Transform } from 'node:stream'
import { AppError } from '@shared/errors/app-error'
import type { Connection, ResultSetHeader } from 'mysql2/promise'
import { csvStream } from '../shared/csv-stream'
import { oneRow, type Rechazo, refusedAt, withRechazo } from '../shared/refused-row'
import { type TextBatch, textBatches } from '../shared/text-batches'
import { placed } from '../shared/text-sql'
import { type ColumnSpec, type LoadOptions, REGISTRO, type RowSource } from '../types'
import { mysqlDialect } from './dialect'
import { mysqlError } from './errors'

/** The name that our LOAD DATA gives the server: when it asks for another file, it is not obeyed. */
const OWN_STREAM = 'sage'
const NULL_WORD = 'NULL'
const MAX_MARKERS = 60_000
const MAX_ROWS = 1_000

/** The same rows as MySQL reads them: 1 and 0, and instants in UTC without a zone. */
function asMysql(rows: RowSource): RowSource {
  const cell = ({ tipo }: ColumnSpec, place: number): string => {
    if (tipo.tipo === 'booleano') return `CAST(c${place} AS TINYINT) AS c${place}`
    if (tipo.tipo === 'fecha_hora' && tipo.zona) return `timezone('UTC', c${place}) AS c${place}`
    return `c${place}`
  }
  const cells = [...rows.columnas.map(cell), REGISTRO]
  return { ...rows, sql: `SELECT ${cells.join(', ')} FROM ${placed(rows)}` }
}

const namesOf = (rows: RowSource, numbered: boolean): string =>
  [...rows.columnas.map(({ nombre }) => nombre), ...(numbered ? [REGISTRO] : [])]
    .map((name) => mysqlDialect.ident(name))
    .join(', ')

/** LOAD DATA LOCAL from our own stream: how many rows the server took. What it would change to make it fit is refused. */
export async function loadInfile(
  connection: Connection,
  rows: RowSource,
  { into, numbered, signal, onSent }: LoadOptions,
): Promise<number> {
  let bytes = 0
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      onSent(0, bytes)
      done(null, chunk)
    },
  })
  const csv = csvStream(asMysql(rows), { numbered, signal, nulo: NULL_WORD })
  const source = Readable.from(csv, { objectMode: false, signal })
  source.on('error', (error) => counter.destroy(error))
  try {
    const [result] = await connection.query<ResultSetHeader>({
      sql: `LOAD DATA LOCAL INFILE '${OWN_STREAM}' INTO TABLE ${mysqlDialect.table(into)} CHARACTER SET utf8mb4
        FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '"' ESCAPED BY '' LINES TERMINATED BY '\\n' (${namesOf(rows, numbered)})`,
      infileStreamFactory: (path) => {
        if (path !== OWN_STREAM) throw foreignFile(path)
        return source.pipe(counter)
      },
    })
    // LOCAL makes the server put up with anything and say it in warnings only.
    if (result.warningStatus > 0) {
      const error = await firstWarning(connection)
      throw withRechazo(error, await refusedAt(rows, await placeOf(connection, error), columnOf(error)))
    }
    onSent(result.affectedRows, bytes)
    return result.affectedRows
  } finally {
    source.destroy()
    counter.destroy()
  }
}

async function firstWarning(connection: Connection): Promise<AppError> {
  const [warnings] = await connection.query<(string | null)[][] & ResultSetHeader[]>('SHOW WARNINGS LIMIT 1')
  const [, number, message] = warnings[0] ?? []
  return mysqlError(Object.assign(new Error(String(message)), { errno: Number(number) }))
}

/** The place of the refused row among those sent (from 1): MariaDB keeps it, MySQL tells it in some of its messages. 0: nobody knows. */
async function placeOf(connection: Connection, { kind, code, message }: AppError): Promise<number> {
  const told = code === 'VALOR_RECHAZADO' ? Number(/ at row (\d+)/.exec(message)?.[1] ?? 0) : 0
  if (told > 0 || kind !== 'input') return told
  try {
    await connection.query('GET DIAGNOSTICS CONDITION 1 @sage_fila = ROW_NUMBER')
    const [rows] = await connection.query<(string | null)[][] & ResultSetHeader[]>('SELECT @sage_fila')
    return Number(rows[0]?.[0] ?? 0)
  } catch {
    return 0
  }
}

const columnOf = ({ message }: AppError): string | null => / for column '([^']+)'/.exec(message)?.[1] ?? null

const foreignFile = (path: string): AppError =>
  new AppError('SERVIDOR_SOSPECHOSO', {
    kind: 'terminal',
    message: `MySQL: el servidor pidió el archivo «${path}» de esta máquina. No se le dio.`,
    hint: 'Revisar con el administrador a qué servidor se está conectando.',
  })

/** Inserts of many rows, for servers that take no LOCAL INFILE; strict, so that a value that does not fit is refused. */
export async function loadInserts(
  connection: Connection,
  rows: RowSource,
  { into, numbered, signal, onSent }: LoadOptions,
): Promise<number> {
  const width = rows.columnas.length + (numbered ? 1 : 0)
  const most = Math.max(1, Math.min(MAX_ROWS, Math.floor(MAX_MARKERS / width)))
  const head = `INSERT INTO ${mysqlDialect.table(into)} (${namesOf(rows, numbered)}) VALUES `
  const row = `(${Array(width).fill('?').join(', ')})`
  let sent = 0
  let bytes = 0
  for await (const batch of textBatches(asMysql(rows), most, signal)) {
    for (let at = 0; at < batch.rows.length; at += most) {
      const some = batch.rows.slice(at, at + most)
      const values = some.flatMap((cells, place) =>
        numbered ? [...cells, String(batch.registros[at + place])] : cells,
      )
      const sql = head + Array(some.length).fill(row).join(', ')
      const [result] = await connection
        .execute<ResultSetHeader>(sql, values)
        .catch(async (error: unknown) => {
          const own = mysqlError(error, signal)
          const place = await placeOf(connection, own)
          throw place === 0 ? own : withRechazo(own, inBatch(rows, batch, at + place - 1, columnOf(own)))
        })
      sent += result.affectedRows
      for (const value of values) bytes += value?.length ?? 0
      onSent(sent, bytes)
    }
  }
  return sent
}

/** A row of a batch, as an error tells it. */
function inBatch(
  { columnas }: RowSource,
  batch: TextBatch,
  place: number,
  columna: string | null,
): Rechazo | null {
  const at = columnas.findIndex(({ nombre }) => nombre === columna)
  const row = { r: batch.registros[place], v: batch.rows[place]?.[at] ?? null }
  return row.r === undefined ? null : oneRow(row, at < 0 || columna === null ? [] : [columna])
}
