import { describe, expect, it } from 'vitest'
import { choose, NO_SELECTION, range, stretches } from './selection'
import { toTsv } from './tsv'

const rows = (selection: { rows: ReadonlySet<number> }) => [...selection.rows].sort((a, b) => a - b)

describe('selection', () => {
  it('chooses one row alone', () => {
    const first = choose(NO_SELECTION, 4, { shift: false, ctrl: false })
    expect(rows(choose(first, 7, { shift: false, ctrl: false }))).toEqual([7])
  })

  it('extends with Shift from the anchor, both ways, and keeps the anchor', () => {
    const start = choose(NO_SELECTION, 5, { shift: false, ctrl: false })
    const down = choose(start, 8, { shift: true, ctrl: false })
    expect(rows(down)).toEqual([5, 6, 7, 8])
    expect(rows(choose(down, 3, { shift: true, ctrl: false }))).toEqual([3, 4, 5])
  })

  it('adds and takes away with Ctrl', () => {
    const start = choose(NO_SELECTION, 1, { shift: false, ctrl: false })
    const more = choose(start, 9, { shift: false, ctrl: true })
    expect(rows(more)).toEqual([1, 9])
    expect(rows(choose(more, 1, { shift: false, ctrl: true }))).toEqual([9])
  })

  it('joins consecutive rows into stretches', () => {
    expect(stretches(new Set([9, 3, 2, 4, 11]))).toEqual([
      { from: 2, to: 4 },
      { from: 9, to: 9 },
      { from: 11, to: 11 },
    ])
    expect(range(3, 1)).toEqual([1, 2, 3])
  })
})

describe('copy as TSV', () => {
  it('quotes what would break a row', () => {
    expect(
      toTsv(
        ['a', 'b'],
        [
          ['1', 'x\ty'],
          ['dice "no"', 'dos\nlíneas'],
        ],
      ),
    ).toBe('a\tb\n1\t"x\ty"\n"dice ""no"""\t"dos\nlíneas"')
  })
})
