export { isUnfinished, readVerdict } from './folder'
export { exportFindings, queryFindings } from './query/findings'
export { runExecution } from './run'
export * from './types'
