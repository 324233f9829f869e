import { describe, expect, it } from 'vitest'
import {
  EMPTY_LAYOUT,
  floorOf,
  type GridColumn,
  isHidden,
  MIN_WIDTH,
  moved,
  ordered,
  widthOf,
} from './columns'

const column = (id: string): GridColumn<string> => ({ id, header: id, width: 100, text: (row) => row })
const columns = ['a', 'b', 'c', 'd'].map(column)
const ids = (layout = EMPTY_LAYOUT) => ordered(columns, layout).map(({ id }) => id)

describe('layout of columns', () => {
  it('keeps the order of the definition until the person moves one', () => {
    expect(ids()).toEqual(['a', 'b', 'c', 'd'])
    expect(ids(moved(columns, EMPTY_LAYOUT, 'a', 1))).toEqual(['b', 'a', 'c', 'd'])
    expect(ids(moved(columns, EMPTY_LAYOUT, 'd', { before: 'b' }))).toEqual(['a', 'd', 'b', 'c'])
  })

  it('stops at the ends', () => {
    expect(moved(columns, EMPTY_LAYOUT, 'a', -1)).toBe(EMPTY_LAYOUT)
    expect(moved(columns, EMPTY_LAYOUT, 'd', 1)).toBe(EMPTY_LAYOUT)
  })

  it('puts a column that a remembered order does not know at the end', () => {
    expect(ids({ ...EMPTY_LAYOUT, order: ['c', 'a', 'b'] })).toEqual(['c', 'a', 'b', 'd'])
  })

  it('gives way to a narrow window, but for numbers and for what the person set', () => {
    expect(floorOf(column('a'), EMPTY_LAYOUT)).toBe(80)
    expect(floorOf({ ...column('a'), align: 'right' }, EMPTY_LAYOUT)).toBe(100)
    expect(floorOf({ ...column('a'), floor: 30 }, EMPTY_LAYOUT)).toBe(MIN_WIDTH)
    expect(floorOf(column('a'), { ...EMPTY_LAYOUT, widths: { a: 240 } })).toBe(240)
  })

  it('lets the person win over what the definition hides, and holds a minimum width', () => {
    const hidden = { ...column('x'), hidden: true }
    expect(isHidden(hidden, EMPTY_LAYOUT)).toBe(true)
    expect(isHidden(hidden, { ...EMPTY_LAYOUT, hidden: { x: false } })).toBe(false)
    expect(widthOf(hidden, { ...EMPTY_LAYOUT, widths: { x: 3 } })).toBe(MIN_WIDTH)
  })
})
