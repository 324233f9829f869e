export { compareTable, type TableCheck } from './compare'
export { loadTables } from './load'
export { targetOf } from './prepare'
export type { LoadHooks, LoadProgress, LoadResult, LoadRun, TableJob, TableResult } from './types'
