const TEXT_KEY = 'sage.sql.texto'
const HISTORY_KEY = 'sage.sql.historial'
const KEPT = 50

/** A statement that was run, newest first. */
export interface PastStatement {
  sql: string
  at: string
}

const isPast = (value: unknown): value is PastStatement =>
  typeof value === 'object' &&
  value !== null &&
  'sql' in value &&
  'at' in value &&
  typeof value.sql === 'string' &&
  typeof value.at === 'string'

/** What was kept, or nothing where it can't be read. */
export function readHistory(raw: string | null): PastStatement[] {
  if (raw === null) return []
  try {
    const value: unknown = JSON.parse(raw)
    return Array.isArray(value) ? value.filter(isPast).slice(0, KEPT) : []
  } catch {
    return []
  }
}

/** The statements with one more in front; the same one again moves there. */
export const withStatement = (past: readonly PastStatement[], sql: string, at: string): PastStatement[] =>
  [{ sql, at }, ...past.filter((one) => one.sql !== sql)].slice(0, KEPT)

const keep = (key: string, value: string) => {
  try {
    localStorage.setItem(key, value)
  } catch {
    // Past the browser's room it lives as long as the page does.
  }
}

export const loadText = () => localStorage.getItem(TEXT_KEY) ?? ''
export const keepText = (text: string) => keep(TEXT_KEY, text)
export const loadHistory = () => readHistory(localStorage.getItem(HISTORY_KEY))
export const keepHistory = (past: readonly PastStatement[]) => keep(HISTORY_KEY, JSON.stringify(past))

/** A name as the statement writes it: any text is just a name. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** Names of tables may carry their schema: `esquema.tabla`. */
export const quoteTable = (name: string): string => name.split('.').map(quoteName).join('.')

export const sampleOf = (table: string): string => `SELECT *\nFROM ${quoteTable(table)}\nLIMIT 1000`

const NUMBERS = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|REAL|DECIMAL|NUMERIC)\b/i

/** Numbers stand on the right. */
export const isNumber = (type: string): boolean => NUMBERS.test(type)

/** Where a statement is wrong, as the engine tells it: an offset in its text; null when it does not say. */
export function placeOfError(details: unknown, length: number): { from: number; to: number } | null {
  if (typeof details !== 'object' || details === null || !('posicion' in details)) return null
  const { posicion } = details
  if (typeof posicion !== 'number' || !Number.isInteger(posicion) || posicion < 0) return null
  const from = Math.min(posicion, length)
  return { from, to: Math.min(from + 1, length) }
}

/** Line and column of an offset, counted from 1. */
export function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n')
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}
