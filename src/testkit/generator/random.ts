/** Seeded generator (mulberry32): the same seed gives the same package, byte by byte. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

export interface Dice {
  int(max: number): number
  pick<T>(items: readonly T[]): T
  /** A cent amount as text with two decimals. */
  money(maxCents: number): { cents: number; text: string }
}

export function dice(seed: number): Dice {
  const next = seeded(seed)
  const int = (max: number): number => Math.floor(next() * max)
  return {
    int,
    pick: <T>(items: readonly T[]): T => {
      const item = items[int(items.length)]
      if (item === undefined) throw new RangeError('pick of an empty list')
      return item
    },
    money: (maxCents) => {
      const cents = int(maxCents) + 1
      return { cents, text: centsText(cents) }
    },
  }
}

export const centsText = (cents: number): string => {
  const rest = cents % 100
  return `${Math.floor(cents / 100)}.${rest < 10 ? '0' : ''}${rest}`
}

export const pad = (value: number, width: number): string => String(value).padStart(width, '0')
