import { expect, it } from 'vitest'
import { target } from './use-keys'

const at = (row: number, column: number) => ({ rows: 100, columns: 5, pageRows: 20, active: { row, column } })

it('moves by cells, pages and ends, and stays inside', () => {
  expect(target('ArrowDown', false, at(3, 1))).toEqual({ row: 4, column: 1 })
  expect(target('ArrowUp', false, at(0, 1))).toEqual({ row: 0, column: 1 })
  expect(target('ArrowRight', false, at(0, 4))).toEqual({ row: 0, column: 4 })
  expect(target('PageDown', false, at(90, 2))).toEqual({ row: 99, column: 2 })
  expect(target('Home', false, at(7, 3))).toEqual({ row: 7, column: 0 })
  expect(target('End', true, at(7, 3))).toEqual({ row: 99, column: 3 })
  expect(target('x', false, at(7, 3))).toBeNull()
})
