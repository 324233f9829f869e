export { interruptible } from './interruptible'
export { cancelled, type Duck, type DuckOptions, defaultMemoryLimit, duckError, openDuck } from './open'
export { quoteIdent, quoteLiteral } from './quote'
export { openSharedFile, type SharedFile, type SharedFileOptions } from './shared-file'
