import { expect, test } from 'vitest'
import {
  isNumber,
  lineAndColumn,
  placeOfError,
  quoteTable,
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

test('any name is just a name', () => {
  expect(quoteTable('ventas')).toBe('"ventas"')
  expect(sampleOf(`x"; DROP TABLE y; --`)).toContain('FROM "x""; DROP TABLE y; --"')
  expect(quoteTable('main.ventas')).toBe('"main"."ventas"')
})

test('numbers are told from the rest by their type', () => {
  expect(['BIGINT', 'DECIMAL(18,2)', 'UINTEGER', 'double', 'HUGEINT'].every(isNumber)).toBe(true)
  expect(['VARCHAR', 'DATE', 'INTERVAL', 'TIMESTAMP WITH TIME ZONE'].some(isNumber)).toBe(false)
})

test('where a statement is wrong is marked inside it, or not at all', () => {
  expect(placeOfError({ posicion: 7 }, 20)).toEqual({ from: 7, to: 8 })
  expect(placeOfError({ posicion: 70 }, 20)).toEqual({ from: 20, to: 20 })
  expect(placeOfError({ posicion: -1 }, 20)).toBeNull()
  expect(placeOfError(undefined, 20)).toBeNull()
  expect(lineAndColumn('select\n  x', 9)).toEqual({ line: 2, column: 3 })
})
