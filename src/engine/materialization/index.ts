import { availableParallelism } from 'node:os'

export { compareTable, type TableCheck } from './compare'
export { loadTables } from './load'
export { targetOf } from './prepare'
export { rehearseTables } from './rehearse'
export type { LoadHooks, LoadProgress, LoadResult, LoadRun, TableJob, TableResult } from './types'

/** Threads for reading the rows of a load: half of the machine, since the other half is the destination's where it runs here. */
export const LOAD_THREADS = Math.max(1, Math.floor(availableParallelism() / 2))
