import { expect, test } from 'vitest'
import { plain } from '../plain'
import { listRows } from './list-rows'

const ROWS = [
  { name: 'Óscar', size: 10 },
  { name: 'ana', size: 9 },
  { name: 'Oscuro', size: 100 },
]
const rules = {
  text: ({ name }: { name: string }) => name,
  keys: {
    name: ({ name }: { name: string }) => plain(name),
    size: ({ size }: { size: number }) => size,
  },
}
const names = (search: string, column: string, direction: 'asc' | 'desc' = 'asc') =>
  listRows(ROWS, rules, search, { column, direction }).map(({ name }) => name)

test('rows are found whatever their accents and capitals, and sorted as people read them', () => {
  expect(names(' OSC ', 'name')).toEqual(['Óscar', 'Oscuro'])
  expect(names('óscu', 'name')).toEqual(['Oscuro'])
  expect(names('', 'name')).toEqual(['ana', 'Óscar', 'Oscuro'])
  expect(names('', 'name', 'desc')).toEqual(['Oscuro', 'Óscar', 'ana'])
})

test('numbers are sorted as numbers; a column without an order leaves that of the list', () => {
  expect(names('', 'size')).toEqual(['ana', 'Óscar', 'Oscuro'])
  expect(names('', 'other')).toEqual(['Óscar', 'ana', 'Oscuro'])
})
