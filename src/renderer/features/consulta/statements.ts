import { keepLocal, parseLocal } from '../../api/local'
import { record } from '../../api/shape'

const TEXT_KEY = 'sage.sql.texto'
const HISTORY_KEY = 'sage.sql.historial'
const KEPT = 50

/** A statement that was run, newest first. */
export interface PastStatement {
  sql: string
  at: string
}

const isPast = (value: unknown): value is PastStatement =>
  typeof record(value).sql === 'string' && typeof record(value).at === 'string'

/** What was kept, or nothing where it can't be read. */
export function readHistory(raw: string | null): PastStatement[] {
  const value = parseLocal(raw)
  return Array.isArray(value) ? value.filter(isPast).slice(0, KEPT) : []
}

/** The statements with one more in front; the same one again moves there. */
export const withStatement = (past: readonly PastStatement[], sql: string, at: string): PastStatement[] =>
  [{ sql, at }, ...past.filter((one) => one.sql !== sql)].slice(0, KEPT)

export const loadText = () => localStorage.getItem(TEXT_KEY) ?? ''
export const keepText = (text: string) => keepLocal(TEXT_KEY, text)
export const loadHistory = () => readHistory(localStorage.getItem(HISTORY_KEY))
export const keepHistory = (past: readonly PastStatement[]) => keepLocal(HISTORY_KEY, JSON.stringify(past))

/** A name as the statement writes it: any text is just a name. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** The first rows of a table, whose name comes as a statement writes it. */
export const sampleOf = (table: string): string => `SELECT *\nFROM ${table}\nLIMIT 1000`

const NUMBERS = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|REAL|DECIMAL|NUMERIC)\b/i

/** Numbers stand on the right. */
export const isNumber = (type: string): boolean => NUMBERS.test(type)

/** DuckDB's pointer: the line, or the part of it that it shows, and a caret under the place. */
const POINTER = /\n+LINE (\d+): (.*)\n( *)\^\s*$/
const CUT = '...'

/** What an error of a statement says without its pointer, and the place that it points at; null where it points at none. */
export function errorPlace(message: string, sql: string): { message: string; at: number | null } {
  const found = POINTER.exec(message)
  if (!found) return { message, at: null }
  const [whole, line = '1', shown = '', before = ''] = found
  const start = sql
    .split('\n')
    .slice(0, Number(line) - 1)
    .reduce((sum, text) => sum + text.length + 1, 0)
  const text = sql.slice(start).split('\n')[0] ?? ''
  const cut = shown.startsWith(CUT)
  const part = cut ? shown.slice(CUT.length).replace(/\.\.\.$/, '') : ''
  const skipped = cut ? text.indexOf(part) - CUT.length : 0
  const column = before.length - `LINE ${line}: `.length + skipped
  const at = start + column
  const inside = column >= 0 && column <= text.length && !(cut && !text.includes(part))
  return { message: message.slice(0, -whole.length), at: inside ? at : null }
}

/** Line and column of an offset, counted from 1. */
export function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n')
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}
