// The thread that has the SQLite file: better-sqlite3 blocks while a statement runs, and here it blocks nobody else. Node runs this file as
// it stands in tests, so that it imports nothing of ours but types.
import { TextDecoder } from 'node:util'
import { parentPort } from 'node:worker_threads'
import Database from 'better-sqlite3'
import type { CellKind, Reply, Request } from './protocol'

type Value = string | number | bigint | null

let db: Database.Database | null = null
let load: {
  insert: Database.Statement
  kinds: readonly CellKind[]
  decoder: TextDecoder
  rest: string
  /** Rows that it has. */
  taken: number
} | null = null

function file(): Database.Database {
  if (!db) throw new Error('the file is not open')
  return db
}

function open(path: string, busyMs: number): void {
  db = new Database(path, { timeout: busyMs })
  db.defaultSafeIntegers(true)
  // A file of ours from the start: its readers see the old rows while a load is written. One that was there keeps its own mode.
  if (db.pragma('page_count', { simple: true }) === 0n) db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.pragma('foreign_keys = ON')
  db.pragma('trusted_schema = OFF')
  db.pragma('cache_size = -65536')
  const options = { deterministic: true, directOnly: true }
  db.function('sage_fecha_hora', options, (text: unknown) => canonical(text, ''))
  db.function('sage_instante', options, (text: unknown) => canonical(text, '+00:00'))
}

const SHAPE = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2})(:\d{2})?(?:\.(\d{1,6}))?)?(Z|[+-]\d{2}(?::?\d{2})?)?$/

/** A date and time as a load writes it, which orders as text: `2026-01-31 10:20:30.5`, an instant in UTC with `+00:00` after it. */
function canonical(text: unknown, suffix: string): string | null {
  const [, day, minutes = '00:00', seconds = ':00', digits = '', zone = 'Z'] = SHAPE.exec(String(text)) ?? []
  if (!day) return null
  const offset = zone.length === 3 ? `${zone}:00` : zone
  const at = new Date(`${day}T${minutes}${seconds}${suffix ? offset : 'Z'}`)
  if (Number.isNaN(at.getTime())) return null
  const fraction = digits.replace(/0+$/, '')
  return `${at.toISOString().slice(0, 19).replace('T', ' ')}${fraction ? `.${fraction}` : ''}${suffix}`
}

function cellValue(text: string | null, kind: CellKind | undefined): Value {
  if (text === null) return null
  if (kind === 'entero') return BigInt(text)
  if (kind === 'doble') return Number(text)
  if (kind === 'booleano') return text === 'true' ? 1n : 0n
  if (kind === 'instante') return `${text}:00`
  return text
}

function asText(value: unknown): string | null {
  return value === null ? null : Buffer.isBuffer(value) ? value.toString('hex') : String(value)
}

const QUOTE = 34
const COMMA = 44

/** Where a quoted cell ends: the quote that no other follows. -1 when the text ends first. */
function closing(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at !== -1; at = text.indexOf('"', at + 2)) {
    // The last character so far: what follows is not known yet.
    if (at + 1 >= text.length) return -1
    if (text.charCodeAt(at + 1) !== QUOTE) return at
  }
  return -1
}

/** One row from `from`: its cells go to `cells`. Gives where the next begins; -1 when the text ends before the row. */
function readRow(text: string, from: number, cells: (string | null)[]): number {
  cells.length = 0
  for (let at = from; ; at += 1) {
    let end: number
    if (text.charCodeAt(at) === QUOTE) {
      const close = closing(text, at + 1)
      if (close === -1) return -1
      cells.push(text.slice(at + 1, close).replaceAll('""', '"'))
      end = close + 1
    } else {
      end = at
      while (end < text.length && text.charCodeAt(end) !== COMMA && text[end] !== '\n') end += 1
      if (end >= text.length) return -1
      cells.push(end === at ? null : text.slice(at, end))
    }
    if (text.charCodeAt(end) !== COMMA) return end + 1
    at = end
  }
}

/** Inserts the rows that are whole so far. */
function writeCsv(bytes: Uint8Array): number {
  if (!load) throw new Error('no load was started')
  const { insert, kinds, decoder } = load
  const text = load.rest + decoder.decode(bytes, { stream: true })
  const cells: (string | null)[] = []
  const before = load.taken
  let start = 0
  for (let next = readRow(text, 0, cells); next !== -1; next = readRow(text, start, cells)) {
    insert.run(cells.map((cell, column) => cellValue(cell, kinds[column])))
    load.taken += 1
    start = next
  }
  load.rest = text.slice(start)
  return load.taken - before
}

function answer(request: Request): { changes: number; rows: (string | null)[][] } {
  const none = { changes: 0, rows: [] }
  switch (request.op) {
    case 'open':
      open(request.path, request.busyMs)
      return { ...none, rows: file().prepare('SELECT sqlite_version()').raw().all().map(textsOf) }
    case 'run':
      return { ...none, changes: file().prepare(request.sql).run(request.params).changes }
    case 'rows':
      return { ...none, rows: file().prepare(request.sql).raw().all(request.params).map(textsOf) }
    case 'begin':
      file().pragma(`busy_timeout = ${request.waitMs}`)
      try {
        file().exec('BEGIN IMMEDIATE')
      } finally {
        file().pragma(`busy_timeout = ${request.busyMs}`)
      }
      return none
    case 'load':
      load = {
        ...{ insert: file().prepare(request.sql), kinds: request.kinds },
        ...{ decoder: new TextDecoder('utf-8', { ignoreBOM: true }), rest: '', taken: 0 },
      }
      return none
    case 'csv':
      return { ...none, changes: writeCsv(request.bytes) }
    case 'loaded':
      if (load?.rest) throw new Error('the rows ended in the middle of one')
      load = null
      return none
    case 'close':
      db?.close()
      return none
  }
}

const textsOf = (row: unknown): (string | null)[] => (Array.isArray(row) ? row.map(asText) : [])

function reply(id: number, request: Request): Reply {
  try {
    return { id, ok: true, ...answer(request) }
  } catch (error) {
    const code = error instanceof Database.SqliteError ? error.code : ''
    const message = error instanceof Error ? error.message : String(error)
    return { id, ok: false, code, message, fila: request.op === 'csv' && load ? load.taken + 1 : 0 }
  }
}

parentPort?.on('message', ({ id, request }: { id: number; request: Request }) => {
  parentPort?.postMessage(reply(id, request))
})
