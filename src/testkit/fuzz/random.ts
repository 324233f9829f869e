import { seeded } from '../generator'

export type Pick = (below: number) => number

/** Whole numbers below a bound, from a seed: the same run gives the same bytes on every machine. */
export function picker(seed: number): Pick {
  const next = seeded(seed)
  return (below) => Math.floor(next() * below)
}

export function choose<T>(items: readonly T[], pick: Pick): T {
  const item = items[pick(items.length)]
  if (item === undefined) throw new RangeError('choose of an empty list')
  return item
}
