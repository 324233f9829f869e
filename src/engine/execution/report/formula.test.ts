import { DuckDBInstance } from '@duckdb/node-api'
import { describe, expect, it } from 'vitest'
import { neutralizeFormula, neutralizeFormulaSql } from './formula'

const CELLS: [string, boolean][] = [
  ['=1+1', true],
  ['=cmd|"/C calc"!A0', true],
  ['+51 999 111 222', true],
  ['+12', true],
  ['@SUM(A1)', true],
  ['-2+3+cmd', true],
  ['-A1', true],
  ['-', true],
  ['\t=1', true],
  ['\r=1', true],
  ['\n=1', true],
  ['＝1+1', true],
  ['-12.5\n=1', true],
  ['-12.5', false],
  ['-1,234.56', false],
  ['-1e3', false],
  ['12', false],
  ['', false],
  ['a=b', false],
  ["'=1", false],
  ['Ñandú', false],
]

describe('neutralizeFormula', () => {
  it.each(CELLS)('%j', (cell, changed) => {
    expect(neutralizeFormula(cell)).toBe(changed ? `'${cell}` : cell)
  })

  it('is the same in DuckDB, null included', async () => {
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    try {
      for (const [cell] of CELLS) {
        const reader = await connection.runAndReadAll(
          `SELECT ${neutralizeFormulaSql('"x y"')} FROM (SELECT $1::VARCHAR AS "x y")`,
          [cell],
        )
        expect(reader.getRows()[0]?.[0]).toBe(neutralizeFormula(cell))
      }
      const reader = await connection.runAndReadAll(
        `SELECT ${neutralizeFormulaSql('x')} FROM (SELECT NULL::VARCHAR AS x)`,
      )
      expect(reader.getRows()[0]?.[0]).toBeNull()
    } finally {
      connection.closeSync()
      instance.closeSync()
    }
  })
})
