import type { Limits } from './types'

/**
 * Generous on purpose: the largest real packages seen (10 million rows, 5 GB) pass with room, and what is refused is what no
 * data file does. Repetitive CSV reaches 500:1 legitimately, so the ratio is looked at only in large entries; DEFLATE itself
 * cannot pass 1032:1, hence 1000 marks a run of one byte and nothing else.
 */
export const DEFAULT_LIMITS: Limits = {
  entries: 10_000,
  entryBytes: 20 * 1024 ** 3,
  totalBytes: 50 * 1024 ** 3,
  ratio: 1000,
  ratioFloorBytes: 100 * 1024 ** 2,
  nesting: 0,
}

/** For what was admitted already: the questions to a finished execution open again what its own limits let through. */
export const ADMITTED: Limits = {
  ...DEFAULT_LIMITS,
  entries: Number.MAX_SAFE_INTEGER,
  entryBytes: Number.MAX_SAFE_INTEGER,
  totalBytes: Number.MAX_SAFE_INTEGER,
}

/** A record longer than this is a fault: it bounds what one cell can make us hold. */
export const MAX_RECORD_BYTES = 16 * 1024 ** 2
