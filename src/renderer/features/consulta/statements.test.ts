import { expect, test } from 'vitest'
import {
  errorPlace,
  isNumber,
  lineAndColumn,
  quoteName,
  readHistory,
  sampleOf,
  withStatement,
} from './statements'

test('history keeps the last fifty, each once, newest first; what can not be read is none', () => {
  let past = withStatement([], 'select 1', 'a')
  for (let n = 0; n < 60; n++) past = withStatement(past, `select ${n}`, String(n))
  expect(past).toHaveLength(50)
  expect(
    withStatement(past, 'select 30', 'z')
      .map(({ sql }) => sql)
      .slice(0, 2),
  ).toEqual(['select 30', 'select 59'])
  expect(readHistory(JSON.stringify(past))).toEqual(past)
  expect(readHistory('[{"sql":1}, null, {"sql":"x","at":"y"}]')).toEqual([{ sql: 'x', at: 'y' }])
  expect(readHistory('{')).toEqual([])
  expect(readHistory(null)).toEqual([])
})

test('any name is just a name; a table comes as it is written', () => {
  expect(quoteName(`x"; DROP TABLE y; --`)).toBe('"x""; DROP TABLE y; --"')
  expect(sampleOf('otro."Mis ventas"')).toContain('FROM otro."Mis ventas"\n')
})

test('numbers are told from the rest by their type', () => {
  expect(['BIGINT', 'DECIMAL(18,2)', 'UINTEGER', 'double', 'HUGEINT'].every(isNumber)).toBe(true)
  expect(['VARCHAR', 'DATE', 'INTERVAL', 'TIMESTAMP WITH TIME ZONE'].some(isNumber)).toBe(false)
})

test('where a statement is wrong is taken out of what DuckDB says, also of a line that it cuts', () => {
  const sql = 'SELECT codigo\nFORM personas'
  const told = 'Parser Error: syntax error at or near "personas"\n\nLINE 2: FORM personas\n             ^'
  const { message, at } = errorPlace(told, sql)
  expect(message).toBe('Parser Error: syntax error at or near "personas"')
  expect(sql.slice(at ?? 0)).toBe('personas')
  expect(lineAndColumn(sql, at ?? 0)).toEqual({ line: 2, column: 6 })

  const long = `SELECT ${'a, '.repeat(40)}nope, ${'b, '.repeat(40)}c FROM t`
  const shown = long.slice(60, 140)
  const cut = `x\n\nLINE 1: ...${shown}...\n${' '.repeat('LINE 1: ...'.length + shown.indexOf('nope'))}^`
  expect(long.slice(errorPlace(cut, long).at ?? 0)).toMatch(/^nope/)
  expect(errorPlace('Interrumpida.', sql)).toEqual({ message: 'Interrumpida.', at: null })
})
