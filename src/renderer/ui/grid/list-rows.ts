import { matches } from '../plain'
import type { GridSort } from './grid-head'

export interface ListRules<T> {
  /** What is searched in a row. */
  text: (row: T) => string
  /** What each column sorts by. */
  keys: Readonly<Record<string, (row: T) => string | number>>
}

/** The rows that match, in their order. */
export function listRows<T>(
  items: readonly T[],
  { text, keys }: ListRules<T>,
  search: string,
  sort: GridSort,
): T[] {
  const found = items.filter((row) => matches(text(row), search))
  const key = keys[sort.column]
  if (!key) return found
  const way = sort.direction === 'asc' ? 1 : -1
  return found.sort((a, b) => {
    const [x, y] = [key(a), key(b)]
    return x < y ? -way : x > y ? way : 0
  })
}
