import { isTemp } from './paths'

const STALE_MS = 48 * 3600 * 1000

/** What a write that was killed left behind, told by how old it is: two days are more than clocks differ and transfers last. */
export const isStaleTemp = (name: string, modifiedMs: number, now = Date.now()): boolean =>
  isTemp(name) && now - modifiedMs > STALE_MS
