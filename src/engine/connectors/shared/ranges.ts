import type { GetRequest } from './object-store'

/** undefined for the whole of it. */
export function rangeHeader({ from, to }: GetRequest): string | undefined {
  if (to !== undefined) return `bytes=${from}-${to - 1}`
  return from === 0 ? undefined : `bytes=${from}-`
}

/** Bytes of the whole, from `bytes 0-9/700`. */
export function totalOf(contentRange: string | undefined): number | undefined {
  const total = contentRange?.split('/')[1]
  return total === undefined || total === '*' ? undefined : Number(total)
}
