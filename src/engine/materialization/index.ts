export { compareTable, type TableCheck } from './compare'
export { loadTables } from './load'
export type { LoadHooks, LoadProgress, LoadResult, LoadRun, TableJob, TableResult } from './types'
export { targetOf, validateTables } from './validate'
